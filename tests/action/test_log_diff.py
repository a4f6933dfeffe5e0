"""Outputs are held together without what is never the same, within bounds, and can be given up."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.action.conftest import job
from watchkeeper.action.desk import Desk, LocalDesk
from watchkeeper.action.log_diff import MOST_BYTES, MOST_LINES, MOST_TOLD
from watchkeeper.model.errors import NotFound
from watchkeeper.model.run import Run, State


@pytest.fixture
async def two(desk: Desk, end_run: Any, tmp_path: Path) -> Any:
    """A success and a failure of one job, with these outputs."""
    await desk.do("job.save", spec=job())

    async def made(before: str, after: str) -> tuple[Run, Run]:
        pair = []
        for text, state in ((before, State.SUCCEEDED), (after, State.FAILED)):
            run = (await desk.do("run.start", job="nightly")).run
            (tmp_path / f"{run.id}.1").write_text(text)
            await end_run(run, state)
            pair.append(run)
        return pair[0], pair[1]

    return made


async def test_moments_ids_and_durations_are_no_differences(desk: Desk, two: Any) -> None:
    _before, after = await two(
        "08:30:00.120 begin pid=17\nread 12 rows in 3.2 s\nok\n",
        "09:31:07.004 begin pid=4711\nread 12 rows in 9 s\nERROR lost\n",
    )
    found = await desk.ask("run.log_diff", run=after.id)
    assert (found.removed, found.added, found.same) == (1, 1, 2)
    (hunk,) = found.hunks
    assert hunk.lines == (" 09:31:07.004 begin pid=4711", " read 12 rows in 9 s", "-ok", "+ERROR lost")
    assert (hunk.before, hunk.after) == (1, 1)


async def test_changes_far_from_each_other_stand_in_hunks_of_their_own(desk: Desk, two: Any) -> None:
    lines = [f"line {word}" for word in "abcdefghijklmnopqrst"]
    changed = ["new first", *lines[1:-1], "new last"]
    before, after = await two("\n".join(lines), "\n".join(changed))
    found = await desk.ask("run.log_diff", run=after.id, other=before.id, context=1)
    assert [(hunk.before, hunk.after, len(hunk.lines)) for hunk in found.hunks] == [(1, 1, 3), (19, 19, 3)]
    bare = await desk.ask("run.log_diff", run=after.id, other=before.id, context=0)
    assert [hunk.lines for hunk in bare.hunks] == [("-line a", "+new first"), ("-line t", "+new last")]


async def test_the_same_output_has_no_hunk(desk: Desk, two: Any) -> None:
    before, after = await two("a\n" * 50, "a\n" * 50)
    found = await desk.ask("run.log_diff", run=after.id, other=before.id)
    assert (found.hunks, found.same, found.has_more, found.run.is_cut) == ([], 50, False, False)


async def test_of_a_long_output_the_end_is_compared_and_that_is_said(desk: Desk, two: Any) -> None:
    before, after = await two("x" * (MOST_BYTES + 100) + "\nthe end\n", "y\n" * (MOST_LINES + 5) + "the end\n")
    found = await desk.ask("run.log_diff", run=after.id, other=before.id)
    assert (found.other.lines, found.other.is_cut) == (1, True), "a line whose beginning is cut off is none"
    assert (found.run.lines, found.run.is_cut) == (MOST_LINES, True)
    assert found.same == 1
    assert found.has_more and sum(len(hunk.lines) for hunk in found.hunks) == MOST_TOLD


async def test_without_a_success_it_is_said_that_there_is_none(desk: Desk, two: Any) -> None:
    before, _after = await two("", "")
    with pytest.raises(NotFound, match="no other run of nightly has succeeded"):
        await desk.ask("run.log_diff", run=before.id)


async def test_whoever_asks_can_give_up(local: LocalDesk, two: Any) -> None:
    before, after = await two("a\n" * 30_000, "b\n" * 30_000)
    asked = asyncio.ensure_future(local.ask("run.log_diff", run=after.id, other=before.id))
    await asyncio.sleep(0)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
