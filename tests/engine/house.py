"""A workspace with a real store, real handlers and, where wanted, a real host; and an engine that comes and goes."""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.engine.clock import ManualClock
from tests.processes import is_alive, keepers, payloads
from watchkeeper.bus import Bus
from watchkeeper.engine.chain import start_successors
from watchkeeper.engine.deliver import post_failures
from watchkeeper.engine.engine import Engine
from watchkeeper.engine.logs import Logs
from watchkeeper.hosts.host import Host, Start
from watchkeeper.hosts.keys import attempt_key
from watchkeeper.hosts.local import LocalHost
from watchkeeper.model.events import Event, RunQueued
from watchkeeper.model.ids import run_id
from watchkeeper.model.job import Concurrency, Job, JobSpec, Policy, Retry
from watchkeeper.model.run import Ground, Run, State
from watchkeeper.model.span import Span
from watchkeeper.plugin.registry import Registry
from watchkeeper.settings import EngineSettings, Settings
from watchkeeper.store import jobs, runs
from watchkeeper.store.moves import Intended
from watchkeeper.store.outbox import Parcel
from watchkeeper.store.rows import stored
from watchkeeper.store.store import Store
from watchkeeper.store.tx import Tx
from watchkeeper.vault.file_place import Cost
from watchkeeper.vault.vault import Vault

WORKSPACE = "w"
#: A passphrase that is tried at once.
CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
#: How long anything may take on a loaded machine.
PATIENCE = 30.0


class House:
    """Made and ended by the fixture."""

    def __init__(self, home: Path, store: Store, registry: Registry, clock: ManualClock) -> None:
        self.home, self.store, self.registry, self.clock = home, store, registry, clock
        self.bus = Bus()
        self.heard: list[Event] = []
        self.parcels: list[Parcel] = []
        self.vault = Vault(home, WORKSPACE, environ={}, cost=CHEAP)
        self.deliver_error: OSError | None = None
        self.logs = Logs(home / "logs")
        self.engine: Engine | None = None
        self.hosts: list[LocalHost] = []
        store.listen(self.bus.publish_all)
        store.step_at_ending(post_failures)
        store.step_at_ending(start_successors)
        self.bus.listen(Event, self.heard.append)

    # The engine.

    async def start(self, *, has_host: bool = False, scripted: Host | None = None, **slots: int) -> Engine:
        """Start an engine, with a real host or a scripted one, and return when it is ready."""
        hosts: dict[str, Host] = {"local": self.host()} if has_host else {}
        if scripted is not None:
            hosts["local"] = scripted
        self.engine = Engine(
            store=self.store,
            bus=self.bus,
            clock=self.clock,
            hosts=hosts,
            registry=self.registry,
            settings=Settings(engine=EngineSettings(**{"local_slots": 4, "inside_slots": 4, **slots})),
            logs=self.logs,
            workspace_id=WORKSPACE,
            holder="test",
            http=lambda: None,
            vault=self.vault,
            deliver=self._deliver,
        )
        self.running = asyncio.ensure_future(self.engine.run())
        ready = asyncio.ensure_future(self.engine.is_ready.wait())
        async with asyncio.timeout(PATIENCE):
            await asyncio.wait([self.running, ready], return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if self.running.done():
            await self.running
        return self.engine

    async def stop(self) -> None:
        """Stop the engine, and raise what ended it otherwise."""
        if self.engine is not None:
            self.engine.stop()
            self.engine = None
            async with asyncio.timeout(PATIENCE):
                await self.running

    def host(self) -> LocalHost:
        """This machine as one engine sees it."""
        self.hosts.append(LocalHost(self.home / "host"))
        return self.hosts[-1]

    async def _deliver(self, parcel: Parcel) -> None:
        self.parcels.append(parcel)
        if self.deliver_error is not None:
            raise self.deliver_error

    # Jobs and runs.

    async def save(self, handler: str = "act.note", name: str = "job", **fields: Any) -> Job:
        if handler == "act.note":
            fields.setdefault("params", {"file": str(self.home / "ledger")})
        if handler == "shell":
            fields["params"] = {"script": fields.pop("script", "true"), **fields.pop("params", {})}
        fields.setdefault("concurrency", Concurrency(policy=Policy.ALLOW))
        fields.setdefault("retry", Retry(max_attempts=1))
        spec = JobSpec(name=name, handler=handler, **fields)
        return await self.store.write(lambda tx: jobs.save(tx, spec, "test"))

    def new_run(self, job: Job, **fields: Any) -> Run:
        return new_run(job, self.clock.now(), **fields)

    async def submit(self, job: Job, **fields: Any) -> Run:
        """Ask for a run, as an action does."""
        run = self.new_run(job, **fields)
        return await self.store.write(lambda tx: put_in_queue(tx, run))

    async def left(self, job: Job, ground: Ground | None = None, **fields: Any) -> Run:
        """A run that a dead engine left DISPATCHING: its intent is on disk, and perhaps nothing else."""
        run = self.new_run(job, **fields)
        await self.store.write(lambda tx: runs.insert(tx, run))
        host = None if ground is None else "local"
        row = Intended(run.id, 1, self.clock.now_us(), run.concurrency_key, host, stored(ground))
        assert await self.store.move([row]) == []
        return run

    async def started(self, host: LocalHost, run: Run, script: str) -> str:
        """Start a run's process as the dead engine did; its key."""
        key = attempt_key(WORKSPACE, run.execution_id, 1)
        await host.start([Start(key, ("/bin/sh", "{script}"), script=script)])
        return key

    async def cancel(self, run: Run, grace: Span | None = None) -> None:
        await self.store.write(lambda tx: runs.request_cancel(tx, run.id, "me", grace))

    async def look(self, run: Run) -> Run:
        return await self.store.read(lambda tx: runs.get(tx, run.id))

    async def becomes(self, run: Run, *states: State) -> Run:
        """The run once it is in one of `states`."""
        return await self.until(lambda found: found.state in states, run, f"{run.job_name} becomes {states}")

    async def until(self, is_so: Callable[[Run], bool], run: Run, what: str) -> Run:
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while not is_so(found := await self.look(run)):
            assert not (self.engine and self.running.done()), self.running.exception()
            assert asyncio.get_running_loop().time() < deadline, f"waited in vain: {what}; {found}"
            await asyncio.sleep(0.01)
        return found

    async def all_runs(self) -> list[Run]:
        """Oldest first."""
        return list(reversed(await self.store.read(lambda tx: runs.page(tx, limit=1000))))

    def effects(self) -> list[str]:
        """The lines that handlers and scripts have appended."""
        file = self.home / "ledger"
        return file.read_text().splitlines() if file.exists() else []

    async def end(self) -> None:
        with suppress(Exception):
            await self.stop()
        for host in self.hosts:
            await host.close()
        await self._end_processes()
        await self.store.close()
        await asyncio.get_running_loop().shutdown_default_executor()

    async def _end_processes(self) -> None:
        """The keepers first: one that lives may start what it was asked for while we look."""
        for kind in (keepers, payloads):
            await _ended(kind(self.home / "host"))


async def _ended(pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while any(map(is_alive, pids)) and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.01)


def new_run(job: Job, now: datetime, **fields: Any) -> Run:
    """A run of the job that is due now."""
    known = {
        "id": run_id(),
        "job_id": job.id,
        "job_name": job.name,
        "job_version": job.version,
        "state": State.QUEUED,
        "priority": job.spec.priority,
        "concurrency_key": job.concurrency_key(None),
        "pool": job.spec.pool,
        "created_at": now,
        "due_at": now,
    }
    return Run(**{**known, **fields})


def put_in_queue(tx: Tx, run: Run) -> Run:
    """What an action does with a new run."""
    tx.tell(RunQueued(run.id, run.job_name))
    return runs.insert(tx, run)


async def eventually(is_so: Callable[[], object], what: str) -> None:
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while not is_so():
        assert asyncio.get_running_loop().time() < deadline, f"waited in vain: {what}"
        await asyncio.sleep(0.01)
