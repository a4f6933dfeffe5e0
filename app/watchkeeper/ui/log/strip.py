"""All of a log in a strip of twelve pixels: how long its lines are, where errors, hits and marks are, what is seen."""

from bisect import bisect_left
from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from watchkeeper.model.text import _
from watchkeeper.ui.log.index import SAMPLE
from watchkeeper.ui.log.sheet import Sheet
from watchkeeper.ui.theme import faded, mixed, tokens
from watchkeeper.ui.words import Spoken, shown

WIDTH = 13
_PITCH = 4
#: A line of so many bytes reaches across.
_WIDE = 120
_LEAST_BOX = 12


class Strip(Spoken, QWidget):
    """Beside a sheet; it is also its scrollbar."""

    #: A person wants to see this byte in the middle.
    wanted = Signal(object)

    def __init__(self, sheet: Sheet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet = sheet
        self.setFixedWidth(WIDTH)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        sheet.moved.connect(self.update)
        self.retranslate()

    def retranslate(self) -> None:
        words = shown(_("Overview of the log: click to go there"))
        self.setAccessibleName(words)
        self.setToolTip(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        painter.fillRect(self.rect(), t.field)
        painter.fillRect(QRectF(0, 0, 1, self.height()), t.border_soft)
        reading = self._sheet.reading
        size = reading.log.size
        if size:
            self._paint_lengths(painter, size)
            self._paint_marks(painter, reading.search.rows, size, mixed(t.warning, t.search_hit, 0.35), 2)
            self._paint_marks(painter, reading.index.warnings, size, t.warning, 2)
            self._paint_marks(painter, reading.index.errors, size, t.failed, 3)
            self._paint_marks(painter, self._sheet.marks, size, t.accent, 2)
            self._paint_box(painter, size)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go there."""
        self._want(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the view along."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._want(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """As over the rows."""
        self._sheet.wheelEvent(event)

    def _want(self, event: QMouseEvent) -> None:
        share = max(0.0, min(1.0, event.position().y() / max(1, self.height())))
        self.wanted.emit(int(share * self._sheet.reading.log.size))

    def _paint_lengths(self, painter: QPainter, size: int) -> None:
        lengths = self._sheet.reading.index.lengths
        color = faded(tokens().text, 0.16)
        for y in range(2, self.height(), _PITCH):
            sample = int(y / self.height() * size) // SAMPLE
            if sample >= len(lengths):
                return
            painter.fillRect(QRectF(3, y, max(2, min(9, round(lengths[sample] / _WIDE * 9))), 1), color)

    def _paint_marks(self, painter: QPainter, rows: Sequence[int], size: int, color: QColor, high: int) -> None:
        """Rows that fall on the same pixel are one mark."""
        scale = self.height() / size
        at = 0
        while at < len(rows):
            y = int(rows[at] * scale)
            painter.fillRect(QRectF(1, min(y, self.height() - high), WIDTH - 1, high), color)
            at = bisect_left(rows, int((y + 1) / scale) + 1, at + 1)

    def _paint_box(self, painter: QPainter, size: int) -> None:
        t = tokens()
        low, high = self._sheet.arrangement.bounds
        top = low / size * self.height()
        box = QRectF(1, top, WIDTH - 1, max(_LEAST_BOX, (high - low) / size * self.height()))
        if box.bottom() > self.height():
            box.moveBottom(self.height())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(faded(t.text, 0.35), 1))
        painter.setBrush(faded(t.text, 0.10))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
