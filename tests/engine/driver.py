"""Drives a real engine on a real store at a scripted host: lets it work, lets it die anywhere, and starts the next."""

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.engine.clock import ManualClock
from tests.engine.house import new_run, put_in_queue
from tests.engine.world import MortalStore, ScriptedHost, World
from watchkeeper.bus import Bus
from watchkeeper.engine.chain import start_successors
from watchkeeper.engine.deliver import post_failures
from watchkeeper.engine.engine import Engine
from watchkeeper.engine.logs import Logs
from watchkeeper.hosts.host import Phase
from watchkeeper.model import points
from watchkeeper.model.errors import Conflict
from watchkeeper.model.ids import RunId
from watchkeeper.model.job import Job, JobSpec
from watchkeeper.model.points import Point
from watchkeeper.model.run import Run, State
from watchkeeper.plugin.registry import Registry
from watchkeeper.settings import EngineSettings, Settings
from watchkeeper.store import jobs, pools, runs
from watchkeeper.store.driver import sqlite_module
from watchkeeper.store.outbox import Parcel
from watchkeeper.vault.vault import Vault

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
#: The store's own library: two copies of SQLite in one process undo each other's locks.
SQLITE: Any = sqlite_module()

#: A ledger that the database keeps by itself: every state that a run was ever in, in order.
LEDGER = """
CREATE TABLE ledger (n INTEGER PRIMARY KEY, run_id TEXT, before TEXT, after TEXT);
CREATE TRIGGER born AFTER INSERT ON runs BEGIN
    INSERT INTO ledger (run_id, before, after) VALUES (NEW.id, NULL, NEW.state); END;
CREATE TRIGGER moved AFTER UPDATE OF state ON runs BEGIN
    INSERT INTO ledger (run_id, before, after) VALUES (NEW.id, OLD.state, NEW.state); END;
"""


class Driver:
    """One workspace, one host, and an engine that comes and goes. What a dead engine can't do is not asked of it."""

    SLOTS = EngineSettings(local_slots=3, inside_slots=1)

    def __init__(self, template: Path, registry: Registry, specs: Sequence[JobSpec]) -> None:
        """`template`: an empty store, which is copied."""
        self.loop = asyncio.new_event_loop()
        self.home = Path(tempfile.mkdtemp(prefix="wkm-"))
        self.place = Path(shutil.copyfile(template, self.home / "watchkeeper.db"))
        self.registry = registry
        self.clock, self.world = ManualClock(START), World()
        self.engine: Engine | None = None
        #: Runs that were asked for, runs of which a person has said what they were, and notices that arrived.
        self.submitted: set[str] = set()
        self.resolved: set[str] = set()
        self.delivered: list[str] = []
        self._do(self._begin(specs))

    # What people and the world do; each returns once the engine has done what it can do now.

    def submit(self, job: Job) -> None:
        run = new_run(job, self.clock.now())
        self.submitted.add(run.id)
        self.write(lambda tx: put_in_queue(tx, run))

    def cancel(self, run_id: str) -> None:
        self.write(lambda tx: runs.request_cancel(tx, RunId(run_id), "me"))

    def resolve(self, run_id: str, state: State) -> None:
        self.resolved.add(run_id)
        self.write(lambda tx: runs.resolve(tx, RunId(run_id), state, "me", "I looked"))

    def write(self, fn: Any) -> None:
        """Carry out what a person asked for; the engine may have been faster, which is no fault."""
        self._do(self._write(fn))

    def move_clock(self, span: timedelta) -> None:
        self._do(self._move_clock(span))

    def end(self, keys: Sequence[str], phase: Phase, exit_code: int | None) -> None:
        """Let processes end, by the keys of their folders."""
        self._do(self._end(keys, phase, exit_code))

    def mend_line(self) -> None:
        self._do(self._mend_line())

    # How the engine comes and goes.

    def restart(self) -> None:
        """Where there is an engine, nothing happens."""
        if self.engine is None:
            self._do(self._restart())

    def stop(self) -> None:
        if self.engine is not None:
            self._do(self._stop(self.engine))

    def crash(self) -> None:
        self._do(self._crash())

    def crash_when_next_at(self, point: Point) -> None:
        if self.engine is not None:
            points.observe(lambda reached: self._die() if reached is point else None)

    def reboot(self) -> None:
        """The host and the engine on it start anew, with the line between them."""
        self.crash()
        self.world.reboot()
        self.world.is_reachable = True

    def close(self) -> None:
        self.loop.run_until_complete(self._crash())
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()
        shutil.rmtree(self.home)

    # What can be seen.

    def rows(self, sql: str, *values: Any) -> list[Any]:
        """Straight from the database, past the engine."""
        with closing(SQLITE.connect(f"file:{self.place}?mode=ro", uri=True)) as connection:
            connection.row_factory = SQLITE.Row
            return list(connection.execute(sql, values))

    def live(self) -> list[Run]:
        """The runs without an ending."""
        return self.loop.run_until_complete(self.store.read(runs.live))

    # How it is done.

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        self.loop.run_until_complete(work)
        if self.engine is not None and self.store.is_dead:
            self.loop.run_until_complete(self._crash())

    async def _begin(self, specs: Sequence[JobSpec]) -> None:
        with closing(SQLITE.connect(self.place)) as connection:
            connection.executescript(LEDGER)
        await self._start()
        await self.store.write(lambda tx: pools.save(tx, "small", 1))
        self.jobs: list[Job] = await self.store.write(lambda tx: [jobs.save(tx, each, "test") for each in specs])
        await self._settle()

    async def _start(self) -> None:
        self.store = await MortalStore.open(self.place, clock=self.clock.now)
        bus = Bus()
        self.store.listen(bus.publish_all)
        self.store.step_at_ending(post_failures)
        self.store.step_at_ending(start_successors)
        self.host = self._new_host()
        self.death: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.engine = Engine(
            store=self.store,
            bus=bus,
            clock=self.clock,
            hosts={"local": self.host},
            registry=self.registry,
            settings=Settings(engine=self.SLOTS),
            logs=Logs(self.home / "logs"),
            workspace_id="w",
            holder="test",
            http=lambda: None,
            vault=Vault(self.home, "w", environ={}),
            deliver=self._deliver,
        )
        self.running = asyncio.ensure_future(self.engine.run())
        ready = asyncio.ensure_future(self.engine.is_ready.wait())
        while not (ready.done() or self.running.done() or self.store.is_dead or not self.world.is_reachable):
            await asyncio.sleep(0)
        ready.cancel()

    def _new_host(self) -> Any:
        """The one host as the next engine sees it."""
        return ScriptedHost(self.world)

    async def _deliver(self, parcel: Parcel) -> None:
        self.delivered.append(parcel.id)

    async def _settle(self) -> None:
        """Let the engine do what it can do now."""
        for _round in range(5):
            for _turn in range(10):
                await asyncio.sleep(0)
            if self.engine is None or self.store.is_dead:
                return
            await self._written(lambda tx: None)

    async def _written(self, fn: Any) -> None:
        """Returns too when the engine dies before the write is taken: then nobody ever answers it."""
        write = asyncio.ensure_future(self.store.write(fn))
        await asyncio.wait([write, self.running, self.death], return_when=asyncio.FIRST_COMPLETED)
        if self.running.done():
            self.running.result()
        if write.done():
            write.result()

    async def _write(self, fn: Any) -> None:
        with suppress(Conflict):
            await self._written(fn)
        await self._settle()

    async def _move_clock(self, span: timedelta) -> None:
        self.clock.move(span)
        await self._settle()

    async def _mend_line(self) -> None:
        self.world.is_reachable = True
        if self.engine is not None:
            self.host.on_reconnected(self.world.ground())
        await self._settle()

    async def _end(self, keys: Sequence[str], phase: Phase, exit_code: int | None) -> None:
        for key in keys:
            folder = self.world.folders[key]
            folder.phase, folder.exit_code = phase, exit_code
            if self.engine is not None:
                self.host.push(key)
        await self._settle()

    async def _restart(self) -> None:
        await self._start()
        await self._settle()

    def _die(self) -> None:
        """The process is gone from this very moment; what is not on disk by now never will be."""
        self.store.is_dead = self.host.is_dead = True
        if not self.death.done():
            self.death.set_result(None)

    async def _crash(self) -> None:
        points.observe(None)
        if self.engine is None:
            return
        self._die()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        while others:
            for task in others:
                task.cancel()
            _done, others = await asyncio.wait(others, timeout=0.05)
        await asyncio.gather(self.running, return_exceptions=True)
        await self.store.close()
        self.engine = None

    async def _stop(self, engine: Engine) -> None:
        engine.stop()
        dead = asyncio.ensure_future(self._until_dead())
        await asyncio.wait([self.running, dead], return_when=asyncio.FIRST_COMPLETED)
        dead.cancel()
        if self.running.done():
            self.running.result()
        await self._crash()

    async def _until_dead(self) -> None:
        while not self.store.is_dead:
            await asyncio.sleep(0.01)
