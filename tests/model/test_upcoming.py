"""What people are told of the next times: local time, offset, and what the clocks do."""

from datetime import UTC, datetime
from itertools import islice

import pytest

from watchkeeper.model.span import Span
from watchkeeper.model.text import Text
from watchkeeper.model.trigger import ByClock, Cron, Fold, Gap, Interval, Window
from watchkeeper.model.upcoming import upcoming

PLACE = "Europe/Berlin"


def told(trigger: ByClock, since: str, count: int) -> list[tuple[str, str, str]]:
    moment = datetime.fromisoformat(since).astimezone(UTC)
    rows = islice(upcoming(trigger, Text("words"), PLACE, moment), count)
    return [(row.local, row.offset, str(row.note or "")) for row in rows]


def test_a_time_that_the_clocks_jump_over_is_told_where_it_went() -> None:
    assert told(Cron("30 2 * * *", zone=PLACE), "2026-03-28T00:00+01:00", 3) == [
        ("2026-03-28T02:30:00", "+01:00", ""),
        (
            "2026-03-29T03:00:00",
            "+02:00",
            "stands for 02:30, which the clocks jump over; the clocks have gone forward before it",
        ),
        ("2026-03-30T02:30:00", "+02:00", ""),
    ]


def test_both_passes_of_a_fold_are_told_apart() -> None:
    both = Cron("30 2 * * *", zone=PLACE, dst_fold=Fold.BOTH)
    assert told(both, "2026-10-25T00:00+02:00", 3) == [
        ("2026-10-25T02:30:00", "+02:00", "this local time comes twice, this is the first"),
        (
            "2026-10-25T02:30:00",
            "+01:00",
            "this local time comes twice, this is the second; the clocks have gone back before it",
        ),
        ("2026-10-26T02:30:00", "+01:00", ""),
    ]


@pytest.mark.parametrize(
    ("trigger", "note"),
    [
        (Cron("30 2 * * *", zone=PLACE, dst_gap=Gap.SKIP), "the clocks have gone forward before it"),
        (Cron("0 3 * * *", zone=PLACE), "the clocks have gone forward before it"),
        (Interval(Span(days=1)), "the clocks have gone forward before it"),
        (
            Window(every=Span(minutes=30), start="02:00", end="02:30", zone=PLACE),
            "stands for 02:00, which the clocks jump over; the clocks have gone forward before it",
        ),
    ],
)
def test_the_first_row_after_a_change_tells_of_it(trigger: ByClock, note: str) -> None:
    (row,) = told(trigger, "2026-03-29T01:30+01:00", 1)
    assert row[2] == note


def test_a_zone_other_than_the_triggers_has_its_own_clock() -> None:
    moment = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    (row,) = islice(upcoming(Cron("30 2 * * *", zone=PLACE), Text("words"), "Asia/Kathmandu", moment), 1)
    assert (row.local, row.offset) == ("2026-03-29T06:45:00", "+05:45")
    assert str(row.note) == "stands for 02:30, which the clocks jump over"
