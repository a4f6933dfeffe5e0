"""Writes RUNNING for what has been running for a moment: evidence for people, that nothing waits for."""

import asyncio

from watchkeeper.engine.book import Book
from watchkeeper.engine.live import Live
from watchkeeper.model.points import Point, reach
from watchkeeper.model.run import State
from watchkeeper.store.moves import Running
from watchkeeper.store.store import Store

#: Seconds between two looks; what ends sooner is never written as RUNNING.
BEAT = 0.1

_UNMARKED = (State.DISPATCHING, State.ORPHANED, State.UNKNOWN)


class Marker:
    """Looks at what the book says has started."""

    def __init__(self, store: Store, book: Book) -> None:
        self._store = store
        self._book = book

    async def run(self) -> None:
        """Mark on a beat, until cancelled."""
        while True:
            await asyncio.sleep(BEAT)
            started, self._book.started = self._book.started, []
            going = [live for live in started if live.state in _UNMARKED]
            if going:
                await self.mark([live for live in going if not live.is_settled])

    async def mark(self, lives: list[Live]) -> None:
        """Write RUNNING for these."""
        reach(Point.BEFORE_RUNNING_COMMIT)
        await self._store.move([Running(live.id, live.attempt, live.started_us) for live in lives])
        for live in lives:
            if live.state in _UNMARKED:
                live.state = State.RUNNING
