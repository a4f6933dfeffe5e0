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

    def begin(self, total: int, first: Sequence[R]) -> None:
        """Another list: so many rows, of which the first window is here."""
        self.beginResetModel()
        self.total, self._windows, self._asked = total, {0: list(first)}, set()
        self.endResetModel()

    def renew(self, total: int, offset: int, rows: Sequence[R]) -> None:
        """The same list, a little later: keeps selection and place as long as its length is the same."""
        if total != self.total:
            return self.begin(total, rows) if offset == 0 else None
        self._windows = {offset: list(rows)}
        self._asked.clear()
        self._tell(offset, len(rows))

    def put(self, offset: int, rows: Sequence[R]) -> None:
        """A window that was wanted."""
        self._asked.discard(offset)
        self._windows[offset] = list(rows)
        while len(self._windows) > MOST_WINDOWS:
            del self._windows[next(iter(self._windows))]
        self._tell(offset, len(rows))

    def row(self, number: int) -> R | None:
        """The row, if it is here; else it is wanted."""
        offset = number - number % WINDOW
        window = self._windows.get(offset)
        if window is None:
            if offset not in self._asked and 0 <= number < self.total:
                self._asked.add(offset)
                self.wanted.emit(offset)
            return None
        return window[number - offset] if number - offset < len(window) else None

    def rows(self) -> list[R]:
        """All that are here, in order."""
        return [row for offset in sorted(self._windows) for row in self._windows[offset]]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else self.total

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

    def _tell(self, offset: int, count: int) -> None:
        if count:
            last = self.index(min(offset + count, self.total) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(offset, 0), last)
