"""The course of a run, drawn on an axis of time: attempts as bars, waits as lines, now as a line across."""

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QLineF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFontMetricsF, QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from watchkeeper.action.runs import Detail
from watchkeeper.model.text import Text, _
from watchkeeper.ui.clock import now
from watchkeeper.ui.hatch import hatch
from watchkeeper.ui.pages.run.course import Kind, Stretch, bounds, course, ticks
from watchkeeper.ui.spans import clock, duration
from watchkeeper.ui.theme import Role, faded, font, tokens
from watchkeeper.ui.words import Spoken, shown

AXIS, LANE, SIDE = 26, 40, 16
#: Milliseconds between two looks at what goes on.
SECOND = 1_000
#: Room that the words of one tick take, at least.
_TICK = 76

WORDS: dict[Kind, Text] = {
    Kind.QUEUED: _("queued"),
    Kind.SUCCEEDED: _("succeeded"),
    Kind.RUNNING: _("running"),
    Kind.FAILED: _("failed attempt"),
    Kind.RETRY: _("retry wait"),
    Kind.STOPPED: _("stopped"),
    Kind.LOST: _("unknown"),
}


class Segments(Spoken, QWidget):
    """Moves on by itself while a run goes on and somebody looks."""

    def __init__(self, zone: Callable[[], str]) -> None:
        super().__init__()
        self._zone = zone
        self._detail: Detail | None = None
        self.stretches: list[Stretch] = []
        self._second = QTimer(self)
        self._second.setInterval(SECOND)
        self._second.timeout.connect(self._look)
        self.setFixedHeight(AXIS + LANE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)

    def take(self, detail: Detail) -> None:
        """Show the course of a run."""
        self._detail = detail
        self._look()
        self._move_or_rest()

    def retranslate(self) -> None:
        told = [_told(stretch) for stretch in self.stretches]
        self.setAccessibleName("; ".join(told))
        self.setToolTip("\n".join(told))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, AXIS + LANE)

    def showEvent(self, event: QShowEvent) -> None:
        self._move_or_rest()

    def hideEvent(self, event: QHideEvent) -> None:
        self._second.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(0, 0, self.width(), AXIS), t.surface_2)
        painter.fillRect(QRectF(0, AXIS - 1, self.width(), 1), t.border_soft)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), t.border_soft)
        if not self.stretches:
            return
        begin, end = bounds(self.stretches, now())
        self._paint_axis(painter, begin, end)
        for stretch in self.stretches:
            self._paint_stretch(painter, stretch, self._rect(stretch, begin, end))
        if self._is_moving and begin <= now() <= end:
            painter.fillRect(QRectF(round(self._x(now(), begin, end)), 2, 1, self.height() - 2), t.accent)

    def _look(self) -> None:
        if self._detail is not None:
            self.stretches = course(self._detail, now())
            self.retranslate()

    def _move_or_rest(self) -> None:
        self._second.start() if self._is_moving and self.isVisible() else self._second.stop()

    @property
    def _is_moving(self) -> bool:
        return self._detail is not None and self._detail.run.is_live

    def _x(self, moment: datetime, begin: datetime, end: datetime) -> float:
        return SIDE + (self.width() - 2 * SIDE) * ((moment - begin) / (end - begin))

    def _rect(self, stretch: Stretch, begin: datetime, end: datetime) -> QRectF:
        left, right = self._x(stretch.begin, begin, end), self._x(stretch.end, begin, end)
        height = {Kind.QUEUED: 4, Kind.RETRY: 2, Kind.FAILED: 16}.get(stretch.kind, 12)
        least = 0.0 if not stretch.attempt else 14.0 if stretch.kind is Kind.FAILED else 4.0
        return QRectF(left, AXIS + (LANE - height) / 2, max(right - left, least), height)

    def _paint_axis(self, painter: QPainter, begin: datetime, end: datetime) -> None:
        t = tokens()
        step, moments = ticks(begin, end, max(1, (self.width() - 2 * SIDE) // _TICK))
        painter.setFont(font(Role.CAPTION))
        for moment in moments:
            x = self._x(moment, begin, end)
            painter.fillRect(QRectF(round(x), AXIS, 1, LANE - 1), t.grid)
            words = clock(moment, self._zone(), has_seconds=step < timedelta(minutes=1))
            width = QFontMetricsF(painter.font()).horizontalAdvance(words)
            if self._is_moving and abs(x - self._x(now(), begin, end)) < width / 2 + 4:
                continue
            left = min(max(4.0, x - width / 2), self.width() - width - 4)
            painter.setPen(t.text_3)
            painter.drawText(QRectF(left, 0, width + 1, AXIS - 1), Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_stretch(self, painter: QPainter, stretch: Stretch, rect: QRectF) -> None:
        if stretch.kind is Kind.RETRY:
            painter.setPen(QPen(tokens().warning, 1.5, Qt.PenStyle.DashLine))
            painter.drawLine(QLineF(rect.left(), rect.center().y(), rect.right(), rect.center().y()))
            return
        paint_kind(painter, stretch.kind, rect, self.devicePixelRatioF())
        if stretch.kind is Kind.FAILED and stretch.attempt:
            _paint_number(painter, rect, str(stretch.attempt))


def paint_kind(painter: QPainter, kind: Kind, rect: QRectF, ratio: float) -> None:
    """A bar of this kind; also for the legend."""
    t = tokens()
    colors: dict[Kind, QColor] = {
        Kind.QUEUED: faded(t.waiting, 0.55),
        Kind.SUCCEEDED: t.fill_ok,
        Kind.RUNNING: t.running,
        Kind.STOPPED: t.cancelled,
        Kind.LOST: t.warning,
    }
    is_hatched = kind is Kind.FAILED
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(hatch(t.failed, faded(t.surface_1, 0.35), ratio) if is_hatched else colors[kind])
    painter.drawRoundedRect(rect, 2, 2)


def _paint_number(painter: QPainter, rect: QRectF, number: str) -> None:
    """On a plain disc, in the middle of what is hatched."""
    t = tokens()
    disc = QRectF(rect.center().x() - 7, rect.center().y() - 7, 14, 14)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(t.failed)
    painter.drawEllipse(disc)
    painter.setFont(font(Role.CAPTION_STRONG))
    painter.setPen(QColor("#1B0B07") if t.is_dark else QColor("#FFFFFF"))
    painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, number)


def _told(stretch: Stretch) -> str:
    words = shown(WORDS[stretch.kind])
    return f"{words} {stretch.attempt or ''} {duration(stretch.end - stretch.begin)}".replace("  ", " ")
