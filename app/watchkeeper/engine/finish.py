"""Ends attempts: the result becomes an ending, another attempt, or UNKNOWN; many in one commit."""

import asyncio
import random
from collections.abc import Callable, Sequence
from typing import Any

from watchkeeper.engine.book import Book
from watchkeeper.engine.live import Live
from watchkeeper.engine.masks import Masks
from watchkeeper.engine.result import Result
from watchkeeper.engine.retry import next_due_us
from watchkeeper.engine.shelve import Shelver
from watchkeeper.model.events import Event, RunEnded, RunLost, RunQueued, RunRetryPlanned
from watchkeeper.model.job import OnUnknown
from watchkeeper.model.points import Point, reach
from watchkeeper.model.run import ENDINGS, State
from watchkeeper.model.span import written
from watchkeeper.model.text import Text, _
from watchkeeper.store.moves import (
    AttemptEnded,
    Dropped,
    Ended,
    Lost,
    NextSet,
    Orphaned,
    Requeued,
    RetryPlanned,
    Shelved,
)
from watchkeeper.store.rows import stored
from watchkeeper.store.store import Store

_KINDS: tuple[type[Any], ...] = (
    Requeued,
    Orphaned,
    Lost,
    RetryPlanned,
    AttemptEnded,
    Ended,
    Dropped,
    NextSet,
    Shelved,
)


class Finisher:
    """Takes results from everywhere and writes them, batch after batch."""

    def __init__(
        self, store: Store, book: Book, shelver: Shelver, masks: Masks, on_next: Callable[[NextSet], None]
    ) -> None:
        self._store = store
        self._book = book
        self._shelver = shelver
        self._masks = masks
        #: Called when it is on disk when a fixed delay fires next.
        self._on_next = on_next
        book.on_waited_too_long = self.expire
        self._pending: list[tuple[Live, list[Any], State]] = []
        self._events: list[Event] = []
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    def finish(self, live: Live, result: Result) -> None:
        """An attempt has come to `result`."""
        if live.is_settled or live.state in ENDINGS:
            return
        result = self._masks.result(live.id, result)
        now_us = self._book.clock.now_us()
        due_us = None
        if live.cancelled_by is None:
            due_us = next_due_us(
                live.job.spec.retry,
                live.attempt,
                result,
                first_due_us=live.nominal_us or live.created_us,
                now_us=now_us,
                random=random.random,
            )
        if due_us is None:
            self._end(live, result, now_us)
        elif not live.has_forgotten_attempts:
            self._plan_retry(live, result, now_us, due_us)

    def lose(self, live: Live, reason: Text) -> None:
        """Nobody can say whether the attempt happened; the job says what follows."""
        if live.is_settled or live.state in ENDINGS or live.state is State.UNKNOWN:
            return
        choice = live.job.spec.on_unknown
        if choice is OnUnknown.RETRY and live.job.spec.is_idempotent and live.cancelled_by is None:
            return self.finish(live, Result(State.FAILED, reason, kind="unknown", is_retry_asked=True))
        if choice is OnUnknown.FAIL:
            return self.finish(live, Result(State.FAILED, reason, kind="unknown", is_final=True))
        reason = self._masks.reason(live.id, reason)
        text = stored(reason)
        rows = [Orphaned(live.id, live.attempt, text), Lost(live.id, live.attempt, text)]
        self._add(live, rows, State.UNKNOWN, RunLost(live.id, live.job.name, reason))

    def drop(self, live: Live, state: State, reason: Text) -> None:
        """A run that waits is SKIPPED, EXPIRED or CANCELLED."""
        if live.is_settled or live.state not in (State.QUEUED, State.WAITING):
            return
        now_us = self._book.clock.now_us()
        rows: list[Any] = [Dropped(live.id, live.job.id, live.attempt, state, stored(reason), now_us)]
        rows += self._next_fixed_delay(live, now_us)
        self._add(live, rows, state, RunEnded(live.id, live.job.name, state, reason))

    def expire(self, live: Live) -> None:
        """A run has waited in the queue for longer than its job allows."""
        longest = live.job.spec.timeouts.queue
        if live.state is State.QUEUED and longest is not None:
            self.drop(live, State.EXPIRED, _("it waited in the queue for more than {span}", span=written(longest)))

    def take_verdict(self, live: Live, state: State) -> None:
        """A person has written the ending of an UNKNOWN run."""
        live.state = state
        self._book.strike(live)
        for row in self._next_fixed_delay(live, self._book.clock.now_us()):
            self._on_next(row)
        self._book.room.set()

    def requeue(self, live: Live, reason: Text, wait_us: int = 0) -> None:
        """It is proved that nothing has started: back to the queue, the attempt unspent."""
        if live.is_settled:
            return
        reason = self._masks.reason(live.id, reason)
        self._book.put_off(live, self._book.clock.now_us() + wait_us)
        rows = [Requeued(live.id, live.attempt, live.due_us, stored(reason))]
        self._add(live, rows, State.QUEUED, RunQueued(live.id, live.job.name, live.attempt))

    async def run(self) -> None:
        """Write what has come in, until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            await asyncio.shield(self._write())
            if not self._pending:
                self._idle.set()

    async def drained(self) -> None:
        """Return once everything that has come in is on disk."""
        await self._idle.wait()

    def _end(self, live: Live, result: Result, now_us: int) -> None:
        row = Ended(
            live.id,
            live.job.id,
            live.attempt,
            result.state,
            stored(result.reason),
            result.started_us or live.started_us,
            result.ended_us or now_us,
            result.exit_code,
            int(result.has_warning),
            stored(result.outputs),
            result.log_size,
            result.log_dropped,
        )
        rows: list[Any] = [row, *self._next_fixed_delay(live, now_us), *_shelved(live)]
        self._add(live, rows, result.state, RunEnded(live.id, live.job.name, result.state, result.reason))

    def _plan_retry(self, live: Live, result: Result, now_us: int, due_us: int) -> None:
        reason = result.reason or _("attempt {attempt} failed", attempt=live.attempt)
        text = stored(reason)
        ended = AttemptEnded(
            live.id,
            live.attempt,
            result.started_us or live.started_us,
            result.ended_us or now_us,
            result.exit_code,
            text,
            live.place if live.is_on_host else None,
        )
        rows = [RetryPlanned(live.id, live.attempt, live.attempt + 1, due_us, text), ended, *_shelved(live)]
        self._book.put_off(live, due_us)
        self._add(live, rows, State.WAITING, RunRetryPlanned(live.id, live.job.name, live.attempt, reason))

    def _add(self, live: Live, rows: list[Any], state: State, event: Event) -> None:
        live.is_settled = True
        self._idle.clear()
        self._pending.append((live, rows, state))
        self._events.append(event)
        self._wake.set()

    async def _write(self) -> None:
        pending, self._pending = self._pending, []
        events, self._events = self._events, []
        if not pending:
            return
        groups: dict[type[Any], list[Any]] = {kind: [] for kind in _KINDS}
        for _live, rows, _state in pending:
            for row in rows:
                groups[type(row)].append(row)
        point = _points(groups)
        reach(point[0])
        losers = await self._store.move(*groups.values(), events=events)
        reach(point[1])
        lost_ids = {row.id for row in losers if hasattr(row, "id")}
        for live, rows, state in pending:
            self._settle(live, rows, state, is_lost=live.id in lost_ids)
        self._book.room.set()

    def _settle(self, live: Live, rows: Sequence[Any], state: State, *, is_lost: bool) -> None:
        live.is_settled = False
        if is_lost:
            # Somebody else wrote this run's ending (a person resolved it): theirs stands.
            live.state = State.CANCELLED
            return self._book.strike(live)
        before, live.state = live.state, state
        if state is State.WAITING:
            live.attempt += 1
        for row in rows:
            if type(row) is Shelved:
                self._shelver.add(row)
            elif type(row) is NextSet:
                self._on_next(row)
        if state in ENDINGS:
            self._book.strike(live)
            if before is State.QUEUED:
                self._book.offer_next(live)
        elif live.cancelled_by is not None and state in (State.WAITING, State.QUEUED):
            # The wish came while this was being written.
            self.drop(live, State.CANCELLED, _("stopped by {actor}", actor=live.cancelled_by))
        elif state is State.WAITING:
            self._step_back(live)
        elif state is State.QUEUED:
            self._back_to_queue(live)

    def _step_back(self, live: Live) -> None:
        self._book.step_back(live)
        live.started_us = live.ground = live.command = None
        self.wait_for_retry(live)

    def wait_for_retry(self, live: Live) -> None:
        """Put a WAITING run into the queue when its time has come."""
        self._book.timers.at(live.put_off_until, lambda: self._retry(live))

    def _retry(self, live: Live) -> None:
        if live.state is State.WAITING and not live.is_settled:
            rows = [Requeued(live.id, live.attempt, live.due_us, None)]
            self._add(live, rows, State.QUEUED, RunQueued(live.id, live.job.name, live.attempt))

    def _back_to_queue(self, live: Live) -> None:
        self._book.step_back(live)
        live.started_us = live.ground = None
        self._book.timers.at(live.put_off_until, lambda: self._book.enqueue(live))

    def _next_fixed_delay(self, live: Live, now_us: int) -> list[NextSet]:
        if live.trigger_id is None or live.trigger_id not in self._book.fixed_delays:
            return []
        return [NextSet(live.trigger_id, now_us + self._book.fixed_delays[live.trigger_id])]


def _shelved(live: Live) -> list[Shelved]:
    return [Shelved(live.id, live.attempt, live.place, live.host_key)] if live.is_on_host and live.host_key else []


def _points(groups: dict[type[Any], list[Any]]) -> tuple[Point, Point]:
    if groups[RetryPlanned]:
        return Point.BEFORE_RETRY_COMMIT, Point.AFTER_RETRY_COMMIT
    return Point.BEFORE_ENDING_COMMIT, Point.AFTER_ENDING_COMMIT
