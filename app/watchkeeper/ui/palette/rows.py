"""The palette's list, painted: sections, titles with the letters that were meant, keys at the right."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from watchkeeper.model.text import Text
from watchkeeper.ui import icons
from watchkeeper.ui.glyphs import color_of
from watchkeeper.ui.palette.found import Hit, Offer, Section
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.widgets.keycap import key_cap, key_cap_width
from watchkeeper.ui.words import shown

WIDTH, ROW, HEADING = 640, 36, 28
_SIDE = 17


class Rows(QWidget):
    """Knows which one is selected; the field above gives it the keys."""

    chosen = Signal(int)
    #: Another one is selected.
    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hits: list[Hit] = []
        self.current = 0
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def offer(self) -> Offer | None:
        """The one that is selected."""
        return self.hits[self.current].offer if self.hits else None

    def set_hits(self, hits: Sequence[Hit], kept: str = "") -> None:
        """Show these; the one whose id is `kept` is selected, else the first one."""
        self.hits = list(hits)
        self.current = next((number for number, hit in enumerate(self.hits) if hit.offer.id == kept), 0)
        self.updateGeometry()
        self.setFixedHeight(max(self.sizeHint().height(), 1))
        self.update()

    def move_by(self, step: int) -> None:
        """Select the next or the one before; the ends meet."""
        if self.hits:
            self._select((self.current + step) % len(self.hits))

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, round(self._places()[-1].bottom()) + 8 if self.hits else 0)

    def row_rect(self, number: int) -> QRectF:
        """Where a row is."""
        return self._places()[number]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, rect in enumerate(self._places()):
            hit = self.hits[number]
            if number == 0 or self.hits[number - 1].heading != hit.heading:
                self._paint_heading(painter, hit, rect)
            self._paint_row(painter, hit, rect, number == self.current)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number = self._at(event.position())
        if number is not None and number != self.current:
            self._select(number)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if (number := self._at(event.position())) is not None:
            self.chosen.emit(number)

    def _select(self, number: int) -> None:
        self.current = number
        self.update()
        self.moved.emit()

    def _places(self) -> list[QRectF]:
        places, y = list[QRectF](), 4.0
        before: Text | str = ""
        for hit in self.hits:
            if hit.heading != before:
                y += HEADING
                before = hit.heading
            places.append(QRectF(8, y, self.width() - 16, ROW))
            y += ROW
        return places

    def _at(self, point: QPointF) -> int | None:
        return next((number for number, rect in enumerate(self._places()) if rect.contains(point)), None)

    def _paint_heading(self, painter: QPainter, hit: Hit, rect: QRectF) -> None:
        words = shown(hit.heading)
        painter.setFont(font(Role.SMALL_TITLE, words))
        painter.setPen(tokens().text_3)
        painter.drawText(QRectF(_SIDE, rect.top() - HEADING, 400, HEADING), Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_row(self, painter: QPainter, hit: Hit, rect: QRectF, is_current: bool) -> None:
        t = tokens()
        if is_current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.selection)
            painter.drawRoundedRect(rect, 6, 6)
            painter.fillRect(QRectF(rect.left() - 1, rect.top() + 8, 2, ROW - 16), t.accent)
        if hit.offer.icon:
            color = color_of(hit.offer.icon) or t.text_2
            icons.paint(painter, hit.offer.icon, color, QRectF(rect.left() + 11, rect.center().y() - 8, 16, 16))
        right = self._paint_right(painter, hit, rect, is_current)
        end = self._paint_title(painter, hit, rect, right)
        fact = shown(hit.offer.fact)
        is_command = hit.offer.section is Section.COMMANDS
        painter.setFont(font(Role.MONO_SMALL if is_command else Role.SMALL, fact))
        painter.setPen(t.text_2)
        room = QRectF(end + 12, rect.top(), max(0.0, right - end - 24), ROW)
        cut = QFontMetricsF(painter.font()).elidedText(fact, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, cut)

    def _paint_right(self, painter: QPainter, hit: Hit, rect: QRectF, is_current: bool) -> float:
        """The keys, or of the selected one what Enter does; the left end of that."""
        left, words = rect.right() - 8, shown(hit.offer.verb) if is_current and not hit.offer.keys else ""
        for keys in reversed(hit.offer.keys or (("Enter",) if is_current else ())):
            left -= key_cap_width(keys)
            key_cap(painter, keys, QPointF(left, rect.top() + 9))
            left -= 6
        if words:
            painter.setFont(font(Role.SMALL, words))
            painter.setPen(tokens().text)
            left -= painter.fontMetrics().horizontalAdvance(words) + 2
            painter.drawText(QRectF(left, rect.top(), 200, ROW), Qt.AlignmentFlag.AlignVCenter, words)
        return left

    def _paint_title(self, painter: QPainter, hit: Hit, rect: QRectF, right: float) -> float:
        """The title, the letters that were meant in the accent; its right end."""
        t, x, words = tokens(), rect.left() + 38, shown(hit.offer.title)
        plain, strong = font(Role.BODY, words), font(Role.SECTION, words)
        for place, letter in enumerate(words):
            is_meant = place in hit.places
            drawn = strong if is_meant else plain
            width = QFontMetricsF(drawn).horizontalAdvance(letter)
            if x + width > right - 8:
                break
            painter.setFont(drawn)
            painter.setPen(t.accent if is_meant else t.text)
            painter.drawText(QRectF(x, rect.top(), width + 2, ROW), Qt.AlignmentFlag.AlignVCenter, letter)
            x += width
        return x
