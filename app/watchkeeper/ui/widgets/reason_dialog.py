"""Asks for a reason before something is done that stays on record."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.words import Button, Label
from watchkeeper.ui.words import shown

WIDTH = 480


class ReasonDialog(QWidget):
    """Put it under a Veil; `carry_out` gets the reason. `above`: what else is to be decided on."""

    done = Signal()

    def __init__(
        self, title: Text, text: Text, carry_out: Callable[[str], None], *, above: QWidget | None = None
    ) -> None:
        super().__init__()
        self._carry_out = carry_out
        self.setFixedWidth(WIDTH)
        self.field = QLineEdit()
        self.field.setMaxLength(1_000)
        self.field.setPlaceholderText(shown(_("Reason")))
        self.field.setAccessibleName(shown(_("Reason")))
        self.field.textChanged.connect(self._look)
        self.field.returnPressed.connect(self._do)
        self._ok = Button(title, self._do, kind="primary")
        words = Label(text, Role.BODY, ink=2)
        words.setWordWrap(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(Button(_("Cancel"), self.done.emit))
        buttons.addWidget(self._ok)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(16)
        layout.addWidget(Label(title, Role.PANEL_TITLE))
        layout.addWidget(words)
        if above is not None:
            layout.addWidget(above)
        layout.addWidget(self.field)
        layout.addLayout(buttons)
        self.setFocusProxy(self.field)
        self._look()
        self.adjustSize()

    def _look(self) -> None:
        self._ok.setEnabled(bool(self.field.text().strip()))

    def _do(self) -> None:
        reason = self.field.text().strip()
        if reason:
            self.done.emit()
            self._carry_out(reason)
