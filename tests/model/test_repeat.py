"""What repeats: the same days as dateutil's rrule finds, and no rule that costs more than the days asked for."""

import itertools
import time
from datetime import date, datetime, timedelta

import hypothesis
import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from watchkeeper.model.errors import Misfit
from watchkeeper.model.repeat import Repeat

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
starts = st.dates(date(1995, 1, 1), date(2026, 12, 31))
lists = st.lists


def listed(items: st.SearchStrategy[object], name: str) -> st.SearchStrategy[str]:
    return lists(items, min_size=1, max_size=3, unique=True).map(lambda found: f"{name}={','.join(map(str, found))}")


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Any rule that calendars can have."""
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 5))}"]
    month_days = st.one_of(st.integers(1, 31), st.integers(-31, -1))
    if draw(st.booleans()):
        parts.append(draw(listed(st.integers(1, 12), "BYMONTH")))
    if draw(st.booleans()) and frequency != "WEEKLY":
        parts.append(draw(listed(month_days, "BYMONTHDAY")))
    if draw(st.booleans()):
        day = st.sampled_from(DAYS)
        # Of MO,-1MO dateutil takes what is both, where the RFC takes what is either: so all with a number, or none.
        if frequency in ("MONTHLY", "YEARLY") and draw(st.booleans()):
            day = st.builds(str.__add__, st.sampled_from(["1", "2", "-1", "5", "-2"]), day)
        parts.append(draw(listed(day, "BYDAY")))
    if draw(st.booleans()) and frequency in ("MONTHLY", "YEARLY") and len(parts) > 2:
        parts.append(draw(listed(st.sampled_from([1, 2, -1, -2, 10]), "BYSETPOS")))
    if draw(st.booleans()):
        parts.append(f"COUNT={draw(st.integers(1, 40))}")
    elif draw(st.booleans()):
        parts.append(f"UNTIL={draw(st.dates(date(1995, 1, 1), date(2040, 1, 1))):%Y%m%d}")
    if draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(DAYS))}")
    return ";".join(parts)


@settings(max_examples=80)
@given(text=rules(), start=starts, first=st.dates(date(1994, 1, 1), date(2031, 1, 1)))
def test_it_finds_the_days_that_dateutil_finds(text: str, start: date, first: date) -> None:
    last = first + timedelta(days=500)
    rule = Repeat.parsed(text, start)
    # In search of a day that there is not, dateutil steps to the year 9999.
    hypothesis.assume(any(rule._replace(until=None, times=None).between(date(2041, 1, 1), date(2060, 1, 1))))
    peer = itertools.takewhile(lambda each: each.date() <= last, rrulestr(text, dtstart=_at(start)))
    assert list(rule.between(first, last)) == [each.date() for each in peer if first <= each.date()]


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=300",
        "FREQ=DAILY;INTERVAL=100000",
        "FREQ=YEARLY;INTERVAL=99999",
    ],
)
def test_a_rule_without_days_ends_at_once(text: str) -> None:
    begun = time.perf_counter()
    rule = Repeat.parsed(text, date(1900, 1, 1))
    assert list(rule.between(date(2026, 1, 1), date(2026, 12, 31))) == []
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("FREQ=SECONDLY", "only DAILY, WEEKLY, MONTHLY and YEARLY"),
        ("FREQ=HOURLY;COUNT=3", "only DAILY"),
        ("", "can't be taken"),
        ("COUNT=3", "FREQ="),
        ("FREQ=DAILY;BYHOUR=3", "BYHOUR, which can't be taken"),
        ("FREQ=YEARLY;BYWEEKNO=3", "BYWEEKNO"),
        ("FREQ=DAILY;FREQ=DAILY", "can't be taken"),
        ("FREQ=DAILY;INTERVAL=0", "a number from 1"),
        ("FREQ=DAILY;INTERVAL=1e9", "a number from 1"),
        ("FREQ=DAILY;COUNT=99999999999", "a number from 1"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "exclude each other"),
        ("FREQ=DAILY;UNTIL=20271301", "is no date"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "0 is neither"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "a number from -31 to 31"),
        ("FREQ=MONTHLY;BYDAY=XX", "the days of the week are"),
        ("FREQ=WEEKLY;BYDAY=2MO", "goes with FREQ=MONTHLY"),
    ],
)
def test_what_it_does_not_take_it_names(text: str, sentence: str) -> None:
    with pytest.raises(Misfit, match=sentence):
        Repeat.parsed(text, date(2026, 1, 1))
