"""Finds every run again: what an earlier engine left is ORPHANED until its host has given evidence."""

import asyncio
from collections.abc import Sequence

from watchkeeper.engine.book import Book
from watchkeeper.engine.context import Contexts
from watchkeeper.engine.finish import Finisher
from watchkeeper.engine.jobs import Jobs
from watchkeeper.engine.live import Live, live_of
from watchkeeper.engine.tasks import Tasks
from watchkeeper.hosts.keys import attempt_key
from watchkeeper.model.ids import RunId
from watchkeeper.model.run import Run, State
from watchkeeper.model.text import _
from watchkeeper.store import runs
from watchkeeper.store.moves import Orphaned
from watchkeeper.store.rows import stored
from watchkeeper.store.store import Store

#: Seconds before runs are read again of which the store knew better.
BREATH = 1.0

_LEFT = (State.DISPATCHING, State.RUNNING)


class Recovery:
    """Reads the store into the book."""

    def __init__(
        self,
        store: Store,
        book: Book,
        jobs: Jobs,
        contexts: Contexts,
        finisher: Finisher,
        workspace_id: str,
        tasks: Tasks,
    ) -> None:
        self._store = store
        self._book = book
        self._jobs = jobs
        self._contexts = contexts
        self._finisher = finisher
        self._workspace_id = workspace_id
        self._tasks = tasks

    async def take_up(self) -> list[Live]:
        """Enter every live run; those that were under way are returned, ORPHANED."""
        found = await self._store.read(runs.live)
        await self._jobs.versions((run.job_id, run.job_version) for run in found)
        await self._orphan([run for run in found if run.state in _LEFT])
        lives = [await self._enter(run) for run in found]
        return [live for live in lives if live.state in (State.ORPHANED, State.UNKNOWN)]

    async def take_new(self, run_ids: Sequence[RunId]) -> None:
        """Enter runs that an action has just made."""
        wanted = [run_id for run_id in run_ids if run_id not in self._book.runs]
        for run in await self._store.read(lambda tx: runs.many(tx, wanted)):
            if run.id not in self._book.runs and run.state is State.QUEUED:
                await self._enter(run)

    def read_again(self, run_ids: Sequence[RunId]) -> None:
        """The store knew better than the book: enter what it still has in the queue, a moment later."""
        self._tasks.spawn(self._take_later(run_ids))

    def judge_inside(self, lives: Sequence[Live]) -> None:
        """Handlers without a process left no evidence: the repeatable are called again, others UNKNOWN."""
        for live in lives:
            if live.is_on_host or live.state is not State.ORPHANED:
                continue
            if self._contexts.is_repeatable(live.job):
                self._finisher.requeue(live, _("the engine ended while it ran; it goes on where it was"))
            else:
                self._finisher.lose(live, _("the engine ended while it ran; whether it had its effect is not known"))

    async def _take_later(self, run_ids: Sequence[RunId]) -> None:
        await asyncio.sleep(BREATH)
        await self.take_new(run_ids)

    async def _orphan(self, left: Sequence[Run]) -> None:
        reason = stored(_("the engine ended; its host is being asked"))
        await self._store.move([Orphaned(run.id, run.attempt, reason) for run in left])

    async def _enter(self, run: Run) -> Live:
        job = await self._jobs.version(run.job_id, run.job_version)
        live = live_of(run, job, self._contexts.place_of(job))
        if live.state in _LEFT:
            live.state = State.ORPHANED
        if live.is_on_host and live.state in (State.ORPHANED, State.UNKNOWN):
            live.host_key = attempt_key(self._workspace_id, live.execution_id, live.attempt)
            self._book.by_host_key[live.host_key] = live
        if run.id in self._book.runs:
            return self._book.runs[run.id]
        self._book.enter(live)
        self._line_up(live)
        return live

    def _line_up(self, live: Live) -> None:
        if live.state not in (State.QUEUED, State.WAITING):
            return
        if live.cancelled_by is not None:
            self._finisher.drop(live, State.CANCELLED, _("stopped by {actor}", actor=live.cancelled_by))
        elif live.state is State.WAITING:
            self._book.put_off(live, live.due_us)
            self._finisher.wait_for_retry(live)
        else:
            self._book.enqueue(live)
