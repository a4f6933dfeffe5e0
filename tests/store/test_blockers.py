"""Why is it not running: a sentence for every state, and what stands in the way."""

from datetime import timedelta
from typing import Any

import pytest

from tests.store.making import START, Wall, brought_to, intended, new, pass_time
from watchkeeper.model.ids import RunId
from watchkeeper.model.instant import to_us
from watchkeeper.model.run import State
from watchkeeper.model.text import _
from watchkeeper.store import leases, pools, runs
from watchkeeper.store.blockers import Why, why
from watchkeeper.store.rows import stored
from watchkeeper.store.store import Store

S = State


async def why_of(store: Store, run: Any) -> Why:
    return await store.read(lambda tx: why(tx, runs.get(tx, run.id)))


@pytest.fixture(autouse=True)
async def engine(store: Store) -> None:
    """An engine holds the lease, with two slots."""
    await store.write(lambda tx: leases.take(tx, "me", {"local": 2, "inside": 2}, timedelta(hours=1)))


@pytest.mark.parametrize("state", sorted(set(S) - {S.UPSTREAM_FAILED}))
async def test_every_state_has_a_sentence(store: Store, state: State) -> None:
    found = await why_of(store, await brought_to(store, state))
    said = str(found.sentence)
    assert said and "{" not in said


async def test_an_ending_says_its_reason(store: Store) -> None:
    run = new(S.SKIPPED, reason=stored(_("another run of the same key was live")))
    await store.move([run])
    assert str((await why_of(store, run)).sentence) == "another run of the same key was live"


async def test_without_an_engine_nothing_runs(store: Store, wall: Wall) -> None:
    run = await brought_to(store, S.QUEUED)
    await pass_time(store, wall, 7200)
    found = await why_of(store, run)
    assert found.blocker == "engine" and "watchkeeper engine" in str(found.sentence)


async def test_a_retry_says_when_and_why(store: Store) -> None:
    run = new(S.WAITING, due_at=to_us(START + timedelta(minutes=5)), reason=stored(_("exit code 3")), attempt=2)
    await store.move([run])
    said = str((await why_of(store, run)).sentence)
    assert "attempt 2" in said and "exit code 3" in said and "13:05" in said  # Berlin


async def test_a_held_key_names_the_run_that_holds_it(store: Store) -> None:
    holder = await brought_to(store, S.QUEUED)
    await store.move([intended(holder, held_key="k")])
    found = await why_of(store, await brought_to(store, S.QUEUED, concurrency_key="k"))
    number = (await store.read(lambda tx: runs.get(tx, holder.id))).number
    assert (found.blocker, found.blocker_id) == ("run", holder.id)
    assert f"run #{number} of the same key" in str(found.sentence)


async def test_a_full_pool_says_how_full(store: Store) -> None:
    await store.write(lambda tx: pools.save(tx, "db", 1))
    await brought_to(store, S.RUNNING, pool="db")
    found = await why_of(store, await brought_to(store, S.QUEUED, pool="db"))
    assert (found.blocker, found.blocker_id) == ("pool", "db")
    assert str(found.sentence) == "the pool db is full: 1 of 1"


async def test_taken_slots_say_how_many(store: Store) -> None:
    for _run in range(2):
        await brought_to(store, S.UNKNOWN)
    found = await why_of(store, await brought_to(store, S.QUEUED))
    assert (found.blocker, found.blocker_id) == ("slots", "local")
    assert str(found.sentence) == "all 2 slots of local are taken"


async def test_what_nothing_holds_up_is_about_to_start(store: Store) -> None:
    assert str((await why_of(store, await brought_to(store, S.QUEUED))).sentence) == "it is about to start"


async def test_a_run_that_was_asked_to_stop_says_by_whom(store: Store) -> None:
    run = await brought_to(store, S.RUNNING)
    await store.write(lambda tx: runs.request_cancel(tx, RunId(run.id), "ada"))
    assert "ada asked it to stop" in str((await why_of(store, run)).sentence)
