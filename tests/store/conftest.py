"""A store of its own for each test: real SQLite in a file, a clock that the test moves.

With WATCHKEEPER_TEST_POSTGRESQL the same tests run on that database, whose schema `public` is emptied for each.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.store.making import Wall
from watchkeeper.model.events import Event
from watchkeeper.store.driver import url_of, writing_engine
from watchkeeper.store.schema import create
from watchkeeper.store.store import Store

SERVER = os.environ.get("WATCHKEEPER_TEST_POSTGRESQL", "")


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated store without anything in it, to be copied."""
    place = tmp_path_factory.mktemp("empty") / "watchkeeper.db"
    create(place, {"zone": "Europe/Berlin"})
    return place


@pytest.fixture
def place(empty_store: Path, tmp_path: Path) -> Path | str:
    if SERVER:
        return emptied(SERVER)
    return Path(shutil.copyfile(empty_store, tmp_path / "watchkeeper.db"))


def emptied(server: str) -> str:
    engine = writing_engine(url_of(server))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    create(server, {"zone": "Europe/Berlin"})
    return server


@pytest.fixture
def on_sqlite() -> None:
    """For what only SQLite has."""
    if SERVER:
        pytest.skip("a matter of SQLite's own")


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
async def opened(place: Path | str, wall: Wall) -> AsyncIterator[Callable[[], Awaitable[Store]]]:
    """Opens the same file as often as it is called."""
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
