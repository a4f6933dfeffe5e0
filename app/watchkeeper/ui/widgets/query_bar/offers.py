"""The list that opens below the caret: what the word there may become, with how many have it."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.widgets.floating import paint_floating, paint_shadow
from watchkeeper.ui.widgets.query_bar.grammar import Offer
from watchkeeper.ui.words import shown

ROW = 30
WIDTH = 320
#: Rows that are seen at once.
MOST = 10
#: Around the list, for its shadow.
_EDGE = 24
_PADDING = 4


class OfferList(QWidget):
    """Never has the keyboard: the field above it moves its choice."""

    picked = Signal(object)

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self.offers: list[Offer] = []
        self.current = 0
        self._top = 0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.hide()

    @property
    def chosen(self) -> Offer | None:
        """The one that Enter takes; None while the list is closed."""
        return self.offers[self.current] if self.isVisible() else None

    def open_at(self, window: QWidget, at: QPoint, offers: Sequence[Offer]) -> None:
        """Show them, with the upper left corner there, within the window."""
        self.offers, self.current, self._top = list(offers), 0, 0
        height = min(MOST, len(self.offers)) * ROW + 2 * _PADDING
        self.setParent(window)
        self.resize(WIDTH + 2 * _EDGE, height + 2 * _EDGE)
        self.move(min(at.x(), window.width() - WIDTH - 8) - _EDGE, at.y() - _EDGE)
        self.show()
        self.raise_()
        self._tell()

    def step(self, by: int) -> None:
        """Choose another one; after the last comes the first."""
        self.current = (self.current + by) % len(self.offers)
        self._top = max(self.current - MOST + 1, min(self._top, self.current))
        self._tell()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, box = QPainter(self), QRectF(self.rect()).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        paint_shadow(painter, box, 8)
        paint_floating(painter, box, 8)
        for line, number in enumerate(range(self._top, min(self._top + MOST, len(self.offers)))):
            rect = QRectF(box.left() + _PADDING, box.top() + _PADDING + line * ROW, box.width() - 2 * _PADDING, ROW)
            self._paint_row(painter, rect, self.offers[number], is_current=number == self.current)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number = self._at(event.position().y())
        if number is not None and number != self.current:
            self.current = number
            self._tell()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if (number := self._at(event.position().y())) is not None:
            self.picked.emit(self.offers[number])

    def wheelEvent(self, event: QWheelEvent) -> None:
        by = -1 if event.angleDelta().y() > 0 else 1
        self._top = max(0, min(len(self.offers) - MOST, self._top + by))
        self.update()
        event.accept()

    def _at(self, y: float) -> int | None:
        number = int((y - _EDGE - _PADDING) // ROW) + self._top
        return number if 0 <= number < len(self.offers) and y > _EDGE + _PADDING else None

    def _tell(self) -> None:
        offer = self.offers[self.current]
        self.setAccessibleName(f"{offer.written} {shown(offer.note)}".strip())
        self.update()

    def _paint_row(self, painter: QPainter, rect: QRectF, offer: Offer, *, is_current: bool) -> None:
        t = tokens()
        if is_current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.menu_selected)
            painter.drawRoundedRect(rect, 6, 6)
        room, label, note = rect.adjusted(10, 0, -10, 0), offer.written, shown(offer.note)
        drawn = font(Role.BODY, label)
        painter.setFont(drawn)
        painter.setPen(t.text)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, label)
        room.setLeft(room.left() + QFontMetricsF(drawn).horizontalAdvance(label) + 16)
        small = font(Role.SMALL, note)
        painter.setFont(small)
        painter.setPen(t.text_2)
        cut = QFontMetricsF(small).elidedText(note, Qt.TextElideMode.ElideRight, max(0.0, room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, cut)
