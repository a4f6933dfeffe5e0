"""What happens, told in a terminal as it happens."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from watchkeeper.model.events import EngineStopped, Event
from watchkeeper.model.saying import sentence_of
from watchkeeper.model.text import say


class Chronicle:
    """Says every event in a line of its own, those of one turn of the loop in one breath."""

    def __init__(self, announce: Callable[[str], None], language: str) -> None:
        self._announce = announce
        self._language = language
        self._lines: list[str] = []

    def add(self, event: Event) -> None:
        """Say `event` when this turn is over; the engine's end at once, for there may be no further turn."""
        if not self._lines:
            asyncio.get_running_loop().call_soon(self._say_all)
        self._lines.append(f"{datetime.now():%H:%M:%S} {say(sentence_of(event), self._language)}")
        if isinstance(event, EngineStopped):
            self._say_all()

    def _say_all(self) -> None:
        if self._lines:
            self._announce("\n".join(self._lines))
            self._lines.clear()
