"""The versions of jobs, those of deleted ones as well."""

import msgspec
import pytest

from tests.store.making import saved, spec
from watchkeeper.model.errors import NotFound
from watchkeeper.model.events import Event, JobDeleted, JobSaved
from watchkeeper.model.trigger import Cron
from watchkeeper.store import jobs, triggers, versions
from watchkeeper.store.store import Store

HOURLY = Cron(cron="0 * * * *", zone="UTC")


async def test_versions_come_in_pages_the_newest_first(store: Store) -> None:
    made = [await saved(store, spec(description=str(number))) for number in range(4)]
    other = await saved(store, spec("other"))
    assert await store.read(lambda tx: versions.page(tx, made[0].id)) == made[::-1]
    assert await store.read(lambda tx: versions.page(tx, made[0].id, before=3, limit=1)) == [made[1]]
    assert await store.read(lambda tx: versions.page(tx, other.id)) == [other]


async def test_the_last_deleted_job_of_a_name_is_found_whatever_the_name_holds(store: Store) -> None:
    for name in ('a"b', "a_c", "a%c", "abc", "夜!", "A_C"):
        job = await saved(store, spec(name))
        await store.write(lambda tx, job=job: jobs.delete(tx, job.id))
        assert await store.read(lambda tx, name=name: versions.last_deleted(tx, name)) == job
    assert await store.read(lambda tx: versions.last_deleted(tx, "a!c")) is None


async def test_a_job_that_is_there_or_was_renamed_is_none_of_the_deleted(store: Store) -> None:
    job = await saved(store, spec("one"))
    assert await store.read(lambda tx: versions.last_deleted(tx, "one")) is None
    await saved(store, spec("two"), job_id=job.id)
    await store.write(lambda tx: jobs.delete(tx, job.id))
    assert await store.read(lambda tx: versions.last_deleted(tx, "one")) is None
    found = await store.read(lambda tx: versions.last_deleted(tx, "two"))
    assert found is not None and found.id == job.id


async def test_a_deleted_job_lives_again_with_its_triggers_from_now_on(store: Store, told: list[Event]) -> None:
    job = await saved(store, spec(triggers=(HOURLY,)))
    await store.write(lambda tx: jobs.delete(tx, job.id))
    back = await store.write(lambda tx: jobs.revive(tx, job, "ann"))
    assert (back.id, back.version, back.spec, back.saved_by) == (job.id, 2, job.spec, "ann")
    assert await store.read(lambda tx: jobs.by_name(tx, job.name)) == back
    assert [each.trigger for each in await store.read(lambda tx: triggers.armed(tx, job.id))] == [HOURLY]
    assert told == [JobSaved(job.id, "nightly"), JobDeleted(job.id, "nightly"), JobSaved(job.id, "nightly")]


async def test_a_job_whose_pool_is_gone_stays_deleted(store: Store) -> None:
    job = await saved(store)
    await store.write(lambda tx: jobs.delete(tx, job.id))
    former = await store.read(lambda tx: versions.last_deleted(tx, "nightly"))
    assert former is not None
    lost = msgspec.structs.replace(former, spec=spec(pool="gone"))
    with pytest.raises(NotFound):
        await store.write(lambda tx: jobs.revive(tx, lost, "ann"))
    assert await store.read(lambda tx: jobs.by_name(tx, "nightly")) is None
