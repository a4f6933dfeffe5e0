"""A store on a server: several machines write, connections break, and an answer is lost."""

import asyncio
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from tests.postgresql import Server
from tests.proxy import Proxy, Trap, running_proxy
from tests.store.making import NEXT, WITH_A_NOTE, Wall, migration, new, saved, spec, state_of
from watchkeeper.model.errors import Conflict, Known, LeaseLost, NotFound, StoreBusy, StoreDown
from watchkeeper.model.events import Event, PoolsChanged, StoreRecovered, StoreStalled
from watchkeeper.model.run import State
from watchkeeper.store import driver, jobs, leases, pools, schema, told, transactions, workspace
from watchkeeper.store.leases import Lease
from watchkeeper.store.store import Store
from watchkeeper.store.tables import HEAD, metadata
from watchkeeper.store.tx import Tx

PATIENCE = 30.0
SPAN = timedelta(seconds=15)


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    with running_proxy(server) as proxy:
        yield proxy


@pytest.fixture
async def open_at() -> AsyncIterator[Callable[[str], Awaitable[Store]]]:
    """Opens stores, each as a process of its own would."""
    stores: list[Store] = []

    async def open_one(url: str) -> Store:
        stores.append(await Store.open(url))
        return stores[-1]

    yield open_one
    for store in stores:
        await store.close()
    await asyncio.get_running_loop().shutdown_default_executor()


@pytest.fixture
def elsewhere(
    open_at: Callable[[str], Awaitable[Store]], server: Server, server_database: str
) -> Callable[[], Awaitable[Store]]:
    """The store as another machine has it."""
    return lambda: open_at(server.url(server_database))


@pytest.fixture
async def behind(open_at: Callable[[str], Awaitable[Store]], proxy: Proxy, server_database: str) -> Store:
    """The store of an engine, behind the proxy."""
    store = await open_at(proxy.url(server_database))
    store.epoch = (await taken(store, "here")).epoch
    return store


async def taken(store: Store, holder: str, span: timedelta = SPAN) -> Lease:
    return await store.write(lambda tx: leases.take(tx, holder, {}, span))


def grown(tx: Tx) -> int:
    """Something that shows how often it was done."""
    tx.run("INSERT INTO pools (name, size) VALUES ('p', 0) ON CONFLICT DO NOTHING")
    tx.run("UPDATE pools SET size = size + 1 WHERE name = 'p'")
    return int(tx.value("SELECT size FROM pools WHERE name = 'p'"))


async def size(store: Store) -> int:
    return sum(pool.size for pool in await store.read(pools.all))


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


# Schema and addresses.


def test_machines_that_make_the_same_store_at_once_make_one(server: Server) -> None:
    server.sql("CREATE DATABASE raced")
    code = "import sys; from watchkeeper.store.schema import create; sys.stdin.read(); create(sys.argv[1], {})"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    makers = [
        subprocess.Popen(
            [sys.executable, "-c", code, server.url("raced")],
            stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env,
        )
        for _ in range(3)
    ]  # fmt: skip
    for maker in makers:
        assert maker.stdin is not None
        maker.stdin.close()
        maker.stdin = None
    assert [maker.communicate()[1] for maker in makers] == [""] * 3
    assert [maker.returncode for maker in makers] == [0] * 3
    assert server.sql("SELECT count(*) FROM facts", "raced") == [(1,)]
    assert server.sql("SELECT epoch FROM lease", "raced") == [(0,)]
    server.sql("DROP DATABASE raced")


def test_a_store_is_not_migrated_under_an_engine_and_one_that_slept_through_it_writes_nothing(
    server: Server, server_database: str, newer_program: Path
) -> None:
    newer_program.write_text(migration(WITH_A_NOTE))
    url = driver.url_of(server.url(server_database))
    server.sql("UPDATE lease SET epoch = 7, holder = 'one', expires_at = 9000000000000000", server_database)
    with pytest.raises(Conflict, match="the engine one holds this workspace"):
        schema.bring_up_to_date(url)
    assert schema.version_of(url) == HEAD
    server.sql("UPDATE lease SET expires_at = 0", server_database)
    schema.bring_up_to_date(url)
    assert schema.version_of(url) == NEXT
    assert server.sql("SELECT epoch FROM lease", server_database) == [(8,)]


def test_a_migration_that_fails_leaves_a_server_as_it_was(
    server: Server, server_database: str, newer_program: Path
) -> None:
    newer_program.write_text(migration(WITH_A_NOTE + '    raise RuntimeError("half way")\n'))
    url = driver.url_of(server.url(server_database))
    with pytest.raises(RuntimeError, match="half way"):
        schema.bring_up_to_date(url)
    assert schema.version_of(url) == HEAD
    assert server.sql("SELECT * FROM pools", server_database) == []
    server.sql("INSERT INTO pools (name, size) VALUES ('p', 1)", server_database)
    assert server.sql("SELECT * FROM pools", server_database) == [("p", 1)]


def test_a_fresh_schema_is_the_migrated_one(server: Server, server_database: str) -> None:
    engine = driver.writing_engine(driver.url_of(server.url(server_database)))
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_a_server_that_does_not_answer_is_a_sentence_without_a_password() -> None:
    with pytest.raises(StoreDown, match="can't be opened") as refused:
        schema.require_current(driver.url_of("postgresql://keeper:secret@127.0.0.1:1/none"))
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("postgresql://keeper:secret@db/watch", "leave the password out"),
        ("postgresql://keeper@db/watch?password=secret", "leave the password out"),
        ("mysql://keeper@db/watch", "can't be at mysql"),
        ("sqlite:///file.db", "can't be at sqlite"),
        ("watch.db", "postgresql://user@host/database"),
        ("postgresql://[::1", "postgresql://user@host/database"),
        ("postgresql://h:port/d", "postgresql://user@host/database"),
    ],
)
def test_an_address_that_can_not_be_is_refused_in_a_sentence(place: str, sentence: str) -> None:
    with pytest.raises(Known) as refused:
        driver.require_server(place)
    assert sentence in str(refused.value) and "secret" not in str(refused.value)


async def test_a_workspace_elsewhere_knows_the_same_id(elsewhere: Callable[[], Awaitable[Store]]) -> None:
    first, second = await elsewhere(), await elsewhere()
    assert await first.read(workspace.identity) == await second.read(workspace.identity)
