"""What the marks of the year mean."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui.pages.calendars.marks import paint_held, paint_holiday, paint_hours, paint_make_up, paint_today
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.words import Spoken, shown

LINE = 22
_BOX, _GAP, _APART = 14, 6, 16

_ITEMS: tuple[tuple[Text, Callable[[QPainter, QRectF], None]], ...] = (
    (_("held"), paint_held),
    (_("blackout: part of the day"), paint_hours),
    (_("public holiday"), lambda painter, box: paint_holiday(painter, box.center())),
    (_("make-up workday"), lambda painter, box: paint_make_up(painter, box.center())),
    (_("today"), paint_today),
)


class Legend(Spoken, QWidget):
    """Shapes with their words, in as many lines as they need."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(", ".join(shown(text) for text, _paint in _ITEMS))
        self._fit()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for (text, paint), at in zip(_ITEMS, self._places(), strict=True):
            paint(painter, QRectF(at.x(), at.y() + (LINE - _BOX) / 2, _BOX, _BOX))
            words = shown(text)
            painter.setFont(font(Role.SMALL, words))
            painter.setPen(tokens().text_2)
            room = QRectF(at.x() + _BOX + _GAP, at.y(), self.width(), LINE)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)

    def _places(self) -> list[QPointF]:
        """Where each item begins."""
        found: list[QPointF] = []
        x, y = 0.0, 0.0
        for text, _paint in _ITEMS:
            words = shown(text)
            width = _BOX + _GAP + QFontMetricsF(font(Role.SMALL, words)).horizontalAdvance(words)
            if x and x + width > self.width():
                x, y = 0.0, y + LINE
            found.append(QPointF(x, y))
            x += width + _APART
        return found

    def _fit(self) -> None:
        self.setFixedHeight(round(self._places()[-1].y()) + LINE)
