"""The rows on screen: painted, scrolled, and moved by keys."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from watchkeeper.model.first_error import Level
from watchkeeper.ui.log import block as blocks
from watchkeeper.ui.log.arrangement import PAD, Arrangement
from watchkeeper.ui.log.block import BAR, HEIGHT, Block
from watchkeeper.ui.log.moments import TimeMode
from watchkeeper.ui.log.pages import Missing
from watchkeeper.ui.log.pointer import Pointer
from watchkeeper.ui.log.reading import Reading
from watchkeeper.ui.log.selection import Selection, Spot
from watchkeeper.ui.theme import look, tokens
from watchkeeper.ui.words import shown

#: Milliseconds between two arrangements while a log grows.
BEAT = 33
_WHEEL_ROWS = 3


class Sheet(QAbstractScrollArea):
    """Of one reading. A movement whose bytes are not here yet is made when they are; until then the old rows stay."""

    #: Other rows are shown, or the same ones look different.
    moved = Signal()
    #: It stays at the end from now on, or no longer.
    follow_changed = Signal(bool)

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reading = reading
        self.arrangement = Arrangement(reading)
        self.selection = Selection()
        self.is_following = False
        #: The row that keys start from.
        self.current_row: int | None = None
        #: Rows that a person has marked, in order.
        self.marks: list[int] = []
        #: What keys do, by QKeyCombination.toCombined().
        self.keys: dict[int, Callable[[], None]] = {}
        self._wish: Callable[[], None] | None = None
        self._has_ring = False
        self._beat = QTimer(self)
        self._beat.setSingleShot(True)
        self._beat.setInterval(BEAT)
        self._beat.timeout.connect(self._keep_up)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._pointer = Pointer(self, self)
        reading.changed.connect(self._soon)
        reading.search.changed.connect(self._soon)
        look().changed.connect(self._soon)
        self.horizontalScrollBar().valueChanged.connect(self.repaint_rows)

    @property
    def start(self) -> int | None:
        """The row that a movement starts from: the current one if it is seen, else the first one."""
        rows = [block.line.start for block in self.arrangement.blocks]
        return self.current_row if self.current_row in rows else rows[0] if rows else None

    def shown_text(self) -> str:
        """What is seen, a line each, as a screen reader says it."""
        return "\n".join(block.line.text for block in self.arrangement.blocks)

    def text_at(self, block: Block) -> QPointF:
        """Where the text of a row begins."""
        return QPointF(self.arrangement.columns.text - self.horizontalScrollBar().value(), block.text_top)

    # Movements

    def set_wrapped(self, is_wrapped: bool) -> None:
        """Break long rows at the edge, or let them be scrolled to the side."""
        self.arrangement.is_wrapped = is_wrapped
        self._go(self.arrangement.arrange)

    def set_mode(self, mode: TimeMode) -> None:
        """Show other times."""
        self.arrangement.mode = mode
        self._go(self.arrangement.arrange)

    def set_level(self, level: Level) -> None:
        """Show only lines of that level and above, the same place if it can be."""
        place = self.arrangement.bounds[0]
        self.arrangement.choose(level)
        self._go(self.arrangement.end if self.is_following else partial(self.arrangement.place, place, 0.0))

    def set_hit(self, hit: int | None) -> None:
        """Of the search's hits, this is the current one."""
        self.arrangement.hit = hit
        self._soon()

    def follow(self, is_following: bool) -> None:
        """Stay at the end, or stay here."""
        if is_following:
            self._go(self.arrangement.end)
        if is_following is not self.is_following:
            self.is_following = is_following
            self.follow_changed.emit(is_following)

    def to_end(self) -> None:
        """The last row at the foot."""
        self._go(self.arrangement.end)

    def to(self, offset: int, share: float = 0.3) -> None:
        """The row with this byte, at a share of the height; nothing moves if it is seen already."""
        self.follow(False)
        self._go(partial(self.arrangement.reach, offset, share))

    def place(self, offset: int, share: float = 0.0) -> None:
        """The row with this byte, at a share of the height."""
        self.follow(False)
        self._go(partial(self.arrangement.place, offset, share))

    def put_cursor(self, row: int | None) -> None:
        """Keys start from this row."""
        self.current_row = row
        self.repaint_rows()

    def scroll_by(self, pixels: float) -> None:
        """Down, or up if negative."""
        if pixels < 0:
            self.follow(False)
        self._go(partial(self.arrangement.scroll, pixels))
        if pixels > 0 and self.arrangement.is_at_end and not self.reading.log.is_closed:
            self.follow(True)

    def page(self, pages: int) -> None:
        """By so many screens, less a row."""
        self.scroll_by(pages * max(HEIGHT, self.viewport().height() - PAD - HEIGHT))

    def step(self, rows: int, *, is_selecting: bool = False) -> None:
        """Make the row so many further the current one, and select up to it if so wished."""
        start = row = self.start
        walk = self.arrangement.walk
        if start is None or row is None:
            return
        try:
            for _step in range(abs(rows)):
                further = walk.after(row) if rows > 0 else walk.before(row)
                row = row if further is None else further
            # There is nothing below the last row: it is selected itself.
            reach = len(self.reading.lines.line(row).text) if rows > 0 and row == start else 0
        except Missing:
            return
        if not is_selecting:
            self.selection.clear()
        elif self.selection.anchor is None:
            self.selection.begin(Spot(start, 0))
        if is_selecting:
            self.selection.extend(Spot(row, reach))
        self.to(row, 0.0 if rows < 0 else 0.9)
        self.put_cursor(row)

    def select_all(self) -> None:
        """From the first character to the last."""
        if self.reading.log.size:
            self._go(self._select_all)

    def _select_all(self) -> None:
        last = self.reading.rows.start(self.reading.log.size - 1)
        self.selection.begin(Spot(0, 0))
        self.selection.extend(Spot(last, len(self.reading.lines.line(last).text)))
        self.repaint_rows()

    def _go(self, wish: Callable[[], None]) -> None:
        """Move now, or when the bytes are here."""
        self.arrangement.width, self.arrangement.height = self.viewport().width(), self.viewport().height()
        try:
            wish()
        except Missing:
            self._wish = wish
            return
        self._wish = None
        self._measure_bar()
        self.repaint_rows()
        self.moved.emit()

    def _soon(self) -> None:
        if not self._beat.isActive():
            self._beat.start()

    def _keep_up(self) -> None:
        if self.isVisible():
            self._go(self._wish or (self.arrangement.end if self.is_following else self.arrangement.arrange))

    def _measure_bar(self) -> None:
        bar, room = self.horizontalScrollBar(), self.arrangement.room
        is_wrapped = self.arrangement.is_wrapped
        bar.setRange(0, 0 if is_wrapped else max(0, round(self.arrangement.widest - room)))
        bar.setPageStep(max(1, round(room)))
        bar.setSingleStep(HEIGHT)

    def repaint_rows(self) -> None:
        """They look different."""
        self.viewport().update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), t.field)
        width, left = self.viewport().width(), self.horizontalScrollBar().value()
        for block in self.arrangement.blocks:
            self._paint_ground(painter, block, width)
            self._paint_selected(painter, block, width)
            blocks.paint(painter, block, self.arrangement.columns, left, width)
        for number, heading in enumerate(self.arrangement.tail):
            top = self.arrangement.blocks[-1].bottom + number * HEIGHT
            blocks.paint_heading(painter, shown(heading), top, width)
        if self._has_ring:
            painter.setPen(QPen(t.accent, 2))
            painter.drawRect(QRectF(self.viewport().rect()).adjusted(1, 1, -1, -1))
        painter.end()

    def _paint_ground(self, painter: QPainter, block: Block, width: float) -> None:
        t, columns = tokens(), self.arrangement.columns
        area = QRectF(0, block.text_top, width, block.bottom - block.text_top)
        if (ground := self._ground(block)) is not None:
            painter.fillRect(area, ground)
        if block.line.start in self.marks:
            painter.fillRect(QRectF(width - BAR, area.top(), BAR, area.height()), t.accent)
        if block.time and any(low < block.line.cut for low, _high, _is_current in block.hits):
            room = columns.glyph - columns.times - 10
            painter.fillRect(QRectF(columns.times - 1, area.top() + 2, room, HEIGHT - 4), t.search_hit)

    def _ground(self, block: Block) -> QColor | None:
        t, row = tokens(), block.line.start
        if row == self.reading.index.first_error or (row == self.current_row and block.level is Level.ERROR):
            return t.error_ground
        return t.selection if row == self.current_row else None

    def _paint_selected(self, painter: QPainter, block: Block, width: float) -> None:
        chosen = self.selection.within(block.line.start, len(block.line.text))
        if chosen is not None:
            painter.save()
            left = self.arrangement.columns.text - 2
            painter.setClipRect(QRectF(left, block.text_top, width, block.height))
            blocks.paint_selected(painter, block, chosen, self.text_at(block))
            painter.restore()

    # What comes from outside

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The first row stays where it is."""
        super().resizeEvent(event)
        self._go(self._wish or (self.arrangement.end if self.is_following else self.arrangement.arrange))

    def showEvent(self, event: QShowEvent) -> None:
        """What has come meanwhile."""
        super().showEvent(event)
        self._soon()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """As far as the wheel or the fingers say."""
        pixels, angle = event.pixelDelta(), event.angleDelta()
        if abs(angle.x()) > abs(angle.y()) or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - (angle.x() or angle.y()) // 2)
        else:
            self.scroll_by(-float(pixels.y()) if not pixels.isNull() else -angle.y() / 120 * _WHEEL_ROWS * HEIGHT)
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Its own keys go before those of the window."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._does(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Others go on to the window."""
        does = self._does(event)
        if does is None:
            event.ignore()
        else:
            does()

    def _does(self, event: QKeyEvent) -> Callable[[], None] | None:
        if event.text() == "/":
            return self.keys.get(Qt.Key.Key_Slash.value)
        return self.keys.get(event.keyCombination().toCombined() & ~Qt.KeyboardModifier.KeypadModifier.value)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A ring for those who came by the keyboard."""
        super().focusInEvent(event)
        self._has_ring = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.repaint_rows()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """No ring without the keyboard."""
        super().focusOutEvent(event)
        self._has_ring = False
        self.repaint_rows()
