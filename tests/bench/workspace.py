"""A real workspace in a folder of its own: queued runs in its store, an engine process, a keeper, and their end."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from bench.folders import new_folder
from watchkeeper.boot import database_of, init_workspace, store_of
from watchkeeper.hosts import keeper
from watchkeeper.model.ids import run_id
from watchkeeper.model.job import Concurrency, Job, JobSpec, Policy, Retry
from watchkeeper.model.run import LIVE, Run, State
from watchkeeper.store import jobs
from watchkeeper.store.driver import sqlite_module
from watchkeeper.store.moves import Shelved
from watchkeeper.store.rows import new_row
from watchkeeper.store.store import Store
from watchkeeper.store.tx import Tx

#: Seconds after which a row that does not come to its end is given up.
PATIENCE = 120.0
#: Seconds between two looks at the store: seldom enough to cost the engine nothing.
BEAT = 0.05
#: New runs of one transaction.
BATCH = 2_000

#: What a row puts into its plugins folder is its own.
OWN = '[plugins]\nown = "plugins"\n'

_LIVE = ", ".join(f"'{state}'" for state in sorted(LIVE))


class Workspace:
    """Use it by `with new_workspace(...)`."""

    def __init__(self, folder: Path, store: str = "") -> None:
        """`store`: the URL of a server's database."""
        self._store = store
        self.home = folder / "home"
        self.host_root = folder / "host"
        self._runtime = folder / "run"
        self._runtime.mkdir(mode=0o700)
        self._engine: subprocess.Popen[bytes] | None = None

    def set_up(self, settings: str, plugin: str) -> None:
        """Make it, with settings.toml and a plugin file of these texts."""
        self.home.mkdir(mode=0o700)
        (self.home / "settings.toml").write_text(settings)
        init_workspace(self.home, self._store)
        if plugin:
            (self.home / "plugins" / "bench_plugin.py").write_text(plugin)

    def save(self, specs: Sequence[JobSpec]) -> None:
        """Save jobs, as `apply` would."""
        asyncio.run(self._written(lambda store: store.write(lambda tx: jobs.save_all(tx, specs, "bench"))))

    def queue(self, spec: JobSpec, count: int) -> None:
        """Save a job and let so many runs of it be due now; the engine finds them when it starts."""
        asyncio.run(self._written(lambda store: _queue(store, spec, count)))

    def shelve(self, rows: Sequence[Shelved]) -> None:
        """Put attempts on the shelf."""
        asyncio.run(self._written(lambda store: store.move(rows)))

    def start(self) -> None:
        """Start the engine in a process of its own; what it says goes where a service's output would go."""
        with (self.home / "engine.out").open("ab") as out:
            words = [sys.executable, "-m", "watchkeeper", "--home", str(self.home), "engine"]
            self._engine = subprocess.Popen(words, env=self.env, stdin=subprocess.DEVNULL, stdout=out, stderr=out)

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End the engine; its runs and its keeper live on."""
        if self._engine is not None:
            self._engine.send_signal(number)
            self._engine.wait()
            self._engine = None

    @property
    def env(self) -> dict[str, str]:
        """For a process of its own: nothing of it meets what else is on this machine."""
        own = {"WATCHKEEPER_HOST_ROOT": str(self.host_root), "XDG_RUNTIME_DIR": str(self._runtime)}
        return {**os.environ, **own}

    @property
    def pid(self) -> int:
        """The engine's process."""
        assert self._engine is not None
        return self._engine.pid

    def now_us(self) -> int:
        """The moment, in microseconds since 1970."""
        return time.time_ns() // 1000

    def rows(self, sql: str, *values: object) -> list[Any]:
        """What the store holds at this moment."""
        if self._store:
            with psycopg.connect(self._store) as server:
                return server.execute(sql.replace("?", "%s").encode(), values).fetchall()
        with contextlib.closing(sqlite_module().connect(database_of(self.home))) as connection:
            connection.execute("PRAGMA query_only=ON")
            found: list[Any] = connection.execute(sql, values).fetchall()
            return found

    def value(self, sql: str, *values: object) -> Any:
        """The first column of the first row, or None."""
        found = self.rows(sql, *values)
        return found[0][0] if found else None

    def until(self, sql: str, wanted: object) -> None:
        """Wait until the store answers so, and start an engine that has ended anew, as a service manager would.

        RuntimeError when it never does.
        """
        deadline = time.monotonic() + PATIENCE
        while self.value(sql) != wanted:
            if time.monotonic() > deadline:
                raise RuntimeError(f"waited in vain: {sql} = {wanted}\n{self._last_words()}")
            if self._engine is not None and self._engine.poll() is not None:
                self.start()
            time.sleep(BEAT)

    def until_ended(self) -> None:
        """Wait until no run is live."""
        self.until(f"SELECT 1 FROM runs WHERE state IN ({_LIVE}) LIMIT 1", None)

    def rate(self, since_number: int = 0) -> float:
        """Runs per second from the first start to the last end; RuntimeError unless all have succeeded."""
        count, succeeded, began, ended = self.rows(
            "SELECT count(*), count(CASE state WHEN 'SUCCEEDED' THEN 1 END), min(started_at), max(ended_at) FROM runs "
            "WHERE number > ?",
            since_number,
        )[0]
        if succeeded != count:
            raise RuntimeError(f"{succeeded} of {count} runs succeeded\n{self._last_words()}")
        return float(count) / float(ended - began) * 1e6

    def end(self) -> None:
        """Leave nothing behind: engine, keeper, or a process of a run."""
        self.stop(signal.SIGKILL)
        for lock in (self.host_root / "keepers").glob("*.lock"):
            _kill(int(lock.read_text() or 0))
        mine = f"WATCHKEEPER_OUTPUT={self.host_root}/".encode()
        for process in keeper.Linux().table():
            with contextlib.suppress(OSError):
                if mine in Path(f"/proc/{process.pid}/environ").read_bytes():
                    _kill(process.pid)

    async def _written(self, fn: Any) -> None:
        store = await Store.open(store_of(self.home))
        try:
            await fn(store)
        finally:
            await store.close()

    def _last_words(self) -> str:
        return "\n".join((self.home / "engine.out").read_text(errors="replace").splitlines()[-20:])


@contextlib.contextmanager
def new_workspace(
    *, local_slots: int = 32, inside_slots: int = 512, plugin: str = "", store: str = ""
) -> Iterator[Workspace]:
    """A workspace of which nothing runs any more afterwards."""
    workspace = Workspace(new_folder(), store)
    try:
        workspace.set_up(f"[engine]\nlocal_slots = {local_slots}\ninside_slots = {inside_slots}\n{OWN}", plugin)
        yield workspace
    finally:
        workspace.end()


def job(name: str, handler: str, **more: Any) -> JobSpec:
    """A job whose runs do not exclude each other and are tried once."""
    return JobSpec(name, handler, concurrency=Concurrency(Policy.ALLOW), retry=Retry(max_attempts=1), **more)


def _save(tx: Tx, specs: Sequence[JobSpec]) -> list[Job]:
    return [jobs.save(tx, spec, "bench") for spec in specs]


async def _queue(store: Store, spec: JobSpec, count: int) -> None:
    (saved,) = await store.write(lambda tx: _save(tx, [spec]))
    rows = [new_row(_due_now(saved)) for _ in range(count)]
    for start in range(0, count, BATCH):
        await store.move(rows[start : start + BATCH])


def _due_now(job: Job) -> Run:
    now = datetime.now(UTC)
    return Run(
        id=run_id(),
        job_id=job.id,
        job_name=job.name,
        job_version=job.version,
        state=State.QUEUED,
        priority=job.spec.priority,
        created_at=now,
        due_at=now,
        actor="bench",
    )


def _kill(pid: int) -> None:
    if pid > 1:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
