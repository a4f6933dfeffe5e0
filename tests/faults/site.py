"""A workspace with a host of its own, the engines that live and die on it, and what can be seen of it from outside."""

import asyncio
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import psycopg

from tests import processes
from tests.faults import ledger
from tests.faults.checker import Endings, Schedule, judge
from tests.faults.victim import Order
from watchkeeper import boot
from watchkeeper.action.desk import Desk
from watchkeeper.hosts import keeper
from watchkeeper.hosts.keys import attempt_key
from watchkeeper.model.instant import span_us
from watchkeeper.model.run import ENDINGS
from watchkeeper.model.span import parse
from watchkeeper.store.driver import sqlite_module

T = TypeVar("T")

#: How long anything that must happen may take on a loaded machine.
PATIENCE = 60.0

EVERY_MINUTE = "* * * * *"

#: A payload's line that waits until its run is released.
HOLD = 'until [ -e "$LEDGER.$WATCHKEEPER_RUN_ID" ]; do sleep 0.03; done'

_ENDINGS = ", ".join(f"'{state}'" for state in sorted(ENDINGS))


def until(found: Callable[[], T], what: str, patience: float = PATIENCE, seen: Callable[[], object] = str) -> T:
    """What `found` returns once it is true; else what was waited for, and what `seen` says then."""
    deadline = time.monotonic() + patience
    while not (value := found()):
        assert time.monotonic() < deadline, f"waited in vain: {what}; {seen()}"
        time.sleep(0.02)
    return value


class Nursery:
    """Where victims are born (see victim.py)."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.victim"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )  # fmt: skip

    def bear(self, order: Order) -> int:
        """A new victim's pid."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(order.written() + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()


class Victim:
    """One engine's life."""

    def __init__(self, pid: int, folder: Path) -> None:
        self.pid = pid
        self._folder = folder
        self._descriptor = os.pidfd_open(pid)

    def has_ended(self, within: float = 0.0) -> bool:
        """Whether it has died or left, now or in so many seconds."""
        poll = select.poll()
        poll.register(self._descriptor, select.POLLIN)
        return bool(poll.poll(within * 1000))

    def send(self, number: int) -> None:
        """A signal; none when it has gone."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._descriptor, number)

    def kill(self) -> None:
        """SIGKILL; returns when it is dead."""
        self.send(signal.SIGKILL)
        assert self.has_ended(PATIENCE)

    def stop(self) -> int | None:
        """Ask it to leave as Ctrl-C does; its exit code."""
        self.send(signal.SIGINT)
        return self.exit_code()

    def exit_code(self) -> int | None:
        """The code with which it left; None when it was killed."""
        assert self.has_ended(PATIENCE), "the engine does not end"
        with suppress(FileNotFoundError):
            return int((self._folder / "exit-code").read_text())
        return None

    def close(self) -> None:
        self.kill()
        os.close(self._descriptor)


class Site:
    """Made in a folder of its own; `close` stops every engine, keeper and payload that it has started."""

    def __init__(
        self,
        folder: Path,
        nursery: Nursery,
        settings: str = "",
        *,
        disk: Path | None = None,
        host_disk: Path | None = None,
        store: str = "",
    ) -> None:
        """`disk`, `host_disk`: where the workspace and the run directories lie, if not in `folder`.

        `store`: the URL of a server's database, which other sites may have too.
        """
        folder.mkdir(exist_ok=True)
        self.folder, self.home, self.host_root = folder, (disk or folder) / "home", (host_disk or folder) / "host"
        self.ledger = folder / "ledger"
        self._nursery = nursery
        self.victims: list[Victim] = []
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.home / "settings.toml").write_text(settings)
        boot.init_workspace(self.home, store)
        self._store = store

    # Engines.

    def start(self, *, is_ready: bool = True, **more: Any) -> Victim:
        """A new engine, with more of its Order; `is_ready`: once it has found everything again."""
        (self.folder / "exit-code").unlink(missing_ok=True)
        begun = self.events().count("\n")
        env = {"WATCHKEEPER_HOST_ROOT": str(self.host_root), "LANGUAGE": "en", **more.pop("env", {})}
        order = Order(home=str(self.home), folder=str(self.folder), env=env, **more)
        victim = Victim(self._nursery.bear(order), self.folder)
        self.victims.append(victim)
        if is_ready:
            until(lambda: victim.has_ended() or _STARTED in self.events_after(begun), "the engine's start")
            assert not victim.has_ended(), self.events_after(begun)
        return victim

    def events(self) -> str:
        """What all engines have said so far."""
        file = self.folder / "events.txt"
        return file.read_text() if file.exists() else ""

    def events_after(self, lines: int) -> str:
        return "\n".join(self.events().splitlines()[lines:])

    def bury(self, victim: Victim) -> None:
        """Forget an engine that is dead."""
        victim.close()
        self.victims.remove(victim)

    # What people do.

    def do(self, action: str, /, **given: Any) -> Any:
        """Through the engine's socket; without an engine as a command does."""
        return self.with_desk(lambda desk: desk.do(action, **given))

    def ask(self, action: str, /, **given: Any) -> Any:
        return self.with_desk(lambda desk: desk.ask(action, **given))

    def with_desk(self, work: Callable[[Desk], Any]) -> Any:
        """What `work` comes to at the desk that a command would have."""

        async def there() -> Any:
            async with boot.open_desk(self.home, is_writing=True) as desk:
                return await work(desk)

        return asyncio.run(there())

    def save(self, name: str, body: str = "", **more: Any) -> Any:
        """A shell job whose payload notes its start in the ledger."""
        return self.do("job.save", spec=self.spec(name, body, **more))

    def spec(self, name: str, body: str = "", **more: Any) -> dict[str, Any]:
        env = {"LEDGER": str(self.ledger), **more.pop("env", {})}
        return {"name": name, "handler": "shell", "params": {"script": ledger.script(body)}, "env": env, **more}

    def run(self, name: str, **given: Any) -> Any:
        """A run by hand."""
        return self.do("run.start", job=name, **given).run

    def release(self, *run_ids: str) -> None:
        """Let payloads that HOLD go on."""
        for run_id in run_ids:
            Path(f"{self.ledger}.{run_id}").touch()

    # What can be seen.

    def schedules(self) -> list[Schedule]:
        """When all triggers are due, from the jobs as they were first saved."""
        found = self.rows(
            "SELECT triggers.id, triggers.spec, min(saved_at) AS saved FROM triggers JOIN job_versions USING (job_id) "
            "GROUP BY triggers.id"
        )
        return [Schedule(row["id"], period_us(json.loads(row["spec"])), row["saved"]) for row in found]

    def judged(self, endings: Endings) -> list[str]:
        """The faults of a history that has come to rest."""
        cursors = {row["id"]: row["cursor_at"] for row in self.rows("SELECT id, cursor_at FROM triggers")}
        runs, attempts = self.rows("SELECT * FROM runs"), self.rows("SELECT * FROM attempts")
        found = judge(self.schedules(), cursors, runs, attempts, ledger.effects(self.ledger))
        return [*endings.faults(runs), *found]

    def rest(self) -> None:
        """Disable every job and wait for the end of all runs."""
        for row in self.rows("SELECT name FROM jobs"):
            self.do("job.disable", job=row["name"])
        until(lambda: not self.live(), "the end of all runs", 2 * PATIENCE, lambda: [dict(row) for row in self.live()])

    def rows(self, sql: str, *values: Any) -> list[Any]:
        """Straight from the database, past the engine."""
        if self._store:
            with psycopg.connect(self._store, row_factory=psycopg.rows.dict_row) as server:
                return server.execute(sql.replace("?", "%s"), values).fetchall()
        module = sqlite_module()
        with closing(module.connect(f"file:{self.home}/watchkeeper.db?mode=ro", uri=True, timeout=30)) as connection:
            connection.row_factory = module.Row
            return list(connection.execute(sql, values))

    def row(self, run_id: str) -> Any:
        return self.rows("SELECT * FROM runs WHERE id = ?", run_id)[0]

    def state(self, run_id: str) -> str:
        return str(self.row(run_id)["state"])

    def live(self) -> list[Any]:
        """Runs without an ending."""
        return self.rows(f"SELECT * FROM runs WHERE state NOT IN ({_ENDINGS})")

    def ended(self, run_id: str) -> Any:
        """The run's row, once it has its ending."""
        found = until(lambda: self._ended(run_id), f"the end of {run_id}", seen=lambda: dict(self.row(run_id)))
        return found[0]

    def reaches(self, run_id: str, *states: str) -> Any:
        """The run's row, once it is in one of `states`."""
        until(lambda: self.state(run_id) in states, f"{run_id} in {states}")
        return self.row(run_id)

    def effects(self, what: str = "start") -> list[ledger.Effect]:
        return [effect for effect in ledger.effects(self.ledger) if effect.what == what]

    def noted(self, execution_id: str, what: str = "start") -> list[int]:
        """The attempts of a run that noted `what`."""
        return [effect.attempt for effect in self.effects(what) if effect.execution_id == execution_id]

    def log(self, run_id: str, attempt: int = 1) -> bytes:
        """The whole output of an attempt, by the way that everybody has."""
        return bytes(self.ask("run.log", run=run_id, attempt=attempt, length=500_000).data)

    def identity(self) -> str:
        return str(self.rows("SELECT value FROM facts WHERE name = 'id'")[0]["value"])

    def run_folder(self, execution_id: str, attempt: int = 1) -> Path:
        """Where the host has an attempt."""
        return self.host_root / "runs" / attempt_key(self.identity(), execution_id, attempt)

    def notices(self) -> list[dict[str, Any]]:
        """The journal of failures."""
        file = self.home / "notices.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines() if line] if file.exists() else []

    # Processes.

    def keepers(self) -> list[int]:
        """The pids of the living keepers."""
        return processes.keepers(self.host_root)

    def kill_keepers(self) -> None:
        for pid in self.keepers():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        until(lambda: not self.keepers(), "the keepers' death")

    def wrapper(self, execution_id: str, attempt: int = 1) -> int:
        """The pid of the run's wrapper, once its payload has been started."""
        file = self.run_folder(execution_id, attempt) / "run"
        until(lambda: file.exists() and file.read_text().endswith("\n"), f"the start of {execution_id}")
        return int(file.read_text().split()[0])

    def payload(self, execution_id: str, attempt: int = 1) -> int:
        """The pid that the payload noted, once it has."""
        wanted = (execution_id, attempt)
        mine = until(
            lambda: [effect for effect in self.effects() if (effect.execution_id, effect.attempt) == wanted],
            f"the first line of {execution_id}",
        )
        return mine[0].pid

    def processes(self) -> list[int]:
        """The living processes of all payloads."""
        return processes.payloads(self.host_root)

    def unfinished(self) -> list[str]:
        """The keys of run directories whose run has begun and has no exit code."""
        records = self.host_root.glob("runs/*/run")
        return [file.parent.name for file in records if not (file.parent / "rc").exists()]

    def kill_runs(self) -> None:
        """Kill every wrapper and every payload."""
        records = [(self.host_root / "runs" / key / "run").read_text().split() for key in self.unfinished()]
        wrappers = [int(record[0]) for record in records if record and _has_cookie(record)]
        for pid in [*wrappers, *self.processes()]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        for victim in self.victims:
            victim.close()
        self.kill_keepers()
        self.kill_runs()

    def _ended(self, run_id: str) -> list[Any]:
        return self.rows(f"SELECT * FROM runs WHERE id = ? AND state IN ({_ENDINGS})", run_id)


@contextmanager
def site_in(folder: Path, nursery: Nursery, settings: str = "", **disks: Any) -> Iterator[Site]:
    """A site that leaves no process behind."""
    site = Site(folder, nursery, settings, **disks)
    try:
        yield site
    finally:
        site.close()


def period_us(trigger: dict[str, Any]) -> int:
    """Microseconds between two instants: of an interval, or of the one cron expression that needs no reading."""
    assert "every" in trigger or trigger["cron"] == EVERY_MINUTE
    return span_us(parse(trigger.get("every", "1m")))


def states(rows: Sequence[Any]) -> list[str]:
    return [row["state"] for row in rows]


def proof_of(reason: str) -> tuple[int, int]:
    """The numbers of "3 of 3 gone"."""
    values = json.loads(reason)["values"]["proof"]["values"]
    return int(values["found"]), int(values["gone"])


def _has_cookie(record: list[str]) -> bool:
    """Whether the process of a `run` file is still the wrapper that wrote it."""
    return keeper.Linux().has_cookie(int(record[0]), record[2])


#: How an engine says that it has found everything again and schedules.
_STARTED = "engine started"
