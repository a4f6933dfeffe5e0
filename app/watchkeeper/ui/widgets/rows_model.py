"""Rows of which only windows are in memory: what the view asks for and is not there is wanted, and put in later."""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from watchkeeper.ui.widgets.column import Column
from watchkeeper.ui.words import shown

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex

#: Rows of one window.
WINDOW = 200
#: Windows that are kept; the one that was used longest ago goes.
MOST_WINDOWS = 20


class RowsModel(QAbstractTableModel, Generic[R]):
    """`wanted(offset)` asks for a window; answer it by `put`."""

    wanted = Signal(int)

    def __init__(self, columns: Sequence[Column[R]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = list(columns)
        self.total = 0
        self._windows: dict[int, list[R]] = {}
        self._asked: set[int] = set()
        #: Windows that are shown until they are read anew.
        self._stale: set[int] = set()

    def begin(self, total: int, first: Sequence[R], offset: int = 0) -> None:
        """Another list: so many rows, of which some are here, of one window from its `offset` on."""
        self.beginResetModel()
        self._take(total, {offset: list(first)})
        self.endResetModel()

    def renew(self, total: int, offset: int, rows: Sequence[R]) -> None:
        """The same list, a little later: keeps selection and place as long as its length is the same."""
        if total != self.total:
            return self.begin(total, rows, offset)
        self._stale |= self._windows.keys()
        self._asked.clear()
        self._set(offset, rows)

    def put(self, offset: int, rows: Sequence[R]) -> None:
        """A window that was wanted."""
        self._set(offset, rows)
        while len(self._windows) > MOST_WINDOWS:
            del self._windows[next(iter(self._windows))]

    def row(self, number: int) -> R | None:
        """The row that is shown there, if it is here; what is not, or may have changed since, is wanted."""
        place = self.place(number)
        if place is None or not 0 <= place < self.total:
            return None
        offset = place - place % WINDOW
        window = self._windows.get(offset, [])
        if (place - offset >= len(window) or offset in self._stale) and offset not in self._asked:
            self._asked.add(offset)
            self.wanted.emit(offset)
        return window[place - offset] if place - offset < len(window) else None

    def place(self, number: int) -> int | None:
        """Where in the list the row is that is shown there; None where none of the list's is."""
        return number

    def count_in(self, top: int, bottom: int) -> int:
        """How many rows of the list are shown from one number to another."""
        return bottom - top + 1

    def number_of(self, place: int) -> int:
        """Where a row of the list is shown."""
        return place

    @property
    def count(self) -> int:
        """How many rows are shown."""
        return self.total

    def rows(self) -> list[R]:
        """All that are here, in order."""
        return [row for offset in sorted(self._windows) for row in self._windows[offset]]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else self.count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        row = self.row(index.row())
        return None if row is None else shown(self.columns[index.column()].text(row))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return shown(column.title)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.is_right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def retranslate(self) -> None:
        """Say the titles anew."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(0, len(self.columns) - 1))

    def _take(self, total: int, windows: dict[int, list[R]]) -> None:
        self.total, self._windows, self._asked, self._stale = total, windows, set(), set()

    def _set(self, offset: int, rows: Sequence[R]) -> None:
        self._asked.discard(offset)
        self._stale.discard(offset)
        self._windows[offset] = list(rows)
        if rows and self.count:
            first, last = self.number_of(offset), self.number_of(min(offset + len(rows), self.total) - 1)
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))
