"""A dialog: what it is about first, the buttons right, the default last. Laid over the window by `console.lay_over`."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.words import Button, Label
from watchkeeper.ui.words import Spoken, shown

NARROW, WIDE = 480, 640
PADDING = 24


class Dialog(Spoken, QWidget):
    """`body` is taken over. Enter does what the last button does, Escape and the first one close it."""

    #: It is over; the veil goes with it.
    done = Signal()

    def __init__(
        self,
        title: Text,
        body: QWidget,
        choices: tuple[tuple[Text, Callable[[], object]], ...],
        *,
        width: int = NARROW,
        close: Text | None = None,
    ) -> None:
        super().__init__()
        self._title = title
        self.buttons = [Button(close or _("Cancel"), self.done.emit)]
        for number, (text, do) in enumerate(choices, 1):
            kind = "primary" if number == len(choices) else "secondary"
            self.buttons.append(Button(text, partial(self._carry_out, do), kind=kind))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in self.buttons:
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        layout.setSpacing(16)
        layout.addWidget(Label(title, Role.PANEL_TITLE))
        layout.addWidget(body, 1)
        layout.addLayout(row)
        self.setFixedWidth(width)
        self.resize(width, self.sizeHint().height())
        self.setFocusProxy(self.buttons[-1])
        self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(shown(self._title))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.buttons[-1].click()
            return
        super().keyPressEvent(event)

    def _carry_out(self, do: Callable[[], object]) -> None:
        """It closes, and what the button is for is done."""
        self.done.emit()
        do()
