"""Calendars through the desk: kept, taken in, shown in words, and part of every file."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.action.conftest import job
from watchkeeper.action import files
from watchkeeper.action.apply import Change, What
from watchkeeper.action.desk import Desk
from watchkeeper.action.written import written
from watchkeeper.model.calendar import CalendarSpec, Event, Include, Weekly
from watchkeeper.model.errors import Conflict, Known, NotFound

Rows = Callable[[], Any]

FILE = """
calendars:
  - name: freeze
    zone: Europe/Berlin
    holds:
      - {days: fri-sun, hours: 22:00-06:00}
      - dates: [12-24..01-02, 2026-05-01]
      - hours: 03:00-04:00
      - calendar: work
    but_not:
      - monthly: [1, -1]
        of: work
  - name: work
    holds: [{country: CN, which: working}]
jobs:
  - name: nightly
    handler: shell
    params: {script: "true"}
    triggers: [{cron: "0 3 * * *", only_on: [work], not_on: [freeze]}]
"""


def read(folder: Path, text: str) -> files.Content:
    (folder / "jobs.yaml").write_text(text)
    return files.read(folder / "jobs.yaml")


def calendar(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, **more}


async def applied(desk: Desk, content: files.Content, verb: str = "jobs.apply") -> Any:
    call = desk.do if verb == "jobs.apply" else desk.ask
    return await call(verb, jobs=content.jobs, pools=content.pools, calendars=content.calendars)


async def test_a_file_of_calendars_is_applied_compared_and_comes_out_again(desk: Desk, tmp_path: Path) -> None:
    content = read(tmp_path, FILE)
    created = [Change("calendar", "freeze", What.CREATED), Change("calendar", "work", What.CREATED)]
    assert (await applied(desk, content, "jobs.compare"))[:2] == created
    assert (await applied(desk, content))[:2] == created
    assert {change.what for change in await applied(desk, content)} == {What.UNCHANGED}
    parts = [part async for part in desk.watch("jobs.export")]
    jobs = [spec for part in parts for spec in part.jobs]
    calendars = [spec for part in parts for spec in part.calendars]
    assert [spec.zone for spec in calendars] == ["Europe/Berlin", "Europe/Berlin"]
    again = read(tmp_path, written(jobs, [], calendars))
    assert (again.jobs, again.calendars) == (tuple(jobs), tuple(calendars))
    assert "kind" not in (tmp_path / "jobs.yaml").read_text()


@pytest.mark.parametrize(
    ("before", "after", "line", "sentence"),
    [
        ("days: fri-sun", "days: fry", 6, "no days of the week"),
        ("12-24..01-02", "13-24", 7, "no such date"),
        ("hours: 03:00-04:00", "hours: abc", 8, "no hours"),
        ("calendar: work", "calendar: wrok", 9, "there is no calendar wrok: did you mean work"),
        ("calendar: work", "calendar: freeze", 9, "needs itself: freeze → freeze"),
        ("country: CN", "country: XX", 14, "ISO 3166"),
        ("zone: Europe/Berlin", "zone: Europe/Berln", 4, "did you mean Europe/Berlin"),
        ("not_on: [freeze]", "not_on: [freze]", 19, "there is no calendar freze: did you mean freeze"),
        ("but_not", "but_nt", 3, "did you mean but_not"),
    ],
)
async def test_what_is_wrong_in_a_file_is_told_with_its_line_and_changes_nothing(
    desk: Desk, rows: Rows, tmp_path: Path, before: str, after: str, line: int, sentence: str
) -> None:
    stored = await rows()
    with pytest.raises(Known) as caught:
        content = read(tmp_path, FILE.replace(before, after, 1))
        try:
            await applied(desk, content)
        except Known as error:
            raise content.located(error) from None
    assert f"jobs.yaml, line {line}: " in str(caught.value) and sentence in str(caught.value)
    assert await rows() == stored


async def test_one_calendar_may_stand_alone_in_its_file(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("name: a\nholds: [{days: sun}]\n")
    assert files.read_calendar(tmp_path / "a.yaml") == CalendarSpec("a", holds=(Weekly(days="sun"),))
    (tmp_path / "a.yaml").write_text("calendars: [{name: a}, {name: b}]\n")
    with pytest.raises(Known, match="one calendar"):
        files.read_calendar(tmp_path / "a.yaml")


async def test_what_a_calendar_holds_is_told_in_words_and_with_the_holidays_names(desk: Desk) -> None:
    off = calendar("off", zone="Asia/Shanghai", holds=[{"kind": "country", "country": "CN", "which": "off"}])
    await desk.do("calendar.save", spec=off)
    found = await desk.ask("calendar.days", name="off", first="2026-09-14", last="2026-10-10")
    assert [(each.begins_at.date(), each.ends_at.date()) for each in found] == [
        (date(2026, 9, 19), date(2026, 9, 20)),
        (date(2026, 9, 25), date(2026, 9, 28)),
        (date(2026, 10, 1), date(2026, 10, 8)),
    ]
    assert [str(words) for words in found[0].why] == ["days off in China"]
    assert found[1].names == {"en": "Mid-Autumn Festival", "zh_CN": "中秋节"}


async def test_what_is_not_known_of_a_calendar_is_told_when_it_is_shown(desk: Desk) -> None:
    await desk.do("calendar.save", spec=calendar("a", holds=[{"kind": "weekly"}]))
    assert (await desk.ask("calendar.show", name="a")).doubts == []
    egypt = calendar("b", holds=[{"kind": "country", "country": "EG"}])
    await desk.do("calendar.save", spec=egypt)
    assert any("estimates" in str(doubt) for doubt in (await desk.ask("calendar.show", name="b")).doubts)


@pytest.mark.parametrize(
    ("first", "last"), [("2026-01-01", "2025-01-01"), ("2026-01-01", "2046-01-01"), ("0001-01-01", "0001-02-01")]
)
async def test_too_much_at_once_is_refused(desk: Desk, first: str, last: str) -> None:
    await desk.do("calendar.save", spec=calendar("a", holds=[{"kind": "weekly"}]))
    with pytest.raises(Known, match="at most 3660 days"):
        await desk.ask("calendar.days", name="a", first=first, last=last)


async def test_events_taken_in_replace_those_of_before_and_leave_other_rules(desk: Desk) -> None:
    events = [Event("2026-05-01", title="a"), Event("2026-05-02", title="b")]
    made = await desk.do("calendar.import", name="team", events=events, zone="Asia/Shanghai")
    assert (made.spec.zone, made.spec.holds) == ("Asia/Shanghai", tuple(events))
    rules = [{"kind": "weekly", "days": "sun"}, {"kind": "event", "event": "2026-05-01"}]
    await desk.do("calendar.save", spec=calendar("team", zone="UTC", holds=rules))
    again = await desk.do("calendar.import", name="team", events=events[1:], zone="Asia/Shanghai")
    assert (again.spec.zone, again.spec.holds) == ("UTC", (Weekly(days="sun"), events[1]))


async def test_a_calendar_in_use_stays(desk: Desk, rows: Rows) -> None:
    await desk.do("calendar.save", spec=calendar("work", holds=[{"kind": "weekly"}]))
    every = {"kind": "interval", "every": "5m", "only_on": ["work"]}
    await desk.do("job.save", spec=job(triggers=[every]))
    stored = await rows()
    with pytest.raises(Conflict, match=r"followed by triggers.* of nightly"):
        await desk.do("calendar.delete", name="work")
    with pytest.raises(NotFound, match="there is no calendar wrk: did you mean work"):
        await desk.do("job.save", spec=job("other", triggers=[{**every, "only_on": ["wrk"]}]))
    assert await rows() == stored
    await desk.do("job.delete", job="nightly")
    await desk.do("calendar.delete", name="work")


async def test_a_fixed_delay_follows_no_calendar(desk: Desk) -> None:
    await desk.do("calendar.save", spec=calendar("work", holds=[{"kind": "weekly"}]))
    delayed = {"kind": "interval", "every": "5m", "pace": "fixed_delay", "not_on": ["work"]}
    with pytest.raises(Known, match=r"triggers\[0\]: a fixed delay has no instants"):
        await desk.do("job.save", spec=job(triggers=[delayed]))


HOSTILE = [
    {"name": "a/b"},
    {"name": ""},
    {"name": "a", "zone": "Mars/Base"},
    {"name": "a", "zone": "../../etc/passwd"},
    {"name": "a", "description": "\0"},
    {"name": "a", "holds": [{"kind": "country", "country": "CN", "subdivision": "\ud800"}]},
    {"name": "a", "holds": [{"kind": "country", "country": "C\n"}]},
    {"name": "a", "holds": [{"kind": "event", "event": "2026-05-01", "title": "a\nb"}]},
    {"name": "a", "holds": [{"kind": "event", "event": "2026-05-01", "zone": "Nowhere"}]},
    {"name": "a", "holds": [{"kind": "weekly"}] * 3_001},
    {"name": "a", "holds": [{"kind": "calendar", "calendar": "a"}]},
    {"name": "a", "holds": {"kind": "weekly"}},
    {"name": "a", "but_not": [[[[]]]]},
    {"name": "a", "holds": [{"kind": "dates", "dates": ["9999-12-31..0000-01-01"]}]},
]


@pytest.mark.parametrize("spec", HOSTILE, ids=lambda spec: ascii(spec)[:60])
async def test_a_calendar_that_can_not_be_is_refused_in_a_sentence(desk: Desk, rows: Rows, spec: Any) -> None:
    stored = await rows()
    with pytest.raises(Known) as caught:
        await desk.do("calendar.save", spec=spec)
    assert len(str(caught.value)) < 500
    assert await rows() == stored


async def test_a_calendar_may_need_another_one(desk: Desk) -> None:
    await desk.do("calendar.save", spec=calendar("a", holds=[{"kind": "weekly"}]))
    both = await desk.do("calendar.save", spec=calendar("b", holds=[{"kind": "calendar", "calendar": "a"}]))
    assert both.spec.holds == (Include("a"),)
    assert [each.name for each in await desk.ask("calendar.list")] == ["a", "b"]
