"""A store of its own for each test, on each database: SQLite in a file and PostgreSQL; a clock that the test moves.

`on_sqlite` and `on_postgresql` are for what only one of them has; `pooled` runs a test through PgBouncer as well.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from tests.postgresql import Bouncer, Server, bouncer, server
from tests.store.machines import behind, elsewhere, open_at, proxy
from tests.store.making import NEXT, Wall
from watchkeeper.model.events import Event
from watchkeeper.store import schema
from watchkeeper.store.schema import create
from watchkeeper.store.store import Store

__all__ = ["behind", "bouncer", "elsewhere", "open_at", "proxy", "server"]

FACTS = {"zone": "Europe/Berlin"}

#: The database that every test's own is a copy of.
TEMPLATE = "template_of_tests"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what needs a store on every database that it is for."""
    wanted = set(metafunc.fixturenames)
    if "database" in wanted:
        servers = ["postgresql", *(["pgbouncer"] if "pooled" in wanted else [])]
        files = [] if "on_postgresql" in wanted else ["sqlite"]
        metafunc.parametrize("database", [*files, *([] if "on_sqlite" in wanted else servers)])


@pytest.fixture
def on_sqlite() -> None:
    """For what only SQLite has."""


@pytest.fixture
def on_postgresql() -> None:
    """For what only a server has."""


@pytest.fixture
def pooled() -> None:
    """For what has to do with transactions and their connections."""


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated store without anything in it, to be copied."""
    place = tmp_path_factory.mktemp("empty") / "watchkeeper.db"
    create(place, FACTS)
    return place


@pytest.fixture(scope="session")
def template(server: Server) -> str:
    """A migrated database on the server, to be copied."""
    server.sql(f"CREATE DATABASE {TEMPLATE}")
    create(server.url(TEMPLATE), FACTS)
    return TEMPLATE


@pytest.fixture
def server_database(server: Server, template: str) -> Iterator[str]:
    """The name of a fresh database on the server."""
    with server.copied(template) as name:
        yield name


@pytest.fixture
def place(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where the test's store is."""
    if database == "sqlite":
        template: Path = request.getfixturevalue("empty_store")
        return Path(shutil.copyfile(template, tmp_path / "watchkeeper.db"))
    before: Server | Bouncer = request.getfixturevalue("server" if database == "postgresql" else "bouncer")
    return before.url(request.getfixturevalue("server_database"))


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
async def opened(place: Path | str, wall: Wall) -> AsyncIterator[Callable[[], Awaitable[Store]]]:
    """Opens the same store as often as it is called."""
    stores: list[Store] = []

    async def open_one() -> Store:
        stores.append(await Store.open(place, clock=wall))
        return stores[-1]

    yield open_one
    for store in stores:
        await store.close()
    await asyncio.get_running_loop().shutdown_default_executor()


@pytest.fixture
async def store(opened: Callable[[], Awaitable[Store]]) -> Store:
    return await opened()


@pytest.fixture
def told(store: Store) -> list[Event]:
    """Everything that the store has told."""
    heard: list[Event] = []
    store.listen(heard.extend)
    return heard


@pytest.fixture
def newer_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This program as it will be after one more migration; its file, to be written anew."""
    migrations = tmp_path / "migrations"
    shutil.copytree(schema._MIGRATIONS, migrations, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(schema, "_MIGRATIONS", migrations)
    monkeypatch.setattr(schema, "HEAD", NEXT)
    return migrations / "versions" / f"v{NEXT}_test.py"
