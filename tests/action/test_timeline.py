"""Jobs side by side: which lanes there are and in which order, what they hold, and what is only counted."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.action.conftest import job
from watchkeeper.action import timeline
from watchkeeper.action.desk import Desk, LocalDesk
from watchkeeper.model.errors import Known
from watchkeeper.model.ids import run_id
from watchkeeper.model.instant import to_us
from watchkeeper.model.run import State
from watchkeeper.store.moves import NewRun
from watchkeeper.store.store import Store

HOUR = timedelta(hours=1)


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def ran(desk: Desk, store: Store, now: datetime) -> Any:
    """A job with runs that began so many hours ago and took half an hour each."""

    async def saved(
        name: str, *hours_ago: float, state: State = State.SUCCEEDED, took: float = 0.5, **more: Any
    ) -> Any:
        found = await desk.do("job.save", spec=job(name, **more))
        rows = []
        for hours in hours_ago:
            begin = now - hours * HOUR
            row = NewRun(run_id(), found.id, name, 1, "fire", state, 5, to_us(begin), to_us(begin), "scheduler")
            rows.append(row._replace(started_at=to_us(begin), ended_at=to_us(begin + took * HOUR)))
        if rows:
            assert await store.move(rows) == []
        return found

    return saved


async def shown(desk: Desk, now: datetime, before: float = 6, after: float = 6, **more: Any) -> Any:
    window = {"since": (now - before * HOUR).isoformat(), "until": (now + after * HOUR).isoformat()}
    return await desk.ask("timeline.show", **window, **more)


async def test_what_needs_a_person_comes_first_then_what_runs_then_what_ran_last(
    desk: Desk, ran: Any, now: datetime, store: Store
) -> None:
    await ran("failed long ago", 5, state=State.FAILED)
    await ran("old", 4)
    await ran("recent", 3, 2, 1)
    live = await ran("live")
    row = NewRun(run_id(), live.id, "live", 1, "fire", State.RUNNING, 5, to_us(now), to_us(now), "scheduler")
    assert await store.move([row._replace(started_at=to_us(now))]) == []
    await ran("newest", 0.5)
    await ran("idle")
    found = await shown(desk, now)
    assert [lane.job for lane in found.lanes] == ["failed long ago", "live", "newest", "recent", "old"]
    assert [lane.needs_attention for lane in found.lanes] == [True, False, False, False, False]
    assert [lane.state for lane in found.lanes][:3] == [State.FAILED, State.RUNNING, State.SUCCEEDED]
    assert [lane.job for lane in (await shown(desk, now, limit=2)).lanes] == ["failed long ago", "live"]


async def test_a_lane_holds_the_runs_of_the_time_and_those_that_reach_into_it(
    desk: Desk, ran: Any, now: datetime
) -> None:
    await ran("long", 40, 9, took=4)
    await ran("nightly", 8, 5, 2)
    lanes = {lane.job: lane for lane in (await shown(desk, now)).lanes}
    assert [round((now - bar.due_at) / HOUR) for bar in lanes["nightly"].runs] == [2, 5]
    assert [round((now - bar.due_at) / HOUR) for bar in lanes["long"].runs] == [9]
    assert lanes["nightly"].run_count == 2


async def test_a_time_that_is_over_ends_where_it_ends(desk: Desk, ran: Any, now: datetime) -> None:
    await ran("nightly", 8, 5, 2, triggers=[{"kind": "interval", "every": "1h"}])
    (lane,) = (await shown(desk, now, before=6, after=-3)).lanes
    assert [round((now - bar.due_at) / HOUR) for bar in lane.runs] == [5]
    assert (lane.fires, lane.fire_count) == ([], 0)


async def test_what_is_going_to_fire_is_told_and_beyond_forty_counted(
    local: LocalDesk, ran: Any, now: datetime
) -> None:
    await ran("hourly", 1, triggers=[{"kind": "interval", "every": "1h"}])
    await ran("often", 2, triggers=[{"kind": "interval", "every": "1m"}, {"kind": "interval", "every": "2m"}])
    await ran("off", 3, triggers=[{"kind": "interval", "every": "1h"}], is_enabled=False)
    found = await shown(local, now)
    lanes = {lane.job: lane for lane in found.lanes}
    assert len(lanes["hourly"].fires) == lanes["hourly"].fire_count == 6
    assert all(found.now < at <= found.until for at in lanes["hourly"].fires)
    assert len(lanes["often"].fires) == timeline.MOST_FIRES
    assert 538 <= lanes["often"].fire_count <= 541
    assert lanes["off"].fires == []
    assert found.pause is None
    await local.do("schedule.pause", reason="upgrade")
    assert "upgrade" in str((await shown(local, now)).pause.reason)


async def test_more_runs_than_fit_are_counted(local: LocalDesk, ran: Any, now: datetime, monkeypatch: Any) -> None:
    monkeypatch.setattr(timeline, "MOST_RUNS", 8)
    monkeypatch.setattr(timeline, "MOST_COUNTED", 20)
    await ran("busy", *(n / 10 for n in range(40, 0, -1)), took=0.01)
    await ran("calm", 1)
    lanes = {lane.job: lane for lane in (await shown(local, now)).lanes}
    assert (len(lanes["busy"].runs), lanes["busy"].run_count) == (4, 20)
    assert lanes["busy"].runs[0].number > lanes["busy"].runs[-1].number
    assert lanes["calm"].run_count == 1


async def test_a_job_that_is_gone_has_no_lane(desk: Desk, ran: Any, now: datetime) -> None:
    await ran("gone", 1)
    await desk.do("job.delete", job="gone")
    assert (await shown(desk, now)).lanes == []


@pytest.mark.parametrize("hours", [0, -1, 24 * 401])
async def test_a_time_that_is_none_or_endless_is_refused(desk: Desk, now: datetime, hours: float) -> None:
    with pytest.raises(Known, match=r"until: .* is not within 400 days after"):
        await shown(desk, now, before=0, after=hours)


@pytest.mark.parametrize(
    "given", [{"limit": 0}, {"limit": 51}, {"since": "now"}, {"until": 3}, {"since": "2026-03-01"}]
)
async def test_what_is_no_moment_or_count_is_refused_by_its_name(desk: Desk, now: datetime, given: Any) -> None:
    window = {"since": now.isoformat(), "until": (now + HOUR).isoformat()}
    with pytest.raises(Known, match=next(iter(given))):
        await desk.ask("timeline.show", **{**window, **given})


async def test_a_fire_that_meets_another_where_there_is_no_room_is_told_with_whom(
    desk: Desk, ran: Any, now: datetime
) -> None:
    await desk.do("pool.save", name="db", size=1)
    zone = {"zone": "UTC"}
    soon = (now + timedelta(hours=2)).replace(second=0, microsecond=0)
    cron = f"{soon.minute} {soon.hour} * * *"
    await ran("backup", 1, pool="db", triggers=({"kind": "cron", "cron": cron, **zone},))
    later = soon + timedelta(minutes=10)
    await ran(
        "report", 2, pool="db", triggers=({"kind": "cron", "cron": f"{later.minute} {later.hour} * * *", **zone},)
    )
    await ran("alone", 3, triggers=({"kind": "cron", "cron": cron, **zone},))
    lanes = {lane.job: lane for lane in (await shown(desk, now)).lanes}
    assert [(clash.at, clash.jobs, clash.shared) for clash in lanes["report"].clashes] == [(later, ("backup",), "db")]
    (clash,) = lanes["backup"].clashes
    (met,) = clash.met
    assert (clash.jobs, clash.slots, clash.ends_at) == (("report",), 1, soon + timedelta(minutes=30))
    assert (met.job_id, met.begins_at) == (lanes["report"].job_id, later)
    assert lanes["alone"].clashes == []
    await desk.do("pool.save", name="db", size=2)
    assert not any(lane.clashes for lane in (await shown(desk, now)).lanes)
