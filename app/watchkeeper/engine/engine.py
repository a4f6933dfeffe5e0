"""The engine: wires the duties together, keeps their loops, and carries out what people ask for."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from watchkeeper.bus import Bus
from watchkeeper.engine.book import Book
from watchkeeper.engine.clock import Clock
from watchkeeper.engine.context import Contexts
from watchkeeper.engine.deliver import TOLD, Deliver, Deliverer
from watchkeeper.engine.dispatch import Dispatcher
from watchkeeper.engine.finish import Finisher
from watchkeeper.engine.fire import Firer
from watchkeeper.engine.inside import Inside
from watchkeeper.engine.jobs import Jobs
from watchkeeper.engine.live import INSIDE, Live
from watchkeeper.engine.logs import Logs
from watchkeeper.engine.mark import Marker
from watchkeeper.engine.place import Placer
from watchkeeper.engine.planner import Planner
from watchkeeper.engine.prune import Pruner
from watchkeeper.engine.recover import Recovery
from watchkeeper.engine.result import cancelled
from watchkeeper.engine.shelve import Shelver
from watchkeeper.engine.tenure import Tenure
from watchkeeper.hosts.host import Fenced, Host, Unreachable
from watchkeeper.model.errors import LeaseLost, WatchkeeperError
from watchkeeper.model.events import (
    EngineStarted,
    EngineStopped,
    JobDeleted,
    JobSaved,
    PoolsChanged,
    RunEnded,
    RunQueued,
    RunResolved,
    RunStopRequested,
)
from watchkeeper.model.ids import RunId
from watchkeeper.model.run import State
from watchkeeper.model.text import Text, _
from watchkeeper.plugin.registry import Registry
from watchkeeper.settings import Settings
from watchkeeper.store import pools, runs
from watchkeeper.store.moves import NextSet
from watchkeeper.store.store import Store

#: Seconds between two tries to reach a host that does not answer.
AGAIN = 5.0
#: Seconds before runs are read again of which the store knew better.
BREATH = 1.0
#: Seconds that the start of scheduling waits for hosts (SEMANTICS: recovery).
PATIENCE = 10.0


class Engine:
    """One per process. `run` returns after `stop`, or raises what ended it (LeaseLost, StoreDown)."""

    def __init__(
        self,
        *,
        store: Store,
        bus: Bus,
        clock: Clock,
        hosts: Mapping[str, Host],
        registry: Registry,
        settings: Settings,
        logs: Logs,
        workspace_id: str,
        holder: str,
        http: Callable[[], Any],
        deliver: Deliver,
        fires_schedule: bool = True,
        is_sole: bool = False,
    ) -> None:
        """`fires_schedule=False`: only runs what is asked for by hand. `is_sole`: `engine.lock` is held for it."""
        self._store, self._bus, self._hosts, self._holder = store, bus, hosts, holder
        self._fires_schedule = fires_schedule
        self._threads = ThreadPoolExecutor(32, thread_name_prefix="handler")
        self._tasks: set[asyncio.Future[Any]] = set()
        #: Done when the engine is to end: with None when it was asked to, else with what ended it.
        self._end_reached: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.is_ready = asyncio.Event()
        #: Runs that actions have made and that are not in the book yet.
        self._new_ids: list[RunId] = []
        self._new = asyncio.Event()
        self._book = Book(clock, settings.engine.slots())
        self._tenure = Tenure(store, holder, settings.engine.slots(), settings.engine.lease, is_sole=is_sole)
        self._jobs = Jobs(store)
        self._contexts = Contexts(registry, logs, http)
        self._shelver = Shelver(store, hosts, logs)
        self._finisher = Finisher(store, self._book, self._shelver, self._on_next)
        self._inside = Inside(self._contexts, self._finisher, self._threads)
        self._placer = Placer(store, self._book, hosts, self._contexts, self._finisher, self._threads, self._keep)
        self._dispatcher = Dispatcher(
            store, self._book, self._finisher, workspace_id, self._start, self._stop_run, self._read_again
        )
        self._firer = Firer(store, self._book, self._contexts, self._dispatcher)
        self._planner = Planner(store, self._book, self._jobs, self._firer)
        self._recovery = Recovery(store, self._book, self._jobs, self._contexts, self._finisher, workspace_id)
        self._marker = Marker(store, self._book)
        self._deliverer = Deliverer(store, deliver)
        self._pruner = Pruner(store, logs, settings.retention, clock)
        self._workspace_id = workspace_id

    async def run(self) -> None:
        """Take the lease, find every run again, schedule; until `stop`."""
        reason: Text | None = None
        try:
            await self._begin()
            await self._work()
        except Fenced:
            raise LeaseLost(_("the host is in the hands of another engine; this one has stopped")) from None
        except WatchkeeperError as error:
            reason = getattr(error, "text", None)
            raise
        finally:
            await self._end()
            self._bus.publish(EngineStopped(reason))

    def stop(self) -> None:
        """Let the engine come to its end; what runs on hosts goes on."""
        if not self._end_reached.done():
            self._end_reached.set_result(None)

    async def _begin(self) -> None:
        epoch = await self._tenure.begin()
        self._listen()
        self._book.limits.set_pools(await self._pools())
        left = await self._recovery.take_up()
        self._spawn(self._finisher.run())
        self._spawn(self._book.timers.run())
        self._recovery.judge_inside(left)
        await self._enter_hosts(epoch)
        await self._shelver.load()
        if self._fires_schedule:
            await self._planner.load()
        self._bus.publish(EngineStarted(self._holder, epoch))

    async def _work(self) -> None:
        loops: list[Coroutine[Any, Any, None]] = [
            self._tenure.run(self._slept),
            self._take_new(),
            self._dispatcher.run(),
            self._marker.run(),
            self._shelver.run(),
            self._deliverer.run(),
            self._pruner.run(),
        ]
        if self._fires_schedule:
            loops.append(self._planner.run())
        for loop in loops:
            self._spawn(loop)
        self.is_ready.set()
        await self._end_reached

    async def _end(self) -> None:
        for host in self._hosts.values():
            host.on_ended = lambda statuses: None
            host.on_reconnected = lambda: None
        await self._inside.close()
        if not self._has_failed():
            with suppress(TimeoutError, WatchkeeperError):
                async with asyncio.timeout(10):
                    await self._finisher.drained()
                    await self._tenure.end()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for host in self._hosts.values():
            await host.close()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._store.epoch = None

    def _has_failed(self) -> bool:
        return self._end_reached.done() and self._end_reached.exception() is not None

    # What people ask for, told after its commit.

    def _listen(self) -> None:
        self._bus.listen(RunQueued, self._on_queued)
        self._bus.listen(RunStopRequested, self._on_stop_requested)
        self._bus.listen(RunResolved, self._on_resolved)
        self._bus.listen(JobSaved, self._on_job_changed)
        self._bus.listen(JobDeleted, self._on_job_changed)
        self._bus.listen(PoolsChanged, lambda event: self._spawn(self._take_pools()))
        self._bus.listen(RunEnded, self._on_ended)

    def _on_queued(self, event: RunQueued) -> None:
        if event.run_id not in self._book.runs:
            self._new_ids.append(event.run_id)
            self._new.set()

    async def _take_new(self) -> None:
        """Enter what actions have made, in the order of their commits."""
        while True:
            await self._new.wait()
            self._new.clear()
            new_ids, self._new_ids = self._new_ids, []
            await self._recovery.take_new(new_ids)

    def _on_stop_requested(self, event: RunStopRequested) -> None:
        self._spawn(self._take_stop(event))

    def _on_ended(self, event: RunEnded) -> None:
        if event.state in TOLD:
            self._deliverer.look()

    def _on_resolved(self, event: RunResolved) -> None:
        live = self._book.runs.get(event.run_id)
        if live is not None:
            self._finisher.take_verdict(live, event.state)

    def _on_job_changed(self, event: JobSaved | JobDeleted) -> None:
        self._jobs.forget(event.job_id)
        if self._fires_schedule:
            self._spawn(self._planner.reload(event.job_id))

    def _read_again(self, run_ids: Sequence[RunId]) -> None:
        self._spawn(self._take_later(run_ids))

    async def _take_later(self, run_ids: Sequence[RunId]) -> None:
        await asyncio.sleep(BREATH)
        await self._recovery.take_new(run_ids)

    async def _take_stop(self, event: RunStopRequested) -> None:
        await self._recovery.take_new([event.run_id])
        live = self._book.runs.get(event.run_id)
        if live is None:
            return
        run = await self._store.read(lambda tx: runs.get(tx, event.run_id))
        live.cancelled_by = run.cancel_requested_by
        if live.state in (State.QUEUED, State.WAITING):
            self._finisher.drop(live, State.CANCELLED, _("stopped by {actor}", actor=live.cancelled_by or "?"))
        else:
            self._stop_run(live)

    async def _take_pools(self) -> None:
        self._book.limits.set_pools(await self._pools())
        self._book.queue.unpark_all()
        self._book.room.set()

    async def _pools(self) -> dict[str, int]:
        return {pool.name: pool.size for pool in await self._store.read(pools.all)}

    def _on_next(self, row: NextSet) -> None:
        self._planner.set_next(row)

    # Starting, stopping, and hosts that come and go.

    def _start(self, place: str, lives: Sequence[Live]) -> None:
        if place == INSIDE:
            for live in lives:
                if live.cancelled_by is None:
                    self._inside.start(live)
                else:
                    self._finisher.finish(live, cancelled(live.cancelled_by))
        elif lives:
            self._spawn(self._placer.start(place, lives))

    def _stop_run(self, live: Live) -> None:
        if live.is_on_host:
            self._spawn(self._placer.stop(live))
        else:
            self._inside.stop(live)

    async def _enter_hosts(self, epoch: int) -> None:
        """Ask all hosts at once; one that is silent keeps its runs ORPHANED and holds up nothing else."""
        entering = [asyncio.ensure_future(self._enter_host(name, epoch)) for name in self._hosts]
        for task in entering:
            self._keep(task)
        if entering:
            await asyncio.wait(entering, timeout=PATIENCE)

    async def _enter_host(self, name: str, epoch: int) -> None:
        """Connect to a host, however long it takes, and ask it for everything that is live there."""
        host = self._hosts[name]
        while True:
            try:
                ground = await host.connect(self._workspace_id, epoch)
                break
            except Unreachable:
                await asyncio.sleep(AGAIN)
        host.on_reconnected = lambda: self._spawn(self._placer.look_again(name))
        self._dispatcher.grounds = self._placer.grounds = {**self._placer.grounds, name: ground}
        await self._placer.look_again(name)

    async def _slept(self) -> None:
        self._planner.gap_reason = _("the machine was asleep")
        for name in self._hosts:
            await self._placer.look_again(name)

    # Tasks are owned; the first that fails ends the engine.

    def _spawn(self, work: Coroutine[Any, Any, None] | Awaitable[None]) -> None:
        self._keep(asyncio.ensure_future(work))

    def _keep(self, task: asyncio.Future[Any]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._let_go)

    def _let_go(self, task: asyncio.Future[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None and not self._end_reached.done():
            self._end_reached.set_exception(error)
