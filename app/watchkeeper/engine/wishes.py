"""What people ask for, told after its commit: new runs, stops, verdicts, changed jobs, pools and calendars."""

import asyncio

from watchkeeper.bus import Bus
from watchkeeper.engine.book import Book
from watchkeeper.engine.finish import Finisher
from watchkeeper.engine.planner import Planner
from watchkeeper.engine.recover import Recovery
from watchkeeper.engine.starter import Starter
from watchkeeper.engine.tasks import Tasks
from watchkeeper.model.events import (
    CalendarsChanged,
    EnginePaused,
    EngineResumed,
    JobDeleted,
    JobSaved,
    PoolsChanged,
    RunQueued,
    RunResolved,
    RunStopRequested,
)
from watchkeeper.model.ids import RunId
from watchkeeper.model.instant import to_us
from watchkeeper.model.run import State
from watchkeeper.model.text import _
from watchkeeper.store import pause, pools, runs
from watchkeeper.store.store import Store


class Wishes:
    """Listens to the bus. Every wish is a row already, so that one which gets lost here is found at the next start."""

    def __init__(
        self,
        store: Store,
        book: Book,
        recovery: Recovery,
        finisher: Finisher,
        starter: Starter,
        planner: Planner | None,
        tasks: Tasks,
    ) -> None:
        """`planner` is None where no schedule is fired."""
        self._store = store
        self._book = book
        self._recovery = recovery
        self._finisher = finisher
        self._starter = starter
        self._planner = planner
        self._tasks = tasks
        #: Runs that actions have made and that are not in the book yet.
        self._new_ids: list[RunId] = []
        self._new = asyncio.Event()

    def listen(self, bus: Bus) -> None:
        """Hear what is told from now on."""
        bus.listen(RunQueued, self._on_queued)
        bus.listen(RunStopRequested, lambda event: self._tasks.spawn(self._stop(event)))
        bus.listen(RunResolved, self._on_resolved)
        bus.listen(JobSaved, self._on_job_changed)
        bus.listen(JobDeleted, self._on_job_changed)
        bus.listen(EnginePaused, self._on_pause)
        bus.listen(EngineResumed, self._on_pause)
        bus.listen(CalendarsChanged, self._on_calendars_changed)
        bus.listen(PoolsChanged, lambda event: self._tasks.spawn(self.take_pools()))

    async def run(self) -> None:
        """Enter what actions have made, in the order of their commits, until cancelled."""
        while True:
            await self._new.wait()
            self._new.clear()
            new_ids, self._new_ids = self._new_ids, []
            await self._recovery.take_new(new_ids)

    async def take_pools(self) -> None:
        """Read the pools' sizes, and let what waited for them try again."""
        found = await self._store.read(pools.all)
        self._book.limits.set_pools({pool.name: pool.size for pool in found})
        self._book.queue.unpark_all()
        self._book.room.set()

    async def take_pause(self) -> None:
        """Hold the runs that a pause holds, and let go of those that none holds any more."""
        found = await self._store.read(pause.find)
        limits = self._book.limits
        limits.held_before_us = to_us(found.holds_before) if found is not None and found.holds_before else 0
        self._book.queue.unpark_all()
        self._book.room.set()
        if found is not None and found.holds_before is not None and found.until is not None:
            self._book.timers.at(
                self._book.timers.moment(to_us(found.until)), lambda: self._tasks.spawn(self.take_pause())
            )

    def _on_queued(self, event: RunQueued) -> None:
        if event.run_id not in self._book.runs:
            self._new_ids.append(event.run_id)
            self._new.set()

    def _on_resolved(self, event: RunResolved) -> None:
        live = self._book.runs.get(event.run_id)
        if live is not None:
            self._finisher.take_verdict(live, event.state)

    def _on_job_changed(self, event: JobSaved | JobDeleted) -> None:
        if self._planner is not None:
            self._tasks.spawn(self._planner.reload(event.job_id))

    def _on_pause(self, event: EnginePaused | EngineResumed) -> None:
        self._tasks.spawn(self.take_pause())
        if self._planner is not None:
            self._tasks.spawn(self._planner.take_pause())

    def _on_calendars_changed(self, event: CalendarsChanged) -> None:
        if self._planner is not None:
            self._tasks.spawn(self._planner.take_calendars())

    async def _stop(self, event: RunStopRequested) -> None:
        await self._recovery.take_new([event.run_id])
        live = self._book.runs.get(event.run_id)
        if live is None:
            return
        run = await self._store.read(lambda tx: runs.get(tx, event.run_id))
        live.cancelled_by = run.cancel_requested_by
        if live.state in (State.QUEUED, State.WAITING):
            self._finisher.drop(live, State.CANCELLED, _("stopped by {actor}", actor=live.cancelled_by or "?"))
        else:
            self._starter.stop(live, event.grace)
