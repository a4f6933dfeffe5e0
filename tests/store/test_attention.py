"""Which runs need a person: newest outcomes that failed, unknown and late ones, until somebody has seen them."""

from datetime import timedelta
from typing import Any

import pytest

from tests.store.making import START, Wall, brought_to, saved, spec
from watchkeeper.model.errors import Conflict
from watchkeeper.model.events import Event, RunAcknowledged, RunReopened
from watchkeeper.model.ids import RunId
from watchkeeper.model.instant import to_us
from watchkeeper.model.job import Job
from watchkeeper.model.run import State
from watchkeeper.model.trigger import After, On
from watchkeeper.store import attention, retention, runs
from watchkeeper.store.moves import NewRun
from watchkeeper.store.store import Store
from watchkeeper.store.tx import Tx

S = State
MINUTE = timedelta(minutes=1)


async def ran(store: Store, job: Job, *states: State) -> list[NewRun]:
    """Runs of a job that came to these states, one after the other."""
    return [await brought_to(store, state, job_id=job.id, job_name=job.name) for state in states]


async def failing(store: Store) -> list[str]:
    return [run.job_name for run in await store.read(lambda tx: attention.failures(tx, 100))]


async def see(store: Store, run: NewRun, note: str = "") -> Any:
    return await store.write(lambda tx: attention.acknowledge(tx, runs.get(tx, run.id), "ann", note))


async def judge(store: Store, run: NewRun, state: State) -> None:
    await store.write(lambda tx: runs.give_verdict(tx, RunId(run.id), state, "ann", "seen"))


@pytest.mark.parametrize(
    ("states", "needs"),
    [
        ((S.FAILED,), True),
        ((S.TIMED_OUT,), True),
        ((S.EXPIRED,), True),
        ((S.SUCCEEDED,), False),
        ((S.FAILED, S.SUCCEEDED), False),
        ((S.SUCCEEDED, S.FAILED), True),
        ((S.FAILED, S.SKIPPED), True),
        ((S.FAILED, S.CANCELLED, S.MISSED), True),
        ((S.FAILED, S.RUNNING), True),
        ((S.FAILED, S.QUEUED), True),
        ((S.SKIPPED,), False),
        ((S.CANCELLED,), False),
        ((), False),
    ],
)
async def test_a_job_needs_a_person_when_its_newest_outcome_failed(
    store: Store, states: tuple[State, ...], needs: bool
) -> None:
    job = await saved(store)
    await ran(store, job, *states)
    assert bool(await failing(store)) is needs


async def test_each_job_that_fails_stands_there_once_and_the_newest_first(store: Store) -> None:
    for name in ("a", "b", "c", "d"):
        job = await saved(store, spec(name))
        await ran(store, job, *([S.FAILED] * 3 if name != "c" else [S.FAILED, S.SUCCEEDED]))
    assert await failing(store) == ["d", "b", "a"]
    assert len(await store.read(lambda tx: attention.failures(tx, 2))) == 2


async def test_a_verdict_counts_before_the_state(store: Store) -> None:
    good, bad = await saved(store, spec("good")), await saved(store, spec("bad"))
    (failed,), (succeeded,) = await ran(store, good, S.FAILED), await ran(store, bad, S.SUCCEEDED)
    await judge(store, failed, S.SUCCEEDED)
    await judge(store, succeeded, S.FAILED)
    assert await failing(store) == ["bad"]


async def test_a_job_that_is_gone_needs_nobody(store: Store) -> None:
    await brought_to(store, S.FAILED)
    assert await failing(store) == []


async def test_what_was_seen_comes_back_when_it_fails_again_or_is_reopened(store: Store, told: list[Event]) -> None:
    job = await saved(store)
    (first,) = await ran(store, job, S.FAILED)
    seen = await see(store, first, "disk")
    assert (seen.actor, seen.note, seen.at) == ("ann", "disk", START)
    assert await failing(store) == []
    (second,) = await ran(store, job, S.FAILED)
    assert await failing(store) == [job.name]
    await see(store, second)
    await store.write(lambda tx: attention.reopen(tx, runs.get(tx, second.id), "bob"))
    assert await failing(store) == [job.name]
    assert told[-3:] == [
        RunAcknowledged(RunId(first.id), job.name, "ann"),
        RunAcknowledged(RunId(second.id), job.name, "ann"),
        RunReopened(RunId(second.id), job.name, "bob"),
    ]


async def test_a_run_is_acknowledged_once_and_only_if_it_needs_it(store: Store) -> None:
    job = await saved(store)
    failed, succeeded = await ran(store, job, S.FAILED, S.SUCCEEDED)
    await see(store, failed)
    with pytest.raises(Conflict, match="acknowledged by ann already"):
        await see(store, failed)
    with pytest.raises(Conflict, match=r"is SUCCEEDED: there is nothing to acknowledge"):
        await see(store, succeeded)
    with pytest.raises(Conflict, match="was not acknowledged"):
        await store.write(lambda tx: attention.reopen(tx, runs.get(tx, succeeded.id), "ann"))


async def test_an_acknowledgement_goes_with_its_run(store: Store) -> None:
    job = await saved(store)
    (failed,) = await ran(store, job, S.FAILED)
    await see(store, failed)
    await brought_to(store, S.QUEUED)
    await store.write(lambda tx: retention.prune(tx, START + timedelta(days=1), 100))
    assert await store.read(lambda tx: attention.acknowledged(tx, [RunId(failed.id)])) == {}


async def test_unknown_runs_need_a_person_until_they_are_seen(store: Store) -> None:
    lost, other = await brought_to(store, S.UNKNOWN), await brought_to(store, S.UNKNOWN)
    await see(store, lost)
    assert [run.id for run in await store.read(lambda tx: attention.unknown(tx, 100))] == [other.id]


async def test_what_has_waited_for_longer_than_its_grace_is_late(store: Store, wall: Wall) -> None:
    waiting = [await brought_to(store, state) for state in (S.QUEUED, S.WAITING)]
    await brought_to(store, S.RUNNING)
    await brought_to(store, S.WAITING, due_at=to_us(START + timedelta(hours=1)))
    wall.move(seconds=60)
    assert await store.read(lambda tx: attention.late(tx, MINUTE, 100)) == []
    wall.move(seconds=1)
    assert [run.id for run in await store.read(lambda tx: attention.late(tx, MINUTE, 100))] == [
        run.id for run in waiting
    ]
    await see(store, waiting[0])
    assert len(await store.read(lambda tx: attention.late(tx, MINUTE, 100))) == 1


# What a failure keeps from running.


async def kept(store: Store, run: NewRun) -> list[str]:
    return await store.read(lambda tx: attention.kept_back(tx, runs.get(tx, run.id)))


async def test_a_failure_keeps_all_that_would_follow_its_success(store: Store) -> None:
    first = await saved(store, spec("extract"))
    for name, after in (("load", "extract"), ("report", "load"), ("mail", "report"), ("audit", "extract")):
        await saved(store, spec(name, triggers=(After(after=after),)))
    await saved(store, spec("alarm", triggers=(After(after="extract", on=On.FAILURE),)))
    await saved(store, spec("off", triggers=(After(after="extract"),), is_enabled=False))
    await saved(store, spec("any", triggers=(After(after="extract", on=On.ANY),)))
    (failed,) = await ran(store, first, S.FAILED)
    assert await kept(store, failed) == ["any", "audit", "load", "mail", "report"]


async def test_what_has_run_since_is_not_kept_back(store: Store) -> None:
    first = await saved(store, spec("extract"))
    load = await saved(store, spec("load", triggers=(After(after="extract"),)))
    await saved(store, spec("report", triggers=(After(after="load"),)))
    (earlier,) = await ran(store, load, S.SUCCEEDED)
    (failed,) = await ran(store, first, S.FAILED)
    assert await kept(store, failed) == ["load", "report"]
    await ran(store, load, S.SUCCEEDED)
    assert await kept(store, failed) == []
    assert earlier.id != failed.id


async def test_the_indexes_of_unusual_runs_are_used(store: Store, on_sqlite: None) -> None:
    def plans(tx: Tx) -> str:
        failing = attention.FAILING + " SELECT * FROM failing " + attention._NEWEST
        return "\n".join(row.detail for row in tx.rows("EXPLAIN QUERY PLAN " + failing))

    plan = await store.read(plans)
    assert plan.count("ix_runs_failed") == 2 and "SCAN runs" not in plan
    assert "ix_runs_job_id" in plan
