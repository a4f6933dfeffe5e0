"""The output of one attempt of a run, read by the desk from wherever it lies."""

import asyncio

from PySide6.QtCore import QObject

from watchkeeper.action.desk import Desk
from watchkeeper.action.runs import LogPart
from watchkeeper.model.errors import Known
from watchkeeper.model.ids import RunId
from watchkeeper.model.text import Text
from watchkeeper.ui.log.source import Growing
from watchkeeper.ui.tasks import Tasks

#: What the desk gives at once.
_MOST = 512 * 1024
_FIRST_STEP = 64 * 1024
#: Seconds between two looks at one that grows.
_BEAT = 0.15
#: Seconds until another try when the desk does not answer.
_PATIENCE = 2.0


class RunSource(Growing):
    """Begins with nothing and finds out how much there is; the end is found by some dozens of questions."""

    def __init__(self, desk: Desk, run: RunId, attempt: int, parent: QObject | None = None) -> None:
        super().__init__(0, is_closed=False, parent=parent)
        self._desk = desk
        self._where = {"run": run, "attempt": attempt}
        #: What was read last to see whether there is more: it is wanted next.
        self._newest = (0, b"")
        self._tasks = Tasks(self._note)
        #: Why nothing is heard of it at the moment.
        self.problem: Text | None = None

    def start(self) -> None:
        """Follow it until nothing more can come."""
        self._tasks.start(self._follow(), "follow")

    def close(self) -> None:
        """Follow it no longer."""
        self._tasks.close()

    async def read(self, offset: int, length: int) -> bytes:
        begin, data = self._newest
        if begin <= offset and offset + length <= begin + len(data):
            return data[offset - begin : offset - begin + length]
        return (await self._part(offset, min(length, _MOST))).data

    async def _follow(self) -> None:
        while not self.is_closed:
            try:
                await self._heard_out()
            except Known as problem:
                self._note(problem.text)
                await asyncio.sleep(_PATIENCE)

    async def _heard_out(self) -> None:
        await self.measure()
        self.problem = None
        while not self.is_closed:
            part = await self._part(self.size(), _MOST)
            if part.data:
                self._newest = (part.offset, part.data)
                self.grow(part.offset + len(part.data))
            elif part.is_closed:
                self.grow(self.size(), is_closed=True)
            else:
                await asyncio.sleep(_BEAT)

    async def measure(self) -> None:
        """Find out how much there is by now: twice as far at each step, then by halves. Known when nobody can tell."""
        low, step = self.size(), _FIRST_STEP
        while await self._has(low + step):
            low += step + 1
            step *= 2
        high = low + step
        while low < high:
            middle = (low + high) // 2
            if await self._has(middle):
                low = middle + 1
            else:
                high = middle
        last = await self._part(low, 1)
        self.grow(low, is_closed=last.is_closed and not last.data)

    async def _has(self, offset: int) -> bool:
        return bool((await self._part(offset, 1)).data)

    async def _part(self, offset: int, length: int) -> LogPart:
        part: LogPart = await self._desk.ask("run.log", **self._where, offset=offset, length=length)
        return part

    def _note(self, problem: Text) -> None:
        self.problem = problem
