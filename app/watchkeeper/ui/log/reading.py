"""What has been read of one log: the bytes around what is shown, and the index, which is made beside it."""

import asyncio
from functools import partial

from PySide6.QtCore import QObject, Signal

from watchkeeper.model.text import Text
from watchkeeper.ui.log.index import SLICE, STEP, Index, scan
from watchkeeper.ui.log.lines import Lines
from watchkeeper.ui.log.log import Log
from watchkeeper.ui.log.pages import Missing, Pages
from watchkeeper.ui.log.rows import Rows, complete
from watchkeeper.ui.log.search import Search
from watchkeeper.ui.tasks import Tasks


class Reading(QObject):
    """For one view; closed with it."""

    #: Bytes that were missing are here, the log has grown, or the index has.
    changed = Signal()
    #: A log could not be read, or can be again.
    problem_changed = Signal()

    def __init__(self, log: Log, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.log = log
        self.index = Index()
        self.problem: Text | None = None
        self._tasks = Tasks(self._fail)
        self.pages = Pages(log, self._tasks, self._fail, self)
        self.rows = Rows(self.pages.get, log.bounds)
        self.lines = Lines(self.pages, self.rows)
        self.search = Search(log, self)
        self._grown = asyncio.Event()
        self.pages.came.connect(self._tell)
        log.grew.connect(self._take_growth)

    def start(self) -> None:
        """Begin to look through it; again after it could not be read."""
        self._fail(None)
        self._tasks.start(self._look_through(), "index")

    def close(self) -> None:
        """Nothing goes on."""
        self._tasks.close()
        self.search.stop()
        self.log.close()

    @property
    def is_indexed(self) -> bool:
        """All there is has been looked through; the last line of a log that grows may be waited for."""
        return self.index.end >= self.log.size or (not self.log.is_closed and self.log.size - self.index.end < SLICE)

    def number(self, row: int) -> int | None:
        """The number of the line with this row, from 1, if it is known."""
        try:
            return self.index.number(row, self.pages.get)
        except Missing:
            return None

    async def line_offset(self, number: int) -> int | None:
        """Where the line with this number begins; None when the log has no such line, or not yet."""
        at, here = self.index.step_before(number)
        if number <= here:
            return 0 if number == 1 and self.log.size else None
        while at < self.log.size:
            data = await self.log.read(at, STEP)
            if (place := _after_newlines(data, number - here)) is not None:
                return at + place
            at += len(data)
            here += data.count(b"\n")
            if at == self.log.bounds(at - 1)[1] and not data.endswith(b"\n"):
                here += 1
                if here == number:
                    return at
        return None

    async def _look_through(self) -> None:
        index, is_line_start = self.index, True
        while True:
            self._grown.clear()
            begin, stop = self.log.bounds(index.end) if self.log.parts else (0, 0)
            is_line_start = is_line_start or index.end == begin
            is_whole = self.log.is_closed or stop < self.log.size
            data = await self.log.read(index.end, SLICE) if index.end < stop else b""
            is_last = is_whole and index.end + len(data) == stop
            length = len(data) if is_last else complete(data, index.end, begin, is_line_start)
            if not length:
                await self._grown.wait()
                continue
            wants_first = index.first_error is None
            look = partial(scan, data[:length], index.end, is_line_start=is_line_start, wants_first_error=wants_first)
            found = await asyncio.to_thread(look)
            index.add(found)
            if is_last and not found.ends_line:
                index.cut()
            is_line_start = found.ends_line
            self.changed.emit()

    def _take_growth(self) -> None:
        self._grown.set()
        self.changed.emit()

    def _tell(self) -> None:
        self.changed.emit()

    def _fail(self, problem: Text | None) -> None:
        if problem != self.problem:
            self.problem = problem
            self.problem_changed.emit()


def _after_newlines(data: bytes, count: int) -> int | None:
    """The place after so many newlines; None when there are fewer."""
    at = 0
    for _newline in range(count):
        at = data.find(b"\n", at) + 1
        if not at:
            return None
    return at
