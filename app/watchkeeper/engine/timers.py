"""Things to do at a moment: a retry that becomes due, a wait in the queue that has lasted too long."""

import asyncio
import heapq
from collections.abc import Callable
from itertools import count

from watchkeeper.engine.clock import Clock


class Timers:
    """Callbacks by moment, called on the loop in the order of their moments."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heap: list[tuple[int, int, Callable[[], None]]] = []
        self._order = count()
        self._wake = asyncio.Event()

    def at(self, moment_us: int, callback: Callable[[], None]) -> None:
        """Call `callback` once `moment_us` is reached."""
        heapq.heappush(self._heap, (moment_us, next(self._order), callback))
        if self._heap[0][0] == moment_us:
            self._wake.set()

    async def run(self) -> None:
        """Call what is due, until cancelled."""
        while True:
            while self._heap and self._heap[0][0] <= self._clock.now_us():
                heapq.heappop(self._heap)[2]()
            await self._clock.wait(self._heap[0][0] if self._heap else None, self._wake)
