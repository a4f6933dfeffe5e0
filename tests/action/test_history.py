"""The history as the window asks for it, live runs, usual durations, and two runs side by side."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.action.conftest import job
from watchkeeper.action.desk import Desk, LocalDesk
from watchkeeper.model.codec import encode
from watchkeeper.model.errors import Known, NotFound
from watchkeeper.model.ids import run_id
from watchkeeper.model.instant import to_us
from watchkeeper.model.run import Run, State
from watchkeeper.store.moves import Intended, NewRun
from watchkeeper.store.store import Store

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def lived(store: Store) -> Any:
    """Runs of a job that took so many seconds, one an hour; without a span they failed."""

    async def made(job_id: str, *seconds: float | None, name: str = "nightly", version: int = 1) -> None:
        rows = []
        for place, span in enumerate(seconds):
            at = BEGAN + timedelta(hours=place)
            end = at + timedelta(seconds=9 if span is None else span)
            state = State.FAILED if span is None else State.SUCCEEDED
            row = NewRun(run_id(), job_id, name, version, "fire", state, 5, to_us(at), to_us(at), "scheduler")
            rows.append(row._replace(started_at=to_us(at), ended_at=to_us(end), host="db-02"))
        assert await store.move(rows) == []

    return made


@pytest.fixture
async def nightly(desk: Desk) -> Any:
    return await desk.do("job.save", spec=job(tags=["etl"]))


async def test_pages_meet_and_know_whether_there_are_more(desk: Desk, nightly: Any, lived: Any) -> None:
    await lived(nightly.id, *[1.0] * 25)
    first = await desk.ask("run.table", limit=10)
    assert (first.total, first.is_exact, first.has_newer, first.has_older) == (25, True, False, True)
    second = await desk.ask("run.table", limit=10, before=first.rows[-1].number)
    assert (second.has_newer, second.has_older) == (True, True)
    last = await desk.ask("run.table", limit=10, above=0)
    assert [run.number for run in last.rows] == list(range(10, 0, -1))
    assert (last.has_newer, last.has_older) == (True, False)
    back = await desk.ask("run.table", limit=10, above=last.rows[0].number)
    assert [run.number for run in back.rows] == list(range(20, 10, -1))


async def test_behind_the_last_page_there_is_an_empty_one_that_knows_the_way_back(
    desk: Desk, nightly: Any, lived: Any
) -> None:
    await lived(nightly.id, 1.0, 1.0)
    for given, newer, older in (
        ({"before": 1}, True, False),
        ({"above": 2}, False, True),
        ({"above": 10**18}, False, True),
    ):
        page = await desk.ask("run.table", **given)
        assert (page.rows, page.has_newer, page.has_older) == ([], newer, older)


async def test_every_filter_narrows(desk: Desk, nightly: Any, lived: Any) -> None:
    other = await desk.do("job.save", spec=job("other report"))
    await lived(nightly.id, 1.0, None, 1.0)
    await lived(other.id, 1.0, None, name="other report")
    queued = (await desk.do("run.start", job="nightly")).run

    async def numbers(**given: Any) -> list[int]:
        return [run.number for run in (await desk.ask("run.table", **given)).rows]

    assert await numbers() == [6, 5, 4, 3, 2, 1]
    assert await numbers(job="nightly") == [6, 3, 2, 1]
    assert await numbers(text="REPORT") == [5, 4]
    assert await numbers(text="#2") == await numbers(text=" 2 ") == [2]
    assert await numbers(text="#2", job="other report") == []
    assert await numbers(text="#99") == await numbers(text="99") == []
    assert await numbers(tag="etl") == [6, 3, 2, 1]
    assert await numbers(tag="etl", text="report") == []
    assert await numbers(states=["FAILED"]) == [5, 2]
    assert await numbers(states=["FAILED", "QUEUED", "FAILED"]) == [6, 5, 2]
    assert await numbers(origins=["manual"]) == [queued.number]
    assert await numbers(host="db-02", states=["SUCCEEDED"]) == [4, 3, 1]
    assert await numbers(until="2026-03-02T00:00:00Z", since="2026-03-01T01:00:00Z", job="nightly") == [3, 2]


async def test_a_job_whose_name_is_a_number_is_found_by_it(desk: Desk, lived: Any) -> None:
    year = await desk.do("job.save", spec=job("2026"))
    await lived(year.id, 1.0, name="2026")
    assert len((await desk.ask("run.table", text="2026")).rows) == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"before": 3, "above": 1}, "either before or above"),
        ({"since": "2026-03-02T00:00:00Z", "until": "2026-03-01T00:00:00Z"}, r"until: .* is not after"),
        ({"since": "yesterday"}, "since"),
        ({"since": "2026-03-02T00:00:00"}, "since"),
        ({"limit": 0}, "limit"),
        ({"limit": 501}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"states": ["ODD"]}, "states"),
        ({"states": "FAILED"}, "states"),
        ({"origins": ["nowhere"]}, "origins"),
        ({"text": "x" * 201}, "text"),
        ({"text": "a\0b"}, "text"),
        ({"tag": "x" * 201}, "tag"),
        ({"tag": 7}, "tag"),
        ({"host": "a\0"}, "host"),
        ({"before": 2**70}, "before|number"),
        ({"before": "many"}, "before"),
        ({"above": -(2**70)}, "above|number"),
        ({"job": "nobody"}, "there is no job nobody"),
        ({"order": "up"}, "unknown field order"),
    ],
)
async def test_what_cannot_be_filtered_by_is_refused_by_its_name(desk: Desk, given: Any, said: str) -> None:
    with pytest.raises(Known, match=said):
        await desk.ask("run.table", **given)


@pytest.mark.parametrize("edge", [0, -1, 1, 2**62, -(2**62), 2**63 - 1, -(2**63)])
async def test_any_number_is_an_edge(desk: Desk, nightly: Any, lived: Any, edge: int) -> None:
    await lived(nightly.id, 1.0)
    for way in ("before", "above"):
        assert (await desk.ask("run.table", **{way: edge})).total == 1


@pytest.mark.parametrize(
    "text", ["%", "_", "\\", "'", '"', "%' OR 1=1 --", "#", "##1", "# 1", "#-1", "#1e9", "１", "\u202e", "9" * 60]
)
async def test_words_that_mean_something_to_a_database_mean_nothing(
    desk: Desk, nightly: Any, lived: Any, text: str
) -> None:
    await lived(nightly.id, 1.0)
    assert (await desk.ask("run.table", text=text)).rows == []


# Live runs and usual durations.


async def test_the_usual_duration_is_that_of_the_last_twenty_successes(desk: Desk, nightly: Any, lived: Any) -> None:
    assert (await desk.ask("run.usual", job="nightly")).p50 is None
    await lived(nightly.id, *[1_000.0] * 5, *map(float, range(1, 21)), None)
    found = await desk.ask("run.usual", job="nightly")
    assert (found.p50, found.p95, found.count) == (timedelta(seconds=10), timedelta(seconds=19), 20)


async def test_live_runs_tell_how_long_they_take_and_why_they_wait(
    local: LocalDesk, nightly: Any, lived: Any, store: Store
) -> None:
    await lived(nightly.id, 4.0)
    await local.do("job.save", spec=job(concurrency={"policy": "allow"}))
    runs = [(await local.do("run.start", job="nightly")).run for _count in range(3)]
    began = to_us(runs[1].created_at) - 60_000_000
    assert await store.move([Intended(runs[1].id, 1, began, None, "local", None)]) == []
    found = await local.ask("run.live")
    assert [row.run.id for row in found.rows] == [runs[1].id, runs[0].id, runs[2].id]
    assert (found.running, found.waiting) == (1, 2)
    running, waits = found.rows[:2]
    assert running.elapsed >= timedelta(seconds=60) and running.why is None
    assert running.usual.p50 == timedelta(seconds=4)
    assert waits.elapsed is None and "no engine is running" in str(waits.why) and waits.blocker == "engine"
    few = await local.ask("run.live", limit=2)
    assert (len(few.rows), few.running, few.waiting) == (2, 1, 2)


# Two runs side by side.


async def test_a_run_is_compared_with_the_last_success_before_it(desk: Desk, nightly: Any, lived: Any) -> None:
    await lived(nightly.id, 4.0, None, 6.0)
    found = await desk.ask("run.compare", run="2")
    assert (found.other.number, found.other_took, found.took) == (1, timedelta(seconds=4), timedelta(seconds=9))
    assert (found.spec, found.params, found.outputs) == ((), (), ())
    assert (await desk.ask("run.compare", run="1")).other.number == 3
    assert (await desk.ask("run.compare", run="1", other="2")).other.number == 2


async def test_what_differs_is_told_field_by_field(desk: Desk, nightly: Any, end_run: Any, store: Store) -> None:
    first = (await desk.do("run.start", job="nightly", params={"stdin": "a"})).run
    await end_run(first, State.SUCCEEDED)
    await desk.do("job.save", spec=job(tags=["etl"], params={"script": "false"}))
    second = (await desk.do("run.start", job="nightly", params={"stdin": "b"})).run

    def give(tx: Any) -> None:
        for run, rows in ((first, 7), (second, 9)):
            outputs = encode({"rows": rows, "same": 1}).decode()
            tx.run("UPDATE runs SET outputs = :outputs WHERE id = :id", outputs=outputs, id=run.id)

    await store.write(give)
    found = await desk.ask("run.compare", run=second.id)
    assert [(each.field, each.before, each.after) for each in found.params] == [
        ("script", "true", "false"),
        ("stdin", "a", "b"),
    ]
    assert [each.field for each in found.spec] == ["params.script"]
    assert [(each.field, each.before, each.after) for each in found.outputs] == [("rows", "7", "9")]


async def test_without_a_success_there_is_nothing_to_compare_with(desk: Desk, nightly: Any, lived: Any) -> None:
    await lived(nightly.id, None, None)
    with pytest.raises(NotFound, match="no other run of nightly has succeeded"):
        await desk.ask("run.compare", run="2")


async def test_runs_of_a_job_that_is_gone_can_be_compared(desk: Desk, nightly: Any, lived: Any) -> None:
    await lived(nightly.id, 1.0, None)
    await desk.do("job.delete", job="nightly")
    found = await desk.ask("run.compare", run="2")
    assert isinstance(found.other, Run) and found.spec == ()
