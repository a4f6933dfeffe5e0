"""Several machines at one store: they write one after the other, and hear of each other."""

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import psycopg
import pytest

from tests.postgresql import Server
from tests.store.machines import PATIENCE, grown, size, taken
from tests.store.making import Wall, new, saved, spec
from watchkeeper.model.errors import Conflict, LeaseLost, NotFound
from watchkeeper.model.events import Event, PoolsChanged
from watchkeeper.store import driver, jobs, leases, pools, told, transactions, workspace
from watchkeeper.store.leases import Lease
from watchkeeper.store.store import Store
from watchkeeper.store.tx import Tx


@asynccontextmanager
async def in_the_midst(store: Store, work: Callable[[Tx], object]) -> AsyncIterator[asyncio.Future[object]]:
    """While a transaction of `store` has done `work` and is not committed; it goes on afterwards."""
    is_there, may_go = threading.Event(), threading.Event()

    def stand(tx: Tx) -> object:
        done = work(tx)
        is_there.set()
        assert may_go.wait(PATIENCE)
        return done

    standing = asyncio.ensure_future(store.write(stand))
    assert await asyncio.to_thread(is_there.wait, PATIENCE)
    try:
        yield standing
    finally:
        may_go.set()


# One after the other.


async def test_a_lease_is_taken_when_the_last_transaction_before_is_over(
    elsewhere: Callable[[], Awaitable[Store]],
) -> None:
    """Else what a frozen engine had begun would come to be after its successor has looked."""
    first, second = await elsewhere(), await elsewhere()
    first.epoch = (await taken(first, "one", timedelta())).epoch
    async with in_the_midst(first, grown) as standing:
        taking = asyncio.ensure_future(taken(second, "two"))
        done, _pending = await asyncio.wait([taking], timeout=0.5)
        assert not done
    assert await standing == 1
    assert (await taking).epoch == 2
    assert await size(second) == 1
    with pytest.raises(LeaseLost):
        await first.write(grown)
    assert await size(second) == 1


async def test_an_engine_that_is_frozen_in_a_transaction_holds_its_successor_up_for_a_moment_only(
    elsewhere: Callable[[], Awaitable[Store]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "_WRITE", driver._WRITE.replace("'5s'", "'200ms'"))
    first, second = await elsewhere(), await elsewhere()
    first.epoch = (await taken(first, "one", timedelta())).epoch
    async with in_the_midst(first, grown) as standing:
        async with asyncio.timeout(PATIENCE):
            assert (await taken(second, "two")).epoch == 2
    with pytest.raises(LeaseLost):
        await standing
    with pytest.raises(LeaseLost):
        await first.move([new()])
    assert await size(second) == 0


async def test_an_engine_that_is_frozen_in_the_midst_of_a_batch_is_ended_by_its_successor(
    elsewhere: Callable[[], Awaitable[Store]], server: Server, server_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the server it is at work: it has not said yet that its batch is complete."""
    monkeypatch.setattr(driver, "_WRITE", driver._WRITE.replace("'8s'", "'300ms'"))
    monkeypatch.setattr(transactions, "FROZEN", "0s")
    second = await elsewhere()
    with psycopg.connect(server.url(server_database)) as frozen, suppress(psycopg.OperationalError):
        frozen.execute("SET idle_in_transaction_session_timeout = '100ms'")
        frozen.commit()
        with frozen.pipeline():
            frozen.execute("SELECT epoch FROM lease WHERE id = 1 FOR UPDATE")
            frozen.pgconn.send_flush_request()
            frozen.pgconn.flush()
            while not held(server, server_database):
                await asyncio.sleep(0.01)
            async with asyncio.timeout(PATIENCE):
                assert (await taken(second, "two")).epoch == 1


def held(server: Server, database: str) -> bool:
    """Whether somebody has taken the lease's row."""
    found = server.sql("SELECT count(*) FROM pg_locks WHERE relation = 'lease'::regclass AND granted", database)
    return found[0][0] > 0


async def test_of_engines_that_start_at_once_one_has_the_lease(elsewhere: Callable[[], Awaitable[Store]]) -> None:
    stores = [await elsewhere() for _ in range(6)]
    found = await asyncio.gather(*(taken(s, f"e{n}") for n, s in enumerate(stores)), return_exceptions=True)
    assert Counter(map(type, found)) == {Lease: 1, Conflict: 5}


async def test_what_an_action_has_read_is_true_until_it_commits(elsewhere: Callable[[], Awaitable[Store]]) -> None:
    """Every save reads the version before it."""
    stores = [await elsewhere() for _ in range(4)]
    job = await saved(stores[0])
    specs = [spec(description=str(number)) for number in range(40)]
    await asyncio.gather(*(saved(stores[number % 4], each, job.id) for number, each in enumerate(specs)))
    assert (await stores[0].read(lambda tx: jobs.get(tx, job.id))).version == 41


async def test_clocks_of_two_machines_do_not_decide_about_the_lease(
    elsewhere: Callable[[], Awaitable[Store]], server: Server, server_database: str
) -> None:
    ahead = Wall()
    ahead.move(days=3650)
    first = await elsewhere()
    await taken(first, "one")
    second = await Store.open(server.url(server_database), clock=ahead)
    with pytest.raises(Conflict, match="the engine one holds"):
        await taken(second, "two")
    assert await second.read(leases.living) is not None
    await second.close()


async def test_an_engine_from_the_same_seat_does_not_wait_for_the_dead_one(
    elsewhere: Callable[[], Awaitable[Store]],
) -> None:
    store = await elsewhere()
    await taken(store, "one (engine) at seat 1")
    with pytest.raises(Conflict):
        await taken(store, "two (engine) at seat 2")
    assert (await taken(store, "three (engine) at seat 1")).epoch == 2


async def test_a_workspace_elsewhere_knows_the_same_id(elsewhere: Callable[[], Awaitable[Store]]) -> None:
    first, second = await elsewhere(), await elsewhere()
    assert await first.read(workspace.identity) == await second.read(workspace.identity)


# What is told elsewhere.


async def test_what_a_command_tells_reaches_the_engine_elsewhere_once(
    elsewhere: Callable[[], Awaitable[Store]],
) -> None:
    engine, command = await elsewhere(), await elsewhere()
    engine.epoch = (await taken(engine, "engine")).epoch
    heard: list[Event] = []
    has_two = asyncio.Event()

    def hear(events: Sequence[Event]) -> None:
        heard.extend(events)
        if len(heard) >= 2:
            has_two.set()

    with pytest.raises(NotFound):
        await command.write(lambda tx: [pools.save(tx, "lost", 1), jobs.find(tx, "none")])
    async with told.heard(engine, hear), asyncio.timeout(PATIENCE):
        await command.write(lambda tx: pools.save(tx, "a", 1))
        await command.write(lambda tx: pools.save(tx, "b", 1))
        await has_two.wait()
        while await engine.read(told.left):
            await asyncio.sleep(0.02)
    assert heard == [PoolsChanged()] * 2


async def test_what_an_engine_itself_tells_leaves_no_row(elsewhere: Callable[[], Awaitable[Store]]) -> None:
    engine = await elsewhere()
    engine.epoch = (await taken(engine, "engine")).epoch
    await engine.write(lambda tx: pools.save(tx, "a", 1))
    assert await engine.read(told.left) == []


async def test_a_row_of_another_version_of_the_program_is_passed_over(
    elsewhere: Callable[[], Awaitable[Store]],
) -> None:
    store = await elsewhere()
    await store.write(lambda tx: pools.save(tx, "a", 1))
    await store.write(lambda tx: tx.run("INSERT INTO facts (name, value) VALUES ('told.z', '{\"type\": \"Later\"}')"))
    assert [letter.event for letter in await store.read(told.left)] == [PoolsChanged(), None]
