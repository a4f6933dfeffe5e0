"""What happened while nobody looked, as an answer and as a note; and the audit trail by filter."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.action.conftest import job
from watchkeeper.action import ACTIONS, away
from watchkeeper.action.away import Away
from watchkeeper.action.desk import Desk, LocalDesk
from watchkeeper.action.handover import markdown
from watchkeeper.action.spec import Kind
from watchkeeper.model.errors import Known
from watchkeeper.model.run import State


@pytest.fixture
def left() -> str:
    return (datetime.now(UTC) - timedelta(minutes=1)).isoformat()


@pytest.fixture
async def eventful(local: LocalDesk, end_run: Any, lose_run: Any, miss: Any) -> None:
    """A failure, a recovery, a gap, an unknown run, changes, a pause and a decision."""
    for name in ("*bad* <b>", "mended", "lost"):
        await local.do("job.save", spec=job(name))
    bad, mended, lost = [(await local.do("run.start", job=name)).run for name in ("*bad* <b>", "mended", "lost")]
    await end_run(bad, State.FAILED)
    await end_run(mended, State.FAILED)
    again = await local.do("run.rerun", run=mended.id)
    await end_run(again, State.SUCCEEDED)
    await lose_run(lost)
    await miss(mended)
    await local.do("attention.acknowledge", run=bad.id, note="seen")
    await local.do("job.disable", job="lost")
    await local.do("schedule.pause", reason="upgrade")
    with pytest.raises(Known):
        await local.do("job.delete", job="nobody")


@pytest.mark.usefixtures("eventful")
async def test_all_that_somebody_has_to_know_is_told(desk: Desk, left: str) -> None:
    found = await desk.ask("away.summary", since=left)
    assert isinstance(found, Away)
    assert {each.job for each in found.failures} == {"*bad* <b>", "mended"}
    assert [each.job for each in found.recoveries] == ["mended"]
    assert [(each.job, each.count) for each in found.missed] == [("mended", 1)]
    assert (found.unknown, found.runs) == (1, 5)
    assert [entry.action for entry in found.changes] == ["job.disable", "job.save", "job.save", "job.save"]
    assert [entry.action for entry in found.pauses] == ["schedule.pause"]
    assert [entry.action for entry in found.decisions] == ["attention.acknowledge"]
    assert "upgrade" in str(found.pause.reason)
    assert all(entry.detail == {} for entry in (*found.changes, *found.decisions))


@pytest.mark.usefixtures("eventful")
async def test_the_note_says_it_in_both_languages_and_names_stay_names(local: LocalDesk, left: str) -> None:
    found = await local.ask("away.summary", since=left)
    note = markdown(found, "en", "Europe/Berlin")
    assert note.startswith("# Handover\n\nFrom ") and note.endswith("\n")
    assert r"\*bad\* \<b\>: FAILED at " in note
    for title in ("At this moment", "Failed", "Recovered", "Missed", "Changed", "Pauses", "Decided by people"):
        assert f"\n## {title}\n\n- " in note
    assert "it has succeeded since" in note and "Disable a job lost" in note
    chinese = markdown(found, "zh_CN", "Asia/Shanghai")
    assert chinese.count("\n## ") == 7
    assert not any(word in chinese for word in ("Handover", "Recovered", "Failed", " from "))


def test_every_deed_is_told_but_for_starts_which_are_runs() -> None:
    told = {*away._CHANGES, *away._PAUSES, *away._DECISIONS}
    assert told == {name for name, each in ACTIONS.items() if each.kind is Kind.DO} - {
        "run.start",
        "run.rerun",
        "handler.try",
    }


async def test_a_quiet_time_has_a_short_note(local: LocalDesk, left: str) -> None:
    found = await local.ask("away.summary", since=left)
    note = markdown(found, "en", "UTC")
    assert "Nothing that anybody has to know of." in note and "##" not in note


@pytest.mark.parametrize("since", ["2999-01-01T00:00:00Z", "yesterday", "2026-03-01T00:00:00", 3, None, ""])
async def test_a_moment_that_is_none_or_yet_to_come_is_refused(desk: Desk, since: Any) -> None:
    with pytest.raises(Known, match="since"):
        await desk.ask("away.summary", since=since)


# The audit trail.


@pytest.mark.usefixtures("eventful")
async def test_every_filter_of_the_trail_narrows(local: LocalDesk, left: str) -> None:
    async def actions(**given: Any) -> list[str]:
        return [entry.action for entry in await local.ask("audit.list", **given)]

    everything = await actions()
    assert len(everything) == 11
    assert await actions(action="job.disable") == ["job.disable"]
    assert await actions(object="nobody") == ["job.delete"]
    assert await actions(outcome="failed") == ["job.delete"]
    assert await actions(text="UPGRADE") == ["schedule.pause"]
    assert await actions(text="seen") == ["attention.acknowledge"]
    assert await actions(text="%") == []
    assert await actions(by="nobody") == []
    assert await actions(since=left) == everything
    assert await actions(until=left) == []
    assert await actions(since=left, until="2999-01-01T00:00:00Z", action="run.rerun") == ["run.rerun"]


@pytest.mark.usefixtures("eventful")
async def test_the_trail_is_paged_both_ways(local: LocalDesk) -> None:
    numbers = [entry.number for entry in await local.ask("audit.list")]
    assert numbers == list(range(11, 0, -1))

    async def page(**given: Any) -> list[int]:
        return [entry.number for entry in await local.ask("audit.list", limit=5, **given)]

    assert await page(before=8) == [7, 6, 5, 4, 3]
    assert await page(above=0) == [5, 4, 3, 2, 1]
    assert await page(above=5) == [10, 9, 8, 7, 6]
    assert await page(above=11) == await page(before=1) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"before": 3, "above": 1}, "either before or above"),
        ({"since": "2026-03-02T00:00:00Z", "until": "2026-03-01T00:00:00Z"}, "is not after"),
        ({"text": "x" * 201}, "text"),
        ({"object": "a\0"}, "object"),
        ({"limit": 0}, "limit"),
        ({"since": "x"}, "since"),
    ],
)
async def test_what_the_trail_cannot_be_filtered_by_is_refused(desk: Desk, given: Any, said: str) -> None:
    with pytest.raises(Known, match=said):
        await desk.ask("audit.list", **given)
