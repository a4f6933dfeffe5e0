"""Chains: what follows an ending, in its transaction, once; and what can't be chained."""

import pytest

from tests.store.making import ended, intended, new, saved, spec
from watchkeeper.engine.chain import start_successors
from watchkeeper.model.errors import Conflict, Known, NotFound
from watchkeeper.model.events import Event, OccurrencesMissed, RunQueued
from watchkeeper.model.job import Job
from watchkeeper.model.run import Origin, Run, State
from watchkeeper.model.text import _
from watchkeeper.model.trigger import After, On
from watchkeeper.store import chains, jobs, pause, runs
from watchkeeper.store.store import Store

ENDS = (State.SUCCEEDED, State.FAILED, State.TIMED_OUT, State.CANCELLED)


def after(name: str, on: On = On.SUCCESS) -> tuple[After]:
    return (After(after=name, on=on),)


async def end(store: Store, job: Job, state: State = State.SUCCEEDED) -> str:
    """Bring a run of the job to its ending; its id."""
    run = new(job_id=job.id, job_name=job.name)
    for row in (run, intended(run), ended(run, state)):
        assert await store.move([row]) == []
    return run.id


async def of(store: Store, job: Job) -> list[Run]:
    return await store.read(lambda tx: runs.page(tx, job_id=job.id))


@pytest.mark.parametrize("on", On)
@pytest.mark.parametrize("state", ENDS)
async def test_a_run_follows_the_endings_that_its_trigger_names(store: Store, on: On, state: State) -> None:
    store.step_at_ending(start_successors)
    load, audit = await saved(store, spec("load")), await saved(store, spec("audit", triggers=after("load", on)))
    first = await end(store, load, state)
    wanted = {
        On.SUCCESS: state is State.SUCCEEDED,
        On.FAILURE: state in (State.FAILED, State.TIMED_OUT),
        On.ANY: True,
    }[on]
    found = await of(store, audit)
    assert [(run.after_run, run.origin, run.state) for run in found] == [(first, Origin.AFTER, State.QUEUED)] * wanted
    assert [run.execution_id for run in found] == [f"after:{first}:{audit.id}"] * wanted


async def test_the_successor_is_told_after_the_commit(store: Store, told: list[Event]) -> None:
    store.step_at_ending(start_successors)
    load, audit = await saved(store, spec("load")), await saved(store, spec("audit", triggers=after("load")))
    told.clear()
    await end(store, load)
    (run,) = await of(store, audit)
    assert told == [RunQueued(run.id, "audit")]


async def test_an_ending_is_followed_once_although_two_triggers_wait_for_it(store: Store) -> None:
    store.step_at_ending(start_successors)
    triggers = (*after("load"), *after("load", On.ANY))
    load, audit = await saved(store, spec("load")), await saved(store, spec("audit", triggers=triggers))
    first = await end(store, load)
    await store.write(lambda tx: chains.go_on(tx, load.id, first, State.SUCCEEDED))  # type: ignore[arg-type]
    assert len(await of(store, audit)) == 1


async def test_a_disabled_job_follows_nothing(store: Store) -> None:
    store.step_at_ending(start_successors)
    load, audit = await saved(store, spec("load")), await saved(store, spec("audit", triggers=after("load")))
    await store.write(lambda tx: jobs.set_enabled(tx, audit.id, False, "test"))
    await end(store, load)
    assert await of(store, audit) == []


async def test_under_a_pause_what_would_follow_is_recorded_as_missed(store: Store, told: list[Event]) -> None:
    store.step_at_ending(start_successors)
    load, audit = await saved(store, spec("load")), await saved(store, spec("audit", triggers=after("load")))
    await store.write(lambda tx: pause.pause(tx, _("maintenance"), "me"))
    told.clear()
    await end(store, load)
    (run,) = await of(store, audit)
    assert (run.state, run.missed_count, str(run.reason)) == (State.MISSED, 1, "maintenance")
    assert told == [OccurrencesMissed("audit", 1, _("maintenance"))]


async def test_a_cycle_is_refused_with_its_path(store: Store) -> None:
    await saved(store, spec("extract"))
    await saved(store, spec("load", triggers=after("extract")))
    await saved(store, spec("audit", triggers=after("load")))
    with pytest.raises(Known, match="cycle: extract → load → audit → extract"):
        await saved(store, spec("extract", triggers=after("audit", On.ANY)))
    with pytest.raises(Known, match="cycle: audit → audit"):
        await saved(store, spec("audit", triggers=after("audit")))
    assert (await store.read(lambda tx: jobs.find(tx, "extract"))).version == 1


async def test_jobs_saved_together_may_name_each_other_in_any_order(store: Store) -> None:
    specs = [spec("audit", triggers=after("load")), spec("load", triggers=after("extract")), spec("extract")]
    store.step_at_ending(start_successors)
    saved_jobs = await store.write(lambda tx: jobs.save_all(tx, specs, "test"))
    await end(store, saved_jobs[1])
    assert len(await of(store, saved_jobs[0])) == 1
    looped = [spec("load", triggers=after("extract")), spec("extract", triggers=after("load"))]
    with pytest.raises(Known, match="cycle"):
        await store.write(lambda tx: jobs.save_all(tx, looped, "test"))


async def test_a_job_can_not_run_after_one_that_is_not_there(store: Store) -> None:
    with pytest.raises(NotFound, match="audit is to run after lod, and there is no such job"):
        await saved(store, spec("audit", triggers=after("lod")))


async def test_a_job_that_others_run_after_is_not_deleted(store: Store) -> None:
    load, audit = await saved(store, spec("load")), await saved(store, spec("audit", triggers=after("load")))
    with pytest.raises(Conflict, match="after it run audit"):
        await store.write(lambda tx: jobs.delete(tx, load.id))
    await store.write(lambda tx: jobs.delete(tx, audit.id))
    await store.write(lambda tx: jobs.delete(tx, load.id))


async def test_a_renamed_job_is_known_by_its_new_name_to_those_that_run_after_it(store: Store) -> None:
    store.step_at_ending(start_successors)
    load, audit = await saved(store, spec("load")), await saved(store, spec("audit", triggers=after("load")))
    renamed = await saved(store, spec("import"), job_id=load.id)
    assert (await store.read(lambda tx: jobs.get(tx, audit.id))).spec.triggers == after("import")
    await end(store, renamed)
    assert len(await of(store, audit)) == 1
