"""A table with headings over its rows: Left closes, Right opens, Enter and a click do either."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from watchkeeper.ui import icons
from watchkeeper.ui.theme import tokens
from watchkeeper.ui.widgets.grouped_model import Band, GroupedModel
from watchkeeper.ui.widgets.table import Table

R = TypeVar("R")

#: How far a heading stands in for each that it is within.
INDENT = 20

#: Paints what a heading tells into the room behind its mark.
Paint = Callable[[QPainter, QRectF, Band], None]


class GroupedTable(Table[R]):
    """`paint`: what headings tell."""

    def __init__(self, model: GroupedModel[R], paint: Paint, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self.grouped = model
        self._paint = paint

    def paint_heading(self, painter: QPainter, rect: QRectF, number: int) -> bool:
        band = self.grouped.heading(number)
        if band is None:
            return False
        t = tokens()
        is_near = number in (self.hovered, self.currentIndex().row())
        painter.fillRect(rect, t.hover if is_near else t.surface_2)
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), t.border_soft)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = rect.left() + 16 + band.depth * INDENT
        mark = "ui/chevron-down" if self.grouped.is_open(band) else "ui/chevron-right"
        icons.paint(painter, mark, t.text_2, QRectF(left + 1, rect.center().y() - 7, 14, 14))
        self._paint(painter, rect.adjusted(left + 28, 0, -12, 0), band)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, number = Qt.Key(event.key()), self.currentIndex().row()
        band = self.grouped.heading(number) if number >= 0 else None
        if not self.grouped.is_grouped or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or number < 0:
            return super().keyPressEvent(event)
        match key:
            case Qt.Key.Key_Left if band is not None and self.grouped.is_open(band):
                self.grouped.fold(band, is_open=False)
            case Qt.Key.Key_Left:
                self.go_to(self.grouped.over(number))
            case Qt.Key.Key_Right if band is not None and not self.grouped.is_open(band):
                self.grouped.fold(band, is_open=True)
            case Qt.Key.Key_Right:
                self.go_to(number + (band is not None))
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if band is not None:
                self._turn(band)
            case Qt.Key.Key_X if band is not None:
                self._select_under(number, band)
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self.rowAt(round(event.position().y()))
        band = self.grouped.heading(number) if number >= 0 else None
        if band is None or event.button() is not Qt.MouseButton.LeftButton:
            return super().mousePressEvent(event)
        self.go_to(number)
        self._turn(band)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.grouped.heading(self.rowAt(round(event.position().y()))) is None:
            return super().mouseDoubleClickEvent(event)
        self.mousePressEvent(event)

    def _turn(self, band: Band) -> None:
        self.grouped.fold(band, is_open=not self.grouped.is_open(band))

    def _select_under(self, number: int, band: Band) -> None:
        """All rows right under a heading, or none of them any more."""
        if band.count and self.grouped.is_open(band):
            self.toggle_all(number + 1, number + band.count)
