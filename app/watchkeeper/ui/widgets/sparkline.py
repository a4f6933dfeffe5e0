"""The last 20 runs of a job as bars: height is duration against p95, colour and form are the state; newest right."""

from datetime import timedelta

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from watchkeeper.model.job_table import JobRow, PastRun
from watchkeeper.model.run import State
from watchkeeper.ui.theme import tokens

BARS, WIDE, GAP, HIGH, LEAST = 20, 5, 2, 18, 3
WIDTH = BARS * (WIDE + GAP)

_SMOOTH = QPainter.RenderHint.Antialiasing
_FAILED = (State.FAILED, State.TIMED_OUT)
_LIVE = (State.DISPATCHING, State.RUNNING, State.ORPHANED, State.QUEUED, State.WAITING)


def paint_sparkline(painter: QPainter, rect: QRectF, row: JobRow) -> None:
    """Into a cell; jobs with fewer runs have lines at the left."""
    t = tokens()
    base = round(rect.center().y() + HIGH / 2)
    left = rect.left() + 8
    missing = BARS - len(row.runs)
    painter.setRenderHint(_SMOOTH, False)
    for number in range(missing):
        painter.fillRect(QRectF(left + number * (WIDE + GAP), base - 1, WIDE, 1), t.border_strong)
    for number, run in enumerate(row.runs[-BARS:], missing):
        _paint(painter, left + number * (WIDE + GAP), base, run, _height(run, row.p95))
    painter.setRenderHint(_SMOOTH)


def run_at(rect: QRectF, x: float, row: JobRow) -> PastRun | None:
    """The run whose bar is there."""
    number = int((x - rect.left() - 8) // (WIDE + GAP)) - (BARS - len(row.runs))
    return row.runs[number] if 0 <= number < len(row.runs) else None


def _height(run: PastRun, p95: timedelta | None) -> float:
    if run.took is None or not p95:
        return LEAST
    return float(max(LEAST, min(HIGH, round(HIGH * (run.took / p95)))))


def _paint(painter: QPainter, x: float, base: int, run: PastRun, height: float) -> None:
    t, state = tokens(), run.verdict or run.state
    if state in _FAILED:
        painter.fillRect(QRectF(x, base - HIGH, WIDE, HIGH - 7), t.failed)
        painter.fillRect(QRectF(x, base - 5, WIDE, 5), t.failed)
    elif state is State.SUCCEEDED:
        painter.fillRect(QRectF(x, base - height, WIDE, height), t.fill_ok)
        if run.has_warning or run.attempt > 1:
            painter.fillRect(QRectF(x, base - height - 3, WIDE, 2), t.warning)
    elif state is State.UNKNOWN:
        painter.fillRect(QRectF(x, base - HIGH, WIDE, HIGH), t.warning)
    elif state in _LIVE:
        painter.setPen(QPen(t.running, 1))
        painter.drawRect(QRectF(x + 0.5, base - max(height, 8) + 0.5, WIDE - 1, max(height, 8) - 1))
    elif state in (State.UPSTREAM_FAILED, State.EXPIRED):
        _diamond(painter, QPointF(x + WIDE / 2, base - 4), t.blocked)
    elif state is State.CANCELLED:
        painter.fillRect(QRectF(x, base - WIDE, WIDE, WIDE), t.cancelled)
    else:
        _hollow(painter, x, base, 6 if state is State.MISSED else 4)


def _diamond(painter: QPainter, center: QPointF, color: object) -> None:
    painter.setRenderHint(_SMOOTH)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    x, y = center.x(), center.y()
    painter.drawPolygon(QPolygonF([QPointF(x, y - 4), QPointF(x + 3.5, y), QPointF(x, y + 4), QPointF(x - 3.5, y)]))
    painter.setRenderHint(_SMOOTH, False)


def _hollow(painter: QPainter, x: float, base: int, size: int) -> None:
    painter.setRenderHint(_SMOOTH)
    painter.setPen(QPen(tokens().warning if size == 6 else tokens().waiting, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(x + 0.5, base - size + 0.5, WIDE - 1, size - 1), 1.5, 1.5)
    painter.setRenderHint(_SMOOTH, False)
