"""The parts of the editor, at the left: icon, title, the worst glyph of its problems or the dot of a change."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from watchkeeper.model.text import _
from watchkeeper.ui import icons
from watchkeeper.ui.glyphs import color_of
from watchkeeper.ui.pages.job.sections import PARTS
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.theme.style import draw_focus
from watchkeeper.ui.words import Spoken, shown

WIDTH = 185
ITEM = 36
#: The mark of what was changed and is right.
DOT = "dot"


class Nav(Spoken, QWidget):
    """Up and down walk through the parts."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.current = PARTS[0].name
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

    def mark(self, marks: Mapping[str, str]) -> None:
        """A glyph like `status/failed`, or DOT, by part."""
        if marks != self._marks:
            self._marks = dict(marks)
            self.update()

    def retranslate(self) -> None:
        self.setAccessibleName(shown(_("Parts of the job")))
        self.setAccessibleDescription(shown(next(part.title for part in PARTS if part.name == self.current)))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 10 + ITEM * len(PARTS))

    def rect_of(self, number: int) -> QRectF:
        """Where an item is."""
        return QRectF(8, 10 + ITEM * number, WIDTH - 16, ITEM)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(WIDTH - 1, 0, 1, self.height()), t.border)
        for number, part in enumerate(PARTS):
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
            number = next(n for n, part in enumerate(PARTS) if part.name == self.current)
            draw_focus(painter, self.rect_of(number))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._at(event.position().y())
        if number >= 0:
            self.chosen.emit(PARTS[number].name)

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
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if not step:
            super().keyPressEvent(event)
            return
        self._by_key = True
        now = next(n for n, part in enumerate(PARTS) if part.name == self.current)
        self.chosen.emit(PARTS[min(max(now + step, 0), len(PARTS) - 1)].name)

    def _paint_mark(self, painter: QPainter, mark: str, middle: float) -> None:
        t = tokens()
        if mark == DOT:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.text_2)
            painter.drawEllipse(QRectF(WIDTH - 28, middle - 3, 6, 6))
        elif mark and (color := color_of(mark)) is not None:
            icons.paint(painter, mark, color, QRectF(WIDTH - 32, middle - 7, 14, 14))

    def _at(self, y: float) -> int:
        number = int((y - 10) // ITEM)
        return number if 0 <= number < len(PARTS) else -1
