"""A calendar that is not saved yet: its days, what is wrong with it, and which fires it would change."""

from datetime import date
from typing import Any

import pytest

from tests.action.conftest import job
from watchkeeper.action.calendar_preview import CalendarDay, CalendarPreview
from watchkeeper.action.desk import Desk
from watchkeeper.model.calendar import CalendarSpec, Weekly
from watchkeeper.model.errors import Conflict, Known, NotFound

CHINA = {"kind": "country", "country": "CN", "which": "working"}


def calendar(name: str = "work", *holds: Any, **more: Any) -> dict[str, Any]:
    return {"name": name, "zone": "Asia/Shanghai", "holds": list(holds), **more}


async def previewed(desk: Desk, spec: dict[str, Any], **more: Any) -> CalendarPreview:
    found: CalendarPreview = await desk.ask("calendar.preview", spec=spec, **more)
    return found


def at(preview: CalendarPreview, day: str) -> CalendarDay:
    wanted = date.fromisoformat(day)
    return next((each for each in preview.days if each.day == wanted), CalendarDay(wanted))


async def test_a_year_tells_holidays_by_their_names_and_the_days_that_are_worked_instead(desk: Desk) -> None:
    found = await previewed(desk, calendar("work", CHINA), year=2026)
    new_year, worked, saturday = (at(found, day) for day in ("2026-01-01", "2026-01-04", "2026-01-10"))
    assert not new_year.is_held and new_year.holiday["zh_CN"] == "元旦"
    assert worked.is_whole and worked.is_make_up and [str(why) for why in worked.why] == ["workdays in China"]
    assert saturday == CalendarDay(date(2026, 1, 10))
    assert found.held == sum(day.is_held for day in found.days) == 248
    later = await previewed(desk, calendar("work", CHINA), year=2031)
    assert any("no make-up days are known for China in 2031" in str(doubt) for doubt in later.doubts)


async def test_parts_of_days_are_told_by_their_hours_and_what_takes_a_day_out_by_its_rule(desk: Desk) -> None:
    nights = {"kind": "weekly", "days": "fri", "hours": "22:00-06:00"}
    found = await previewed(
        desk, calendar("a", nights, but_not=[{"kind": "dates", "dates": ["2026-05-02"]}]), year=2026
    )
    assert at(found, "2026-05-01").hours == ("22:00-24:00",)
    assert not at(found, "2026-05-02").is_held and [str(w) for w in at(found, "2026-05-02").taken] == ["on 2026-05-02"]
    assert at(found, "2026-05-09").hours == ("00:00-06:00",)


async def test_every_fault_is_told_at_its_rule_and_the_other_rules_are_shown(desk: Desk) -> None:
    wrong = [{"kind": "weekly", "days": "fry"}, {"kind": "country", "country": "XX"}, {"kind": "dates", "dates": ["x"]}]
    spec = calendar("", *wrong, {"kind": "dates", "dates": ["2026-05-01"]}, zone="Mars/Base")
    found = await previewed(desk, spec, year=2026)
    assert [problem.field for problem in found.problems] == ["name", "zone", "holds[0]", "holds[1]", "holds[2]"]
    assert at(found, "2026-05-01").is_whole
    circle = await previewed(desk, calendar("a", {"kind": "calendar", "calendar": "a"}))
    assert "needs itself" in str(circle.problems[0].text)


@pytest.mark.parametrize("spec", [{}, {"name": 3}, {"name": "a", "holds": 7}, {"name": "a", "nope": 1}])
async def test_what_is_no_calendar_at_all_is_told_as_a_problem(desk: Desk, spec: dict[str, Any]) -> None:
    assert (await previewed(desk, spec)).problems


async def test_fires_that_fall_away_or_are_added_are_told_by_job_before_anything_is_saved(desk: Desk) -> None:
    every = {"kind": "weekly", "days": "*"}
    await desk.do("calendar.save", spec=calendar("all", every))
    await desk.do("calendar.save", spec=calendar("wider", {"kind": "calendar", "calendar": "all"}))
    daily = {"kind": "cron", "cron": "0 3 * * *", "zone": "Asia/Shanghai", "only_on": ["wider"]}
    await desk.do("job.save", spec=job("nightly", triggers=[daily]))
    await desk.do("job.save", spec=job("asleep", triggers=[daily], is_enabled=False))
    same = await previewed(desk, calendar("all", every))
    assert [(e.job, e.count, e.lost, e.is_enabled) for e in same.effects] == [
        ("asleep", 0, 0, False),
        ("nightly", 35, 0, True),
    ]
    without_sundays = await previewed(desk, calendar("all", {"kind": "weekly", "days": "mon-sat"}))
    (effect,) = [each for each in without_sundays.effects if each.is_enabled]
    assert (effect.lost, effect.gained) == (5, 0) and len(effect.first_lost) == 5
    assert effect.first_lost[0].endswith("T03:00")


async def test_a_table_tells_of_every_calendar_what_it_holds_who_follows_it_and_when_it_turns(desk: Desk) -> None:
    await desk.do("calendar.save", spec=calendar("all", {"kind": "weekly", "days": "*"}))
    await desk.do("calendar.save", spec=calendar("wider", {"kind": "calendar", "calendar": "all"}, CHINA))
    every = {"kind": "interval", "every": "1h", "not_on": ["wider"]}
    await desk.do("job.save", spec=job("hourly", triggers=[every]))
    first, second = await desk.ask("calendar.table")
    assert (first.name, first.jobs, first.job_count, first.is_held, first.turns_at) == (
        "all",
        ("hourly",),
        1,
        True,
        None,
    )
    assert [str(words) for words in second.what] == ["the calendar all", "workdays in China"]


async def test_a_country_tells_its_parts_its_years_and_what_is_not_known(desk: Desk) -> None:
    names = {row.code: str(row.name) for row in await desk.ask("calendar.countries")}
    assert len(names) > 200 and names["CN"] == "China"
    germany = await desk.ask("calendar.country", country="DE")
    assert ("BY", "Bayern") in [(part.code, part.name) for part in germany.parts] and not germany.has_make_up
    assert (await desk.ask("calendar.country", country="CN")).has_make_up
    with pytest.raises(Known, match="no public holidays are known for XX"):
        await desk.ask("calendar.country", country="XX")


async def test_a_save_and_a_removal_can_be_taken_back_and_a_later_save_is_not_lost(desk: Desk) -> None:
    sundays = calendar("rest", {"kind": "weekly", "days": "sun"})
    made = await desk.do("calendar.save", spec=sundays)
    assert made.former is None
    changed = await desk.do("calendar.save", spec=calendar("rest", {"kind": "weekly", "days": "sat"}), base=made.spec)
    assert changed.former == CalendarSpec("rest", zone="Asia/Shanghai", holds=(Weekly(days="sun"),))
    with pytest.raises(Conflict, match="has saved the calendar rest meanwhile"):
        await desk.do("calendar.save", spec=sundays, base=made.spec)
    back = await desk.do("calendar.restore", **changed.undo)
    assert (await desk.ask("calendar.show", name="rest")).calendar.spec == changed.former
    with pytest.raises(Conflict):
        await desk.do("calendar.restore", **changed.undo)
    await desk.do("calendar.restore", **back.undo)
    gone = await desk.do("calendar.delete", name="rest")
    await desk.do("calendar.restore", **gone.undo)
    now = (await desk.ask("calendar.show", name="rest")).calendar
    assert now.spec == gone.former
    await desk.do("calendar.restore", name="rest", base=now.spec)
    with pytest.raises(NotFound):
        await desk.ask("calendar.show", name="rest")
    with pytest.raises(Known, match="former: it is called other, not rest"):
        await desk.do("calendar.restore", name="rest", former=calendar("other"))
