"""A copy a day, the newest always kept, and a word when it can't be made."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.engine.clock import ManualClock
from tests.store.making import START
from watchkeeper.bus import Bus
from watchkeeper.engine.backup import Copier
from watchkeeper.model.events import BackupFailed, BackupMade, Event
from watchkeeper.model.span import Span
from watchkeeper.settings import BackupSettings
from watchkeeper.store import backup, schema

DAY = timedelta(days=1)


class Shop:
    """A store, its copier, and what is told."""

    def __init__(self, folder: Path, spare: int = 0) -> None:
        self.database, self.clock, self.bus = folder / "watchkeeper.db", ManualClock(START), Bus()
        self.heard: list[Event] = []
        self.bus.listen(Event, self.heard.append)
        self.settings = BackupSettings(keep=Span(days=3))
        self.copier = Copier(self.database, self.settings, spare, self.bus, self.clock)

    async def look(self) -> bool:
        """Whether a copy was made."""
        return await self.copier.copy_if_due(self.database) is not None

    def files(self) -> list[str]:
        return sorted(file.name for file in self.database.parent.glob("backups/*"))


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    schema.create(tmp_path / "watchkeeper.db", {"zone": "UTC"})
    yield Shop(tmp_path)
    await asyncio.get_running_loop().shutdown_default_executor()


async def test_a_copy_is_made_when_the_last_one_is_a_day_old(shop: Shop) -> None:
    assert [await shop.look(), await shop.look()] == [True, False]
    shop.clock.move(DAY - timedelta(minutes=1))
    assert not await shop.look()
    shop.clock.move(timedelta(minutes=1))
    assert await shop.look()
    assert [type(event) for event in shop.heard] == [BackupMade] * 2
    for copy in backup.daily(shop.database):
        assert backup.inspected(copy.file).made_at.replace(microsecond=0) == copy.made_at


async def test_old_copies_go_and_those_of_people_stay(shop: Shop) -> None:
    backup.copy_of(shop.database, None, lambda copied, total: None)
    mine = shop.files()
    for _day in range(6):
        assert await shop.look()
        shop.clock.move(DAY)
    left = [name for name in shop.files() if name not in mine]
    assert len(left) == 2 * 4 and all(name.startswith("daily-") for name in left)
    assert set(mine) <= set(shop.files())


async def test_the_newest_copy_is_kept_however_old_it_is(shop: Shop) -> None:
    assert await shop.look()
    before = shop.files()
    shop.clock.move(30 * DAY)
    shop.database.rename(shop.database.with_suffix(".gone"))
    assert not await shop.look()
    assert shop.files() == before


async def test_a_copy_that_can_not_be_made_is_told_of_once(tmp_path: Path, shop: Shop) -> None:
    full = Shop(tmp_path, spare=1 << 60)
    assert [await full.look(), await full.look()] == [False, False]
    assert [type(event) for event in full.heard] == [BackupFailed]
    assert "no room for a copy" in str(full.heard[0].reason)  # type: ignore[attr-defined]  # a BackupFailed
    assert full.files() == []


async def test_an_engine_that_ends_waits_for_no_copy(shop: Shop) -> None:
    copying = asyncio.ensure_future(shop.look())
    await asyncio.sleep(0)
    copying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await copying
    await asyncio.get_running_loop().shutdown_default_executor()
    assert [name for name in shop.files() if name.startswith(".")] == []
