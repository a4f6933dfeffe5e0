"""Runs that wait for room: the first by priority and age goes first, and a blocked one blocks nobody else."""

import heapq
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain

from watchkeeper.engine.limits import Bar
from watchkeeper.engine.live import Live
from watchkeeper.model.run import State

_Entry = tuple[int, int, str, Live]


class Queue:
    """A heap per place, and for each bar one per place for the runs that were found blocked by it."""

    def __init__(self) -> None:
        self._ready: dict[str, list[_Entry]] = defaultdict(list)
        self._parked: dict[Bar, dict[str, list[_Entry]]] = {}

    def push(self, live: Live) -> None:
        """Let a QUEUED run wait for room."""
        heapq.heappush(self._ready[live.place], _entry(live))

    def pop(self, place: str) -> Live | None:
        """The next candidate of a place; None when there is none. Runs that are no longer QUEUED are passed over."""
        ready = self._ready[place]
        while ready:
            live = heapq.heappop(ready)[3]
            if live.state is State.QUEUED:
                return live
        return None

    def places(self) -> list[str]:
        """The places with candidates."""
        return [place for place, ready in self._ready.items() if ready]

    def park(self, live: Live, bar: Bar) -> None:
        """Put a run aside until its bar has gone."""
        heapq.heappush(self._parked.setdefault(bar, defaultdict(list))[live.place], _entry(live))

    def parked(self, bar: Bar) -> Iterator[Live]:
        """The runs that wait for a bar to go, in no order."""
        waiting = chain.from_iterable(self._parked.get(bar, {}).values())
        return (entry[3] for entry in waiting if entry[3].state is State.QUEUED)

    def unpark(self, bar: Bar) -> bool:
        """Make the first run of each place that waited for `bar` a candidate again; False when none waited.

        Of each place, because one whose place is full must not keep the others from what has become free.
        """
        waiting = self._parked.get(bar, {})
        has_found = [self._bring_back(waiting[place]) for place in list(waiting)]
        if not any(has_found):
            self._parked.pop(bar, None)
        return any(has_found)

    def _bring_back(self, waiting: list[_Entry]) -> bool:
        while waiting:
            entry = heapq.heappop(waiting)
            if entry[3].state is State.QUEUED:
                heapq.heappush(self._ready[entry[3].place], entry)
                return True
        return False

    def unpark_all(self) -> None:
        """Make every parked run a candidate again: limits were changed."""
        for bar in list(self._parked):
            while self.unpark(bar):
                pass


def _entry(live: Live) -> _Entry:
    return (-live.priority, live.due_us, live.id, live)
