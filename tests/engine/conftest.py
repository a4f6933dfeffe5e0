"""A house for each test; the handlers are loaded once."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.engine.clock import ManualClock
from tests.engine.house import House
from watchkeeper.model import places
from watchkeeper.plugin.loader import Folder
from watchkeeper.plugin.registry import Registry
from watchkeeper.store.schema import create
from watchkeeper.store.store import Store

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def registry() -> Registry:
    """The bundled handlers and those of these tests, which count as bundled: their plain functions run in threads."""
    registry = Registry()
    registry.load([Folder(places.plugins(), is_bundled=True), Folder(Path(__file__).parent / "handlers", True)])
    assert [file.error for file in registry.files if file.error] == []
    return registry


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("empty") / "watchkeeper.db"
    create(place, {"zone": "UTC"})
    return place


@pytest.fixture
async def house(empty_store: Path, tmp_path: Path, registry: Registry) -> AsyncIterator[House]:
    clock = ManualClock(START)
    place = Path(shutil.copyfile(empty_store, tmp_path / "watchkeeper.db"))
    house = House(tmp_path, await Store.open(place, clock=clock.now), registry, clock)
    yield house
    await house.end()
