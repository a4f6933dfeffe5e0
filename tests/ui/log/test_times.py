"""Times at the beginning of lines, as programs write them."""

import pytest

from watchkeeper.ui.log.times import after, span_words, stamp_of


@pytest.mark.parametrize(
    ("line", "clock", "rest"),
    [
        ("08:34:09.812 load", "08:34:09.812", "load"),
        ("2026-11-23 08:34:09,812 INFO load", "08:34:09.812", "INFO load"),
        ("2026-11-23T08:34:09.812345Z load", "08:34:09.812", "load"),
        ("2026-11-23T08:34:09+08:00 load", "08:34:09", "load"),
        ("[2026-11-23 08:34:09] load", "08:34:09", "load"),
        ("2026/11/23 08:34:09 load", "08:34:09", "load"),
        ("Nov  3 08:34:09 host cron", "08:34:09", "host cron"),
        ("[23/Nov/2026:08:34:09 +0000] GET", "08:34:09", "GET"),
        ("08:34:09", "08:34:09", ""),
    ],
)
def test_a_time_is_read(line: str, clock: str, rest: str) -> None:
    stamp = stamp_of(line)
    assert stamp is not None
    assert (stamp.clock, line[stamp.length :]) == (clock, rest)


@pytest.mark.parametrize(
    "line", ["", "load 08:34:09", "25:00:00 x", "2026-13-23 08:34:09", "Foo  3 08:34:09", "12:34:5678", "1:2:3", "99"]
)
def test_what_is_no_time_is_left_in_the_text(line: str) -> None:
    assert stamp_of(line) is None


def test_zones_are_reckoned() -> None:
    one, other = stamp_of("2026-11-23T08:00:00+08:00 a"), stamp_of("2026-11-23T00:00:01Z b")
    assert one is not None and other is not None
    assert after(one.moment, other) == 1


def test_a_clock_without_a_date_goes_on_past_midnight() -> None:
    one, other = stamp_of("23:59:59 a"), stamp_of("00:00:01 b")
    assert one is not None and other is not None
    assert after(one.moment, other) == 2


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.0039, "+0.004"), (62.5, "+1:02.500"), (3600, "+1:00:00.000"), (-1, "-1.000"), (59.9999, "+1:00.000")],
)
def test_spans_are_digits(seconds: float, words: str) -> None:
    assert span_words(seconds) == words
