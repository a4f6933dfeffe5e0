"""The list of what needs a person: each cause once, with all that comes of it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.action.conftest import job
from watchkeeper.action.attention import Need
from watchkeeper.action.desk import Desk, LocalDesk
from watchkeeper.model.errors import Known
from watchkeeper.model.run import Run, State
from watchkeeper.store import leases
from watchkeeper.store.store import Store


@pytest.fixture
def start(desk: Desk) -> Any:
    async def started(name: str, **fields: Any) -> Run:
        await desk.do("job.save", spec=job(name, **fields))
        run: Run = (await desk.do("run.start", job=name)).run
        return run

    return started


@pytest.fixture
def grow_old(store: Store) -> Any:
    """Let what waits have waited for an hour."""

    def older(tx: Any) -> None:
        tx.run("UPDATE runs SET due_at = due_at - 3600000000")

    return lambda: store.write(older)


async def test_an_empty_workspace_needs_nobody(desk: Desk) -> None:
    found = await desk.ask("attention.list")
    assert (found.rows, found.counts, found.blocked) == ([], {}, 0)


async def test_a_failure_tells_its_exit_code_its_first_error_and_what_it_blocks(
    desk: Desk, start: Any, end_run: Any, tmp_path: Path
) -> None:
    run = await start("extract")
    for name, after in (("load", "extract"), ("report", "load")):
        await desk.do("job.save", spec=job(name, triggers=[{"kind": "after", "after": after}]))
    (tmp_path / f"{run.id}.1").write_text("begin\nERROR connection refused\nend\n")
    await end_run(run, State.FAILED)
    found = await desk.ask("attention.list")
    (row,) = found.rows
    assert (row.need, row.job, row.number, row.exit_code) == (Need.FAILED, "extract", run.number, 1)
    assert row.first_error == "ERROR connection refused"
    assert (row.blocks, row.blocked, found.blocked) == (2, ("load", "report"), 2)
    assert found.counts == {Need.FAILED: 1}


async def test_acknowledging_takes_it_off_and_reopening_puts_it_back(desk: Desk, start: Any, end_run: Any) -> None:
    run = await start("nightly")
    await end_run(run, State.FAILED)
    seen = await desk.do("attention.acknowledge", run=str(run.number), note="disk is full")
    assert seen.note == "disk is full"
    assert (await desk.ask("attention.list")).rows == []
    await desk.do("attention.reopen", run=str(run.number))
    assert len((await desk.ask("attention.list")).rows) == 1
    again = (await desk.do("run.rerun", run=run.id)).id
    assert again != run.id


async def test_runs_that_are_late_for_one_reason_are_one_row(
    desk: Desk, start: Any, store: Store, grow_old: Any
) -> None:
    for name in ("a", "b", "c"):
        await start(name)
    assert (await desk.ask("attention.list")).rows == []
    await grow_old()
    found = await desk.ask("attention.list")
    (row,) = found.rows
    assert (row.need, row.count, row.blocker, row.blocks) == (Need.LATE, 3, "engine", 2)
    assert "no engine is running" in str(row.reason)
    assert found.counts == {Need.LATE: 3}
    assert len(set(row.run_ids)) == 3
    for run_id in row.run_ids:
        await desk.do("attention.acknowledge", run=run_id)
    assert (await desk.ask("attention.list")).rows == []


async def test_what_waits_for_an_unknown_run_is_part_of_its_row(
    desk: Desk, start: Any, store: Store, lose_run: Any, grow_old: Any
) -> None:
    await store.write(lambda tx: leases.take(tx, "me", {"local": 9, "inside": 9}, timedelta(hours=1)))
    lost = await start("nightly", key="shared")
    await start("other", key="shared")
    await lose_run(lost)
    await store.write(lambda tx: tx.run("UPDATE runs SET held_key = 'shared' WHERE id = :id", id=lost.id))
    await grow_old()
    (row,) = (await desk.ask("attention.list")).rows
    assert (row.need, row.number, row.blocked) == (Need.UNKNOWN, lost.number, ("other",))
    for run_id in row.run_ids:
        await desk.do("attention.acknowledge", run=run_id)
    assert (await desk.ask("attention.list")).rows == []


async def test_what_was_missed_stands_there_with_its_count(desk: Desk, start: Any, miss: Any, end_run: Any) -> None:
    run = await start("nightly")
    await end_run(run, State.SUCCEEDED)
    await miss(run)
    (row,) = (await desk.ask("attention.list")).rows
    assert (row.need, row.job, row.count, row.run_id) == (Need.MISSED, "nightly", 1, None)
    await desk.do("missed.settle", job="nightly", choice="none")
    assert (await desk.ask("attention.list")).rows == []


async def test_more_than_the_limit_is_counted(local: LocalDesk, end_run: Any) -> None:
    for number in range(5):
        await local.do("job.save", spec=job(f"job {number}"))
        await end_run((await local.do("run.start", job=f"job {number}")).run, State.FAILED)
    found = await local.ask("attention.list", limit=2)
    assert [row.job for row in found.rows] == ["job 4", "job 3"] and found.counts == {Need.FAILED: 5}


@pytest.mark.parametrize("note", ["x" * 1_001, "a\0b", "\ud800", 3, None])
async def test_a_note_that_cannot_be_kept_is_refused_by_its_name(
    desk: Desk, start: Any, end_run: Any, note: Any
) -> None:
    run = await start("nightly")
    await end_run(run, State.FAILED)
    with pytest.raises((Known, UnicodeEncodeError), match=r"note|surrogate"):
        await desk.do("attention.acknowledge", run=run.id, note=note)
