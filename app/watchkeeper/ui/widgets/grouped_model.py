"""Rows under headings, which can be closed: the list itself is sorted by them, so windows of it are read as ever."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal

from watchkeeper.ui.widgets.column import Column
from watchkeeper.ui.widgets.rows_model import Index, RowsModel

R = TypeVar("R")


@dataclass(frozen=True)
class Band:
    """A heading, with the rows right under it; other headings may be within it by their paths."""

    path: str
    #: How deep it is within others.
    depth: int
    #: Where its own rows begin in the list, and how many there are.
    first: int
    count: int
    #: What its heading tells; whoever paints it knows.
    facts: Any = None

    def holds(self, path: str) -> bool:
        """Whether the heading of this path is within it."""
        return path.startswith(f"{self.path}/")


class GroupedModel(RowsModel[R]):
    """Without headings it is a plain list."""

    #: A heading was opened or closed: all closed ones.
    folded = Signal(object)

    def __init__(self, columns: Sequence[Column[R]], parent: QObject | None = None) -> None:
        super().__init__(columns, parent)
        self.bands: list[Band] = []
        self._closed: set[str] = set()
        #: The headings that are seen, and the numbers of the rows at which they are.
        self._seen: list[Band] = []
        self._starts: list[int] = []

    @property
    def is_grouped(self) -> bool:
        return bool(self.bands)

    def close_all(self, paths: Collection[str]) -> None:
        """Let these headings be closed from the beginning."""
        self._closed = set(paths)

    def show_list(self, bands: Sequence[Band], total: int, rows: Sequence[R], offset: int = 0) -> None:
        """The list under these headings, of which some rows are here; keeps its place if no row has come or gone."""
        is_same = list(map(_form, bands)) == list(map(_form, self.bands)) and total == self.total
        if not is_same:
            self.beginResetModel()
        self.bands = list(bands)
        self._arrange()
        if is_same:
            return self.renew(total, offset, rows)
        self._take(total, {offset: list(rows)})
        self.endResetModel()

    def heading(self, number: int) -> Band | None:
        """What stands at this row in place of one of the list's."""
        at = bisect_left(self._starts, number)
        return self._seen[at] if at < len(self._starts) and self._starts[at] == number else None

    def is_open(self, band: Band) -> bool:
        """Whether its rows are seen."""
        return band.path not in self._closed

    def fold(self, band: Band, *, is_open: bool) -> None:
        """Show what is under a heading or hide it."""
        if is_open is self.is_open(band) or (start := self._start_of(band)) is None:
            return
        opened = self._closed - {band.path}
        count = sum(each.count + 1 for each in self._under(band, opened)) - 1
        if not count:
            return
        (self.beginInsertRows if is_open else self.beginRemoveRows)(QModelIndex(), start + 1, start + count)
        self._closed = opened if is_open else self._closed | {band.path}
        self._arrange()
        (self.endInsertRows if is_open else self.endRemoveRows)()
        self.folded.emit(sorted(self._closed))

    def over(self, number: int) -> int:
        """The number of the heading over a row; of a heading the one that it is within, else its own."""
        at = bisect_right(self._starts, number) - 1
        if at < 0 or self._starts[at] != number:
            return self._starts[at] if at >= 0 else number
        band = self._seen[at]
        outer = (start for start, each in zip(self._starts, self._seen, strict=True) if each.holds(band.path))
        return max(outer, default=number)

    def place(self, number: int) -> int | None:
        if not self.bands:
            return number
        at = bisect_right(self._starts, number) - 1
        below = number - self._starts[at] - 1
        return self._seen[at].first + below if below >= 0 else None

    def number_of(self, place: int) -> int:
        """Of a row that is under a closed heading, where that is."""
        if not self.bands:
            return place
        at = bisect_right(self._firsts, place) - 1
        band = self._in_order[at]
        if (start := self._start_of(band)) is None:
            outer = next(each for each in reversed(self._seen) if each.holds(band.path))
            return self._start_of(outer) or 0
        return start + 1 + place - band.first if self.is_open(band) else start

    def count_in(self, top: int, bottom: int) -> int:
        return bottom - top + 1 - (bisect_right(self._starts, bottom) - bisect_left(self._starts, top))

    @property
    def count(self) -> int:
        if not self.bands:
            return self.total
        last = self._seen[-1]
        return self._starts[-1] + 1 + (last.count if self.is_open(last) else 0)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if index.isValid() and (band := self.heading(index.row())) is not None:
            wanted = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
            return band.path if role in wanted else None
        return super().data(index, role)

    def _set(self, offset: int, rows: Sequence[R]) -> None:
        """Rows that lie side by side in the list may be shown far from each other."""
        super()._set(offset, rows)
        if self.bands and self.count:
            self.dataChanged.emit(self.index(0, 0), self.index(self.count - 1, len(self.columns) - 1))

    def _start_of(self, band: Band) -> int | None:
        return self._numbers.get(band.path)

    def _under(self, band: Band, closed: Collection[str]) -> list[Band]:
        """The heading itself, if its rows are to be seen, and those within it that would be."""
        inner = [each for each in self.bands if each is band or band.holds(each.path)]
        seen = _seen_of(inner, closed)
        return [each if each.path not in closed else _emptied(each) for each in seen]

    def _arrange(self) -> None:
        self._seen = _seen_of(self.bands, self._closed)
        self._starts, number = [], 0
        for band in self._seen:
            self._starts.append(number)
            number += 1 + (band.count if self.is_open(band) else 0)
        self._numbers = {band.path: start for band, start in zip(self._seen, self._starts, strict=True)}
        self._in_order = sorted((band for band in self.bands if band.count), key=lambda band: band.first)
        self._firsts = [band.first for band in self._in_order]


def _form(band: Band) -> tuple[str, int, int]:
    return band.path, band.first, band.count


def _seen_of(bands: Sequence[Band], closed: Collection[str]) -> list[Band]:
    """Those that are within no closed one; they stand in the order of a tree."""
    seen: list[Band] = []
    hidden: Band | None = None
    for band in bands:
        if hidden is not None and hidden.holds(band.path):
            continue
        hidden = band if band.path in closed else None
        seen.append(band)
    return seen


def _emptied(band: Band) -> Band:
    return Band(band.path, band.depth, band.first, 0, band.facts)
