"""Dates and times of day by rule, against croniter and against counting.

croniter 7.0.0 differs on purpose of ours in these, which are not asked: a range of one value (`3-3`) is a star for it;
a day field with a stepped star and a weekday field are two choices for it; `#` and `W` with the other day field given
as well are not.
"""

import random
from datetime import datetime, timedelta

import pytest
from croniter import croniter
from hypothesis import given
from hypothesis import strategies as st

from tests.model.cron_reference import random_expression
from watchkeeper.model.cron import expression
from watchkeeper.model.schedule import crossing_of
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import Window
from watchkeeper.model.wall import Wall

MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1))
#: Day, month and weekday.
DAYS = [
    *("* * *", "L * *", "1,L * *", "31 * *", "29 2 *", "30-L 2,4 *", "15W * *", "1W * *", "31W * *", "W6 1-6 *"),
    *("* * mon#1", "* * fri#5", "* 2,7 sun#2,tue#3", "* * mon-fri#2", "* * L0", "* * L3,L5", "* * L1,sat#1", "? 5/3 ?"),
    *("13 * 5", "L * 1", "1-7 * 0,6", "31 4,6 2", "*/5 jan-mar *", "* * sun-tue/2", "* * 0-7/3"),
]


@pytest.mark.parametrize("days", DAYS)
def test_the_days_of_an_expression_are_those_that_another_reader_finds(days: str) -> None:
    text = f"30 7 {days}"
    wall, moment = expression(text).wall, datetime(2023, 11, 5)
    other = croniter(text, moment)
    for _day in range(60):
        moment = _next(wall, moment)
        assert moment == other.get_next(datetime)


def test_the_times_of_an_expression_are_those_that_another_reader_finds() -> None:
    dice = random.Random("times")
    for _round in range(150):
        plain = random_expression(dice)
        text = f"{plain.minute.text} {plain.hour.text} * * *"
        if len(plain.minute.values) > 1 < len(plain.hour.values):
            _require_alike(text, croniter(text, datetime(2026, 1, 1)))
            seconds = f"{plain.minute.text} {text}"
            _require_alike(seconds, croniter(seconds, datetime(2026, 1, 1), second_at_beginning=True))


def _require_alike(text: str, other: croniter) -> None:
    wall, moment = expression(text).wall, datetime(2026, 1, 1)
    for _time in range(20):
        moment = _next(wall, moment)
        assert moment == other.get_next(datetime), text


WALLS = [
    expression(text).wall
    for text in ("* * * * *", "*/7 3,9-11 1,L * *", "0 0 29 2 *", "*/20 5 */3 ? * L5,mon#1", "15 12 15W 3,9 *")
] + [
    crossing_of(Window(every=Span(milliseconds=ms), start="09:10", end="17:00", days="mon-fri", zone="UTC")).wall
    for ms in (900_000, 700, 86_400_000)
]
THINNED = WALLS + [wall.thinned(nth, origin) for wall in WALLS for nth, origin in ((2, 0), (7, 3), (500, 10_001))]


@given(st.sampled_from(THINNED), MOMENTS)
def test_a_rank_counts_what_stepping_finds(wall: Wall, moment: datetime) -> None:
    first = wall.step(moment)
    if first is not None:
        assert wall.rank(first) == wall.rank(moment + timedelta(microseconds=1))
        assert wall.at(wall.rank(first), first.year) == first
        second = wall.step(first)
        assert second is None or wall.rank(second) == wall.rank(first) + 1


@given(st.sampled_from(WALLS), MOMENTS, st.integers(1, 40), st.integers(0, 1_000))
def test_every_nth_is_what_counting_from_the_origin_finds(wall: Wall, moment: datetime, nth: int, skipped: int) -> None:
    origin = wall.rank(_next(wall, moment))
    thin = wall.thinned(nth, origin + skipped)
    found = thin.step(moment)
    if found is not None:
        assert (wall.rank(found) - origin - skipped) % nth == 0
        assert wall.rank(found) - origin < nth


@pytest.mark.parametrize("text", ["0 0 29 2 *", "59 23 31 12 *", "* * * * *"])
def test_the_last_years_of_the_calendar_end_the_search(text: str) -> None:
    wall = expression(text).wall
    assert wall.step(datetime(9997, 12, 31, 23, 59, 59)) is None
    assert wall.thinned(10_000, 0).step(datetime(9997, 12, 31, 23, 59, 58)) is None


def _next(wall: Wall, moment: datetime) -> datetime:
    found = wall.step(moment)
    assert found is not None
    return found
