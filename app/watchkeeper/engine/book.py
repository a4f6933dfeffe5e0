"""Every run that has not ended, by id; with the queue, the room and the timers that they share."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta

from watchkeeper.engine.clock import Clock
from watchkeeper.engine.limits import Bar, Limits
from watchkeeper.engine.live import Live
from watchkeeper.engine.queue import Queue
from watchkeeper.engine.timers import Timers
from watchkeeper.model.ids import TriggerId
from watchkeeper.model.instant import span_us
from watchkeeper.model.pulse import Pulse
from watchkeeper.model.run import State


class Book:
    """The engine's memory. What it says is in the store already, or is being written."""

    def __init__(self, clock: Clock, slots: Mapping[str, int]) -> None:
        self.clock = clock
        self.runs: dict[str, Live] = {}
        self.queue = Queue()
        self.limits = Limits(slots)
        self.timers = Timers(clock)
        #: Runs on hosts by the key of their directory.
        self.by_host_key: dict[str, Live] = {}
        #: Fixed-delay triggers: the span between an end and the next start, in microseconds.
        self.fixed_delays: dict[TriggerId, int] = {}
        #: Set when there may be room for a run that waits.
        self.room = asyncio.Event()
        #: Called with a run that was to start within its queue timeout.
        self.on_waited_too_long: Callable[[Live], None] = lambda live: None
        #: Called with a run that waits for the vault.
        self.on_withheld: Callable[[Live], None] = lambda live: None
        #: Runs whose start is confirmed; the marker takes them from here.
        self.started: list[Live] = []

    def enter(self, live: Live) -> None:
        """Remember a run, with the room that its state holds."""
        self.runs[live.id] = live
        if live.state in (State.DISPATCHING, State.RUNNING, State.ORPHANED, State.UNKNOWN):
            self.limits.take(live)
        elif live.holds_key:
            self.limits.take_key(live)

    def pulse(self, lag: timedelta) -> Pulse:
        """How much room there is and what waits for it; `lag` is the loop's."""
        states = Counter(live.state for live in self.runs.values())
        return Pulse(self.limits.slots(), states[State.QUEUED], states[State.WAITING], lag)

    def withdraw(self, live: Live) -> None:
        """Take back the room of a run that could not be dispatched; it stays in the book."""
        self.by_host_key.pop(live.host_key, None)
        self._offer(self.limits.release(live))

    def strike(self, live: Live) -> None:
        """Forget a run that has ended, and let others have its room."""
        self.runs.pop(live.id, None)
        self.by_host_key.pop(live.host_key, None)
        self._offer(self.limits.release(live))

    def enqueue(self, live: Live) -> None:
        """Let a QUEUED run wait for room, as long as its job lets it."""
        if live.state is not State.QUEUED:
            return
        self.queue.push(live)
        self.room.set()
        longest = live.job.spec.timeouts.queue
        if longest is not None:
            # A clock that was set back since the run was due must not let it wait for longer.
            due_us = min(live.due_us, self.clock.now_us())
            self.timers.at(self.timers.moment(due_us + span_us(longest)), lambda: self.on_waited_too_long(live))

    def put_off(self, live: Live, due_us: int) -> None:
        """Let a run wait until the clock on the wall shows `due_us`, or would if nobody had set it."""
        live.due_us, live.put_off_until = due_us, self.timers.moment(due_us)

    def step_back(self, live: Live) -> None:
        """Free the slot and the pool of a run that waits for another attempt; its key stays taken."""
        self.by_host_key.pop(live.host_key, None)
        self._offer(self.limits.release_room(live))

    def offer_next(self, live: Live) -> None:
        """`live` was a candidate and did not start: let the next have what it did not take."""
        if live.pool is not None and self.limits.has_room(live.pool):
            self._offer([Bar("pool", live.pool)])
        if live.key is not None and self.limits.holder(live.key) is None:
            self._offer([Bar("key", live.key)])

    def _offer(self, bars: list[Bar]) -> None:
        for bar in bars:
            if self.queue.unpark(bar):
                self.room.set()
