"""What time it is, and waiting for a moment; tests move a clock of their own by hand."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol

from watchkeeper.model.instant import from_us

#: No wait is longer, so that a wall clock that was set or a machine that slept is noticed soon.
LONGEST_WAIT = 10.0

#: Linux's monotonic clock stands still while the machine sleeps, this one does not.
_SINCE_BOOT: int | None = getattr(time, "CLOCK_BOOTTIME", None)


class Clock(Protocol):
    """Wall time in microseconds since 1970, waiting by it, and the time that nobody can set."""

    #: No wait by it takes longer, in seconds.
    longest_wait: float

    def now_us(self) -> int: ...

    def elapsed_us(self) -> int:
        """Microseconds since some moment, those in which the machine slept included."""

    async def wait(self, until_us: int | None, wake: asyncio.Event) -> None:
        """Return at `until_us`, or earlier when `wake` is set (which is then cleared), or a little too early."""


class SystemClock:
    """This machine's clock."""

    longest_wait = LONGEST_WAIT

    def now_us(self) -> int:
        return time.time_ns() // 1000

    def elapsed_us(self) -> int:
        return (time.monotonic_ns() if _SINCE_BOOT is None else time.clock_gettime_ns(_SINCE_BOOT)) // 1000

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
