"""The bytes around what is shown: read when they are wanted, kept for a while."""

from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text
from watchkeeper.ui.log.log import Log
from watchkeeper.ui.tasks import Tasks

PAGE = 64 * 1024
#: How many pages are kept: 6 MB.
_KEPT = 96


class Missing(Exception):
    """These bytes are not here yet; they have been asked for."""


class Pages(QObject):
    """Of one log."""

    #: Bytes that were missing are here.
    came = Signal()

    def __init__(self, log: Log, tasks: Tasks, on_failure: Callable[[Text], None], parent: QObject) -> None:
        super().__init__(parent)
        self._log = log
        self._tasks = tasks
        self._on_failure = on_failure
        self._pages: OrderedDict[int, bytes] = OrderedDict()
        self._asked: set[int] = set()

    def get(self, start: int, end: int) -> bytes:
        """The bytes from `start` to `end`; Missing when they are not all here."""
        pages = range(start // PAGE, max(start, end - 1) // PAGE + 1)
        pieces = [self._piece(number, start, end) for number in pages]
        missing = [number for number, piece in zip(pages, pieces, strict=True) if piece is None]
        for number in missing:
            self._ask(number)
        if missing:
            raise Missing
        return b"".join(piece for piece in pieces if piece is not None)

    def _piece(self, number: int, start: int, end: int) -> bytes | None:
        begin = number * PAGE
        low, high = max(start, begin) - begin, min(end - begin, PAGE)
        page = self._pages.get(number, b"")
        if len(page) < high:
            return None
        if page:
            self._pages.move_to_end(number)
        return page[low:high]

    def _ask(self, number: int) -> None:
        if number not in self._asked:
            self._asked.add(number)
            self._tasks.start(self._read(number), f"page {number}")

    async def _read(self, number: int) -> None:
        try:
            page = self._pages.get(number, b"")
            end = min((number + 1) * PAGE, self._log.size)
            while number * PAGE + len(page) < end:
                offset = number * PAGE + len(page)
                page += await self._log.read(offset, end - offset)
        except Known as failure:
            self._on_failure(failure.text)
            return
        finally:
            self._asked.discard(number)
        self._pages[number] = page
        while len(self._pages) > _KEPT:
            self._pages.popitem(last=False)
        self.came.emit()
