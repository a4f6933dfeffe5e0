"""Makes occurrences into runs and MISSED rows, all that is due in one commit with the cursors."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from watchkeeper.engine.book import Book
from watchkeeper.engine.context import Contexts
from watchkeeper.engine.dispatch import Dispatcher
from watchkeeper.engine.live import Live
from watchkeeper.engine.misfire import Due
from watchkeeper.model.errors import Stale
from watchkeeper.model.events import Event, OccurrencesMissed, RunQueued, RunStarted
from watchkeeper.model.ids import TriggerId, run_id
from watchkeeper.model.instant import to_us
from watchkeeper.model.job import Job
from watchkeeper.model.points import Point, reach
from watchkeeper.model.run import Origin, State
from watchkeeper.model.text import Text
from watchkeeper.store.moves import CursorMoved, NewRun
from watchkeeper.store.rows import stored
from watchkeeper.store.store import Store

#: Who fires.
SCHEDULER = "scheduler"


class Occurrence(NamedTuple):
    """A trigger that is due, with what it owes."""

    trigger_id: TriggerId
    job: Job
    due: Due
    #: How much later than its nominal instant it is to start: jitter, or a delay.
    late_us: int = 0
    #: What arrived.
    file: str | None = None


@dataclass(slots=True)
class Batch:
    """What is on its way into the store: gaps, the runs of what is due now, and cursors."""

    gaps: list[NewRun] = field(default_factory=list)
    gap_events: list[Event] = field(default_factory=list)
    lives: list[Live] = field(default_factory=list)
    cursors: list[CursorMoved] = field(default_factory=list)

    def rows(self) -> list[NewRun]:
        """Gaps first, then the runs in the state that they are in now."""
        return [*self.gaps, *map(_row, self.lives)]

    def events(self) -> list[Event]:
        """What there will be to tell of these rows."""
        return [*self.gap_events, *map(_event, self.lives)]


class Firer:
    """One commit per batch; runs for which there is room are born DISPATCHING."""

    def __init__(self, store: Store, book: Book, contexts: Contexts, dispatcher: Dispatcher) -> None:
        self._store = store
        self._book = book
        self._contexts = contexts
        self._dispatcher = dispatcher

    async def fire(self, occurrences: Sequence[Occurrence], gap_reason: Text) -> None:
        """Record and start what is owed."""
        now_us = self._book.clock.now_us()
        batch = Batch()
        for occurrence in occurrences:
            self._add(batch, occurrence, now_us, gap_reason)
        losers = await self._record(batch)
        self._begin(batch, {row.id for row in losers})

    def _add(self, batch: Batch, occurrence: Occurrence, now_us: int, gap_reason: Text) -> None:
        trigger_id, job, due = occurrence.trigger_id, occurrence.job, occurrence.due
        if due.missed_count:
            batch.gaps.append(missed_row(trigger_id, job, due, now_us, gap_reason))
            batch.gap_events.append(OccurrencesMissed(job.name, due.missed_count, gap_reason))
        if due.last is not None:
            batch.cursors.append(CursorMoved(trigger_id, to_us(due.last)))
        for instant in due.fires:
            self._add_run(batch, self._born(occurrence, to_us(instant), now_us))

    def _born(self, occurrence: Occurrence, nominal_us: int, now_us: int) -> Live:
        job = occurrence.job
        return Live(
            id=run_id(),
            job=job,
            place=self._contexts.place_of(job),
            state=State.QUEUED,
            attempt=1,
            priority=job.spec.priority,
            created_us=now_us,
            due_us=nominal_us + occurrence.late_us,
            trigger_id=occurrence.trigger_id,
            nominal_us=nominal_us,
            file=occurrence.file,
            key=job.concurrency_key(None),
            pool=job.spec.pool,
        )

    def _add_run(self, batch: Batch, live: Live) -> None:
        self._dispatcher.reserve(live)
        # Remembered before the commit, so that the told event does not make the engine read it again.
        self._book.runs[live.id] = live
        batch.lives.append(live)

    async def _record(self, batch: Batch) -> list[NewRun]:
        reach(Point.BEFORE_FIRE_COMMIT)
        try:
            losers = await self._store.move(batch.rows(), batch.cursors, events=batch.events())
        except Stale:
            # A key is held in the store that this memory took for free: let all of them wait for it.
            for live in batch.lives:
                live.state = State.QUEUED
                self._book.withdraw(live)
            losers = await self._store.move(batch.rows(), batch.cursors, events=batch.events())
        reach(Point.AFTER_FIRE_COMMIT)
        return [row for row in losers if isinstance(row, NewRun)]

    def _begin(self, batch: Batch, lost_ids: set[str]) -> None:
        dispatched = []
        for live in batch.lives:
            if live.id in lost_ids:
                # The occurrence is in the store already: an earlier engine fired it.
                live.state = State.SKIPPED
                self._book.strike(live)
            elif live.state is State.DISPATCHING:
                dispatched.append(live)
            else:
                self._book.enqueue(live)
        self._dispatcher.begin(dispatched)


def _event(live: Live) -> Event:
    if live.state is State.DISPATCHING:
        return RunStarted(live.id, live.job.name, live.attempt)
    return RunQueued(live.id, live.job.name)


def _row(live: Live) -> NewRun:
    is_dispatched = live.state is State.DISPATCHING
    is_placed = is_dispatched and live.is_on_host
    return NewRun(
        id=live.id,
        job_id=live.job.id,
        job_name=live.job.name,
        job_version=live.job.version,
        origin=Origin.FIRE,
        state=live.state,
        priority=live.priority,
        created_at=live.created_us,
        due_at=live.due_us,
        actor=SCHEDULER,
        trigger_id=live.trigger_id,
        nominal_at=live.nominal_us,
        concurrency_key=live.key,
        held_key=live.key if is_dispatched else None,
        pool=live.pool,
        started_at=live.started_us if is_dispatched else None,
        host=live.place if is_placed else None,
        ground=stored(live.ground) if is_placed else None,
        file=live.file,
    )


def missed_row(trigger_id: TriggerId, job: Job, due: Due, now_us: int, reason: Text) -> NewRun:
    """The row that covers the gap of `due`."""
    assert due.missed_first is not None and due.missed_last is not None
    return NewRun(
        id=run_id(),
        job_id=job.id,
        job_name=job.name,
        job_version=job.version,
        origin=Origin.FIRE,
        state=State.MISSED,
        priority=job.spec.priority,
        created_at=now_us,
        due_at=to_us(due.missed_first),
        actor=SCHEDULER,
        trigger_id=trigger_id,
        nominal_at=to_us(due.missed_first),
        reason=stored(reason),
        ended_at=now_us,
        last_missed_at=to_us(due.missed_last),
        missed_count=due.missed_count,
    )
