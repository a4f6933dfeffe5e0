"""A year, month by month: every day with what the calendar makes of it. Walked by keys, changed by a click or Enter."""

import calendar as months
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from watchkeeper.action.calendar_preview import CalendarDay
from watchkeeper.ui.pages.calendars.marks import paint_day
from watchkeeper.ui.pages.calendars.names import told_of
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.widgets.weekdays import short_day
from watchkeeper.ui.words import Spoken, locale

CELL = 25
#: No target is smaller.
NARROWEST, WIDEST = 24, 32
TITLE, HEAD = 24, 16
ACROSS, DOWN = 16, 12
MONTH = TITLE + HEAD + 6 * CELL

_STEPS = {
    Qt.Key.Key_Left: timedelta(days=-1),
    Qt.Key.Key_Right: timedelta(days=1),
    Qt.Key.Key_Up: timedelta(days=-7),
    Qt.Key.Key_Down: timedelta(days=7),
}
_MONTHS = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


class YearView(Spoken, QWidget):
    """`toggled` asks that a day changes sides; `year_asked` that another year is shown."""

    toggled = Signal(object)
    year_asked = Signal(int)
    #: Another day has the keyboard.
    moved = Signal(object)

    def __init__(self, today: date) -> None:
        super().__init__()
        self.today = today
        self.year = today.year
        #: The day that has the keyboard.
        self.current = today
        self.is_read_only = False
        self._days: dict[date, CalendarDay] = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(7 * NARROWEST)
        self.retranslate()

    def show_year(self, year: int, days: Sequence[CalendarDay]) -> None:
        """Show these days; of the others there is nothing to tell."""
        self.year = year
        self._days = {day.day: day for day in days}
        if self.current.year != year:
            self.current = self.today if self.today.year == year else date(year, 1, 1)
        self.retranslate()

    def day(self, day: date) -> CalendarDay:
        """What is told of a day."""
        return self._days.get(day, CalendarDay(day))

    def retranslate(self) -> None:
        self.setAccessibleName(str(self.year))
        self._tell()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(3 * 7 * NARROWEST + 2 * ACROSS, self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        rows = -(-12 // self._columns())
        self.setFixedHeight(rows * (MONTH + DOWN) - DOWN)

    def rect_of(self, day: date) -> QRectF:
        """The cell of a day of this year."""
        corner, width = self._corner(day.month), self._cell()
        first = date(day.year, day.month, 1).weekday()
        row, column = divmod(first + day.day - 1, 7)
        return QRectF(corner.x() + column * width, corner.y() + TITLE + HEAD + row * CELL, width, CELL)

    def day_at(self, point: QPointF) -> date | None:
        """The day whose cell a point is in."""
        return next((day for day in self._all() if self.rect_of(day).contains(point)), None)

    # Keys and mouse.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS:
            self.go_to(self.current + _STEPS[key])
        elif key in _MONTHS:
            self.go_to(_month_later(self.current, _MONTHS[key]))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            last = months.monthrange(self.current.year, self.current.month)[1]
            self.go_to(self.current.replace(day=1 if key == Qt.Key.Key_Home else last))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._toggle(self.current)
        else:
            super().keyPressEvent(event)

    def go_to(self, day: date) -> None:
        """Give a day the keyboard, of another year too."""
        self.current = day
        if day.year != self.year:
            self.year_asked.emit(day.year)
        self._tell()
        self.update()
        self.moved.emit(day)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        day = self.day_at(event.position())
        if day is not None and event.button() is Qt.MouseButton.LeftButton:
            self.go_to(day)
            self._toggle(day)

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            day = self.day_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if day is None else "\n".join(told_of(self.day(day))), self)
            return True
        return super().event(event)  # type: ignore[arg-type]  # Qt hands an event over

    def focusInEvent(self, event: object) -> None:
        self.update()

    def focusOutEvent(self, event: object) -> None:
        self.update()

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for month in range(1, 13):
            self._paint_head(painter, month)
        for day in self._all():
            paint_day(painter, self.rect_of(day), self.day(day), is_today=day == self.today)
        if self.current.year == self.year and self.hasFocus():
            painter.setPen(QPen(tokens().accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect_of(self.current).adjusted(1, 1, -1, -1), 5, 5)

    def _paint_head(self, painter: QPainter, month: int) -> None:
        t, corner, width = tokens(), self._corner(month), self._cell()
        words = locale().standaloneMonthName(month)
        painter.setFont(font(Role.SECTION, words))
        painter.setPen(t.text)
        painter.drawText(QRectF(corner.x() + 4, corner.y(), 7 * width, TITLE), Qt.AlignmentFlag.AlignVCenter, words)
        painter.setPen(t.text_3)
        for weekday in range(7):
            words = short_day(weekday + 1)
            painter.setFont(font(Role.CAPTION, words))
            room = QRectF(corner.x() + weekday * width, corner.y() + TITLE, width, HEAD)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words[:2])

    # Places.

    def _columns(self) -> int:
        fitting = (self.width() + ACROSS) // (7 * NARROWEST + ACROSS)
        return next(number for number in (6, 4, 3, 2, 1) if number <= max(1, fitting))

    def _cell(self) -> float:
        columns = self._columns()
        return min(float(WIDEST), (self.width() - (columns - 1) * ACROSS) / columns // 7)

    def _corner(self, month: int) -> QPointF:
        columns = self._columns()
        row, column = divmod(month - 1, columns)
        return QPointF(column * (7 * self._cell() + ACROSS), row * (MONTH + DOWN))

    def _all(self) -> Iterator[date]:
        first = date(self.year, 1, 1)
        return (first + timedelta(days=number) for number in range(366 if months.isleap(self.year) else 365))

    def _toggle(self, day: date) -> None:
        if not self.is_read_only:
            self.toggled.emit(day)

    def _tell(self) -> None:
        self.setAccessibleDescription(", ".join(told_of(self.day(self.current))))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))


def _month_later(day: date, step: int) -> date:
    """The same day of another month, or its last one."""
    month = day.month - 1 + step
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, months.monthrange(year, month)[1]))
