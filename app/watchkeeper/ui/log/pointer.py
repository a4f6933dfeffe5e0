"""What the mouse does over the rows: it selects, and tells the whole time where only its clock is shown."""

from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip, QWidget

from watchkeeper.ui.log.arrangement import Arrangement
from watchkeeper.ui.log.block import HEIGHT, Block
from watchkeeper.ui.log.selection import Selection, Spot

#: Milliseconds between two steps of what is dragged beyond an edge.
_BEAT = 50
_FASTEST = 5 * HEIGHT


class Rowed(Protocol):
    """What the pointer needs of a sheet."""

    arrangement: Arrangement
    selection: Selection

    def viewport(self) -> QWidget: ...

    def text_at(self, block: Block) -> QPointF: ...

    def follow(self, is_following: bool) -> None: ...

    def scroll_by(self, pixels: float) -> None: ...

    def put_cursor(self, row: int | None) -> None: ...

    def repaint_rows(self) -> None: ...


class Pointer(QObject):
    """Over the viewport of one sheet."""

    def __init__(self, sheet: Rowed, parent: QObject) -> None:
        super().__init__(parent)
        self._sheet = sheet
        self._at = QPointF()
        self._beat = QTimer(self)
        self._beat.setInterval(_BEAT)
        self._beat.timeout.connect(self._drag_on)
        sheet.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        sheet.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Mouse and tooltip; the rest is the viewport's."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            self._tell_time(event)
            return True
        if not isinstance(event, QMouseEvent):
            return False
        match event.type():
            case QEvent.Type.MouseButtonPress if event.button() is Qt.MouseButton.LeftButton:
                self._press(event)
            case QEvent.Type.MouseMove if self._beat.isActive():
                self._at = event.position()
                self._sheet.follow(False)
                self._extend()
            case QEvent.Type.MouseButtonRelease:
                self._beat.stop()
            case QEvent.Type.MouseButtonDblClick:
                self._select_word(event.position())
        return False

    def _press(self, event: QMouseEvent) -> None:
        """Begin to select; left of the text from the row's start."""
        sheet, block = self._sheet, self._arrangement.block_at(event.position().y())
        self._at = event.position()
        if block is None:
            sheet.selection.clear()
            return sheet.repaint_rows()
        spot = self._spot(self._at)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            sheet.selection.extend(spot)
        else:
            sheet.selection.begin(spot)
        sheet.put_cursor(block.line.start)
        self._beat.start()
        return None

    def _select_word(self, point: QPointF) -> None:
        """Or the row, left of the text."""
        block = self._arrangement.block_at(point.y())
        if block is None:
            return
        low, high = word_around(block.line.text, self._spot(point).character)
        if point.x() < self._arrangement.columns.text:
            low, high = 0, len(block.line.text)
        self._sheet.selection.begin(Spot(block.line.start, low))
        self._sheet.selection.extend(Spot(block.line.start, high))
        self._sheet.repaint_rows()

    def _drag_on(self) -> None:
        y, height = self._at.y(), self._sheet.viewport().height()
        beyond = min(0.0, y) or max(0.0, y - height)
        if beyond:
            self._sheet.scroll_by(max(-_FASTEST, min(_FASTEST, beyond)))
            self._extend()

    def _extend(self) -> None:
        if self._arrangement.blocks:
            self._sheet.selection.extend(self._spot(self._at))
            self._sheet.repaint_rows()

    def _tell_time(self, event: QHelpEvent) -> None:
        point, columns = QPointF(event.pos()), self._arrangement.columns
        block = self._arrangement.block_at(point.y())
        if block is not None and block.time and columns.times <= point.x() < columns.glyph:
            QToolTip.showText(event.globalPos(), block.line.text[: block.line.cut].strip(), self._sheet.viewport())
        else:
            QToolTip.hideText()

    @property
    def _arrangement(self) -> Arrangement:
        return self._sheet.arrangement

    def _spot(self, point: QPointF) -> Spot:
        """The place nearest to a point, where there are rows."""
        arrangement = self._arrangement
        block = arrangement.block_at(point.y())
        if block is None:
            first, last = arrangement.blocks[0], arrangement.blocks[-1]
            is_above = point.y() < first.top
            return Spot(first.line.start, 0) if is_above else Spot(last.line.start, len(last.line.text))
        if point.x() < arrangement.columns.text - 4:
            return Spot(block.line.start, 0)
        return Spot(block.line.start, block.index_at(point - self._sheet.text_at(block)))


def word_around(text: str, index: int) -> tuple[int, int]:
    """The bounds of the word with a character; paths and addresses are words."""
    low = high = min(index, len(text))
    while low > 0 and _is_word(text[low - 1]):
        low -= 1
    while high < len(text) and _is_word(text[high]):
        high += 1
    return low, high


def _is_word(character: str) -> bool:
    return character.isalnum() or character in "_-./:@"
