"""What a calendar may say, and the sentence for what it may not."""

from datetime import date

import pytest

from watchkeeper.model.calendar import CalendarSpec, dates_of, hours_of, weekdays_of
from watchkeeper.model.codec import convert
from watchkeeper.model.errors import Known


def test_days_of_the_week_may_go_over_sunday() -> None:
    assert weekdays_of("fri-mon") == {4, 5, 6, 0}
    assert weekdays_of("Sat, SUN") == {5, 6}
    assert weekdays_of("*") == set(range(7))


def test_hours_may_go_over_midnight() -> None:
    ((begin, end),) = hours_of("22:00-06:00")
    assert (begin.total_seconds() / 3600, end.total_seconds() / 3600) == (22, 30)
    assert [end.total_seconds() / 3600 for _begin, end in hours_of("09:00-12:00, 13:00-24:00")] == [12, 24]


@pytest.mark.parametrize(
    ("text", "year", "wanted"),
    [
        ("12-24..01-02", 2026, (date(2026, 12, 24), date(2027, 1, 2))),
        ("02-29", 2024, (date(2024, 2, 29), date(2024, 2, 29))),
        ("02-29..03-01", 2026, (date(2026, 3, 1), date(2026, 3, 1))),
        ("02-27..02-29", 2026, (date(2026, 2, 27), date(2026, 2, 28))),
        ("2026-05-01", 2026, (date(2026, 5, 1), date(2026, 5, 1))),
    ],
)
def test_dates_stand_for_themselves_or_come_every_year(text: str, year: int, wanted: tuple[date, date]) -> None:
    found = dates_of(text).within(date(year, 2, 1), date(year, 12, 31))
    assert wanted in list(found)


def test_29_february_is_no_day_of_other_years() -> None:
    assert list(dates_of("02-29").within(date(2025, 1, 1), date(2027, 12, 31))) == []


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ({"kind": "weekly", "days": "mon-fry"}, r"holds\[0\]: mon-fry are no days of the week"),
        ({"kind": "weekly", "days": ""}, "no days of the week"),
        ({"kind": "weekly", "hours": "25:00-26:00"}, "no time of day"),
        ({"kind": "weekly", "hours": "09:00"}, "no hours"),
        ({"kind": "weekly", "hours": "09:00-09:00"}, "at the same time"),
        ({"kind": "dates", "dates": ["2026-02-30"]}, "no such date as 2026-02-30"),
        ({"kind": "dates", "dates": ["2026-02-03..2026-02-01"]}, "ends before it begins"),
        ({"kind": "dates", "dates": ["2026-02-03..12-01"]}, "is no date"),
        ({"kind": "dates", "dates": ["tomorrow"]}, "is no date"),
        ({"kind": "dates", "dates": []}, "at least 1"),
        ({"kind": "monthly", "monthly": [0]}, "no day 0"),
        ({"kind": "monthly", "monthly": [32]}, "at most 31"),
        ({"kind": "country", "country": "china"}, "country"),
        ({"kind": "country", "country": "CN", "which": "weekends"}, "not one of the words"),
        ({"kind": "event", "event": "2026-05-01T10:00:00Z"}, "no local time"),
        ({"kind": "event", "event": "2026-13-01"}, "no date"),
        ({"kind": "event", "event": "2026-05-01", "length": "36h"}, "lasts whole days"),
        ({"kind": "event", "event": "2026-05-01", "repeat": "FREQ=SECONDLY"}, "only DAILY"),
        ({"kind": "event", "event": "2026-05-01", "length": "9999d"}, "too long"),
        ({"kind": "moon"}, "moon"),
        ({"kind": "weekly", "day": "mon"}, "did you mean days"),
    ],
)
def test_a_rule_that_means_nothing_is_refused_with_its_place(rule: dict[str, object], sentence: str) -> None:
    with pytest.raises(Known, match=sentence):
        convert({"name": "a", "holds": [rule]}, CalendarSpec)
