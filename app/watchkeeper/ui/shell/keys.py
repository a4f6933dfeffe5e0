"""Turns keys into commands for the whole window; a plain letter never fires where somebody types."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from watchkeeper.ui.commands import Command, Commands, is_letter
from watchkeeper.ui.widgets.veil import Veil

_WRITERS = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox)
#: Keys that are held while others are pressed.
MODIFIERS = (Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr)


class Keys(QObject):
    """An event filter of the application, for one window."""

    def __init__(self, window: QWidget, commands: Commands, carry_out: Callable[[Command], None]) -> None:
        super().__init__(window)
        self._window, self._commands, self._carry_out = window, commands, carry_out
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a key before anybody else if it is a command's."""
        if event.type() not in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride) or not isinstance(event, QKeyEvent):
            return False
        if not isinstance(watched, QWidget) or watched.window() is not self._window:
            return False
        command = self._command_of(event, watched)
        if command is None:
            return False
        event.accept()
        if event.type() is QEvent.Type.KeyPress:
            self._carry_out(command)
        return True

    def _command_of(self, event: QKeyEvent, watched: QWidget) -> Command | None:
        if event.key() in MODIFIERS or QApplication.activeModalWidget() is not None or self._is_veiled():
            return None
        keys = keys_of(event)
        focus = QApplication.focusWidget() or watched
        if is_letter(keys) and is_typing(focus):
            return None
        return self._commands.by_keys(keys)

    def _is_veiled(self) -> bool:
        """A dialog lies over the window: nothing happens behind it."""
        return any(veil.isVisible() for veil in self._window.findChildren(Veil))


def keys_of(event: QKeyEvent) -> str:
    """The keys of an event as commands name them."""
    if event.text() == "?":
        return "?"
    return QKeySequence(event.keyCombination()).toString(QKeySequence.SequenceFormat.PortableText)


def is_typing(widget: QWidget) -> bool:
    """Whether letters are text there: a field that can be written, or an input method that is composing."""
    if isinstance(widget, _WRITERS):
        return not (isinstance(widget, QPlainTextEdit | QTextEdit) and widget.isReadOnly())
    return isinstance(widget, QComboBox) and widget.isEditable()
