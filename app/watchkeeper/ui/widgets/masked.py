"""Fields for what nobody is to read over a shoulder: dots, and what stands behind them while a button is pressed."""

from collections.abc import Callable

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QHideEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui.theme import Role, font
from watchkeeper.ui.widgets.words import IconButton
from watchkeeper.ui.words import Spoken, shown

DOT = "•"
HEIGHT = 32
#: Characters of a text that may be put in; more is no secret but a file by mistake.
MOST = 1 << 18


class Peek(IconButton):
    """Shows what is behind the dots while it is pressed, by pointer or by Space."""

    def __init__(self, show: Callable[[bool], None], parent: QWidget) -> None:
        super().__init__("ui/eye", _("Show it while this is pressed"), _nothing, parent=parent)
        self._show = show
        self.pressed.connect(self._begin)
        self.released.connect(self._end)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._end()

    def _begin(self) -> None:
        self._show(True)

    def _end(self) -> None:
        self._show(False)


class MaskedLine(Spoken, QWidget):
    """One line; its text is neither shown, copied nor read aloud."""

    edited = Signal()
    #: Enter was pressed.
    entered = Signal()

    def __init__(self, name: Text) -> None:
        super().__init__()
        self._name = name
        self.line = QLineEdit(self)
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setFont(font(Role.BODY))
        self.line.setFixedHeight(HEIGHT)
        self.line.setMaxLength(MOST)
        self.line.textEdited.connect(self._tell)
        self.line.returnPressed.connect(self.entered)
        self.peek = Peek(self._show, self)
        self.setFocusProxy(self.line)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.peek)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.retranslate()

    @property
    def value(self) -> str:
        """What was typed."""
        return self.line.text()

    def put(self, value: str) -> None:
        """Take a value as if it had been typed."""
        self.line.setText(value)
        self.edited.emit()

    def clear(self) -> None:
        """Forget it."""
        self.line.clear()

    def hideEvent(self, event: QHideEvent) -> None:
        """What nobody asks for any more is not kept; a window that is put away comes back."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.clear()

    def retranslate(self) -> None:
        self.line.setAccessibleName(shown(self._name))

    def _tell(self, _words: str) -> None:
        self.edited.emit()

    def _show(self, is_shown: bool) -> None:
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if is_shown else QLineEdit.EchoMode.Password)


class MaskedText(Spoken, QWidget):
    """Several lines. The document holds dots; what they stand for is kept beside it, and goes with the widget."""

    edited = Signal()

    def __init__(self, name: Text, height: int) -> None:
        super().__init__()
        self._name = name
        self._value = ""
        self._is_own = False
        #: Where the document was changed last, and how many letters are new there.
        self._change: tuple[int, int] | None = None
        self.text = _Dots(self)
        self.text.setFont(font(Role.MONO))
        self.text.setFixedHeight(height)
        self.text.setTabChangesFocus(True)
        self.text.setUndoRedoEnabled(False)
        self.text.document().contentsChange.connect(self._note)
        self.text.textChanged.connect(self._follow)
        self.peek = Peek(self._show, self)
        self.setFocusProxy(self.text)
        side = QVBoxLayout()
        side.addWidget(self.peek)
        side.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.text, 1)
        layout.addLayout(side)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.retranslate()

    @property
    def value(self) -> str:
        """What was typed, pasted or read from a file."""
        return self._value

    def put(self, value: str) -> None:
        """Take a value as if it had been typed."""
        self._value = value.replace("\r\n", "\n")
        self._fill(dotted(self._value))
        self.edited.emit()

    def clear(self) -> None:
        """Forget it."""
        self._value = ""
        self._fill("")

    def hideEvent(self, event: QHideEvent) -> None:
        """What nobody asks for any more is not kept; a window that is put away comes back."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.clear()

    def retranslate(self) -> None:
        self.text.setAccessibleName(shown(self._name))

    def _note(self, at: int, _removed: int, added: int) -> None:
        if not self._is_own:
            self._change = (at, added)

    def _follow(self) -> None:
        """What was typed or pasted goes behind a dot for each letter."""
        if self._is_own or self._change is None:
            return
        (at, added), self._change = self._change, None
        now, before = self.text.toPlainText(), dotted(self._value)
        added = min(added, len(now) - at)
        # Qt counts the end of the last paragraph as well: what is gone follows from the lengths.
        removed = len(before) + added - len(now)
        new, at, removed = _unmasked(now[at : at + added], before[at : at + removed], at)
        self._value = self._value[:at] + new + self._value[at + removed :]
        self._cover(at, new)
        self.edited.emit()

    def _cover(self, at: int, new: str) -> None:
        """Put dots in the place of letters; the cursor stays behind them."""
        self._is_own = True
        place = QTextCursor(self.text.document())
        place.setPosition(at)
        place.setPosition(at + len(new.encode("utf-16-le", "surrogatepass")) // 2, QTextCursor.MoveMode.KeepAnchor)
        place.insertText(dotted(new))
        self._is_own = False

    def _fill(self, words: str, cursor: int = 0) -> None:
        self._is_own = True
        self.text.setPlainText(words)
        place = self.text.textCursor()
        place.setPosition(min(cursor, len(words)))
        self.text.setTextCursor(place)
        self._is_own = False

    def _show(self, is_shown: bool) -> None:
        self.text.setReadOnly(is_shown)
        cursor = self.text.textCursor().position()
        self._fill(self._value if is_shown else dotted(self._value), cursor)


class _Dots(QPlainTextEdit):
    """Takes text and gives none away: nothing is copied or dragged out of it."""

    def createMimeDataFromSelection(self) -> QMimeData:
        return QMimeData()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText() and len(source.text()) <= MOST

    def insertFromMimeData(self, source: QMimeData) -> None:
        if self.canInsertFromMimeData(source):
            self.insertPlainText(source.text())


def dotted(value: str) -> str:
    """A dot for each letter; lines stay lines."""
    return "\n".join(DOT * len(line) for line in value.split("\n"))


def _unmasked(new: str, old: str, at: int) -> tuple[str, int, int]:
    """What is new in a change, where it begins and how much of the old it takes the place of.

    A change may be told with some of what stood beside it.
    """
    if not old:
        return new, at, 0
    head = 0
    while head < min(len(new), len(old)) and new[head] == old[head]:
        head += 1
    tail = 0
    while tail < min(len(new), len(old)) - head and new[-1 - tail] == old[-1 - tail]:
        tail += 1
    return new[head : len(new) - tail], at + head, len(old) - head - tail


def _nothing() -> None:
    """It acts while it is pressed, not when it was."""
