"""One pool beside the table: its slots, what a change means, who waits, and the jobs that name it."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from watchkeeper.action.pools import PoolRow
from watchkeeper.model.text import Text, _
from watchkeeper.ui.pages.pools.effect import LARGEST, effect_of, size_of
from watchkeeper.ui.theme import Role, font
from watchkeeper.ui.widgets.form import Row
from watchkeeper.ui.widgets.links import Links
from watchkeeper.ui.widgets.words import Button, IconButton, Label, line, plain
from watchkeeper.ui.words import Spoken, shown

WIDTH = 336


class PoolPanel(Spoken, QWidget):
    """For the inspector. Signals tell what was asked for."""

    save_asked = Signal(str, int)
    delete_asked = Signal()

    def __init__(self, go: Callable[[str], None], close: Callable[[], None]) -> None:
        super().__init__()
        plain(self, 1)
        self.setFixedWidth(WIDTH)
        #: The pool that is shown; None for a new one.
        self.row: PoolRow | None = None
        self._taken: frozenset[str] = frozenset()
        self.title = Label("", Role.PANEL_TITLE)
        self.title.setWordWrap(True)
        self.name, self.size_field = QLineEdit(), QLineEdit()
        for field in (self.name, self.size_field):
            field.setFont(font(Role.BODY))
            field.setFixedHeight(32)
            field.textEdited.connect(self._look)
            field.returnPressed.connect(self.save)
        self.name_row = Row(_("Name"), self.name, is_wide=True)
        told = _("So many runs of its jobs at once; 0 holds them all back")
        self.size_row = Row(_("Slots"), self.size_field, is_wide=True, help=told)
        self.effect = Label("", Role.BODY, ink=2)
        self.effect.setWordWrap(True)
        self.button = Button(_("Save"), self.save, kind="primary")
        self.delete = Button(_("Delete"), self.delete_asked.emit, icon="ui/trash")
        self._runs, self._jobs = Links(go), Links(go)
        self._lay_out(close)
        self.retranslate()

    def show_row(self, row: PoolRow | None, taken: frozenset[str]) -> None:
        """Show a pool, or an empty form for a new one; what is typed for the same one stays."""
        former, self.row, self._taken = self.row, row, taken
        is_same = row is not None and former is not None and former.name == row.name
        if row is None or not is_same or (former is not None and self.size_field.text() == str(former.size)):
            self.name.setText("" if row is None else row.name)
            self.size_field.setText("" if row is None else str(row.size))
        self.retranslate()

    @property
    def is_changed(self) -> bool:
        """Whether something is typed that is not saved."""
        if self.row is None:
            return bool(self.name.text() or self.size_field.text())
        return self.size_field.text().strip() != str(self.row.size)

    def retranslate(self) -> None:
        row = self.row
        self.title.say(_("New pool") if row is None else row.name)
        self.name_row.setVisible(row is None)
        self.delete.setVisible(row is not None)
        self.name.setAccessibleName(shown(_("Name")))
        self.size_field.setAccessibleName(shown(_("Slots")))
        waiting = (
            () if row is None else [(f"#{each.number} {each.job}", f"run/{each.run_id}") for each in row.first_waiting]
        )
        jobs = () if row is None else [(each.name, f"job/{each.job_id}") for each in row.jobs]
        self._runs.show_links(_("Waiting now"), waiting, 0 if row is None else row.waiting)
        self._jobs.show_links(_("Jobs that use it"), jobs, 0 if row is None else row.job_count)
        self._look()

    def save(self) -> None:
        """Ask for it, if it is right; else say at its field what is wrong."""
        name = self.row.name if self.row is not None else self.name.text().strip()
        size = size_of(self.size_field.text())
        self.name_row.complain(self._wrong_name(name))
        self.size_row.complain(self._wrong_size())
        if self._wrong_name(name) is not None:
            self.name.setFocus()
        elif size is None:
            self.size_field.setFocus()
        else:
            self.save_asked.emit(name, size)

    def refuse_name(self, why: Text) -> None:
        """The engine does not take the name."""
        self.name_row.complain(why)
        self.name.setFocus()

    def _look(self, _words: str = "") -> None:
        """Say what the size means; complain of what can be no size as soon as it is there."""
        size = size_of(self.size_field.text())
        self.name_row.complain(self._wrong_name(self.name.text().strip()) if self.name.text() else None)
        self.size_row.complain(self._wrong_size() if self.size_field.text() else None)
        self.effect.setVisible(size is not None)
        if size is not None:
            self.effect.say(effect_of(self.row, size))
        self.button.setEnabled(self.is_changed)

    def _wrong_name(self, name: str) -> Text | None:
        if self.row is not None:
            return None
        if not name:
            return _("a pool wants a name: fill it in")
        if name in self._taken:
            return _("there is a pool {name} already: choose another name", name=name[:60])
        return None

    def _wrong_size(self) -> Text | None:
        words = self.size_field.text().strip()
        if size_of(words) is not None:
            return None
        if not words:
            return _("say how many slots it has: 0 to {most}", most=LARGEST)
        return _("{text} is no number of slots: write digits, 0 to {most}", text=words[:40], most=LARGEST)

    def _lay_out(self, close: Callable[[], None]) -> None:
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(IconButton("ui/close", _("Close"), close, size=14, parent=self))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.button)
        buttons.addWidget(self.delete)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 12, 12)
        layout.setSpacing(12)
        layout.addLayout(top)
        for widget in (self.name_row, self.size_row, self.effect):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        layout.addWidget(line(is_soft=True))
        layout.addWidget(self._runs)
        layout.addWidget(self._jobs)
        layout.addStretch(1)
