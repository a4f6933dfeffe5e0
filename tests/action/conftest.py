"""A workspace with a real store, the bundled plugins and both desks."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from watchkeeper.access.actor import Actor, local_operator
from watchkeeper.action.desk import Desk, LocalDesk
from watchkeeper.action.door import Door
from watchkeeper.action.socket_desk import SocketDesk
from watchkeeper.action.socket_server import SocketServer
from watchkeeper.bus import Bus
from watchkeeper.model import places
from watchkeeper.model.events import Event
from watchkeeper.model.ids import run_id
from watchkeeper.model.instant import to_us
from watchkeeper.model.run import Run, State
from watchkeeper.plugin.loader import Folder
from watchkeeper.plugin.registry import Registry
from watchkeeper.store.moves import Ended, Intended, Lost, NewRun, Orphaned
from watchkeeper.store.schema import create
from watchkeeper.store.store import Store
from watchkeeper.store.tx import Tx
from watchkeeper.vault.file_place import Cost
from watchkeeper.vault.vault import Vault

#: What a workspace must not lose or gain when something is refused.
TABLES = (
    "jobs",
    "job_versions",
    "triggers",
    "pools",
    "calendars",
    "runs",
    "execution_ids",
    "acknowledgements",
    "secrets",
    "secret_versions",
    "plugin_verdicts",
)


@pytest.fixture(scope="session")
def registry() -> Registry:
    """The bundled handlers."""
    registry = Registry()
    registry.load([Folder(places.plugins(), is_bundled=True)])
    return registry


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    create(tmp_path / "watchkeeper.db", {"zone": "Europe/Berlin"})
    store = await Store.open(tmp_path / "watchkeeper.db")
    yield store
    await store.close()
    await asyncio.get_running_loop().shutdown_default_executor()


@pytest.fixture
async def door(store: Store, registry: Registry, tmp_path: Path) -> Door:
    """Logs are files `<run>.<attempt>` in the workspace."""
    bus = Bus()
    store.listen(lambda events: [bus.publish(event) for event in events] and None)

    async def log(run: Run, attempt: int, offset: int, length: int) -> bytes:
        file = tmp_path / f"{run.id}.{attempt}"
        return file.read_bytes()[offset : offset + length] if file.exists() else b""

    return Door(
        home=tmp_path,
        zone="Europe/Berlin",
        write=store.write,
        read=store.read,
        registry=registry,
        log=log,
        vault=Vault(tmp_path, "w", environ={}, cost=Cost(memory_kib=64, passes=1, lanes=1)),
        listen=lambda callback: bus.listen(Event, callback),
    )


@pytest.fixture
async def local(door: Door) -> AsyncIterator[LocalDesk]:
    desk = LocalDesk(door, local_operator())
    yield desk
    await desk.close()


@pytest.fixture
def as_actor(door: Door) -> Callable[[Actor], LocalDesk]:
    """A desk for somebody else."""
    return lambda actor: LocalDesk(door, actor)


@asynccontextmanager
async def over_socket(desk: Desk, folder: Path, **options: Any) -> AsyncIterator[SocketDesk]:
    """`desk` behind a real socket."""
    server = SocketServer(desk, socket_in(folder), **options)
    await server.start()
    client = await SocketDesk.connect(socket_in(folder))
    yield client
    await client.close()
    await server.close()


def socket_in(folder: Path) -> Path:
    """Short enough for an AF_UNIX path, wherever the tests lie."""
    return places.socket_of(folder, "test")


@pytest.fixture(params=["local", "socket"])
async def desk(request: pytest.FixtureRequest, local: LocalDesk, tmp_path: Path) -> AsyncIterator[Desk]:
    """The same engine by both ways."""
    if request.param == "local":
        yield local
        return
    async with over_socket(local, tmp_path) as remote:
        yield remote


@pytest.fixture
def rows(store: Store) -> Callable[[], Any]:
    """Everything that is stored but for the audit trail."""

    def look(tx: Tx) -> dict[str, list[Any]]:
        return {table: [tuple(row) for row in tx.rows(f"SELECT * FROM {table}")] for table in TABLES}

    return lambda: store.read(look)


def job(name: str = "nightly", **more: Any) -> dict[str, Any]:
    """A job as a file says it."""
    return {"name": name, "handler": "shell", "params": {"script": "true"}, **more}


@pytest.fixture
def end_run(store: Store) -> Callable[[Run, State], Any]:
    """Give a queued run an ending, as an engine would."""

    async def end(run: Run, state: State) -> None:
        now = int(run.created_at.timestamp() * 1_000_000) + 1
        intent = Intended(run.id, 1, now, None, None, None)
        ending = Ended(run.id, run.job_id, 1, state, None, now, now, 1, 0, None, 0, 0)
        assert await store.move([intent]) == []
        assert await store.move([ending]) == []

    return end


@pytest.fixture
def miss(store: Store) -> Callable[[Run], Any]:
    """Let the job of a run have missed an occurrence just then."""

    async def missed(like: Run) -> None:
        at = to_us(like.created_at)
        row = NewRun(
            run_id(), like.job_id, like.job_name, like.job_version, "fire", "MISSED", 5, at, at, "scheduler",
            trigger_id="t1", nominal_at=at, ended_at=at, last_missed_at=at, missed_count=1,
        )  # fmt: skip
        assert await store.move([row]) == []

    return missed


@pytest.fixture
def lose_run(store: Store) -> Callable[[Run], Any]:
    """Let nobody know what became of a queued run, as after a crash."""

    async def lose(run: Run) -> None:
        now = int(run.created_at.timestamp() * 1_000_000) + 1
        for row in (
            Intended(run.id, 1, now, None, None, None),
            Orphaned(run.id, 1, None),
            Lost(run.id, 1, None),
        ):
            assert await store.move([row]) == []

    return lose
