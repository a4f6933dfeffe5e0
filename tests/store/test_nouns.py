"""Pools, execution ids, leases, outbox, audit: the small nouns of the store."""

from datetime import timedelta

import pytest

from tests.store.making import START, Wall, pass_time, saved, spec
from watchkeeper.model.errors import Conflict, LeaseLost, NotFound
from watchkeeper.model.events import Event, PoolsChanged
from watchkeeper.model.ids import RunId
from watchkeeper.store import audit, execution_ids, leases, outbox, pools, workspace
from watchkeeper.store.outbox import Parcel
from watchkeeper.store.store import Store

SPAN = timedelta(seconds=15)
R1, R2 = RunId("r1"), RunId("r2")


async def test_a_workspace_knows_its_id_and_zone(store: Store) -> None:
    assert len(await store.read(workspace.identity)) == 32
    assert await store.read(workspace.zone) == "Europe/Berlin"
    assert await store.read(lambda tx: workspace.fact(tx, "nothing")) is None


# Pools.


async def test_a_pool_is_made_resized_and_removed(store: Store, told: list[Event]) -> None:
    await store.write(lambda tx: pools.save(tx, "b", 1))
    await store.write(lambda tx: pools.save(tx, "a", 2))
    await store.write(lambda tx: pools.save(tx, "b", 3))
    assert [(pool.name, pool.size) for pool in await store.read(pools.all)] == [("a", 2), ("b", 3)]
    await store.write(lambda tx: pools.delete(tx, "a"))
    assert [pool.name for pool in await store.read(pools.all)] == ["b"]
    assert told == [PoolsChanged()] * 4


async def test_a_pool_that_a_job_uses_stays(store: Store) -> None:
    await store.write(lambda tx: pools.save(tx, "db", 1))
    await saved(store, spec(pool="db"))
    with pytest.raises(Conflict, match="used by the job nightly"):
        await store.write(lambda tx: pools.delete(tx, "db"))
    await saved(store, spec())
    await store.write(lambda tx: pools.delete(tx, "db"))


async def test_an_unknown_pool_is_named_with_the_nearest(store: Store) -> None:
    await store.write(lambda tx: pools.save(tx, "database", 1))
    with pytest.raises(NotFound, match="did you mean database"):
        await store.write(lambda tx: pools.delete(tx, "databse"))


# Execution ids.


async def test_the_same_id_with_the_same_payload_is_the_first_run(store: Store) -> None:
    until = START + timedelta(days=30)
    assert await store.write(lambda tx: execution_ids.claim(tx, "order-7", "hash", R1, until)) is None
    assert await store.write(lambda tx: execution_ids.claim(tx, "order-7", "hash", R2, until)) == R1


async def test_the_same_id_with_another_payload_is_a_conflict(store: Store) -> None:
    until = START + timedelta(days=30)
    await store.write(lambda tx: execution_ids.claim(tx, "order-7", "hash", R1, until))
    with pytest.raises(Conflict, match=r"was used for another job or other parameters .run r1.: choose a new id"):
        await store.write(lambda tx: execution_ids.claim(tx, "order-7", "other", R2, until))


async def test_an_id_is_free_again_after_its_window(store: Store, wall: Wall) -> None:
    until = START + timedelta(days=30)
    await store.write(lambda tx: execution_ids.claim(tx, "order-7", "hash", R1, until))
    wall.move(days=30)
    with pytest.raises(Conflict):
        await store.write(lambda tx: execution_ids.claim(tx, "order-7", "other", R2, until))
    wall.move(seconds=1)
    later = wall.now + timedelta(days=30)
    assert await store.write(lambda tx: execution_ids.claim(tx, "order-7", "other", R2, later)) is None


async def test_ids_whose_window_is_over_go_a_few_at_a_time(store: Store, wall: Wall) -> None:
    for name in "abc":
        await store.write(lambda tx, name=name: execution_ids.claim(tx, name, "h", R1, START + SPAN))
    assert await store.write(lambda tx: execution_ids.forget_expired(tx, 10)) == 0
    wall.move(minutes=1)
    assert [await store.write(lambda tx: execution_ids.forget_expired(tx, 2)) for _ in range(3)] == [2, 1, 0]


# Leases.


async def test_every_tenure_has_a_higher_epoch(store: Store, wall: Wall) -> None:
    assert await store.read(leases.find) is None
    epochs = []
    for holder in ("one", "one", "two"):
        await pass_time(store, wall, 60)
        epochs.append((await store.write(lambda tx, h=holder: leases.take(tx, h, {"local": 2}, SPAN))).epoch)
    assert epochs == [1, 2, 3]
    lease = await store.read(leases.find)
    assert lease is not None
    assert (lease.holder, lease.slots) == ("two", {"local": 2})
    assert wall.now < lease.expires_at <= wall.now + SPAN


async def test_a_lease_is_not_taken_from_a_living_holder(store: Store, wall: Wall) -> None:
    await store.write(lambda tx: leases.take(tx, "one", {}, SPAN))
    await pass_time(store, wall, 10)
    with pytest.raises(Conflict, match="the engine one holds this workspace"):
        await store.write(lambda tx: leases.take(tx, "two", {}, SPAN))
    await store.write(lambda tx: leases.renew(tx, 1, SPAN))
    await pass_time(store, wall, 10)
    with pytest.raises(Conflict):
        await store.write(lambda tx: leases.take(tx, "two", {}, SPAN))
    await pass_time(store, wall, 5)
    assert (await store.write(lambda tx: leases.take(tx, "two", {}, SPAN))).epoch == 2
    with pytest.raises(LeaseLost):
        await store.write(lambda tx: leases.renew(tx, 1, SPAN))


async def test_a_lease_that_was_given_up_is_free_and_only_its_holder_gives_it_up(store: Store) -> None:
    await store.write(lambda tx: leases.take(tx, "one", {}, SPAN))
    await store.write(lambda tx: leases.give_up(tx, 7))
    with pytest.raises(Conflict):
        await store.write(lambda tx: leases.take(tx, "two", {}, SPAN))
    await store.write(lambda tx: leases.give_up(tx, 1))
    assert (await store.write(lambda tx: leases.take(tx, "two", {}, SPAN))).epoch == 2


# Outbox.


async def test_parcels_come_out_in_their_order_until_they_are_delivered(store: Store, wall: Wall) -> None:
    parcels = [Parcel(f"{name}.ended", "run.ended", name, "{}", 0) for name in "abc"]
    await store.write(lambda tx: outbox.add(tx, parcels))
    assert await store.read(lambda tx: outbox.due(tx, 2)) == parcels[:2]
    await store.write(lambda tx: outbox.delivered(tx, ["a.ended"]))
    await store.write(lambda tx: outbox.postpone(tx, "b.ended", SPAN))
    assert await store.read(lambda tx: outbox.due(tx, 10)) == parcels[2:]
    wall.move(seconds=15)
    assert [(p.id, p.attempts) for p in await store.read(lambda tx: outbox.due(tx, 10))] == [
        ("c.ended", 0),
        ("b.ended", 1),
    ]


# Audit.


async def test_the_trail_is_read_newest_first_by_action_and_actor(store: Store) -> None:
    entries = [("me", "job.save", "ok"), ("you", "run.start", "refused"), ("me", "run.start", "ok")]
    for actor, action, outcome in entries:
        await store.write(lambda tx, e=(actor, action, outcome): audit.record(tx, e[0], e[1], "x", e[2], {"n": 1}))
    found = await store.read(audit.page)
    assert [(entry.actor, entry.action, entry.outcome) for entry in found] == entries[::-1]
    assert (found[0].at, found[0].detail) == (START, {"n": 1})
    mine = await store.read(lambda tx: audit.page(tx, audit.Filter(actor="me", actions=("run.start",))))
    assert [entry.number for entry in mine] == [found[0].number]
    rest = await store.read(lambda tx: audit.page(tx, before=found[0].number, limit=1))
    assert [entry.number for entry in rest] == [found[1].number]
