"""Where a query is typed: what could follow stands in grey behind the caret."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QInputMethodEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from watchkeeper.ui.theme import Role, font, tokens


class Input(QLineEdit):
    """`take_key` says whether it has taken a key; it is asked before the field itself, but never amid a composition."""

    def __init__(self, take_key: Callable[[QKeyEvent], bool], parent: QWidget) -> None:
        super().__init__(parent)
        self._take_key = take_key
        #: An input method is composing.
        self.is_composing = False
        #: What stands behind the caret, and whether it goes on with what is typed.
        self.ghost, self.is_continued = "", True
        self.setProperty("kind", "bare")
        self.setFont(font(Role.BODY))

    def suggest(self, ghost: str, *, is_continued: bool = True) -> None:
        """Show what could follow; nothing by ""."""
        self.ghost, self.is_continued = ghost, is_continued
        self.update()

    @property
    def is_at_start(self) -> bool:
        return self.cursorPosition() == 0 and not self.hasSelectedText()

    @property
    def is_at_end(self) -> bool:
        return self.cursorPosition() == len(self.text()) and not self.hasSelectedText()

    def event(self, event: QEvent) -> bool:
        """Tab, which Qt would take before `keyPressEvent`, is a key like any other."""
        if isinstance(event, QKeyEvent) and self._takes_tab(event):
            return True
        return super().event(event)

    def _takes_tab(self, event: QKeyEvent) -> bool:
        is_tab = event.type() is QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Tab
        return is_tab and not self.is_composing and self._take_key(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.is_composing or not self._take_key(event):
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self.is_composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.ghost or self.is_composing or not self.is_at_end or not self.hasFocus():
            return
        painter, drawn = QPainter(self), font(Role.BODY, self.ghost)
        left = self.cursorRect().center().x() + (1 if self.is_continued else 5)
        room = QRectF(left, 0, self.width() - left, self.height())
        painter.setFont(drawn)
        painter.setPen(tokens().text_3)
        cut = QFontMetricsF(drawn).elidedText(self.ghost, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, cut)
