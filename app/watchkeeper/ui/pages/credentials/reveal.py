"""A value, for the eyes of whoever asked twice: for half a minute, and for as long as the window is looked at."""

from functools import partial

from PySide6.QtCore import QEvent, QMimeData, QObject, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from watchkeeper.action.secret_values import Revealed
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.console import Toast
from watchkeeper.ui.lent import SECONDS as LENT
from watchkeeper.ui.lent import Lent, lend, private
from watchkeeper.ui.theme import Role, font
from watchkeeper.ui.widgets.dialog import PADDING, WIDE
from watchkeeper.ui.widgets.words import Button, Label
from watchkeeper.ui.words import Spoken, shown

#: Seconds for which it is shown.
SECONDS = 30
_LINE, _TALLEST = 18, 280


class RevealedPanel(Spoken, QWidget):
    """Put it under a Veil; whatever takes it away forgets what it showed."""

    done = Signal()

    def __init__(self, found: Revealed, toast: Toast) -> None:
        super().__init__()
        self._toast = toast
        self._left = SECONDS
        self._name = found.name
        self.fields = [self._field(found.value, _("Value"))]
        if found.passphrase:
            self.fields.append(self._field(found.passphrase, _("Passphrase")))
        self._told = Label("", Role.SMALL, ink=2)
        self._second = QTimer(self)
        self._second.setInterval(1_000)
        self._second.timeout.connect(self._tick)
        self.close_button = Button(_("Hide"), self.conceal, kind="primary")
        self.setFixedWidth(WIDE)
        self._lay_out()
        self.setFocusProxy(self.close_button)
        self.retranslate()
        self.adjustSize()

    def conceal(self) -> None:
        """Show it no longer, once."""
        if self._second.isActive():
            self._forget()
            self.done.emit()

    def copy(self, field: QPlainTextEdit) -> None:
        """Put it on the clipboard for a short while."""
        lend(field.toPlainText())
        self._toast(
            _("It is on the clipboard, and taken off it in {n} seconds", n=LENT),
            glyph="status/success",
        )

    def retranslate(self) -> None:
        self.setAccessibleName(shown(_("The value of {name}", name=self._name)))
        left = plural("It is hidden in {n} second.", "It is hidden in {n} seconds.", self._left)
        self._told.say(left)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.window().installEventFilter(self)
        self._second.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._forget()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Nobody looks at the window any more: somebody else may."""
        if event.type() is QEvent.Type.WindowDeactivate:
            self.conceal()
        return False

    def _forget(self) -> None:
        self._second.stop()
        for field in self.fields:
            field.clear()

    def _tick(self) -> None:
        self._left -= 1
        if self._left <= 0:
            return self.conceal()
        self.retranslate()

    def _field(self, value: str, name: Text) -> "_Shown":
        field = _Shown(value, self)
        field.setReadOnly(True)
        field.setTabChangesFocus(True)
        field.setFont(font(Role.MONO))
        field.setAccessibleName(shown(name))
        field.setFixedHeight(min(_TALLEST, 16 + _LINE * max(2, min(value.count("\n") + 1 + len(value) // 70, 14))))
        return field

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        layout.setSpacing(12)
        layout.addWidget(Label(_("The value of {name}", name=self._name), Role.PANEL_TITLE))
        for field, copy in zip(self.fields, (_("Copy"), _("Copy the passphrase")), strict=False):
            layout.addWidget(field)
            line = QHBoxLayout()
            line.addWidget(Button(copy, partial(self.copy, field), icon="ui/copy"))
            line.addStretch(1)
            layout.addLayout(line)
        foot = QHBoxLayout()
        foot.addWidget(self._told, 1)
        foot.addWidget(self.close_button)
        layout.addLayout(foot)


class _Shown(QPlainTextEdit):
    """What is copied out of it by keys or pointer lies on the clipboard for a short while only."""

    def createMimeDataFromSelection(self) -> QMimeData:
        words = self.textCursor().selection().toPlainText()
        Lent(words)
        return private(words)
