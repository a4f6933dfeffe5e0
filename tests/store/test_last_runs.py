"""What is remembered of each job's last run, by whatever way the run came to its end."""

from typing import Any

import pytest

from tests.store.making import START, brought_to, dropped, ended, intended, new, saved, spec
from watchkeeper.model.ids import JobId, RunId
from watchkeeper.model.instant import to_us
from watchkeeper.model.job import Job
from watchkeeper.model.run import State
from watchkeeper.model.text import _
from watchkeeper.model.trigger import After
from watchkeeper.store import chains, jobs, last_runs, pause, runs
from watchkeeper.store.last_runs import REMEMBERED, not_exceeded_by
from watchkeeper.store.moves import NewRun
from watchkeeper.store.store import Store

pytestmark = pytest.mark.usefixtures("pooled")

AT = to_us(START)


async def row(store: Store, job: Job) -> Any:
    return await store.read(lambda tx: tx.row("SELECT * FROM job_list WHERE job_id = :id", id=job.id))


async def run_for(store: Store, job: Job, took: int, state: State = State.SUCCEEDED, **fields: Any) -> NewRun:
    """A run of the job that took so many microseconds."""
    run = new(job_id=job.id)
    assert await store.move([run], [intended(run)]) == []
    assert await store.move([ended(run, state, started_at=AT, ended_at=AT + took, **fields)]) == []
    return run


@pytest.mark.parametrize("state", [State.SUCCEEDED, State.FAILED, State.TIMED_OUT, State.CANCELLED, State.EXPIRED])
async def test_the_ending_of_a_run_is_remembered_with_its_commit(store: Store, state: State) -> None:
    job = await saved(store)
    run = await brought_to(store, state, job_id=job.id)
    found = await row(store, job)
    assert (found.last_run, found.last_state, found.last_ended_at) == (run.id, state, AT)


@pytest.mark.parametrize("state", [State.SKIPPED, State.MISSED])
async def test_a_run_that_is_born_ended_is_remembered(store: Store, state: State) -> None:
    job = await saved(store)
    run = await brought_to(store, state, job_id=job.id)
    assert ((await row(store, job)).last_run, (await row(store, job)).last_state) == (run.id, state)


@pytest.mark.parametrize("state", [State.WAITING, State.QUEUED, State.RUNNING, State.UNKNOWN])
async def test_a_live_run_leaves_what_was_remembered(store: Store, state: State) -> None:
    job = await saved(store)
    before = await run_for(store, job, 5, State.FAILED)
    await brought_to(store, state, job_id=job.id)
    assert (await row(store, job)).last_run == before.id


async def test_of_the_endings_of_one_round_the_latest_is_remembered(store: Store) -> None:
    job = await saved(store)
    made = [new(job_id=job.id) for _ in range(3)]
    assert await store.move(made) == []
    assert await store.move([intended(run) for run in made[:2]]) == []
    rows = [ended(made[0], State.FAILED, ended_at=AT + 9), ended(made[1], ended_at=AT + 5)]
    assert await store.move(rows, [dropped(made[2])]) == []
    assert (await row(store, job)).last_run == made[0].id


async def test_spans_of_runs_that_succeeded_are_kept_and_told_by_rank(store: Store) -> None:
    job = await saved(store)
    for took in range(1, REMEMBERED + 6):
        await run_for(store, job, took)
    await run_for(store, job, 1_000, State.FAILED)
    found = await row(store, job)
    assert last_runs.read_took(found.took) == list(range(6, REMEMBERED + 6))
    assert found.p50_us == 15 and found.last_state == State.FAILED


async def test_a_warning_is_remembered_with_its_run_and_goes_with_it(store: Store) -> None:
    job = await saved(store)
    await run_for(store, job, 1, has_warning=1)
    assert (await row(store, job)).last_warning == 1
    await run_for(store, job, 1)
    assert (await row(store, job)).last_warning == 0


async def test_a_run_that_ended_before_it_started_by_a_set_clock_is_no_measure(store: Store) -> None:
    job = await saved(store)
    await run_for(store, job, -7)
    found = await row(store, job)
    assert (found.last_state, found.took, found.p50_us) == (State.SUCCEEDED, "[]", None)


async def test_what_failed_to_commit_is_not_among_the_spans(store: Store) -> None:
    job = await saved(store)
    await run_for(store, job, 1)

    def step(tx: Any, rows: Any) -> None:
        raise RuntimeError("no")

    run = new(job_id=job.id)
    assert await store.move([run], [intended(run)]) == []
    store.step_at_ending(step)
    with pytest.raises(RuntimeError):
        await store.move([ended(run, started_at=AT, ended_at=AT + 50)])
    store._writer.steps.clear()
    assert await store.move([ended(run, started_at=AT, ended_at=AT + 3)]) == []
    assert last_runs.read_took((await row(store, job)).took) == [1, 3]


async def test_the_loser_of_a_move_is_not_remembered(store: Store) -> None:
    job = await saved(store)
    run = await run_for(store, job, 1)
    assert await store.move([ended(run, State.FAILED, ended_at=AT + 99)]) != []
    assert (await row(store, job)).last_state == State.SUCCEEDED


async def test_a_verdict_on_the_last_run_counts_and_one_on_an_earlier_run_does_not(store: Store) -> None:
    job = await saved(store)
    first, last = await run_for(store, job, 1), await run_for(store, job, 1, State.FAILED)
    await store.write(lambda tx: runs.give_verdict(tx, RunId(first.id), State.FAILED, "li", "wrong result"))
    assert (await row(store, job)).last_state == State.FAILED
    await store.write(lambda tx: runs.give_verdict(tx, RunId(last.id), State.SUCCEEDED, "li", "it is there"))
    assert (await row(store, job)).last_state == State.SUCCEEDED


async def test_what_a_person_makes_of_an_unknown_run_is_remembered_but_is_no_measure(store: Store) -> None:
    job = await saved(store)
    run = await brought_to(store, State.UNKNOWN, job_id=job.id)
    await store.write(lambda tx: runs.resolve(tx, RunId(run.id), State.SUCCEEDED, "li", "looked"))
    found = await row(store, job)
    assert (found.last_run, found.last_state, found.took) == (run.id, State.SUCCEEDED, "[]")


async def test_what_a_paused_chain_misses_is_remembered(store: Store) -> None:
    load, audit = await saved(store, spec("load")), await saved(store, spec("audit", triggers=(After(after="load"),)))
    await store.write(lambda tx: pause.pause(tx, _("paused"), "li"))
    run = await brought_to(store, State.SUCCEEDED, job_id=load.id)
    await store.write(lambda tx: chains.go_on(tx, load.id, RunId(run.id), State.SUCCEEDED))
    assert (await row(store, audit)).last_state == State.MISSED


async def test_a_job_that_is_saved_again_or_renamed_keeps_what_is_remembered(store: Store) -> None:
    job = await saved(store)
    run = await run_for(store, job, 4)
    await saved(store, spec("hourly", description="better"), job_id=job.id)
    found = await row(store, job)
    assert (found.name, found.last_run, found.p50_us) == ("hourly", run.id, 4)


async def test_a_job_that_was_deleted_and_comes_back_remembers_its_runs(store: Store) -> None:
    job = await saved(store)
    for took in (3, 4, 5):
        await run_for(store, job, took)
    last = await run_for(store, job, 1, State.FAILED)
    before = await row(store, job)
    await store.write(lambda tx: jobs.delete(tx, job.id))
    assert await row(store, job) is None
    await run_of_gone(store, job.id)
    await store.write(lambda tx: jobs.revive(tx, job, "li"))
    after = await row(store, job)
    assert after.last_run != last.id and after.last_state == State.CANCELLED
    assert (after.took, after.p50_us) == (before.took, before.p50_us)


async def run_of_gone(store: Store, job_id: JobId) -> None:
    """A run that outlives its job, and ends: nobody remembers it, and nothing breaks."""
    run = new(job_id=job_id)
    assert await store.move([run], [intended(run)]) == []
    assert await store.move([ended(run, State.CANCELLED)]) == []


def test_a_share_of_spans_is_told_by_the_nearest_rank() -> None:
    assert [not_exceeded_by(share, [7]) for share in (0.5, 0.95)] == [7, 7]
    assert [not_exceeded_by(share, list(range(20, 0, -1))) for share in (0.5, 0.95)] == [10, 19]
    assert not_exceeded_by(0.5, [1, 2, 3]) == 2
