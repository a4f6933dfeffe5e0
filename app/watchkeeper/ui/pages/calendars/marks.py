"""How a day looks: a ground for what is held, a hatched one for parts of a day, a disc, a square, an outline."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from watchkeeper.action.calendar_preview import CalendarDay
from watchkeeper.ui.hatch import hatch
from watchkeeper.ui.theme import Role, faded, font, tokens


def paint_day(painter: QPainter, rect: QRectF, day: CalendarDay, *, is_today: bool) -> None:
    """A day in its cell."""
    t = tokens()
    box = rect.adjusted(1, 1, -1, -1)
    if day.is_whole:
        paint_held(painter, box)
    elif day.hours:
        paint_hours(painter, box)
    if is_today:
        paint_today(painter, box)
    ink: QColor = t.text if day.is_held else t.text_2 if day.day.weekday() < 5 else t.text_3
    painter.setPen(ink)
    painter.setFont(font(Role.SMALL_STRONG if is_today or day.holiday else Role.SMALL))
    painter.drawText(box.adjusted(0, 0, 0, -3), Qt.AlignmentFlag.AlignCenter, str(day.day.day))
    foot = QPointF(box.center().x(), box.bottom() - 4)
    if day.is_make_up:
        paint_make_up(painter, foot)
    elif day.holiday:
        paint_holiday(painter, foot)


def paint_held(painter: QPainter, box: QRectF) -> None:
    """All of a day belongs to the calendar."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(faded(tokens().accent, 0.22 if tokens().is_dark else 0.14))
    painter.drawRoundedRect(box, 4, 4)


def paint_hours(painter: QPainter, box: QRectF) -> None:
    """A part of a day does."""
    t = tokens()
    painter.setPen(QPen(t.border_strong, 1))
    painter.setBrush(hatch(t.surface_1, t.planned, painter.device().devicePixelRatio()))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)


def paint_holiday(painter: QPainter, middle: QPointF) -> None:
    """A public holiday: a disc."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tokens().accent)
    painter.drawEllipse(middle, 2.2, 2.2)


def paint_make_up(painter: QPainter, middle: QPointF) -> None:
    """A day of the weekend that is worked: a hollow square."""
    painter.setPen(QPen(tokens().text, 1.3))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(middle.x() - 2.4, middle.y() - 2.4, 4.8, 4.8))


def paint_today(painter: QPainter, box: QRectF) -> None:
    """An outline."""
    painter.setPen(QPen(tokens().text, 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(0.7, 0.7, -0.7, -0.7), 4, 4)
