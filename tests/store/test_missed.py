"""What was missed: told by job, settled once, made up for as a person chooses."""

from datetime import timedelta

import pytest

from tests.store.making import START, new, saved, spec
from watchkeeper.model.errors import Conflict, Known
from watchkeeper.model.instant import to_us
from watchkeeper.model.job import Job
from watchkeeper.model.run import MakeUp, Origin, Run, State
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import Interval
from watchkeeper.store import missed, triggers
from watchkeeper.store.store import Store

HOUR = timedelta(hours=1)


async def gap(store: Store, job: Job, count: int = 3, after: timedelta = timedelta(0)) -> None:
    """So many hours that the job's first trigger missed."""
    armed = await store.read(lambda tx: triggers.armed(tx, job.id))
    first, last = START + after, START + after + (count - 1) * HOUR
    row = new(
        State.MISSED,
        job_id=job.id,
        job_name=job.name,
        trigger_id=armed[0].id,
        nominal_at=to_us(first),
        due_at=to_us(first),
        last_missed_at=to_us(last),
        missed_count=count,
    )
    assert await store.move([row]) == []


async def hourly(store: Store, name: str = "nightly") -> Job:
    return await saved(store, spec(name, triggers=(Interval(every=Span(hours=1)),)))


async def settle(store: Store, job: Job, choice: MakeUp) -> list[Run]:
    return await store.write(lambda tx: missed.settle(tx, job, choice, "me"))


async def test_what_was_missed_is_told_by_job(store: Store) -> None:
    for name in ("a", "b"):
        job = await hourly(store, name)
        await gap(store, job)
        await gap(store, job, 2, after=10 * HOUR)
    found = await store.read(missed.of_jobs)
    assert [(each.name, each.count, each.first_at, each.last_at) for each in found] == [
        (name, 5, START, START + 11 * HOUR) for name in ("a", "b")
    ]
    assert [each.name for each in await store.read(lambda tx: missed.of_jobs(tx, after="a"))] == ["b"]


async def test_once_makes_one_run_for_the_last_instant(store: Store) -> None:
    job = await hourly(store)
    await gap(store, job)
    (run,) = await settle(store, job, MakeUp.ONCE)
    assert (run.nominal_at, run.origin, run.state) == (START + 2 * HOUR, Origin.MADE_UP, State.QUEUED)


async def test_all_makes_one_run_for_each_instant(store: Store) -> None:
    job = await hourly(store)
    await gap(store, job)
    assert [run.nominal_at for run in await settle(store, job, MakeUp.ALL)] == [START + n * HOUR for n in range(3)]


async def test_none_makes_no_run_and_settles_it_too(store: Store) -> None:
    job = await hourly(store)
    await gap(store, job)
    assert await settle(store, job, MakeUp.NONE) == []
    assert await store.read(missed.of_jobs) == []


@pytest.mark.parametrize("choice", MakeUp)
async def test_what_is_settled_is_not_settled_again(store: Store, choice: MakeUp) -> None:
    job = await hourly(store)
    await gap(store, job)
    await settle(store, job, choice)
    with pytest.raises(Conflict, match="nightly has missed nothing that is still open"):
        await settle(store, job, MakeUp.ALL)


async def test_more_than_a_thousand_are_not_run_at_once(store: Store) -> None:
    job = await hourly(store)
    await gap(store, job, 1001)
    with pytest.raises(Known, match="1001"):
        await settle(store, job, MakeUp.ALL)
    assert len(await store.read(missed.of_jobs)) == 1


async def test_a_gap_of_a_trigger_that_is_gone_is_made_up_for_at_its_ends(store: Store) -> None:
    job = await hourly(store)
    await gap(store, job)
    job = await saved(store, spec())
    assert [run.nominal_at for run in await settle(store, job, MakeUp.ALL)] == [START, START + 2 * HOUR]
