"""Words one after the other in one field: typed, ended by Enter or a comma, taken away by their ✕ or Backspace."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QSizePolicy, QWidget

from watchkeeper.model.text import Text
from watchkeeper.ui import icons
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.words import Spoken, shown

LINE = 32
CHIP = 22
GAP = 6
#: Room in which something can be typed.
LEAST = 90


class _Input(QLineEdit):
    """Backspace in nothing takes the chip before it."""

    emptied = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Backspace and not self.text():
            self.emptied.emit()
            return
        super().keyPressEvent(event)


class Chips(Spoken, QWidget):
    """Any number of words."""

    edited = Signal(object)

    def __init__(self, name: Text, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.words: list[str] = []
        self.setProperty("is_wrong", "false")
        self.input = _Input(self)
        self.input.setProperty("kind", "bare")
        self.input.setPlaceholderText(placeholder)
        self.input.setFont(font(Role.BODY))
        self.input.returnPressed.connect(self._take)
        self.input.editingFinished.connect(self._take)
        self.input.textEdited.connect(self._split)
        self.input.emptied.connect(self._drop_last)
        self.setFocusProxy(self.input)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.retranslate()

    def offer(self, words: Sequence[str]) -> None:
        """Complete what is typed by these."""
        completer = QCompleter(list(words), self.input)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        # Its own slot writes the word into the line only after this one.
        completer.activated.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self.input.setCompleter(completer)

    def show_value(self, words: Sequence[object]) -> None:
        """Show other words without telling."""
        self.words = [str(word) for word in words]
        self._lay_out()

    def retranslate(self) -> None:
        self.input.setAccessibleName(shown(self._name))
        self._lay_out()

    def sizeHint(self) -> QSize:
        return QSize(320, LINE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def rects(self) -> list[QRectF]:
        """Where each chip is; the room after the last is the input's."""
        found: list[QRectF] = []
        x, y = 6.0, (LINE - CHIP) / 2
        for word in self.words:
            width = min(QFontMetricsF(font(Role.SMALL, word)).horizontalAdvance(word) + 30, self.width() - 12)
            if x > 6 and x + width > self.width() - 6:
                x, y = 6.0, y + CHIP + GAP
            found.append(QRectF(x, y, width, CHIP))
            x += width + GAP
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_wrong = self.property("is_wrong") == "true"
        edge = t.failed if is_wrong else t.accent if self.input.hasFocus() else t.border
        painter.setPen(edge)
        painter.setBrush(t.field)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        for word, rect in zip(self.words, self.rects(), strict=True):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.control_active)
            painter.drawRoundedRect(rect, 4, 4)
            painter.setFont(font(Role.SMALL, word))
            painter.setPen(t.text)
            room = rect.adjusted(8, 0, -22, 0)
            cut = QFontMetricsF(painter.font()).elidedText(word, Qt.TextElideMode.ElideRight, room.width() + 1)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, cut)
            icons.paint(painter, "ui/close", t.text_2, QRectF(rect.right() - 18, rect.top() + 5, 12, 12))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for number, rect in enumerate(self.rects()):
            if QRectF(rect.right() - 22, rect.top(), 22, CHIP).contains(event.position()):
                self._change([word for n, word in enumerate(self.words) if n != number])
                return
        self.input.setFocus(Qt.FocusReason.MouseFocusReason)

    def _split(self, text: str) -> None:
        if "," in text or "，" in text:
            self._take()

    def _take(self) -> None:
        typed = self.input.text().replace("，", ",").split(",")
        new = [word.strip() for word in typed if word.strip()]
        self.input.clear()
        if new:
            self._change(list(dict.fromkeys([*self.words, *new])))

    def _drop_last(self) -> None:
        if self.words:
            self._change(self.words[:-1])

    def _change(self, words: list[str]) -> None:
        self.show_value(words)
        self.edited.emit(list(words))

    def _lay_out(self) -> None:
        rects = self.rects()
        at = QPointF(rects[-1].right() + GAP, rects[-1].top()) if rects else QPointF(8, (LINE - CHIP) / 2)
        if self.width() - at.x() < LEAST and rects:
            at = QPointF(8, at.y() + CHIP + GAP)
        self.input.setGeometry(round(at.x()), round(at.y()), max(20, round(self.width() - at.x() - 8)), CHIP)
        self.setFixedHeight(round(at.y()) + CHIP + 5)
        self.update()
