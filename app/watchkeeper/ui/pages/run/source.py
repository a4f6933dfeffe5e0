"""The output of an attempt as the log view wants it, read by the desk in parts."""

from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QObject, QTimer

from watchkeeper.action.desk import Desk
from watchkeeper.action.runs import LogPart
from watchkeeper.model.errors import Known
from watchkeeper.ui.tasks import Tasks

#: Milliseconds between two looks at an output that grows.
BEAT = 300
#: Bytes of one part at the most (action/runs.py allows no more).
PART = 524_288


class DeskSource(QObject):
    """`size` is what is known of a finished attempt; of one that grows, `measure` finds it."""

    def __init__(
        self, desk: Desk, run_id: str, attempt: int, *, size: int | None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._run_id, self._attempt = desk, run_id, attempt
        self._size = size or 0
        self._is_closed = size is not None
        self._heard: list[Callable[[], None]] = []
        self._tasks = Tasks(lambda text: None)
        self._beat = QTimer(self)
        self._beat.setInterval(BEAT)
        self._beat.timeout.connect(self._look)
        if not self._is_closed:
            self._beat.start()

    @property
    def is_closed(self) -> bool:
        """Nothing will be added."""
        return self._is_closed

    def size(self) -> int:
        """How many bytes there are, as far as is known."""
        return self._size

    async def read(self, offset: int, length: int) -> bytes:
        """Up to `length` bytes."""
        return (await self._part(offset, length)).data

    def listen(self, heard: Callable[[], None]) -> Callable[[], None]:
        """Call `heard` when it has grown or was closed, until what this returns is called."""
        self._heard.append(heard)

        def stop() -> None:
            with suppress(ValueError):
                self._heard.remove(heard)

        return stop

    async def measure(self) -> None:
        """Find the end of what is there: doubles until nothing comes, then halves."""
        low, step = self._size, PART
        while (await self._part(low + step, 1)).data:
            low, step = low + step, step * 2
        while step > 1:
            step //= 2
            if (await self._part(low + step - 1, 1)).data:
                low += step
        await self._grow(low)

    def close(self) -> None:
        """Look no more."""
        self._beat.stop()
        self._tasks.close()

    def _look(self) -> None:
        self._tasks.start(self._looked(), "look")

    async def _looked(self) -> None:
        with suppress(Known):
            await self._grow(self._size)

    async def _grow(self, begin: int) -> None:
        """Take what follows `begin` into account."""
        size, part = begin, await self._part(begin, PART)
        while len(part.data) == PART:
            size += PART
            part = await self._part(size, PART)
        size += len(part.data)
        if size != self._size or part.is_closed:
            self._size, self._is_closed = size, part.is_closed
            if part.is_closed:
                self._beat.stop()
            for heard in list(self._heard):
                heard()

    async def _part(self, offset: int, length: int) -> LogPart:
        part: LogPart = await self._desk.ask(
            "run.log", run=self._run_id, attempt=self._attempt, offset=offset, length=min(length, PART)
        )
        return part
