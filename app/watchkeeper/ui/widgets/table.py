"""A table of any length: rows of one height, painted cells, keys as everywhere."""

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from watchkeeper.model.text import Text
from watchkeeper.ui.theme import density, look
from watchkeeper.ui.widgets.cells import Cells
from watchkeeper.ui.widgets.header import Header
from watchkeeper.ui.widgets.rows_model import Index, RowsModel
from watchkeeper.ui.words import Spoken, shown

R = TypeVar("R")
_Flag = QItemSelectionModel.SelectionFlag
_STEPS = {Qt.Key.Key_J: 1, Qt.Key.Key_K: -1}


class Table(Spoken, QTableView, Generic[R]):
    """One row is the current one; any number besides are selected. `opened` tells which row somebody wants to see."""

    #: The number of a row, or -1 as long as there is none.
    opened = Signal(int)
    #: The current row's number, or -1.
    moved = Signal(int)
    #: What to sort by, and whether downwards.
    sorting = Signal(str, bool)
    #: Others are selected.
    chose = Signal()

    def __init__(self, model: RowsModel[R], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = model
        self.hovered = -1
        self._name: Text | str = ""
        self.setModel(model)
        self.header = Header(model.columns, self)
        self.setHorizontalHeader(self.header)
        self.setItemDelegate(Cells(self))
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
        self.verticalHeader().hide()
        self._fit()
        look().changed.connect(self._fit)
        self.doubleClicked.connect(self._open)
        self.header.sorting.connect(self.sorting)
        self.header.checked.connect(self._choose_all)
        self.selectionModel().selectionChanged.connect(self._tell_choice)
        model.modelReset.connect(self._tell_choice)

    @property
    def current(self) -> R | None:
        """The row that has the keyboard."""
        return self.rows.row(self.currentIndex().row()) if self.currentIndex().isValid() else None

    def places(self) -> Iterator[int]:
        """Where in the list the selected rows are, those that are not here as well."""
        for top, bottom in self._stretches():
            for number in range(top, bottom + 1):
                if (place := self.rows.place(number)) is not None:
                    yield place

    @property
    def chosen_count(self) -> int:
        """How many are selected."""
        return sum(self.rows.count_in(top, bottom) for top, bottom in self._stretches())

    def chosen(self) -> list[R]:
        """The selected rows that are here; the current one where none is selected."""
        numbers = (self.rows.number_of(place) for place in self.places())
        found = [row for number in numbers if (row := self.rows.row(number)) is not None]
        current = self.current
        return found or ([] if current is None else [current])

    def go_to(self, number: int) -> None:
        """Make a row the current one."""
        if 0 <= number < self.rows.count:
            self.selectionModel().setCurrentIndex(self.rows.index(number, self._first), _Flag.NoUpdate)

    def toggle(self, number: int) -> None:
        """Select a row, or select it no longer."""
        self.selectionModel().select(self.rows.index(number, 0), _Flag.Toggle | _Flag.Rows)

    def toggle_all(self, top: int, bottom: int) -> None:
        """Select the rows from one to another; if all of them are, none any more."""
        model = self.selectionModel()
        is_all = all(model.isRowSelected(number) for number in range(top, bottom + 1))
        rows = QItemSelection(self.rows.index(top, 0), self.rows.index(bottom, 0))
        model.select(rows, (_Flag.Deselect if is_all else _Flag.Select) | _Flag.Rows)

    def call(self, name: Text | str) -> None:
        """What it is called when it is read aloud."""
        self._name = name
        self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(shown(self._name))
        self.rows.retranslate()
        self.viewport().update()

    def paint_heading(self, painter: QPainter, rect: QRectF, number: int) -> bool:
        """Paint over the whole width what stands there in place of a row; whether something does."""
        return False

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        self.moved.emit(current.row() if current.isValid() else -1)

    def selectionCommand(self, index: Index, event: QEvent | None = None) -> QItemSelectionModel.SelectionFlag:
        """Going to another row selects nothing; a plain click selects nothing any more."""
        if isinstance(event, QKeyEvent | QMouseEvent) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            if isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.MouseButtonPress:
                return _Flag.NoUpdate
            return _Flag.NoUpdate if event.button() is Qt.MouseButton.RightButton else _Flag.Clear
        return super().selectionCommand(index, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, is_plain = Qt.Key(event.key()), not event.modifiers()
        if key in _STEPS and is_plain:
            return self.go_to(max(0, min(self.rows.count - 1, self.currentIndex().row() + _STEPS[key])))
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self._open(self.currentIndex())
        if key == Qt.Key.Key_X and is_plain and self.currentIndex().isValid():
            return self.toggle(self.currentIndex().row())
        if key == Qt.Key.Key_Escape and self.selectionModel().hasSelection():
            return self.clearSelection()
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self.rows.columns[index.column()].is_check and not event.modifiers():
            self.go_to(index.row())
            return self.toggle(index.row())
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.rowAt(round(event.position().y())))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.rows.count:
            self.go_to(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.header.make_room(self.viewport().width())
        super().resizeEvent(event)

    @property
    def _first(self) -> int:
        """The first column that is seen: the view scrolls to it, not to one that is hidden."""
        return self.header.logicalIndex(0)

    def _stretches(self) -> list[tuple[int, int]]:
        """The selected rows as stretches from one to another, in order."""
        selection = self.selectionModel().selection()
        return sorted((each.top(), each.bottom()) for each in map(selection.at, range(selection.count())))

    def _choose_all(self) -> None:
        self.clearSelection() if self.chosen_count == self.rows.total else self.selectAll()

    def _tell_choice(self) -> None:
        count = self.chosen_count
        self.header.set_checked(None if 0 < count < self.rows.total else count > 0)
        self.viewport().update()
        self.chose.emit()

    def _hover(self, number: int) -> None:
        if number != self.hovered:
            self.hovered = number
            self.viewport().update()

    def _open(self, index: Index) -> None:
        self.opened.emit(index.row())

    def _fit(self) -> None:
        rows = self.verticalHeader()
        rows.setSectionResizeMode(rows.ResizeMode.Fixed)
        rows.setMinimumSectionSize(density().row)
        rows.setDefaultSectionSize(density().row)
