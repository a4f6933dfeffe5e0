"""The writer: one transaction for what comes together, and no item suffers for another."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from tests.store.making import brought_to, ended, intended, new, running, state_of
from watchkeeper.model.errors import Known, LeaseLost, Stale, StoreDown
from watchkeeper.model.events import Event, PoolsChanged, RunEnded, StoreRecovered, StoreStalled
from watchkeeper.model.ids import RunId
from watchkeeper.model.run import State
from watchkeeper.model.text import _
from watchkeeper.store import leases, pools
from watchkeeper.store.moves import Dropped, Ended, NewRun
from watchkeeper.store.store import Store
from watchkeeper.store.tx import Tx

pytestmark = pytest.mark.usefixtures("pooled")

#: How long anything may take on a loaded machine.
PATIENCE = 20.0


@pytest.fixture
def commits(store: Store) -> Iterator[list[int]]:
    """One entry for every commit of the writer."""
    counted: list[int] = []
    engine = store._writer._transactions._connection.engine

    def count(_connection: Any) -> None:
        counted.append(1)

    event.listen(engine, "commit", count)
    yield counted
    event.remove(engine, "commit", count)


async def together(store: Store, *work: Awaitable[Any]) -> list[Any]:
    """The results and errors of `work`, which comes to the writer in one round."""
    is_there, may_go = threading.Event(), threading.Event()

    def stand(tx: Tx) -> None:
        is_there.set()
        assert may_go.wait(PATIENCE)

    standing = asyncio.ensure_future(store.write(stand))
    assert await asyncio.to_thread(is_there.wait, PATIENCE)
    tasks = [asyncio.ensure_future(each) for each in work]
    for _turn in range(3):
        await asyncio.sleep(0)
    may_go.set()
    await standing
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_what_comes_together_is_one_commit(store: Store, commits: list[int]) -> None:
    runs = [new() for _ in range(50)]
    moves = [store.move([run]) for run in runs]
    writes = [store.write(lambda tx, n=n: pools.save(tx, f"p{n}", 1)) for n in range(10)]
    results = await together(store, *moves, *writes)
    assert results[:50] == [[]] * 50
    assert [pool.name for pool in results[50:]] == [f"p{n}" for n in range(10)]
    # One for the transaction that held the others up, one for all of them.
    assert len(commits) == 2


async def test_a_function_that_fails_takes_nobody_with_it(store: Store) -> None:
    calls: list[str] = []

    def good(tx: Tx) -> str:
        calls.append("good")
        return pools.save(tx, "good", 1).name

    def bad(tx: Tx) -> None:
        pools.save(tx, "bad", 1)
        raise Known(_("no"))

    run = new()
    results = await together(store, store.move([run]), store.write(good), store.write(bad), store.write(good))
    assert results[:2] == [[], "good"] and results[3] == "good"
    assert isinstance(results[2], Known)
    assert [pool.name for pool in await store.read(pools.all)] == ["good"]
    assert await store.read(lambda tx: state_of(tx, run.id)) == State.QUEUED
    # Called again after the round was rolled back; what it did stands once.
    assert calls.count("good") == 3


async def test_a_row_that_loses_takes_nobody_with_it(store: Store) -> None:
    mine, gone = await brought_to(store, State.DISPATCHING), await brought_to(store, State.SUCCEEDED)
    others = [await brought_to(store, State.DISPATCHING) for _ in range(3)]
    results = await together(
        store,
        store.move([ended(mine), ended(gone)]),
        *[store.move([ended(run)]) for run in others],
        store.write(lambda tx: pools.save(tx, "p", 1)),
    )
    assert results[0] == [ended(gone)]
    assert results[1:4] == [[]] * 3
    states = await store.read(lambda tx: {state_of(tx, run.id) for run in (mine, *others)})
    assert states == {State.SUCCEEDED}


async def test_a_held_key_hurts_only_the_one_that_wants_it(store: Store) -> None:
    first, second, free = [await brought_to(store, State.QUEUED) for _ in range(3)]
    results = await together(
        store,
        store.move([intended(first, held_key="k")]),
        store.move([intended(second, held_key="k")]),
        store.move([intended(free)]),
    )
    assert results[0] == results[2] == []
    assert isinstance(results[1], Stale)


async def test_events_are_told_after_the_commit(store: Store) -> None:
    seen: list[int] = []

    def hear(events: Any) -> None:
        seen.extend(len(pools.all(Tx(probe, tx_now))) for event in events if isinstance(event, PoolsChanged))

    with store._reader._engine.connect() as probe:
        tx_now = await store.read(lambda tx: tx.now)
        store.listen(hear)
        await store.write(lambda tx: pools.save(tx, "p", 1))
    assert seen == [1]


async def test_events_of_what_failed_are_never_told(store: Store, told: list[Event]) -> None:
    def bad(tx: Tx) -> None:
        pools.save(tx, "p", 1)
        raise Known(_("no"))

    with pytest.raises(Known):
        await store.write(bad)
    assert told == []


async def test_the_event_of_a_loser_is_not_told_and_those_of_the_others_are(store: Store, told: list[Event]) -> None:
    mine, gone = await brought_to(store, State.DISPATCHING), await brought_to(store, State.SUCCEEDED)
    happened = [RunEnded(RunId(run.id), "nightly", State.SUCCEEDED) for run in (mine, gone)]
    await store.move([ended(mine), ended(gone)], events=happened)
    assert told == happened[:1]


async def test_ending_steps_see_what_ended_in_the_same_transaction(store: Store) -> None:
    seen: list[tuple[str, str, str]] = []

    def step(tx: Tx, rows: Any) -> None:
        seen.extend((type(row).__name__, row.id, state_of(tx, row.id)) for row in rows)

    store.step_at_ending(step)
    run = new()
    await store.move([run])
    await store.move([intended(run)])
    await store.move([running(run)])
    await store.move([ended(run)])
    assert seen == [(NewRun.__name__, run.id, State.QUEUED), (Ended.__name__, run.id, State.SUCCEEDED)]


async def test_an_ending_step_that_fails_keeps_the_ending_back(store: Store) -> None:
    run = await brought_to(store, State.DISPATCHING)

    def step(tx: Tx, rows: Any) -> None:
        pools.save(tx, "step", 1)
        raise Known(_("the step broke"))

    store.step_at_ending(step)
    with pytest.raises(Known, match="the step broke"):
        await store.move([ended(run)])
    assert await store.read(lambda tx: state_of(tx, run.id)) == State.DISPATCHING
    assert await store.read(pools.all) == []


async def test_a_loser_reaches_no_ending_step(store: Store) -> None:
    stepped: list[str] = []
    store.step_at_ending(lambda tx, rows: stepped.extend(row.id for row in rows if isinstance(row, Ended | Dropped)))
    mine, gone = await brought_to(store, State.DISPATCHING), await brought_to(store, State.SUCCEEDED)
    stepped.clear()
    await store.move([ended(mine), ended(gone)])
    assert stepped == [mine.id]


async def test_a_store_whose_lease_has_passed_on_writes_nothing(opened: Callable[[], Awaitable[Store]]) -> None:
    old, new_one = await opened(), await opened()
    span = timedelta(seconds=15)
    first = await old.write(lambda tx: leases.take(tx, "one", {}, span))
    old.epoch = first.epoch
    run = await brought_to(old, State.QUEUED)
    await new_one.write(lambda tx: leases.give_up(tx, first.epoch))
    second = await new_one.write(lambda tx: leases.take(tx, "two", {}, span))
    assert second.epoch == first.epoch + 1
    with pytest.raises(LeaseLost, match="another engine has taken over"):
        await old.move([intended(run)])
    with pytest.raises(LeaseLost):
        await old.write(lambda tx: pools.save(tx, "p", 1))
    assert await new_one.read(lambda tx: state_of(tx, run.id)) == State.QUEUED
    assert await new_one.read(pools.all) == []


async def test_a_store_that_closes_writes_what_was_given_to_it(opened: Callable[[], Awaitable[Store]]) -> None:
    first = await opened()
    run = new()
    moving = asyncio.ensure_future(first.move([run]))
    await asyncio.sleep(0)
    await first.close()
    assert await moving == []
    again = await opened()
    assert await again.read(lambda tx: state_of(tx, run.id)) == State.QUEUED


async def test_a_caller_who_has_gone_still_gets_his_write(store: Store) -> None:
    run = new()
    moving = asyncio.ensure_future(store.move([run]))
    await asyncio.sleep(0)
    moving.cancel()
    await asyncio.gather(moving, return_exceptions=True)
    await store.write(lambda tx: None)
    assert await store.read(lambda tx: state_of(tx, run.id)) == State.QUEUED


class Disk:
    """Lets the database's disk be full: no page may be added to the file."""

    def __init__(self, store: Store) -> None:
        self._driver = store._writer._transactions._connection.connection.driver_connection

    def fill(self) -> None:
        (pages,) = self._driver.execute("PRAGMA page_count").fetchone()
        self._driver.execute(f"PRAGMA max_page_count = {pages}").fetchone()

    def free(self) -> None:
        self._driver.execute("PRAGMA max_page_count = 1000000").fetchone()


@pytest.fixture
async def disk(on_sqlite: None, store: Store) -> AsyncIterator[Disk]:
    disk = Disk(store)
    yield disk
    disk.free()


BIG = "x" * 100_000


@pytest.mark.usefixtures("on_sqlite")
async def test_on_a_full_disk_a_write_fails_with_a_sentence_and_changes_nothing(store: Store, disk: Disk) -> None:
    disk.fill()
    with pytest.raises(StoreDown, match="the disk of the workspace is full"):
        await store.write(lambda tx: pools.save(tx, BIG, 1))
    disk.free()
    assert await store.read(pools.all) == []
    await store.write(lambda tx: pools.save(tx, "p", 1))


@pytest.mark.usefixtures("on_sqlite")
async def test_on_a_full_disk_a_move_waits_and_goes_on_by_itself(store: Store, disk: Disk, told: list[Event]) -> None:
    heard = asyncio.Event()

    def hear(events: Sequence[Event]) -> None:
        told.extend(events)
        heard.set()

    store.listen(hear)
    disk.fill()
    run = new(params=BIG)
    moving = asyncio.ensure_future(store.move([run]))
    async with asyncio.timeout(PATIENCE):
        await heard.wait()
    assert [type(event) for event in told] == [StoreStalled]
    assert not moving.done()
    disk.free()
    async with asyncio.timeout(PATIENCE):
        assert await moving == []
    await store.write(lambda tx: None)
    assert [type(event) for event in told] == [StoreStalled, StoreRecovered]
    assert await store.read(lambda tx: state_of(tx, run.id)) == State.QUEUED


@pytest.mark.usefixtures("on_sqlite")
async def test_a_store_that_closes_on_a_full_disk_says_so(opened: Callable[[], Awaitable[Store]]) -> None:
    store = await opened()
    Disk(store).fill()
    moving = asyncio.ensure_future(store.move([new(params=BIG)]))
    await asyncio.sleep(0)
    async with asyncio.timeout(PATIENCE):
        await store.close()
        with pytest.raises(StoreDown):
            await moving


@pytest.mark.usefixtures("on_sqlite")
async def test_a_broken_store_stays_broken(store: Store) -> None:
    """What was acknowledged is all that counts, and the fate of a failed commit is not known."""
    run = await brought_to(store, State.QUEUED)
    driver = store._writer._transactions._connection.connection.driver_connection
    driver.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreDown, match="can't be written any more"):
        await store.move([intended(run)])
    driver.execute("PRAGMA query_only = OFF")
    with pytest.raises(StoreDown, match="can't be written any more"):
        await store.write(lambda tx: pools.save(tx, "p", 1))
    assert await store.read(lambda tx: state_of(tx, run.id)) == State.QUEUED
