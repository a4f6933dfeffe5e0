"""How the timeline is painted: axis, days, lanes with their runs and fires, and the line of now."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen

from watchkeeper.action.timeline import Bar, Lane
from watchkeeper.model.run import State
from watchkeeper.model.text import _
from watchkeeper.ui import icons
from watchkeeper.ui.glyphs import color_of, glyph_of
from watchkeeper.ui.hatch import hatch
from watchkeeper.ui.pages.dashboard.legend import clash_brush
from watchkeeper.ui.pages.dashboard.scale import Scale
from watchkeeper.ui.pages.dashboard.things import Thing, things_of
from watchkeeper.ui.spans import clock, day
from watchkeeper.ui.theme import Role, faded, font, tokens
from watchkeeper.ui.words import shown

LANE, LABEL, AXIS, SIDE = 28, 184, 34, 15
BAR, NARROWEST = 12, 4
_FAILED = (State.FAILED, State.TIMED_OUT)
_RUNNING = (State.DISPATCHING, State.RUNNING, State.ORPHANED, State.UNKNOWN)
_WAITING = (State.WAITING, State.QUEUED)
_INSTANT = timedelta(0)
#: px that the words of now want at either side.
_NOW_ROOM = 44
#: Fires that are nearer to each other, in px, have one outline.
_APART = 2


class Lanes:
    """One painting: a scale, a zone, the moment of now, and the first lane at the top."""

    def __init__(self, scale: Scale, zone: str, now: datetime, first: int = 0) -> None:
        self.scale, self._zone, self._now, self._first = scale, zone, now, first

    def top_of(self, number: int) -> float:
        """Where a lane begins, by its number among all."""
        return AXIS + (number - self._first) * LANE

    def rect_of(self, number: int, lane: Lane, thing: Thing) -> QRectF:
        """Where a run or a fire is."""
        if thing.bar is not None:
            begin, end = thing.at, max(thing.bar.ended_at or self._now, thing.at)
        else:
            begin, end = thing.at, thing.at + (lane.usual or _INSTANT)
        left = max(min(self.scale.x_of(begin), self.scale.right - NARROWEST), self.scale.left)
        width = max(min(self.scale.x_of(end), self.scale.right) - left, NARROWEST)
        return QRectF(left, self.top_of(number) + (LANE - BAR) / 2, width, BAR)

    def is_shown(self, thing: Thing) -> bool:
        """Whether any of it is within the time that is shown."""
        end = thing.at if thing.bar is None else thing.bar.ended_at or self._now
        return end >= self.scale.since and thing.at <= self.scale.until

    def paint_ground(self, painter: QPainter, bottom: float) -> None:
        """The future's side, the axis with its ticks, days, and where the clocks are put."""
        t, now_x = tokens(), self._now_x()
        left = max(now_x, self.scale.left)
        if left < self.scale.right:
            painter.fillRect(QRectF(left, AXIS - 8, self.scale.right - left, bottom - AXIS + 8), faded(t.text, 0.02))
        painter.fillRect(QRectF(SIDE, AXIS - 1, self.scale.right - SIDE, 1), t.border_soft)
        for tick in self.scale.ticks(self._zone):
            self._paint_tick(painter, self.scale.x_of(tick.at), tick.at, bottom, is_day=tick.is_day)
        for begin in self.scale.days(self._zone):
            painter.fillRect(QRectF(round(self.scale.x_of(begin)), AXIS, 1, bottom - AXIS), t.border)
        for shift in self.scale.shifts(self._zone):
            self._paint_shift(painter, self.scale.x_of(shift.at), shift.by, bottom)

    def paint_lane(self, painter: QPainter, number: int, lane: Lane) -> None:
        """Glyph, name, what comes, and over it what ran."""
        t, top = tokens(), self.top_of(number)
        painter.fillRect(QRectF(SIDE, top + LANE - 1, self.scale.right - SIDE, 1), t.border_soft)
        glyph = glyph_of(lane.state) if lane.state else "status/scheduled"
        icons.paint(painter, glyph, color_of(glyph) or t.text_2, QRectF(SIDE, top + 7, 14, 14))
        drawn = font(Role.BODY, lane.job)
        painter.setFont(drawn)
        painter.setPen(t.text)
        room = QRectF(SIDE + 22, top, LABEL - 30, LANE)
        cut = QFontMetricsF(drawn).elidedText(lane.job, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, cut)
        things = [(thing, self.rect_of(number, lane, thing)) for thing in things_of(lane) if self.is_shown(thing)]
        for rect in _outlines([rect for thing, rect in things if thing.bar is None and thing.clash is None]):
            self._paint_planned(painter, rect)
        for thing, rect in things:
            if thing.bar is not None:
                _paint_bar(painter, rect, thing.bar)
            elif thing.clash is not None:
                self._paint_clash(painter, rect)
        self._paint_rest(painter, lane, things)

    def paint_now(self, painter: QPainter, bottom: float) -> None:
        """A line with the time on it; nothing where now is not shown."""
        t, x = tokens(), self._now_x()
        if not self.scale.left <= x <= self.scale.right:
            return
        painter.fillRect(QRectF(round(x), AXIS - 8, 1, bottom - AXIS + 8), t.accent)
        words = shown(_("now {time}", time=clock(self._now, self._zone)))
        drawn = font(Role.CAPTION_STRONG, words)
        width = QFontMetricsF(drawn).horizontalAdvance(words) + 14
        label = QRectF(min(x - width / 2, self.scale.right + SIDE - width - 4), 6, width, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.accent)
        path = QPainterPath()
        path.addRoundedRect(label, 4, 4)
        painter.drawPath(path)
        painter.setFont(drawn)
        painter.setPen(t.on_accent)
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, words)

    def _now_x(self) -> float:
        return self.scale.x_of(self._now)

    def _paint_tick(self, painter: QPainter, x: float, at: datetime, bottom: float, *, is_day: bool) -> None:
        t = tokens()
        painter.fillRect(QRectF(round(x), AXIS, 1, bottom - AXIS), t.grid)
        words = day(at, self._zone) if is_day else clock(at, self._zone)
        drawn = font(Role.CAPTION_STRONG if is_day else Role.CAPTION, words)
        half = QFontMetricsF(drawn).horizontalAdvance(words) / 2
        if abs(x - self._now_x()) < _NOW_ROOM + half or x + half > self.scale.right + SIDE:
            return
        painter.setFont(drawn)
        painter.setPen(t.text_2 if is_day else t.text_3)
        painter.drawText(QRectF(round(x) - 40, 4, 80, 22), Qt.AlignmentFlag.AlignCenter, words)

    def _paint_shift(self, painter: QPainter, x: float, by: timedelta, bottom: float) -> None:
        t = tokens()
        painter.setPen(QPen(t.warning, 1, Qt.PenStyle.DotLine))
        painter.drawLine(round(x), AXIS, round(x), round(bottom))
        words = shown(_("clocks {by} min", by=f"{by // timedelta(minutes=1):+d}"))
        painter.setFont(font(Role.CAPTION, words))
        painter.setPen(t.text_2)
        painter.drawText(QRectF(round(x) + 4, bottom - 20, 120, 18), Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_planned(self, painter: QPainter, rect: QRectF) -> None:
        painter.setPen(QPen(tokens().planned, 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)

    def _paint_clash(self, painter: QPainter, rect: QRectF) -> None:
        t = tokens()
        painter.setPen(QPen(t.warning, 1))
        painter.setBrush(clash_brush(painter.device().devicePixelRatioF()))
        icons.paint(painter, "status/late", t.warning, QRectF(rect.right() + 6, rect.center().y() - 7, 14, 14))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)

    def _paint_rest(self, painter: QPainter, lane: Lane, things: Sequence[tuple[Thing, QRectF]]) -> None:
        """How many runs before, and fires behind, are counted only."""
        earlier, later = lane.run_count - len(lane.runs), lane.fire_count - len(lane.fires)
        ran = [rect for thing, rect in things if thing.bar is not None]
        planned = [rect for thing, rect in things if thing.bar is None]
        painter.setFont(font(Role.CAPTION))
        painter.setPen(tokens().text_3)
        if earlier > 0 and ran:
            room = QRectF(ran[0].left() - 66, ran[0].top() - 4, 60, BAR + 8)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, f"+{earlier}")
        if later > 0 and planned and planned[-1].right() + 40 < self.scale.right:
            room = QRectF(planned[-1].right() + 6, planned[-1].top() - 4, 60, BAR + 8)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, f"+{later}")


def _outlines(rects: Sequence[QRectF]) -> Iterator[QRectF]:
    """Those from the left that stand apart; what touches is one."""
    joined: QRectF | None = None
    for rect in rects:
        if joined is not None and rect.left() < joined.right() + _APART:
            joined = joined.united(rect)
            continue
        if joined is not None:
            yield joined
        joined = rect
    if joined is not None:
        yield joined


def _paint_bar(painter: QPainter, rect: QRectF, bar: Bar) -> None:
    t, state = tokens(), bar.verdict or bar.state
    painter.setPen(Qt.PenStyle.NoPen)
    if state in _FAILED:
        ratio = painter.device().devicePixelRatioF()
        painter.setBrush(hatch(t.failed, faded(t.surface_1, 0.35), ratio) if rect.width() > 8 else t.failed)
    elif state in _RUNNING:
        painter.setBrush(t.running if state in (State.DISPATCHING, State.RUNNING) else t.warning)
    elif state in _WAITING:
        painter.setBrush(faded(t.warning, 0.16))
        painter.setPen(QPen(t.warning, 1, Qt.PenStyle.DashLine))
    elif state in (State.UPSTREAM_FAILED, State.EXPIRED):
        painter.setBrush(faded(t.blocked, 0.14))
        painter.setPen(QPen(t.blocked, 1))
    elif state is State.SUCCEEDED:
        painter.setBrush(t.fill_ok)
    else:
        painter.setPen(QPen(t.waiting if state is not State.CANCELLED else t.cancelled, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
    is_lined = painter.pen().style() is not Qt.PenStyle.NoPen
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5) if is_lined else rect, 2, 2)
