"""Jobs side by side around now: what ran at the left, what is planned at the right."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from watchkeeper.action.timeline import Bar, Lane, Timeline
from watchkeeper.model.run import State
from watchkeeper.model.text import Text, _
from watchkeeper.ui import icons
from watchkeeper.ui.glyphs import WORDS, color_of, glyph_of
from watchkeeper.ui.hatch import hatch
from watchkeeper.ui.spans import clock, day, duration
from watchkeeper.ui.theme import Role, faded, font, tokens
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
    """Painted; a click on a bar opens the run, one on a name the job."""

    def __init__(self, zone: Callable[[], str], go: Callable[[str], None]) -> None:
        super().__init__()
        self._zone, self._go = zone, go
        self.found: Timeline | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(AXIS + 3 * LANE)

    def take(self, found: Timeline) -> None:
        """Show it."""
        self.found = found
        self.retranslate()

    def retranslate(self) -> None:
        if self.found is not None:
            told = "; ".join(
                f"{lane.job}: {shown(WORDS[lane.state]) if lane.state else ''}" for lane in self.found.lanes
            )
            self.setAccessibleDescription(told)
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
            lane, bar = found
            self._go(f"run/{bar.run_id}" if bar is not None else f"job/{lane.job_id}")

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

    def _at(self, point: QPointF) -> tuple[Lane, Bar | None] | None:
        if self.found is None or point.y() < AXIS:
            return None
        number = int((point.y() - AXIS) // LANE)
        lanes = self._shown(self.found)
        if number >= len(lanes):
            return None
        lane = lanes[number]
        if point.x() < LABEL:
            return lane, None
        hit = next((bar for bar in lane.runs if self.rect_of(number, bar).adjusted(-3, -8, 3, 8).contains(point)), None)
        return None if hit is None else (lane, hit)

    def _told(self, lane: Lane, bar: Bar | None) -> str:
        if bar is None:
            return lane.job
        zone, begin = self._zone(), bar.started_at or bar.due_at
        took = "" if bar.ended_at is None or bar.started_at is None else f"  {duration(bar.ended_at - bar.started_at)}"
        state = shown(WORDS[bar.verdict or bar.state])
        return f"{lane.job}  #{bar.number}\n{state}  {clock(begin, zone, has_seconds=True)}{took}"

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
        for moment in lane.fires:
            self._paint_planned(painter, number, lane, moment)
        for bar in reversed(lane.runs):
            self._paint_bar(painter, self.rect_of(number, bar), bar)

    def _paint_planned(self, painter: QPainter, number: int, lane: Lane, moment: datetime) -> None:
        usual = _usual(lane)
        left = self.x_of(moment)
        width = max(self.x_of(moment + usual) - left, NARROWEST)
        rect = QRectF(left, AXIS + number * LANE + (LANE - BAR) / 2, min(width, self.width() - _SIDE - left), BAR)
        if rect.width() > 1:
            painter.setPen(QPen(tokens().planned, 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
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


class Legend(Spoken, QWidget):
    """What the bars mean."""

    _ENTRIES: tuple[tuple[str, Text], ...] = (
        ("done", _("done")),
        ("failed", _("failed")),
        ("running", _("running")),
        ("waiting", _("waiting")),
        ("planned", _("planned")),
    )

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(24)
        self.retranslate()

    def retranslate(self) -> None:
        self.setFixedWidth(round(sum(self._width(text) for _kind, text in self._ENTRIES)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter, x = tokens(), QPainter(self), 0.0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        looks: dict[str, tuple[object, QColor | None]] = {
            "done": (t.fill_ok, None),
            "failed": (hatch(t.failed, faded(t.surface_1, 0.35), self.devicePixelRatioF()), None),
            "running": (t.running, None),
            "waiting": (faded(t.warning, 0.16), t.warning),
            "planned": (Qt.BrushStyle.NoBrush, t.planned),
        }
        for kind, text in self._ENTRIES:
            fill, outline = looks[kind]
            painter.setBrush(fill)
            painter.setPen(Qt.PenStyle.NoPen if outline is None else QPen(outline, 1, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(QRectF(x + 0.5, 7.5, 13, 9), 2, 2)
            words = shown(text)
            painter.setFont(font(Role.SMALL, words))
            painter.setPen(t.text_2)
            painter.drawText(QRectF(x + 20, 0, 200, 24), Qt.AlignmentFlag.AlignVCenter, words)
            x += self._width(text)

    def _width(self, text: Text) -> float:
        words = shown(text)
        return 20 + QFontMetricsF(font(Role.SMALL, words)).horizontalAdvance(words) + 16


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
