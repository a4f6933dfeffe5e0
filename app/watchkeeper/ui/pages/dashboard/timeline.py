"""Jobs side by side around now: what ran at the left, what is planned at the right."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from watchkeeper.action.clashes import Clash
from watchkeeper.action.timeline import Bar, Lane, Timeline
from watchkeeper.model.run import State
from watchkeeper.model.text import _
from watchkeeper.ui import icons
from watchkeeper.ui.glyphs import WORDS, color_of, glyph_of
from watchkeeper.ui.hatch import hatch
from watchkeeper.ui.pages.dashboard.legend import Legend, clash_brush
from watchkeeper.ui.pages.dashboard.things import Thing, beside, nearest, things_of
from watchkeeper.ui.spans import clock, day, duration
from watchkeeper.ui.theme import Role, faded, font, tokens
from watchkeeper.ui.theme.style import draw_focus
from watchkeeper.ui.widgets.words import Label
from watchkeeper.ui.words import Spoken, shown

LANE, LABEL, AXIS = 28, 184, 34
BAR, NARROWEST = 12, 4
_SIDE = 15
#: Spans between two ticks of the axis, the first one that leaves enough room is taken.
TICKS = tuple(timedelta(minutes=m) for m in (5, 15, 30, 60, 120, 180, 360, 720, 1440, 2880))
#: Room that the words of a tick want.
_TICK_ROOM = 64

_FAILED = (State.FAILED, State.TIMED_OUT)
_RUNNING = (State.DISPATCHING, State.RUNNING, State.ORPHANED, State.UNKNOWN)
_WAITING = (State.WAITING, State.QUEUED)


class TimelineCard(QFrame):
    """A card with its legend."""

    def __init__(self, zone: Callable[[], str], go: Callable[[str], None]) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.timeline = TimelineView(zone, go)
        top = QHBoxLayout()
        top.setContentsMargins(15, 0, 15, 0)
        top.addWidget(Label(_("Timeline"), Role.SECTION))
        top.addStretch(1)
        top.addWidget(Legend())
        holder = QWidget()
        holder.setFixedHeight(38)
        holder.setLayout(top)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 0, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(holder)
        layout.addWidget(self.timeline, 1)


class TimelineView(Spoken, QWidget):
    """Painted; a click on a bar opens the run, one on a name the job, one on what will meet others its schedule.

    The arrow keys walk through runs and fires, Enter opens.
    """

    def __init__(self, zone: Callable[[], str], go: Callable[[str], None]) -> None:
        super().__init__()
        self._zone, self._go = zone, go
        self.found: Timeline | None = None
        #: Where the keys are: a lane and a moment.
        self._lane = 0
        self._moment: datetime | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(AXIS + 3 * LANE)

    def take(self, found: Timeline) -> None:
        """Show it."""
        self.found = found
        self.retranslate()

    @property
    def current(self) -> tuple[Lane, Thing] | None:
        """What the keys are on."""
        lanes = [] if self.found is None else self._shown(self.found)
        if self.found is None or self._lane >= len(lanes):
            return None
        things = things_of(lanes[self._lane])
        place = nearest(things, self._moment or self.found.now)
        return None if place < 0 else (lanes[self._lane], things[place])

    def retranslate(self) -> None:
        if self.found is not None:
            told = "; ".join(
                f"{lane.job}: {shown(WORDS[lane.state]) if lane.state else ''}" for lane in self.found.lanes
            )
            self.setAccessibleDescription(told)
        self.setAccessibleName(shown(_("Timeline")))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(700, AXIS + 10 * LANE)

    def x_of(self, moment: datetime) -> float:
        """Where a moment is."""
        assert self.found is not None
        share = (moment - self.found.since) / (self.found.until - self.found.since)
        return LABEL + _SIDE + share * (self.width() - LABEL - 2 * _SIDE)

    def rect_of(self, number: int, bar: Bar) -> QRectF:
        """Where the bar of a run is in a lane."""
        assert self.found is not None
        begin = bar.started_at or bar.due_at
        end = bar.ended_at or self.found.now
        left = max(self.x_of(begin), LABEL + _SIDE)
        width = max(self.x_of(max(end, begin)) - left, NARROWEST)
        return QRectF(left, AXIS + number * LANE + (LANE - BAR) / 2, width, BAR)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        found = self.found
        if found is None or not found.lanes:
            return _paint_empty(painter, QRectF(self.rect()), is_read=found is not None)
        lanes = self._shown(found)
        bottom = AXIS + len(lanes) * LANE
        now_x = self.x_of(found.now)
        painter.fillRect(
            QRectF(now_x, AXIS - 8, self.width() - _SIDE - now_x, bottom - AXIS + 8), faded(tokens().text, 0.02)
        )
        self._paint_axis(painter, bottom)
        for number, lane in enumerate(lanes):
            self._paint_lane(painter, number, lane)
        self._paint_now(painter, now_x, bottom)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position())
        if found is not None:
            self._open(*found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_H:
                self._step(-1)
            case Qt.Key.Key_Right | Qt.Key.Key_L:
                self._step(1)
            case Qt.Key.Key_Up | Qt.Key.Key_K:
                self._turn_to_lane(self._lane - 1)
            case Qt.Key.Key_Down | Qt.Key.Key_J:
                self._turn_to_lane(self._lane + 1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self.current is not None:
                self._open(*self.current)
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._tell_current()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_over = self._at(event.position()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_over else Qt.CursorShape.ArrowCursor)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self._at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if found is None else self._told(*found), self)
            return True
        return super().event(event)

    def _shown(self, found: Timeline) -> list[Lane]:
        return found.lanes[: max(1, (self.height() - AXIS) // LANE)]

    def _at(self, point: QPointF) -> tuple[Lane, Thing | None] | None:
        if self.found is None or point.y() < AXIS:
            return None
        number = int((point.y() - AXIS) // LANE)
        lanes = self._shown(self.found)
        if number >= len(lanes):
            return None
        lane = lanes[number]
        if point.x() < LABEL:
            return lane, None
        things = reversed(things_of(lane))
        hit = next((each for each in things if self._reach(number, lane, each).contains(point)), None)
        return None if hit is None else (lane, hit)

    def _reach(self, number: int, lane: Lane, thing: Thing) -> QRectF:
        """Where the pointer means a thing."""
        return self._rect(number, lane, thing).adjusted(-3, -8, 3, 8)

    def _rect(self, number: int, lane: Lane, thing: Thing) -> QRectF:
        return self.rect_of(number, thing.bar) if thing.bar is not None else self._planned(number, lane, thing.at)

    def _open(self, lane: Lane, thing: Thing | None) -> None:
        if thing is not None and thing.bar is not None:
            self._go(f"run/{thing.bar.run_id}")
        else:
            self._go(f"job/{lane.job_id}#schedule" if thing is not None else f"job/{lane.job_id}")

    def _step(self, by: int) -> None:
        if self.current is not None and self.found is not None:
            lane, thing = self.current
            moved = beside(things_of(lane), thing.at, by)
            self._moment = moved.at if moved is not None else self._moment
        self._tell_current()

    def _turn_to_lane(self, number: int) -> None:
        if self.found is not None:
            current = self.current
            self._moment = self._moment or (current[1].at if current is not None else None)
            self._lane = min(max(number, 0), len(self._shown(self.found)) - 1)
        self._tell_current()

    def _tell_current(self) -> None:
        current = self.current
        if current is not None:
            self.setAccessibleDescription(self._told(*current).replace("\n", ", "))
        self.update()

    def _told(self, lane: Lane, thing: Thing | None) -> str:
        if thing is None:
            return lane.job
        zone = self._zone()
        if thing.bar is None:
            return _planned_words(lane.job, clock(thing.at, zone, has_seconds=True), thing.clash)
        bar = thing.bar
        took = "" if bar.ended_at is None or bar.started_at is None else f"  {duration(bar.ended_at - bar.started_at)}"
        state = shown(WORDS[bar.verdict or bar.state])
        return f"{lane.job}  #{bar.number}\n{state}  {clock(thing.at, zone, has_seconds=True)}{took}"

    def _paint_axis(self, painter: QPainter, bottom: float) -> None:
        t = tokens()
        painter.fillRect(QRectF(_SIDE, AXIS - 1, self.width() - 2 * _SIDE, 1), t.border_soft)
        now_x = self.x_of(self.found.now) if self.found else 0
        for moment, words in self._ticks():
            x = round(self.x_of(moment))
            painter.fillRect(QRectF(x, AXIS, 1, bottom - AXIS), t.grid)
            if abs(x - now_x) < 50:
                continue
            painter.setFont(font(Role.CAPTION, words))
            painter.setPen(t.text_3)
            painter.drawText(QRectF(x - 40, 4, 80, 22), Qt.AlignmentFlag.AlignCenter, words)

    def _ticks(self) -> list[tuple[datetime, str]]:
        found = self.found
        assert found is not None
        room = self.width() - LABEL - 2 * _SIDE
        most = max(2, room // _TICK_ROOM)
        step = next((tick for tick in TICKS if (found.until - found.since) / tick <= most), TICKS[-1])
        here = ZoneInfo(self._zone())
        local = found.since.astimezone(here)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        first = midnight + step * (((local - midnight) // step) + 1)
        ticks = []
        while first < found.until:
            is_day = step >= timedelta(days=1) or (first.hour == 0 and first.minute == 0)
            ticks.append((first, day(first, self._zone()) if is_day else clock(first, self._zone())))
            first += step
        return ticks

    def _paint_lane(self, painter: QPainter, number: int, lane: Lane) -> None:
        t, top = tokens(), AXIS + number * LANE
        painter.fillRect(QRectF(_SIDE, top + LANE - 1, self.width() - 2 * _SIDE, 1), t.border_soft)
        glyph = glyph_of(lane.state) if lane.state else "status/scheduled"
        icons.paint(painter, glyph, color_of(glyph) or t.text_2, QRectF(_SIDE, top + 7, 14, 14))
        drawn = font(Role.BODY, lane.job)
        painter.setFont(drawn)
        painter.setPen(t.text)
        room = QRectF(_SIDE + 22, top, LABEL - 30, LANE)
        cut = QFontMetricsF(drawn).elidedText(lane.job, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, cut)
        for thing in things_of(lane):
            if thing.bar is None:
                self._paint_planned(painter, number, lane, thing)
        for bar in reversed(lane.runs):
            self._paint_bar(painter, self.rect_of(number, bar), bar)
        current = self.current
        if self.hasFocus() and number == self._lane and current is not None:
            draw_focus(painter, self._rect(number, lane, current[1]).adjusted(-2, -2, 2, 2))

    def _planned(self, number: int, lane: Lane, moment: datetime) -> QRectF:
        left = self.x_of(moment)
        width = max(self.x_of(moment + _usual(lane)) - left, NARROWEST)
        top = AXIS + number * LANE + (LANE - BAR) / 2
        return QRectF(left, top, min(width, self.width() - _SIDE - left), BAR)

    def _paint_planned(self, painter: QPainter, number: int, lane: Lane, thing: Thing) -> None:
        t, rect = tokens(), self._planned(number, lane, thing.at)
        if rect.width() <= 1:
            return
        painter.setPen(QPen(t.planned, 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if thing.clash is not None:
            painter.setPen(QPen(t.warning, 1))
            painter.setBrush(clash_brush(self.devicePixelRatioF()))
            mark = QRectF(rect.right() + 6, rect.center().y() - 7, 14, 14)
            icons.paint(painter, "status/late", t.warning, mark)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)

    def _paint_bar(self, painter: QPainter, rect: QRectF, bar: Bar) -> None:
        t, state = tokens(), bar.verdict or bar.state
        painter.setPen(Qt.PenStyle.NoPen)
        if state in _FAILED:
            ratio = self.devicePixelRatioF()
            painter.setBrush(hatch(t.failed, faded(t.surface_1, 0.35), ratio) if rect.width() > 8 else t.failed)
        elif state in _RUNNING:
            painter.setBrush(t.running if state in (State.DISPATCHING, State.RUNNING) else t.warning)
        elif state in _WAITING:
            painter.setBrush(faded(t.warning, 0.16))
            painter.setPen(QPen(t.warning, 1, Qt.PenStyle.DashLine))
        elif state is State.UPSTREAM_FAILED:
            painter.setBrush(faded(t.blocked, 0.14))
            painter.setPen(QPen(t.blocked, 1))
        elif state is State.SUCCEEDED:
            painter.setBrush(t.fill_ok)
        else:
            painter.setPen(QPen(t.waiting if state is not State.CANCELLED else t.cancelled, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        is_lined = painter.pen().style() is not Qt.PenStyle.NoPen
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5) if is_lined else rect, 2, 2)

    def _paint_now(self, painter: QPainter, x: float, bottom: float) -> None:
        t, found = tokens(), self.found
        assert found is not None
        painter.fillRect(QRectF(round(x), AXIS - 8, 1, bottom - AXIS + 8), t.accent)
        words = shown(_("now {time}", time=clock(found.now, self._zone())))
        drawn = font(Role.CAPTION_STRONG, words)
        width = QFontMetricsF(drawn).horizontalAdvance(words) + 14
        label = QRectF(min(x - width / 2, self.width() - width - 4), 6, width, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.accent)
        path = QPainterPath()
        path.addRoundedRect(label, 4, 4)
        painter.drawPath(path)
        painter.setFont(drawn)
        painter.setPen(t.on_accent)
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, words)


def _planned_words(job: str, at: str, clash: Clash | None) -> str:
    if clash is None:
        return shown(_("{job} fires at {time}", job=job, time=at))
    jobs = ", ".join(clash.jobs)
    text = _(
        "{job} fires at {time} and meets {jobs}: {shared} has no room for all",
        job=job,
        time=at,
        jobs=jobs,
        shared=clash.shared,
    )
    return shown(text)


def _usual(lane: Lane) -> timedelta:
    """How long the next run may take: the median of those that are told."""
    spans = sorted(bar.ended_at - bar.started_at for bar in lane.runs if bar.started_at and bar.ended_at)
    return spans[len(spans) // 2] if spans else timedelta(0)


def _paint_empty(painter: QPainter, rect: QRectF, *, is_read: bool) -> None:
    title = _("Your jobs appear on this timeline") if is_read else _("Reading…")
    fact = _("At the left what ran, at the right what is planned.") if is_read else ""
    for words, role, color, y in (
        (shown(title), Role.PANEL_TITLE, tokens().text, -14),
        (shown(fact), Role.BODY, tokens().text_2, 14),
    ):
        painter.setFont(font(role, words))
        painter.setPen(color)
        painter.drawText(rect.translated(0, y), Qt.AlignmentFlag.AlignCenter, words)
