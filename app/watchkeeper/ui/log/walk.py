"""In which order rows follow one another on screen: all of them, or only the grave ones."""

from bisect import bisect_left, bisect_right
from typing import Protocol

from watchkeeper.model.first_error import Level
from watchkeeper.ui.log.index import Index
from watchkeeper.ui.log.log import Log
from watchkeeper.ui.log.rows import Rows


class Walk(Protocol):
    """Rows are named by the offset they begin at. Any of these may raise Missing."""

    def at(self, offset: int) -> int | None:
        """The row with this byte, or the nearest one; None when there is none at all."""

    def after(self, row: int) -> int | None:
        """The next row."""

    def before(self, row: int) -> int | None:
        """The one before."""


class EveryRow:
    """The log as it is."""

    def __init__(self, log: Log, rows: Rows) -> None:
        self._log = log
        self._rows = rows

    def at(self, offset: int) -> int | None:
        size = self._log.size
        return self._rows.start(max(0, min(offset, size - 1))) if size else None

    def after(self, row: int) -> int | None:
        end = self._rows.end(row)
        return end if end < self._log.size else None

    def before(self, row: int) -> int | None:
        return self._rows.start(row - 1) if row else None


class GraveRows:
    """The lines of a level and above, as far as the log has been looked through."""

    def __init__(self, index: Index, level: Level) -> None:
        self._index = index
        self._lists = (index.errors,) if level is Level.ERROR else (index.errors, index.warnings)

    def at(self, offset: int) -> int | None:
        before = [rows[at - 1] for rows in self._lists if (at := bisect_right(rows, offset))]
        return max(before) if before else self.after(offset)

    def after(self, row: int) -> int | None:
        later = [rows[at] for rows in self._lists if (at := bisect_right(rows, row)) < len(rows)]
        return min(later, default=None)

    def before(self, row: int) -> int | None:
        earlier = [rows[at - 1] for rows in self._lists if (at := bisect_left(rows, row))]
        return max(earlier, default=None)
