"""What the builder shows of a cron expression is what the expression says, and it writes the same again."""

import itertools
from datetime import UTC, datetime

import pytest

from watchkeeper.model.cron import next_after
from watchkeeper.model.cron_fields import read
from watchkeeper.ui.pages.job.schedule.pattern import (
    ALL_DAYS,
    Pattern,
    Repeat,
    cron_of,
    pattern_of,
    shifted,
    weekdays_text,
)

SHOWN = [
    ("47 3/4 * * 1-6", Pattern(Repeat.HOURS, 4, 3, 47, days=frozenset(range(1, 7)))),
    ("*/15 * * * *", Pattern(Repeat.MINUTES, 15)),
    ("0 2 * * 1-5", Pattern(Repeat.DAILY, hour=2, minute=0, days=frozenset(range(1, 6)))),
    ("0 2 * * mon-fri", Pattern(Repeat.DAILY, hour=2, minute=0, days=frozenset(range(1, 6)))),
    ("30 4 L * *", Pattern(Repeat.MONTHLY, hour=4, minute=30, day=0)),
    ("30 4 15 * *", Pattern(Repeat.MONTHLY, hour=4, minute=30, day=15)),
    ("5 * * * *", Pattern(Repeat.HOURS, 1, 0, 5, is_wild=True)),
    ("5 */2 * * 0", Pattern(Repeat.HOURS, 2, 0, 5, days=frozenset({7}), is_wild=True)),
]


@pytest.mark.parametrize(("text", "pattern"), SHOWN)
def test_a_simple_expression_is_shown(text: str, pattern: Pattern) -> None:
    assert pattern_of(text) == pattern


@pytest.mark.parametrize(("text", "pattern"), SHOWN)
def test_what_is_written_again_fires_at_the_same_times(text: str, pattern: Pattern) -> None:
    written = cron_of(pattern)
    assert read(written).is_wild == read(text).is_wild
    moment = datetime(2026, 3, 27, tzinfo=UTC)
    for _count in range(60):
        following = next_after(text, "Europe/Berlin", moment)
        assert following is not None and next_after(written, "Europe/Berlin", moment) == following
        moment = following


@pytest.mark.parametrize(
    "text",
    ["@daily", "0 0 1 1 *", "0 0 * * 1#2", "1,2 3 * * *", "0 0 1 * 1", "* * * * *", "61 * * * *", "", "0 0 * * L5"],
)
def test_what_the_builder_can_not_say_is_left_to_cron(text: str) -> None:
    assert pattern_of(text) is None


def test_every_choice_of_weekdays_is_written_as_itself() -> None:
    for count in range(1, 8):
        for days in itertools.combinations(range(1, 8), count):
            plain = read(f"0 0 * * {weekdays_text(frozenset(days))}").weekdays.plain
            assert plain == frozenset(day % 7 for day in days)


def test_no_day_is_every_day() -> None:
    assert weekdays_text(frozenset()) == weekdays_text(ALL_DAYS) == "*"


@pytest.mark.parametrize(
    ("text", "minutes", "later"),
    [
        ("0 2 * * *", 30, "30 2 * * *"),
        ("45 2 * * *", 30, "15 3 * * *"),
        ("47 3/4 * * 1-6", 20, "7 0/4 * * 1-6"),
        ("50 23 * * *", 30, None),
        ("*/5 * * * *", 30, None),
        ("1,2 3 * * *", 30, None),
    ],
)
def test_a_schedule_is_offered_later_only_where_that_is_plain(text: str, minutes: int, later: str | None) -> None:
    assert shifted(text, minutes) == later
