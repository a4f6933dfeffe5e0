"""The parts of a page, at its left: icon, title, the worst glyph of its problems or the dot of a change."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from watchkeeper.model.text import Text
from watchkeeper.ui import icons
from watchkeeper.ui.glyphs import color_of
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.theme.style import draw_focus
from watchkeeper.ui.words import Spoken, shown

WIDTH = 185
ITEM = 36
#: The mark of what was changed and is right.
DOT = "dot"


class Part(Protocol):
    """What the list tells of a part."""

    @property
    def name(self) -> str: ...
    @property
    def icon(self) -> str: ...
    @property
    def title(self) -> Text: ...


class Nav(Spoken, QWidget):
    """Up and down walk through the parts, Enter goes into one; `name` says what they are parts of."""

    chosen = Signal(str)
    entered = Signal(str)

    def __init__(self, parts: Sequence[Part], name: Text) -> None:
        super().__init__()
        self._parts, self._name = list(parts), name
        self.current = self._parts[0].name
        self._marks: dict[str, str] = {}
        self._hovered = -1
        self._by_key = False
        self.setFixedWidth(WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.retranslate()

    def choose(self, name: str) -> None:
        """Mark a part as the one that is shown."""
        self.current = name
        self.retranslate()

    def offer(self, parts: Sequence[Part]) -> None:
        """Other parts; the current one stays if it is among them."""
        self._parts = list(parts)
        self._hovered = -1
        self.retranslate()

    def mark(self, marks: Mapping[str, str]) -> None:
        """A glyph like `status/failed`, or DOT, by part."""
        if marks != self._marks:
            self._marks = dict(marks)
            self.update()

    def retranslate(self) -> None:
        self.setAccessibleName(shown(self._name))
        current = next((part.title for part in self._parts if part.name == self.current), "")
        self.setAccessibleDescription(shown(current))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 10 + ITEM * len(self._parts))

    def rect_of(self, number: int) -> QRectF:
        """Where an item is."""
        return QRectF(8, 10 + ITEM * number, WIDTH - 16, ITEM)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(WIDTH - 1, 0, 1, self.height()), t.border)
        for number, part in enumerate(self._parts):
            rect, is_current, words = self.rect_of(number), part.name == self.current, shown(part.title)
            if is_current or number == self._hovered:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(t.control_active if is_current else t.hover)
                painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), 6, 6)
            if is_current:
                painter.fillRect(QRectF(0, rect.top() + 8, 3, 20), t.accent)
            middle = rect.top() + ITEM / 2
            icons.paint(painter, part.icon, t.text if is_current else t.text_2, QRectF(22, middle - 8, 16, 16))
            painter.setFont(font(Role.BODY, words))
            painter.setPen(t.text if is_current else t.text_2)
            room = QRectF(46, rect.top(), WIDTH - 46 - 36, ITEM)
            cut = QFontMetricsF(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, cut)
            self._paint_mark(painter, self._marks.get(part.name, ""), middle)
        if self.hasFocus() and self._by_key:
            draw_focus(painter, self.rect_of(self._number))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._at(event.position().y())
        if number >= 0:
            self.chosen.emit(self._parts[number].name)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if (hovered := self._at(event.position().y())) != self._hovered:
            self._hovered = hovered
            self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)

    def leaveEvent(self, event: object) -> None:
        self._hovered = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self.entered.emit(self.current)
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if not step:
            super().keyPressEvent(event)
            return
        self._by_key = True
        if self._parts:
            self.chosen.emit(self._parts[min(max(self._number + step, 0), len(self._parts) - 1)].name)

    def _paint_mark(self, painter: QPainter, mark: str, middle: float) -> None:
        t = tokens()
        if mark == DOT:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.text_2)
            painter.drawEllipse(QRectF(WIDTH - 28, middle - 3, 6, 6))
        elif mark and (color := color_of(mark)) is not None:
            icons.paint(painter, mark, color, QRectF(WIDTH - 32, middle - 7, 14, 14))

    @property
    def _number(self) -> int:
        return next((n for n, part in enumerate(self._parts) if part.name == self.current), 0)

    def _at(self, y: float) -> int:
        number = int((y - 10) // ITEM)
        return number if 0 <= number < len(self._parts) else -1
