"""A table of any length: rows of one height, painted cells, keys as everywhere."""

from typing import Any, Generic, TypeVar

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from watchkeeper.ui.theme import Role, density, font, look, tokens
from watchkeeper.ui.widgets.column import write
from watchkeeper.ui.widgets.rows_model import Index, RowsModel
from watchkeeper.ui.words import Spoken

R = TypeVar("R")

HEADER = 30


class Table(Spoken, QTableView, Generic[R]):
    """`opened` tells the number of a row that somebody wants to see."""

    opened = Signal(int)
    #: The current row's number, or -1.
    moved = Signal(int)
    #: What to sort by, and whether downwards.
    sorting = Signal(str, bool)

    def __init__(self, model: RowsModel[R], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = model
        self.hovered = -1
        self._sorted = ("", False)
        self.setModel(model)
        self.setItemDelegate(_Cells(self))
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._lay_out()
        look().changed.connect(self._fit)
        self.doubleClicked.connect(self._open)
        self.horizontalHeader().sectionClicked.connect(self._sort)

    @property
    def current(self) -> R | None:
        """The row that has the keyboard."""
        return self.rows.row(self.currentIndex().row()) if self.currentIndex().isValid() else None

    def chosen(self) -> list[R]:
        """The selected rows that are here; the current one where none is selected."""
        numbers = sorted(index.row() for index in self.selectionModel().selectedRows())
        found = [row for number in numbers if (row := self.rows.row(number)) is not None]
        current = self.current
        return found or ([] if current is None else [current])

    def go_to(self, number: int) -> None:
        """Make a row the current one."""
        if 0 <= number < self.rows.total:
            self.selectionModel().setCurrentIndex(
                self.rows.index(number, 0),
                QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
            )

    def retranslate(self) -> None:
        self.rows.retranslate()
        self.viewport().update()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.moved.emit(current.row() if current.isValid() else -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_J: 1, Qt.Key.Key_K: -1}.get(Qt.Key(event.key()))
        if step is not None and not event.modifiers():
            return self.go_to(max(0, min(self.rows.total - 1, self.currentIndex().row() + step)))
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self._open(self.currentIndex())
        if event.key() == Qt.Key.Key_X and not event.modifiers():
            self.selectionModel().select(
                self.currentIndex(),
                QItemSelectionModel.SelectionFlag.Toggle | QItemSelectionModel.SelectionFlag.Rows,
            )
            return
        super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.rowAt(round(event.position().y())))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.rows.total:
            self.go_to(0)

    def _hover(self, number: int) -> None:
        if number != self.hovered:
            self.hovered = number
            self.viewport().update()

    def _open(self, index: Index) -> None:
        if index.isValid():
            self.opened.emit(index.row())

    def _sort(self, section: int) -> None:
        by = self.rows.columns[section].sort
        if by:
            self._sorted = (by, not self._sorted[1] if self._sorted[0] == by else False)
            order = Qt.SortOrder.DescendingOrder if self._sorted[1] else Qt.SortOrder.AscendingOrder
            self.horizontalHeader().setSortIndicator(section, order)
            self.horizontalHeader().setSortIndicatorShown(True)
            self.sorting.emit(*self._sorted)

    def _lay_out(self) -> None:
        header = self.horizontalHeader()
        header.setFont(font(Role.SMALL_STRONG))
        header.setFixedHeight(HEADER)
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setMinimumSectionSize(40)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for number, column in enumerate(self.rows.columns):
            if column.is_stretched:
                header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)
            else:
                self.setColumnWidth(number, column.width)
        self.verticalHeader().hide()
        self._fit()

    def _fit(self) -> None:
        rows = self.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(density().row)
        rows.setDefaultSectionSize(density().row)


class _Cells(QStyledItemDelegate):
    """Paints grounds, hairlines and cells."""

    def __init__(self, table: Table[Any]) -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | Any) -> None:
        t, table, rect = tokens(), self._table, QRectF(option.rect)
        number = index.row()
        is_selected = table.selectionModel().isRowSelected(number)
        if is_selected:
            painter.fillRect(rect, t.selection)
        elif number == table.hovered:
            painter.fillRect(rect, t.hover)
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), t.border_soft)
        if index.column() == 0 and (is_selected or number == table.currentIndex().row()):
            painter.fillRect(QRectF(rect.left(), rect.top(), 2, rect.height()), t.accent)
        row = table.rows.row(number)
        if row is None:
            return
        painter.save()
        painter.setClipRect(rect)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        column = table.rows.columns[index.column()]
        if column.paint is not None:
            column.paint(painter, rect, row)
        else:
            write(painter, rect, column.text(row), is_right=column.is_right)
        painter.restore()
