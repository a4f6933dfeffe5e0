"""Reading: never writes, sees one state of things, and is interrupted when nobody wants it any more."""

import asyncio
import gc
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from tests.store.making import new
from watchkeeper.model.errors import StoreDown
from watchkeeper.store import pools, runs
from watchkeeper.store.reader import READERS
from watchkeeper.store.store import Store
from watchkeeper.store.tx import Tx

PATIENCE = 20.0

#: Takes hours when nobody interrupts it.
ENDLESS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000000) SELECT count(*) FROM n"
)

pytestmark = pytest.mark.usefixtures("pooled")


async def cancel_midway(store: Store) -> None:
    loop, is_there = asyncio.get_running_loop(), asyncio.Event()

    def query(tx: Tx) -> int:
        loop.call_soon_threadsafe(is_there.set)
        return int(tx.value(ENDLESS))

    reading = asyncio.ensure_future(store.read(query))
    await is_there.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading


async def test_a_cancelled_query_is_interrupted_and_its_connection_serves_the_next(store: Store) -> None:
    async with asyncio.timeout(PATIENCE):
        # More often than there are connections: one that was lost with its query would be missed.
        for _time in range(READERS + 2):
            await cancel_midway(store)
        found = await asyncio.gather(*[store.read(lambda tx: tx.value("SELECT 7")) for _ in range(READERS)])
    assert found == [7] * READERS


async def test_a_store_closes_after_a_cancelled_query(store: Store) -> None:
    await cancel_midway(store)


def test_the_end_of_a_cancelled_query_is_nobodys_error(place: Path | str) -> None:
    """Not even when store and loop end at once."""
    heard: list[dict[str, Any]] = []

    async def live_briefly() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: heard.append(context))
        store = await Store.open(place)
        await cancel_midway(store)
        await store.close()

    asyncio.run(live_briefly())
    gc.collect()
    assert heard == []


async def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises((DBAPIError, StoreDown), match=r"read-?only"):
        await store.read(lambda tx: pools.save(tx, "p", 1))
    assert await store.read(pools.all) == []


async def test_a_reading_sees_one_state_of_things(store: Store) -> None:
    """What is committed between two queries of one reading is not seen by the second."""
    loop = asyncio.get_running_loop()

    def look_twice(tx: Tx) -> tuple[int, int]:
        first = len(runs.live(tx))
        asyncio.run_coroutine_threadsafe(store.move([new()]), loop).result(PATIENCE)
        return first, len(runs.live(tx))

    assert await store.read(look_twice) == (0, 0)
    assert len(await store.read(runs.live)) == 1


async def test_the_error_of_a_query_is_its_callers(store: Store) -> None:
    def broken(tx: Tx) -> None:
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        await store.read(broken)
    assert await store.read(lambda tx: tx.value("SELECT 1")) == 1
