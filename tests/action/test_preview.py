"""What a schedule will do before it is saved: the next times, who meets them, and five weeks day by day."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.action.conftest import job
from watchkeeper.action.desk import Desk
from watchkeeper.action.preview import Preview
from watchkeeper.model.cron import next_after
from watchkeeper.model.errors import Known


async def preview(desk: Desk, triggers: list[dict[str, Any]], **more: Any) -> Preview:
    asked = {name: more.pop(name) for name in ("count", "days", "job") if name in more}
    answer: Preview = await desk.ask("schedule.preview", spec=job(triggers=triggers, **more), **asked)
    return answer


def saved(name: str, triggers: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return job(name, triggers=[{"kind": "cron", **each} for each in triggers], **more)


async def test_the_next_times_are_those_that_will_fire(desk: Desk) -> None:
    answer = await preview(desk, [{"cron": "47 3/4 * * 1-6", "zone": "Asia/Shanghai"}])
    moment = datetime.now(UTC) - timedelta(seconds=2)
    expected = []
    for _count in range(10):
        moment = next_after("47 3/4 * * 1-6", "Asia/Shanghai", moment) or moment
        expected.append(moment)
    assert [fire.at for fire in answer.fires] == expected
    assert answer.zone == "Asia/Shanghai" and {fire.offset for fire in answer.fires} == {"+08:00"}


async def test_each_day_has_as_many_runs_as_will_fire_on_it(desk: Desk) -> None:
    answer = await preview(desk, [{"cron": "47 3/4 * * 1-6", "zone": "Asia/Shanghai"}], count=200, days=20)
    fired = [datetime.fromisoformat(fire.local).date() for fire in answer.fires]
    assert [day.count for day in answer.days] == [fired.count(day.day) for day in answer.days]
    assert [day.day.isoweekday() == 7 for day in answer.days] == [
        day.count == 0 if number else day.day.isoweekday() == 7 for number, day in enumerate(answer.days)
    ]


async def test_a_calendar_that_takes_days_out_is_named_with_its_holiday(desk: Desk) -> None:
    day = (datetime.now(ZoneInfo("Europe/Berlin")) + timedelta(days=3)).date()
    event = {"kind": "event", "event": day.isoformat(), "title": "works outing"}
    await desk.do("calendar.save", spec={"name": "closed", "zone": "Europe/Berlin", "holds": [event]})
    answer = await preview(desk, [{"cron": "0 9,12 * * *", "zone": "Europe/Berlin", "not_on": ["closed"]}])
    (closed,) = [each for each in answer.days if each.excluded]
    assert (closed.day, closed.count, closed.excluded, closed.calendars) == (day, 0, 2, ("closed",))
    assert any("works outing" in str(why) for why in closed.why)
    assert day not in {datetime.fromisoformat(fire.local).date() for fire in answer.fires}


async def test_a_schedule_of_every_second_is_counted_and_not_walked(desk: Desk) -> None:
    begun = datetime.now(UTC)
    answer = await preview(desk, [{"every": "1s"}], days=35)
    assert [day.count for day in answer.days[1:3]] == [86_400, 86_400]
    assert datetime.now(UTC) - begun < timedelta(seconds=5)


async def test_two_jobs_of_a_pool_for_one_meet(desk: Desk) -> None:
    await desk.do("pool.save", name="db", size=1)
    daily = [{"cron": "47 11 * * *", "zone": "Asia/Shanghai"}]
    await desk.do("job.save", spec=saved("report", daily, pool="db"))
    answer = await preview(desk, [{"cron": "47 3/4 * * *", "zone": "Asia/Shanghai"}], pool="db")
    meeting = [fire for fire in answer.fires if fire.meets]
    assert {fire.local[11:] for fire in meeting} == {"11:47:00"} and meeting[0].meets == ("report",)
    assert answer.clash is not None and answer.clash.jobs == ("report",) and answer.clash.shared == "db"
    assert [len(day.meeting) for day in answer.days[1:]] == [1] * 34
    assert answer.days[1].meeting == (2,)


@pytest.mark.parametrize("size", [2, 5])
async def test_where_a_pool_has_room_for_both_nothing_meets(desk: Desk, size: int) -> None:
    await desk.do("pool.save", name="db", size=size)
    triggers = [{"cron": "47 11 * * *", "zone": "Asia/Shanghai"}]
    await desk.do("job.save", spec=saved("report", triggers, pool="db"))
    answer = await preview(desk, triggers, pool="db")
    assert answer.clash is None and not any(fire.meets for fire in answer.fires)


async def test_jobs_with_one_key_meet_and_a_disabled_one_does_not(desk: Desk) -> None:
    triggers = [{"cron": "0 3 * * *", "zone": "UTC"}]
    await desk.do("job.save", spec=saved("vacuum", triggers, key="db-1"))
    assert (await preview(desk, triggers, key="db-1")).clash is not None
    assert (await preview(desk, triggers, key="db-2")).clash is None
    await desk.do("job.disable", job="vacuum")
    assert (await preview(desk, triggers, key="db-1")).clash is None


async def test_a_job_does_not_meet_itself(desk: Desk) -> None:
    triggers = [{"cron": "0 3 * * *", "zone": "UTC"}]
    own = await desk.do("job.save", spec=saved("nightly", triggers, key="db-1"))
    assert (await preview(desk, triggers, key="db-1", job=own.id)).clash is None


async def test_the_days_on_which_clocks_change_are_marked(desk: Desk) -> None:
    answer = await preview(desk, [{"cron": "30 2 * * *", "zone": "Europe/Berlin"}], days=366)
    assert 1 <= sum(day.is_changed for day in answer.days) <= 3


async def test_what_no_clock_tells_is_remarked(desk: Desk) -> None:
    answer = await preview(desk, [{"kind": "startup"}, {"every": "5m", "pace": "fixed_delay"}], is_enabled=False)
    assert answer.fires == [] and len(answer.remarks) == 4


async def test_a_schedule_that_is_wrong_is_refused_with_its_place(desk: Desk) -> None:
    with pytest.raises(Known, match=r"triggers\[0\]"):
        await preview(desk, [{"cron": "61 * * * *"}])


async def test_a_calendar_that_is_not_there_is_refused_with_its_place(desk: Desk) -> None:
    with pytest.raises(Known, match=r"triggers\[0\]\.not_on"):
        await preview(desk, [{"cron": "0 3 * * *", "not_on": ["gone"]}])
