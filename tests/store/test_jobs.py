"""Jobs and their triggers: versions, names, and cursors that survive a save."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from tests.store.making import START, Wall, new, saved, spec
from watchkeeper.model.errors import NotFound
from watchkeeper.model.events import Event, JobDeleted, JobSaved
from watchkeeper.model.ids import JobId
from watchkeeper.model.instant import to_us
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import Cron, Interval
from watchkeeper.store import jobs, pools, runs, triggers
from watchkeeper.store.moves import CursorMoved
from watchkeeper.store.store import Store

HOURLY, NIGHTLY = Cron(cron="0 * * * *", zone="UTC"), Cron(cron="0 3 * * *", zone="UTC")
OFTEN = Interval(every=Span(seconds=10))


async def test_a_job_comes_back_as_it_was_saved(store: Store) -> None:
    wanted = spec(triggers=(HOURLY, OFTEN), env={"A": "b"}, tags=("x",), priority=9, key="${{ params.host }}")
    job = await saved(store, wanted)
    assert (job.version, job.spec, job.saved_at, job.saved_by) == (1, wanted, START, "test")
    assert await store.read(lambda tx: jobs.get(tx, job.id)) == job
    assert await store.read(lambda tx: jobs.by_name(tx, "nightly")) == job


async def test_every_save_keeps_the_version_before(store: Store, told: list[Event]) -> None:
    first = await saved(store)
    second = await saved(store, spec(description="better"))
    assert (second.id, second.version) == (first.id, 2)
    assert await store.read(lambda tx: jobs.version(tx, first.id, 1)) == first
    assert await store.read(lambda tx: jobs.version(tx, first.id, 2)) == second
    assert told == [JobSaved(first.id, "nightly")] * 2


async def test_saving_the_same_again_changes_nothing(store: Store, told: list[Event]) -> None:
    first = await saved(store)
    told.clear()
    assert await saved(store) == first
    assert told == []


async def test_a_save_by_id_renames(store: Store) -> None:
    job = await saved(store)
    await saved(store, spec("hourly"), job_id=job.id)
    assert await store.read(jobs.names) == ["hourly"]


async def test_two_jobs_never_share_a_name(store: Store) -> None:
    await saved(store, spec("a"))
    other = await saved(store, spec("b"))
    with pytest.raises(IntegrityError):
        await saved(store, spec("a", description="taken"), job_id=other.id)
    assert await store.read(jobs.names) == ["a", "b"]


async def test_an_unknown_job_is_refused_with_the_nearest_name(store: Store) -> None:
    await saved(store)
    with pytest.raises(NotFound, match="did you mean nightly"):
        await store.read(lambda tx: jobs.find(tx, "nighty"))
    with pytest.raises(NotFound, match="job list"):
        await store.read(lambda tx: jobs.find(tx, "zzz"))
    with pytest.raises(NotFound):
        await saved(store, spec(), job_id=JobId("none"))


async def test_a_version_that_is_not_there_is_refused_with_the_jobs_name_and_its_newest_version(store: Store) -> None:
    job = await saved(store)
    await saved(store, spec(priority=7))
    for number in (0, 3):
        with pytest.raises(NotFound, match=f"the job nightly has no version {number}: its newest is 2"):
            await store.read(lambda tx, number=number: jobs.version(tx, job.id, number))
    with pytest.raises(NotFound, match="there is no job with the id none"):
        await store.read(lambda tx: jobs.version(tx, JobId("none"), 1))


async def test_a_job_is_found_by_name_and_by_id(store: Store) -> None:
    job = await saved(store)
    for ref in (job.name, job.id):
        assert await store.read(lambda tx, ref=ref: jobs.find(tx, ref)) == job


async def test_an_unknown_pool_is_refused_with_the_nearest_name(store: Store) -> None:
    await store.write(lambda tx: pools.save(tx, "database", 2))
    with pytest.raises(NotFound, match="did you mean database"):
        await saved(store, spec(pool="databse"))
    assert await store.read(jobs.names) == []


async def test_jobs_come_in_pages_by_name(store: Store) -> None:
    for name in ("c", "a", "b"):
        await saved(store, spec(name))
    first = await store.read(lambda tx: jobs.page(tx, limit=2))
    rest = await store.read(lambda tx: jobs.page(tx, after=first[-1].name))
    assert [job.name for job in (*first, *rest)] == ["a", "b", "c"]
    assert len(await store.read(lambda tx: jobs.many(tx, [first[0].id, JobId("none")]))) == 1


async def test_a_deleted_job_leaves_its_versions_and_runs(store: Store, told: list[Event]) -> None:
    job = await saved(store, spec(triggers=(HOURLY,)))
    run = new(job_id=job.id)
    await store.move([run])
    await store.write(lambda tx: jobs.delete(tx, job.id))
    assert await store.read(jobs.names) == [] and await store.read(triggers.armed) == []
    assert await store.read(lambda tx: jobs.version(tx, job.id, 1)) == job
    assert (await store.read(lambda tx: runs.get(tx, run.id))).job_id == job.id
    assert told[-1] == JobDeleted(job.id, "nightly")
    with pytest.raises(NotFound):
        await store.write(lambda tx: jobs.delete(tx, job.id))


async def cursors(store: Store) -> dict[object, int]:
    return {armed.trigger: armed.cursor_us for armed in await store.read(triggers.armed)}


async def test_a_trigger_that_did_not_change_keeps_its_id_and_cursor(store: Store, wall: Wall) -> None:
    await saved(store, spec(triggers=(HOURLY, OFTEN)))
    before = {armed.trigger: armed for armed in await store.read(triggers.armed)}
    await store.move([CursorMoved(before[HOURLY].id, to_us(START) + 5)])
    wall.move(hours=3)
    await saved(store, spec(triggers=(NIGHTLY, HOURLY)))
    after = {armed.trigger: armed for armed in await store.read(triggers.armed)}
    assert set(after) == {NIGHTLY, HOURLY}
    assert (after[HOURLY].id, after[HOURLY].cursor_us) == (before[HOURLY].id, to_us(START) + 5)
    assert after[NIGHTLY].cursor_us == to_us(START + timedelta(hours=3))


async def test_the_same_trigger_twice_is_two_triggers(store: Store) -> None:
    await saved(store, spec(triggers=(HOURLY, HOURLY)))
    before = {armed.id for armed in await store.read(triggers.armed)}
    assert len(before) == 2
    await saved(store, spec(triggers=(HOURLY,)))
    after = {armed.id for armed in await store.read(triggers.armed)}
    assert len(after) == 1 and after < before


async def test_what_was_due_while_a_job_was_disabled_is_not_made_up_for(store: Store, wall: Wall) -> None:
    job = await saved(store, spec(triggers=(HOURLY,)))
    await store.write(lambda tx: jobs.set_enabled(tx, job.id, False, "test"))
    assert await store.read(triggers.armed) == []
    wall.move(hours=5)
    await store.write(lambda tx: jobs.set_enabled(tx, job.id, True, "test"))
    assert await cursors(store) == {HOURLY: to_us(START + timedelta(hours=5))}


async def test_enabling_with_a_clock_set_back_never_moves_a_cursor_back(store: Store, wall: Wall) -> None:
    job = await saved(store, spec(triggers=(HOURLY,)))
    await store.write(lambda tx: jobs.set_enabled(tx, job.id, False, "test"))
    wall.move(hours=-5)
    await store.write(lambda tx: jobs.set_enabled(tx, job.id, True, "test"))
    assert await cursors(store) == {HOURLY: to_us(START)}
