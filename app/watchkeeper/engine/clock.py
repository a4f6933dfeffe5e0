"""What time it is, and waiting for a moment; tests move a clock of their own by hand."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol

from watchkeeper.model.instant import from_us

#: No wait is longer, so that a wall clock that was set or a machine that slept is noticed soon.
LONGEST_WAIT = 10.0


class Clock(Protocol):
    """Wall time in microseconds since 1970, and waiting by it."""

    def now_us(self) -> int: ...

    async def wait(self, until_us: int | None, wake: asyncio.Event) -> None:
        """Return at `until_us`, or earlier when `wake` is set (which is then cleared), or a little too early."""


class SystemClock:
    """This machine's clock."""

    def now_us(self) -> int:
        return time.time_ns() // 1000

    async def wait(self, until_us: int | None, wake: asyncio.Event) -> None:
        seconds = LONGEST_WAIT if until_us is None else min((until_us - self.now_us()) / 1e6, LONGEST_WAIT)
        if seconds > 0 and not wake.is_set():
            try:
                async with asyncio.timeout(seconds):
                    await wake.wait()
            except TimeoutError:
                return
        wake.clear()


def now(clock: Clock) -> datetime:
    """The clock's moment, aware, in UTC."""
    return from_us(clock.now_us()).astimezone(UTC)
