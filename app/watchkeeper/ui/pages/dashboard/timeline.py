"""Jobs side by side around now: what ran at the left, what is planned at the right."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QScrollBar, QSizePolicy, QToolTip, QWidget

from watchkeeper.action.timeline import Lane, Timeline
from watchkeeper.model.text import _
from watchkeeper.ui.clock import now
from watchkeeper.ui.glyphs import WORDS
from watchkeeper.ui.pages.dashboard.lanes import AXIS, LABEL, LANE, SIDE, Lanes
from watchkeeper.ui.pages.dashboard.scale import Reach, Scale
from watchkeeper.ui.pages.dashboard.things import Thing, beside, nearest, things_of, told
from watchkeeper.ui.theme.style import draw_focus
from watchkeeper.ui.words import Spoken, shown

#: The span after one step nearer, and one farther away.
NEARER, FARTHER = 0.8, 1.25
#: A step aside, as a share of the span.
ASIDE = 0.25
#: Lanes for which there is a ground, also where there is none.
_FEWEST = 2
#: One notch of a wheel.
_NOTCH = 120

Open = Callable[[Lane, Thing | None], None]


class TimelineView(Spoken, QWidget):
    """Painted; `open_thing` follows a click and Enter: on a run, a fire ahead, or with None on a job's name.

    The arrow keys walk through runs and fires. Ctrl with the wheel zooms around the pointer, Shift with the wheel or a
    drag moves through time, the wheel alone through lanes.
    """

    #: Another time is shown than was read.
    reach_changed = Signal()

    def __init__(self, zone: Callable[[], str], reach: Reach, open_thing: Open) -> None:
        super().__init__()
        self._zone, self._open_thing = zone, open_thing
        self.found: Timeline | None = None
        self.reach = reach
        #: Where the keys are: a lane and a moment.
        self._lane = 0
        self._moment: datetime | None = None
        #: Where the pointer went down, and what was shown then.
        self._pressed: tuple[QPointF, Reach] | None = None
        self._is_dragged = False
        self.bar = QScrollBar(Qt.Orientation.Vertical, self)
        self.bar.valueChanged.connect(self.update)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(AXIS + 3 * LANE)
        self.retranslate()

    def take(self, found: Timeline) -> None:
        """Show it."""
        self.found = found
        self._fit()
        self.retranslate()

    @property
    def current(self) -> tuple[Lane, Thing] | None:
        """What the keys are on."""
        if self.found is None or self._lane >= len(self.found.lanes):
            return None
        lane = self.found.lanes[self._lane]
        things = things_of(lane)
        place = nearest(things, self._moment or self.found.now)
        return None if place < 0 else (lane, things[place])

    def retranslate(self) -> None:
        if self.found is not None:
            lanes = (f"{lane.job}: {shown(WORDS[lane.state]) if lane.state else ''}" for lane in self.found.lanes)
            self.setAccessibleDescription("; ".join(lanes))
        self.setAccessibleName(shown(_("Timeline")))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(700, AXIS + 10 * LANE)

    # What is shown.

    def show_reach(self, reach: Reach) -> None:
        """Show another time; what is not known of it yet is read."""
        if reach != self.reach:
            self.reach = reach
            self.update()
            self.reach_changed.emit()

    def zoom(self, factor: float, about: datetime | None = None) -> None:
        """Nearer or farther; around what the keys are on, else around now if it is shown, else around the middle."""
        since, until = self.reach.of(self._now())
        middle = self._now() if since <= self._now() <= until else since + (until - since) / 2
        self.show_reach(self.reach.zoomed(factor, about or middle, self._now()))

    def pan(self, share: float) -> None:
        """Earlier or later, by a share of the span."""
        self.show_reach(self.reach.panned(share, self._now()))

    def go_to_now(self) -> None:
        """Back to now, and with the time from then on."""
        self._moment = None
        self.show_reach(self.reach.at_now())
        self._tell_current()

    @property
    def scale(self) -> Scale:
        """Where moments are."""
        since, until = self.reach.of(self._now())
        bar = self.bar.width() if self.bar.isVisible() else 0
        return Scale(since, until, LABEL + SIDE, self.width() - max(SIDE, bar))

    def rect_of(self, number: int, lane: Lane, thing: Thing) -> QRectF:
        """Where a run or a fire is."""
        return self._lanes().rect_of(number, lane, thing)

    def _now(self) -> datetime:
        return self.found.now if self.found is not None else now()

    def _lanes(self) -> Lanes:
        return Lanes(self.scale, self._zone(), self._now(), self.bar.value())

    def _fit(self) -> None:
        """As many lanes as there is room for; the bar moves through the others."""
        count = len(self.found.lanes) if self.found is not None else 0
        room = max(1, (self.height() - AXIS) // LANE)
        self.bar.setRange(0, max(0, count - room))
        self.bar.setPageStep(room)
        self.bar.setVisible(count > room)
        width = self.bar.sizeHint().width()
        self.bar.setGeometry(self.width() - width, AXIS, width, self.height() - AXIS)

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lanes, found = self._lanes(), self.found.lanes if self.found is not None else []
        numbers = range(self.bar.value(), min(len(found), self.bar.value() + self.bar.pageStep()))
        bottom = float(AXIS + max(len(numbers), _FEWEST) * LANE)
        lanes.paint_ground(painter, bottom)
        for number in numbers:
            lanes.paint_lane(painter, number, found[number])
        lanes.paint_now(painter, bottom)
        current = self.current
        if self.hasFocus() and current is not None and self._lane in numbers and lanes.is_shown(current[1]):
            draw_focus(painter, lanes.rect_of(self._lane, *current).adjusted(-2, -2, 2, 2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # The pointer.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed, self._is_dragged = (event.position(), self.reach), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None:
            return self._drag(*self._pressed, event.position())
        is_over = self._at(event.position()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        found, was_click = self._at(event.position()), self._pressed is not None and not self._is_dragged
        self._pressed = None
        if found is not None and was_click and event.button() is Qt.MouseButton.LeftButton:
            self._open_thing(*found)

    def wheelEvent(self, event: QWheelEvent) -> None:
        down, across = event.angleDelta().y(), event.angleDelta().x()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and down:
            self.zoom(NEARER if down > 0 else FARTHER, self.scale.moment_at(event.position().x()))
        elif across or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.pan(-(across or down) / _NOTCH * ASIDE / 2)
        elif self.bar.isVisible():
            self.bar.setValue(self.bar.value() - (1 if down > 0 else -1))
        event.accept()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self._at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if found is None else self._told(*found), self)
            return True
        return super().event(event)

    def _drag(self, begin: QPointF, reach: Reach, at: QPointF) -> None:
        if not self._is_dragged and abs(at.x() - begin.x()) < QApplication.startDragDistance():
            return
        self._is_dragged = True
        scale = self.scale
        self.show_reach(reach.panned((begin.x() - at.x()) / max(1.0, scale.right - scale.left), self._now()))

    def _at(self, point: QPointF) -> tuple[Lane, Thing | None] | None:
        if self.found is None or point.y() < AXIS:
            return None
        number = int((point.y() - AXIS) // LANE) + self.bar.value()
        if number >= len(self.found.lanes):
            return None
        lane, lanes = self.found.lanes[number], self._lanes()
        if point.x() < LABEL:
            return lane, None
        for thing in reversed(things_of(lane)):
            if lanes.is_shown(thing) and lanes.rect_of(number, lane, thing).adjusted(-3, -8, 3, 8).contains(point):
                return lane, thing
        return None

    # The keys.

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
                self._open_thing(*self.current)
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._tell_current()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _step(self, by: int) -> None:
        if self.current is not None:
            lane, thing = self.current
            moved = beside(things_of(lane), thing.at, by)
            self._moment = moved.at if moved is not None else self._moment
        self._tell_current()

    def _turn_to_lane(self, number: int) -> None:
        if self.found is not None:
            current = self.current
            self._moment = self._moment or (current[1].at if current is not None else None)
            self._lane = min(max(number, 0), max(0, len(self.found.lanes) - 1))
            self.bar.setValue(max(min(self.bar.value(), self._lane), self._lane - self.bar.pageStep() + 1))
        self._tell_current()

    def _tell_current(self) -> None:
        current = self.current
        if current is not None:
            self.setAccessibleDescription(self._told(*current).replace("\n", ", "))
        self.update()

    def _told(self, lane: Lane, thing: Thing | None) -> str:
        return lane.job if thing is None else told(lane.job, thing, self._zone())
