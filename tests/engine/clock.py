"""A clock that a test moves by hand; what waits by it wakes when its moment has come."""

import asyncio
from datetime import datetime, timedelta

from watchkeeper.engine.clock import LONGEST_WAIT
from watchkeeper.model.instant import from_us, span_us, to_us


class ManualClock:
    """Implements engine.clock.Clock. Belongs to one loop."""

    longest_wait = LONGEST_WAIT

    def __init__(self, start: datetime) -> None:
        self._now_us = to_us(start)
        self._elapsed_us = 0
        self._waiting: list[asyncio.Event] = []

    def now_us(self) -> int:
        return self._now_us

    def elapsed_us(self) -> int:
        return self._elapsed_us

    def now(self) -> datetime:
        """The same as an aware moment, as the store wants it."""
        return from_us(self._now_us)

    def move(self, span: timedelta) -> None:
        """Let time pass; a span below zero sets the clock back. Every waiter looks at the clock again."""
        self._elapsed_us += max(0, span_us(span))
        self.jump(span)

    def jump(self, span: timedelta) -> None:
        """Somebody sets the clock, forward or back: no time passes."""
        self._now_us += span_us(span)
        for moved in self._waiting:
            moved.set()

    def set(self, moment: datetime) -> None:
        self.move(moment - self.now())

    async def wait(self, until_us: int | None, wake: asyncio.Event) -> None:
        if (until_us is None or until_us > self._now_us) and not wake.is_set():
            moved = asyncio.Event()
            self._waiting.append(moved)
            waits = [asyncio.ensure_future(moved.wait()), asyncio.ensure_future(wake.wait())]
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                self._waiting.remove(moved)
                for each in waits:
                    each.cancel()
        wake.clear()
