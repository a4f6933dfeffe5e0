"""What needs a person, a row for each cause."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from watchkeeper.action.attention import Attention
from watchkeeper.model.ids import JobId, RunId
from watchkeeper.model.text import Text, _
from watchkeeper.ui.pages.dashboard.attention_row import Deeds, Row
from watchkeeper.ui.pages.dashboard.attention_words import GLYPHS, count_of
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.counts import Counts
from watchkeeper.ui.widgets.glyph import Glyph
from watchkeeper.ui.widgets.words import Button, Label, line
from watchkeeper.ui.words import Spoken

#: Rows that are shown; the rest is counted.
MOST = 5


class AttentionCard(Spoken, QFrame):
    """A card that says so when nothing needs anybody."""

    def __init__(self, deeds: Deeds, acknowledge_all: Callable[[], None]) -> None:
        super().__init__()
        self._deeds = deeds
        self._found: Attention | None = None
        self.rows: list[Row] = []
        self.setProperty("kind", "card")
        self._title = Label(_("Needs attention"), Role.SECTION)
        self._counts = Counts()
        self._all = Button(_("Acknowledge all"), acknowledge_all, kind="link")
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._lay_out()
        self._show()

    def take(self, found: Attention) -> None:
        """Show what was found."""
        if found != self._found:
            row = self.current
            place = self.rows.index(row) if row is not None else 0
            self._found = found
            self._show()
            if row is not None:
                self._give_keyboard_back(_key(row), place)

    @property
    def current(self) -> Row | None:
        """The row that has the keyboard, or one of whose buttons has."""
        focus = QApplication.focusWidget()
        return next((row for row in self.rows if focus is not None and (row is focus or row.isAncestorOf(focus))), None)

    def retranslate(self) -> None:
        for row in self.rows:
            row.retranslate()

    def _give_keyboard_back(self, key: tuple[JobId, RunId | None], place: int) -> None:
        """To the same cause, or to the one that has come in its place."""
        same = next((row for row in self.rows if _key(row) == key), None)
        row = same or (self.rows[min(place, len(self.rows) - 1)] if self.rows else None)
        if row is not None:
            row.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(15, 0, 10, 0)
        top.addWidget(self._title)
        top.addSpacing(12)
        top.addWidget(self._counts)
        top.addStretch(1)
        top.addWidget(self._all)
        holder = QWidget()
        holder.setFixedHeight(39)
        holder.setLayout(top)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 0, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(holder)
        layout.addLayout(self._list)

    def _show(self) -> None:
        _empty(self._list)
        found = self._found
        self._all.setVisible(bool(found and any(cause.run_ids for cause in found.rows)))
        self._counts.show_counts(_counts(found))
        if found is None or not found.rows:
            self.rows = []
            self._list.addWidget(Calm(found is None))
            return
        self.rows = [Row(cause, self._deeds) for cause in found.rows[:MOST]]
        for row in self.rows:
            self._list.addWidget(line(is_soft=True))
            self._list.addWidget(row)
        if len(found.rows) > MOST:
            more = Label(_("{n} more in History", n=len(found.rows) - MOST), Role.SMALL, ink=2)
            more.setContentsMargins(15, 6, 15, 8)
            self._list.addWidget(more)


class Calm(QWidget):
    """Nothing to do."""

    def __init__(self, is_reading: bool) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(15, 6, 15, 14)
        layout.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(2)
        if is_reading:
            words.addWidget(Label(_("Reading…"), Role.BODY, ink=2))
        else:
            layout.addWidget(Glyph("status/success", 20), alignment=Qt.AlignmentFlag.AlignVCenter)
            words.addWidget(Label(_("Nothing needs you"), Role.SECTION))
            words.addWidget(Label(_("Failed, late and blocked jobs are shown here by their cause."), Role.SMALL, ink=2))
        layout.addLayout(words, 1)


def _counts(found: Attention | None) -> list[tuple[str, Text]]:
    if found is None:
        return []
    counts = [(GLYPHS[need], count_of(need, count)) for need, count in found.counts.items()]
    return [*counts, ("status/blocked", _blocked(found))] if found.blocked else counts


def _blocked(found: Attention) -> Text:
    causes = sum(1 for cause in found.rows if cause.blocks)
    if causes == 1:
        return _("{n} blocked by one cause", n=found.blocked)
    return _("{n} blocked by {causes} causes", n=found.blocked, causes=causes)


def _key(row: Row) -> tuple[JobId, RunId | None]:
    return row.cause.job_id, row.cause.run_id


def _empty(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
