"""Connections to a server that break, and an answer that is lost with one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from tests.proxy import Proxy, Trap
from tests.store.machines import PATIENCE, grown, size, taken
from tests.store.making import new, state_of
from watchkeeper.model.errors import LeaseLost, StoreBusy, StoreDown
from watchkeeper.model.events import Event, PoolsChanged, StoreRecovered, StoreStalled
from watchkeeper.model.run import State
from watchkeeper.store import pools
from watchkeeper.store.store import Store

# Connections that break.


async def test_a_server_that_was_restarted_while_nothing_happened_is_not_noticed(behind: Store, proxy: Proxy) -> None:
    await asyncio.gather(*(behind.read(pools.all) for _ in range(3)))
    proxy.cut()
    proxy.mend()
    assert await behind.write(grown) == 1
    assert [pool.size for pool in await behind.look(pools.all)] == [1]


async def test_while_the_server_is_away_moves_and_readings_wait_and_people_are_told(
    behind: Store, proxy: Proxy
) -> None:
    heard: list[Event] = []
    behind.listen(heard.extend)
    proxy.cut()
    run = new()
    moving, reading = asyncio.ensure_future(behind.move([run])), asyncio.ensure_future(behind.read(pools.all))
    with pytest.raises(StoreBusy):
        await behind.write(grown)
    with pytest.raises(StoreBusy):
        await behind.look(pools.all)
    assert not moving.done() and not reading.done()
    proxy.mend()
    async with asyncio.timeout(PATIENCE):
        assert await moving == [] and await reading == []
    assert await behind.read(lambda tx: state_of(tx, run.id)) == State.QUEUED
    await behind.write(lambda tx: None)
    assert [type(event) for event in heard] == [StoreStalled, StoreRecovered]


# An answer that is lost.


async def test_a_commit_whose_answer_was_lost_is_found_and_not_done_again(behind: Store, proxy: Proxy) -> None:
    heard: list[Event] = []
    behind.listen(heard.extend)
    run = new()
    proxy.trap = Trap.ANSWER_LOST
    assert await behind.move([run], events=[PoolsChanged()]) == []
    proxy.trap = Trap.ANSWER_LOST
    assert await behind.write(grown) == 1
    assert proxy.trap is None
    assert await behind.read(lambda tx: state_of(tx, run.id)) == State.QUEUED
    assert await size(behind) == 1
    assert heard.count(PoolsChanged()) == 1


async def test_a_commit_that_never_arrived_is_done_again_or_refused(behind: Store, proxy: Proxy) -> None:
    run = new()
    proxy.trap = Trap.REQUEST_LOST
    assert await behind.move([run]) == []
    proxy.trap = Trap.REQUEST_LOST
    with pytest.raises(StoreBusy):
        await behind.write(grown)
    assert proxy.trap is None
    assert await size(behind) == 0
    assert await behind.read(lambda tx: state_of(tx, run.id)) == State.QUEUED


@pytest.mark.parametrize(("trap", "grown_to"), [(Trap.ANSWER_LOST, 1), (Trap.REQUEST_LOST, 0)])
async def test_what_became_of_a_commit_is_asked_until_the_server_is_back(
    behind: Store, proxy: Proxy, trap: Trap, grown_to: int
) -> None:
    heard: list[Event] = []
    is_told = asyncio.Event()

    def hear(events: Sequence[Event]) -> None:
        heard.extend(events)
        is_told.set()

    behind.listen(hear)
    proxy.stays_cut, proxy.trap = True, trap
    writing = asyncio.ensure_future(behind.write(grown))
    async with asyncio.timeout(PATIENCE):
        await is_told.wait()
    assert [type(event) for event in heard] == [StoreStalled] and not writing.done()
    proxy.mend()
    (found,) = await asyncio.gather(writing, return_exceptions=True)
    assert found == 1 if grown_to else isinstance(found, StoreBusy)
    assert await size(behind) == grown_to


async def test_a_commit_in_doubt_is_never_acknowledged_when_another_engine_has_taken_over(
    behind: Store, proxy: Proxy, elsewhere: Callable[[], Awaitable[Store]]
) -> None:
    other = await elsewhere()
    await other.write(lambda tx: tx.run("UPDATE lease SET expires_at = 0"))
    proxy.stays_cut, proxy.trap = True, Trap.ANSWER_LOST
    moving = asyncio.ensure_future(behind.move([new()]))
    other.epoch = await _taken_when_free(other)
    await other.write(grown)
    proxy.mend()
    with pytest.raises(LeaseLost):
        await moving


async def _taken_when_free(store: Store) -> int:
    while True:
        if await store.read(lambda tx: tx.value("SELECT count(*) FROM runs")):
            return (await taken(store, "successor")).epoch
        await asyncio.sleep(0.01)


async def test_a_command_whose_answer_was_lost_says_so_and_does_not_do_it_again(
    open_at: Callable[[str], Awaitable[Store]], proxy: Proxy, server_database: str
) -> None:
    store = await open_at(proxy.url(server_database))
    proxy.trap = Trap.ANSWER_LOST
    with pytest.raises(StoreDown, match="perhaps it was") as refused:
        await store.write(grown)
    assert not isinstance(refused.value, StoreBusy)
    assert await size(store) == 1


async def test_a_store_that_closes_in_doubt_says_so(proxy: Proxy, server_database: str) -> None:
    store = await Store.open(proxy.url(server_database))
    store.epoch = (await taken(store, "here")).epoch
    proxy.stays_cut, proxy.trap = True, Trap.ANSWER_LOST
    writing = asyncio.ensure_future(store.write(grown))
    await asyncio.sleep(0)
    async with asyncio.timeout(PATIENCE):
        await store.close()
        with pytest.raises(StoreDown, match="perhaps it was"):
            await writing
    await asyncio.get_running_loop().shutdown_default_executor()
