"""Paints the cells of a table: grounds, hairlines, boxes, and what the columns say."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from watchkeeper.ui.theme import tokens
from watchkeeper.ui.theme.style import draw_checkbox
from watchkeeper.ui.widgets.column import LEAD, write

if TYPE_CHECKING:
    from watchkeeper.ui.widgets.table import Table

_SMOOTH = QPainter.RenderHint.Antialiasing


class Cells(QStyledItemDelegate):
    """For one table."""

    def __init__(self, table: "Table[Any]") -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | Any) -> None:
        table, rect, number = self._table, QRectF(option.rect), index.row()
        painter.save()
        painter.setClipRect(rect)
        whole = QRectF(0, rect.top(), table.viewport().width(), rect.height())
        if not table.paint_heading(painter, whole, number):
            self._paint_cell(painter, rect, number, index.column())
        if number == table.currentIndex().row():
            painter.fillRect(QRectF(0, rect.top(), 2, rect.height()), tokens().accent)
        painter.restore()

    def _paint_cell(self, painter: QPainter, rect: QRectF, number: int, section: int) -> None:
        t, table = tokens(), self._table
        column, row = table.rows.columns[section], table.rows.row(number)
        is_selected = table.selectionModel().isRowSelected(number)
        if is_selected or number == table.currentIndex().row():
            painter.fillRect(rect, t.selection)
        elif number == table.hovered:
            painter.fillRect(rect, t.hover)
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), t.border_soft)
        painter.setRenderHint(_SMOOTH)
        if column.is_check:
            return self._paint_box(
                painter, rect, is_selected=is_selected, is_seen=is_selected or number == table.hovered
            )
        if table.header.sectionPosition(section) == 0:
            rect = rect.adjusted(LEAD, 0, 0, 0)
        if row is not None and column.paint is not None:
            column.paint(painter, rect, row)
        elif row is not None:
            write(painter, rect, column.text(row), is_right=column.is_right)

    def _paint_box(self, painter: QPainter, rect: QRectF, *, is_selected: bool, is_seen: bool) -> None:
        if is_seen:
            on = QStyle.StateFlag.State_On if is_selected else QStyle.StateFlag.State_Off
            draw_checkbox(painter, box_in(rect), on | QStyle.StateFlag.State_Enabled)


def box_in(rect: QRectF) -> QRectF:
    """Where the box is in its cell: at a page's margin."""
    return QRectF(rect.left() + 16, rect.top(), 16, rect.height())
