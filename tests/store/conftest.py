"""A store of its own for each test: real SQLite in a file, a clock that the test moves."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.store.making import Wall
from watchkeeper.model.events import Event
from watchkeeper.store.schema import create
from watchkeeper.store.store import Store


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated store without anything in it, to be copied."""
    place = tmp_path_factory.mktemp("empty") / "watchkeeper.db"
    create(place, {"zone": "Europe/Berlin"})
    return place


@pytest.fixture
def place(empty_store: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(empty_store, tmp_path / "watchkeeper.db"))


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
async def opened(place: Path, wall: Wall) -> AsyncIterator[Callable[[], Awaitable[Store]]]:
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
