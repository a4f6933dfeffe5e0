"""Asks for one word or name; what can't be taken is told at the field."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui.theme import Role, font
from watchkeeper.ui.widgets.dialog import NARROW, PADDING
from watchkeeper.ui.widgets.form import Complaint
from watchkeeper.ui.widgets.pairs import set_wrong
from watchkeeper.ui.widgets.words import Button, Label
from watchkeeper.ui.words import shown

LONGEST = 200


class NameDialog(QWidget):
    """Put it under a Veil. `refuse` says what is wrong with a name, or nothing; `carry_out` gets a good one."""

    done = Signal()

    def __init__(
        self,
        title: Text,
        label: Text,
        value: str,
        refuse: Callable[[str], Text | None],
        carry_out: Callable[[str], object],
        *,
        text: Text | str = "",
        known: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self._refuse, self._carry_out = refuse, carry_out
        self.setFixedWidth(NARROW)
        self.setAccessibleName(shown(title))
        self.field = QLineEdit(value)
        self.field.setFont(font(Role.BODY))
        self.field.setFixedHeight(32)
        self.field.setMaxLength(LONGEST)
        self.field.setAccessibleName(shown(label))
        self.field.setPlaceholderText(shown(label))
        self.field.selectAll()
        self.field.textEdited.connect(self._forgive)
        self.field.installEventFilter(self)
        if known:
            completer = QCompleter(list(known), self.field)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            self.field.setCompleter(completer)
        self.complaint = Complaint(self)
        words = Label(text, ink=2)
        words.setWordWrap(True)
        words.setVisible(bool(text))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(Button(_("Cancel"), self.done.emit))
        buttons.addWidget(Button(title, self.take, kind="primary"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        layout.setSpacing(12)
        layout.addWidget(Label(title, Role.PANEL_TITLE))
        layout.addWidget(words)
        layout.addWidget(self.field)
        layout.addWidget(self.complaint)
        layout.addLayout(buttons)
        self.setFocusProxy(self.field)
        self.adjustSize()

    def take(self) -> None:
        """Carry it out if the name is good."""
        name = self.field.text().strip()
        fault = self._refuse(name)
        self._say(fault)
        if fault is None:
            self.done.emit()
            self._carry_out(name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter takes it, unless it chooses from the list below."""
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return False
        is_taken = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_taken:
            self.take()
        return is_taken

    def _forgive(self) -> None:
        self._say(None)

    def _say(self, fault: Text | None) -> None:
        self.complaint.say(fault)
        set_wrong(self.field, fault is not None)
        self.field.setAccessibleDescription("" if fault is None else shown(fault))
        self.resize(self.width(), self.sizeHint().height())
