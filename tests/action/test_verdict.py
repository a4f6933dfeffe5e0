"""A job is checked without being saved: every fault beside its field, all at once, and what is doubtful."""

from datetime import timedelta
from typing import Any

import pytest

from tests.action.conftest import job
from tests.action.test_checks import BAD
from watchkeeper.action.desk import Desk, LocalDesk
from watchkeeper.action.draft import problem_of
from watchkeeper.action.verdict import Verdict
from watchkeeper.model.errors import Conflict, Known
from watchkeeper.model.instant import to_us
from watchkeeper.model.run import Run, State
from watchkeeper.model.text import say
from watchkeeper.store.moves import Ended, Intended
from watchkeeper.store.store import Store


async def check(desk: Desk, **more: Any) -> Verdict:
    former = more.pop("former", None)
    verdict: Verdict = await desk.ask("job.check", spec=job(**more), job=former)
    return verdict


@pytest.mark.parametrize(("place", "wrong"), BAD, ids=lambda value: str(value)[:40])
async def test_whatever_a_save_refuses_a_check_tells_beside_its_field(
    desk: Desk, rows: Any, place: str, wrong: dict[str, Any]
) -> None:
    before = await rows()
    try:
        verdict: Verdict = await desk.ask("job.check", spec={**job(), **wrong})
    except Known as refusal:
        # What can't even be kept as JSON is refused as a whole; its field is found all the same.
        assert problem_of(refusal).field.startswith(place)
        return
    fields = [problem.field for problem in verdict.problems if problem.is_error]
    assert any(field.startswith(place.rstrip(".")) for field in fields), fields
    assert all(say(problem.text, "zh_CN") != str(problem.text) for problem in verdict.problems), verdict
    assert await rows() == before


async def test_all_faults_are_told_at_once(desk: Desk) -> None:
    verdict = await check(
        desk,
        name="a/b",
        priority=12,
        retry={"delay": "2h", "factor": 0},
        timeouts={"soft": "2m", "hard": "1m"},
        triggers=[{"cron": "61 * * * *"}, {"every": "1ms"}],
        env={"WATCHKEEPER_X": "1"},
        pool="gone",
    )
    assert {problem.field for problem in verdict.problems} == {
        *("name", "priority", "retry.factor", "retry.max_delay", "timeouts.soft", "env.WATCHKEEPER_X", "pool"),
        *("triggers[0].cron", "triggers[1].every"),
    }
    assert not verdict.is_right


async def test_a_field_that_is_missing_is_named(desk: Desk) -> None:
    verdict: Verdict = await desk.ask("job.check", spec={"params": {}, "triggers": [{"kind": "cron"}]})
    assert {problem.field for problem in verdict.problems} >= {"name", "triggers[0].cron"}


async def test_another_jobs_name_is_refused_and_its_own_is_not(desk: Desk) -> None:
    await desk.do("job.save", spec=job())
    assert [problem.field for problem in (await check(desk)).problems if problem.is_error] == ["name"]
    assert (await check(desk, former="nightly")).is_right


async def test_a_job_that_nothing_starts_is_doubtful_and_right(desk: Desk) -> None:
    verdict = await check(desk)
    assert verdict.is_right
    assert [problem.field for problem in verdict.problems] == ["triggers"]


@pytest.fixture
def took(store: Store) -> Any:
    """Let a queued run have succeeded after a time."""

    async def done(run: Run, span: timedelta) -> None:
        begin = to_us(run.created_at) + 1
        end = begin + int(span.total_seconds() * 1_000_000)
        assert await store.move([Intended(run.id, 1, begin, None, None, None)]) == []
        ended = Ended(run.id, run.job_id, 1, State.SUCCEEDED, None, begin, end, 0, 0, None, 0, 0)
        assert await store.move([ended]) == []

    return done


async def test_a_timeout_shorter_than_usual_is_doubtful_and_the_fix_is_not(local: LocalDesk, took: Any) -> None:
    await local.do("job.save", spec=job(concurrency={"policy": "allow"}))
    for _count in range(3):
        await took((await local.do("run.start", job="nightly")).run, timedelta(minutes=64))
    verdict = await check(local, former="nightly", timeouts={"soft": "25m"}, triggers=[{"every": "10m"}])
    assert verdict.is_right and verdict.usual == timedelta(minutes=64)
    fixes = {problem.field: problem.fix.value for problem in verdict.problems if problem.fix}
    assert fixes == {"timeouts.soft": "1h30m", "triggers[0].every": "1h30m"}
    mended = await check(local, former="nightly", timeouts={"soft": "1h30m"}, triggers=[{"every": "1h30m"}])
    assert mended.problems == []


async def test_a_job_that_was_saved_meanwhile_is_not_overwritten(desk: Desk) -> None:
    first = await desk.do("job.save", spec=job())
    await desk.do("job.save", spec=job(priority=7))
    with pytest.raises(Conflict, match="version 2"):
        await desk.do("job.save", spec=job(priority=3), job=first.id, base=1)
    assert (await desk.ask("job.show", job=first.id)).spec.priority == 7
    assert (await desk.do("job.save", spec=job(priority=3), job=first.id, base=2)).version == 3
