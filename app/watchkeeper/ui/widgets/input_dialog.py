"""A dialog with fields: what is refused is told at its field, and the dialog stays until it is right."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from watchkeeper.action.draft import problem_of
from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text, _
from watchkeeper.ui.tasks import Tasks
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.dialog import NARROW, PADDING
from watchkeeper.ui.widgets.form import Complaint, Row
from watchkeeper.ui.widgets.veil import Veil
from watchkeeper.ui.widgets.words import Button, Label
from watchkeeper.ui.words import Spoken, shown

#: Answers why it was refused, or None when it is done.
Try = Callable[[Mapping[str, Any]], Awaitable[Known | None]]


class InputDialog(Spoken, QWidget):
    """Put it under a Veil. `rows` by the names of what is given; `values` and `faults` are its own kind's."""

    done = Signal()

    def __init__(
        self, title: Text, text: Text | str, ok: Text, tasks: Tasks, carry_out: Try, width: int = NARROW
    ) -> None:
        super().__init__()
        self._title, self._tasks, self._carry_out = title, tasks, carry_out
        self.rows: dict[str, Row] = {}
        self.setFixedWidth(width)
        self.words = Label(text, ink=2)
        self.words.setWordWrap(True)
        self.words.setVisible(bool(text))
        #: What is wrong and belongs to no field.
        self.complaint = Complaint(self)
        self.button = Button(ok, self.take, kind="primary")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(Button(_("Cancel"), self.done.emit))
        buttons.addWidget(self.button)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        layout.setSpacing(16)
        layout.addWidget(Label(title, Role.PANEL_TITLE))
        layout.addWidget(self.words)
        layout.addLayout(self.body)
        layout.addWidget(self.complaint)
        layout.addLayout(buttons)
        self.retranslate()

    def add(self, name: str, row: Row) -> Row:
        """Another field, under the name by which a refusal calls it."""
        self.rows[name] = row
        self.body.addWidget(row)
        return row

    def values(self) -> Mapping[str, Any]:
        """What is given."""
        return {}

    def faults(self) -> Mapping[str, Text]:
        """What is wrong as far as that is known here, by the names of fields."""
        return {}

    def take(self) -> None:
        """Carry it out, unless something is wrong with it or it is being carried out."""
        if not self.button.isEnabled():
            return
        faults = self.faults()
        self._complain(faults)
        if not faults:
            self.button.setEnabled(False)
            self._tasks.start(self._tried(), "dialog")

    def retranslate(self) -> None:
        self.setAccessibleName(shown(self._title))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self.take()
        super().keyPressEvent(event)

    def fit(self) -> None:
        """Be as high as what is in it, in the middle of the window."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        self.resize(self.width(), layout.totalHeightForWidth(self.width()))
        veil = self.parentWidget()
        if isinstance(veil, Veil):
            self.move(veil.place().topLeft().toPoint())
            veil.update()

    async def _tried(self) -> None:
        try:
            refusal = await self._carry_out(self.values())
        finally:
            self.button.setEnabled(True)
        if refusal is None:
            return self.done.emit()
        problem = problem_of(refusal)
        self._complain({problem.field: problem.text})

    def _complain(self, faults: Mapping[str, Text]) -> None:
        for name, row in self.rows.items():
            row.complain(faults.get(name))
        first = next((name for name in self.rows if name in faults), None)
        elsewhere = [text for name, text in faults.items() if name not in self.rows]
        self.complaint.say(elsewhere[0] if elsewhere else None)
        if first is not None:
            (self.rows[first].field.focusProxy() or self.rows[first].field).setFocus()
        self.fit()
