"""What happened since a moment: which jobs failed, which recovered, what was missed."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.store.making import START, new, saved, spec
from watchkeeper.model.ids import RunId
from watchkeeper.model.instant import to_us
from watchkeeper.model.run import ENDINGS, State
from watchkeeper.model.text import _
from watchkeeper.store import away, runs
from watchkeeper.store.rows import stored
from watchkeeper.store.store import Store

S = State
LEFT = START + timedelta(hours=1)
BEFORE, AFTER = START, START + timedelta(hours=2)


async def ran(store: Store, name: str, *outcomes: tuple[State, datetime], **fields: Any) -> list[RunId]:
    """Runs of a job that ended so at these moments."""
    job = await saved(store, spec(name))
    rows = [
        new(
            state,
            job_id=job.id,
            job_name=name,
            created_at=to_us(at),
            due_at=to_us(at),
            ended_at=to_us(at) if state in ENDINGS else None,
            **fields,
        )
        for state, at in outcomes
    ]
    assert await store.move(rows) == []
    return [RunId(row.id) for row in rows]


async def troubles(store: Store) -> dict[str, Any]:
    return {each.job: each for each in await store.read(lambda tx: away.troubles(tx, LEFT, 100))}


async def recoveries(store: Store) -> list[str]:
    return [each.job for each in await store.read(lambda tx: away.recoveries(tx, LEFT, 100))]


async def test_what_failed_since_then_is_told_by_job_with_its_count(store: Store) -> None:
    await ran(store, "old", (S.FAILED, BEFORE))
    await ran(store, "twice", (S.FAILED, BEFORE), (S.FAILED, AFTER), (S.TIMED_OUT, AFTER), exit_code=3)
    await ran(store, "mended", (S.FAILED, AFTER), (S.SUCCEEDED, AFTER))
    await ran(store, "skipped", (S.SKIPPED, AFTER), (S.CANCELLED, AFTER))
    found = await troubles(store)
    assert set(found) == {"twice", "mended"}
    assert (found["twice"].count, found["twice"].state, found["twice"].exit_code) == (2, S.TIMED_OUT, 3)
    assert (found["twice"].has_recovered, found["mended"].has_recovered) == (False, True)


async def test_a_run_that_began_before_and_ended_since_counts(store: Store) -> None:
    job = await saved(store, spec("long"))
    row = new(S.FAILED, job_id=job.id, job_name="long", created_at=to_us(BEFORE), ended_at=to_us(AFTER))
    assert await store.move([row]) == []
    assert set(await troubles(store)) == {"long"}


async def test_a_failure_that_a_person_judged_a_success_is_none(store: Store) -> None:
    (failed,) = await ran(store, "judged", (S.FAILED, AFTER))
    await store.write(lambda tx: runs.give_verdict(tx, failed, S.SUCCEEDED, "ann", "seen"))
    assert await troubles(store) == {}


@pytest.mark.parametrize(
    ("outcomes", "has_recovered"),
    [
        (((S.FAILED, BEFORE), (S.SUCCEEDED, AFTER)), True),
        (((S.FAILED, BEFORE), (S.SKIPPED, AFTER), (S.SUCCEEDED, AFTER), (S.SUCCEEDED, AFTER)), True),
        (((S.FAILED, AFTER), (S.SUCCEEDED, AFTER)), True),
        (((S.FAILED, BEFORE), (S.SUCCEEDED, BEFORE), (S.SUCCEEDED, AFTER)), False),
        (((S.FAILED, BEFORE), (S.SUCCEEDED, AFTER), (S.FAILED, AFTER)), False),
        (((S.SUCCEEDED, AFTER),), False),
        (((S.FAILED, AFTER),), False),
    ],
)
async def test_a_job_has_recovered_with_its_first_success_after_its_last_failure(
    store: Store, outcomes: Any, has_recovered: bool
) -> None:
    await ran(store, "job", *outcomes)
    assert await recoveries(store) == (["job"] if has_recovered else [])


async def test_gaps_are_added_up_by_job_with_the_newest_reason(store: Store) -> None:
    await ran(store, "old", (S.MISSED, BEFORE), missed_count=5)
    await ran(store, "job", (S.MISSED, AFTER), missed_count=2, reason=stored(_("asleep")))
    await ran(store, "job", (S.MISSED, AFTER), missed_count=3, reason=stored(_("down")))
    (gap,) = await store.read(lambda tx: away.gaps(tx, LEFT, 100))
    assert (gap.job, gap.count, str(gap.reason)) == ("job", 5, "down")
