"""How late the engine's loop is: a task that wants to be woken on a beat, and notes when it was."""

import asyncio
from collections import deque
from datetime import timedelta

#: Seconds between two looks, and how many of them are remembered.
BEAT = 1.0
REMEMBERED = 10


class Lag:
    """The longest of the last ten seconds."""

    def __init__(self) -> None:
        self._late: deque[float] = deque(maxlen=REMEMBERED)

    @property
    def longest(self) -> timedelta:
        """Nothing before the first beat is over."""
        return timedelta(seconds=max(self._late, default=0.0))

    async def run(self) -> None:
        """Look on a beat, until cancelled."""
        time = asyncio.get_running_loop().time
        while True:
            wanted = time() + BEAT
            await asyncio.sleep(BEAT)
            self._late.append(max(0.0, time() - wanted))
