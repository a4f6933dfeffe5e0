"""Things to do at a moment: a retry that becomes due, a wait in the queue that has lasted too long."""

import asyncio
import heapq
from collections.abc import Callable
from itertools import count

from watchkeeper.engine.clock import Clock


class Timers:
    """Callbacks by moment, called on the loop in the order of their moments.

    Moments here are of the time that nobody can set: a clock on the wall that is neither hurries nor holds up anything.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heap: list[tuple[int, int, Callable[[], None]]] = []
        self._order = count()
        self._wake = asyncio.Event()

    def moment(self, wall_us: int) -> int:
        """When the clock on the wall, unless it is set from now on, will show `wall_us` (since 1970)."""
        return wall_us + self._ahead_us()

    def at(self, moment_us: int, callback: Callable[[], None]) -> None:
        """Call `callback` once `moment_us` is reached."""
        heapq.heappush(self._heap, (moment_us, next(self._order), callback))
        if self._heap[0][0] == moment_us:
            self._wake.set()

    async def run(self) -> None:
        """Call what is due, until cancelled."""
        while True:
            while self._heap and self._heap[0][0] <= self._clock.elapsed_us():
                heapq.heappop(self._heap)[2]()
            await self._clock.wait(self._heap[0][0] - self._ahead_us() if self._heap else None, self._wake)

    def _ahead_us(self) -> int:
        """How far elapsed time is ahead of the wall's."""
        return self._clock.elapsed_us() - self._clock.now_us()
