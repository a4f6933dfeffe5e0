"""Cron expressions against a minute-by-minute reading of cron(8), and strings that are none."""

import random
import time
from datetime import datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.model.cron_reference import SECOND, fires, random_expression, random_six_fields, utc
from watchkeeper.model import cron
from watchkeeper.model.errors import Known

#: Zone and a moment shortly before a change of its clocks.
CHANGES = [
    ("Europe/Berlin", "2026-03-28T20:00"),
    ("Europe/Berlin", "2026-10-24T20:00"),
    ("America/New_York", "2026-03-08T02:00"),
    ("America/New_York", "2026-11-01T01:00"),
    ("Australia/Lord_Howe", "2026-04-04T10:00"),
    ("Australia/Lord_Howe", "2026-10-03T10:00"),
    ("America/Havana", "2024-03-09T20:00"),
    ("America/Havana", "2024-11-02T20:00"),
    ("Asia/Tehran", "2021-03-21T15:00"),
    ("Asia/Tehran", "2021-09-21T15:00"),
    ("Europe/Dublin", "2026-10-24T20:00"),
    ("Africa/Casablanca", "2024-03-09T20:00"),
    ("Asia/Shanghai", "2026-02-27T20:00"),
    ("Asia/Kathmandu", "2026-02-27T20:00"),
]

#: Zone and the moment of a change.
SECONDS = [
    ("Europe/Berlin", "2026-03-29T01:00"),
    ("Europe/Berlin", "2026-10-25T01:00"),
    ("Australia/Lord_Howe", "2026-10-03T15:30"),
    ("Australia/Lord_Howe", "2026-04-04T15:00"),
]


@pytest.mark.parametrize(("place", "before"), CHANGES, ids=[f"{place} {before[:7]}" for place, before in CHANGES])
def test_every_fire_across_a_change_of_the_clock_is_that_of_cron(place: str, before: str) -> None:
    dice, start = random.Random(f"{place}{before}"), utc(before)
    end = start + timedelta(hours=34)
    for _round in range(12):
        expression = random_expression(dice)
        wanted = list(fires(expression, ZoneInfo(place), start, end))
        assert _fires(expression.text, place, start, end) == wanted, expression.text


@pytest.mark.parametrize(("place", "change"), SECONDS, ids=[f"{place} {change[:7]}" for place, change in SECONDS])
def test_every_second_across_a_change_of_the_clock_is_that_of_cron(place: str, change: str) -> None:
    dice, start, end = random.Random(place), utc(change) - timedelta(hours=2), utc(change) + timedelta(hours=2)
    for _round in range(4):
        expression = random_six_fields(dice)
        wanted = list(fires(expression, ZoneInfo(place), start, end, SECOND))
        assert _fires(expression.text, place, start, end) == wanted, expression.text


@pytest.mark.parametrize(
    ("text", "place", "after", "fired"),
    [
        ("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00", ["2026-03-29T01:00", "2026-03-30T00:30"]),
        ("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00", ["2026-10-25T00:30", "2026-10-26T01:30"]),
        ("*/30 * * * *", "Europe/Berlin", "2026-10-25T00:20", ["2026-10-25T00:30", "2026-10-25T01:00"]),
        ("10-10 3-3 * * *", "UTC", "2026-01-01T00:00", ["2026-01-01T03:10", "2026-01-02T03:10"]),
        ("0 0 */2 * 1", "UTC", "2026-06-01T00:00", ["2026-06-15T00:00", "2026-06-29T00:00"]),
        ("0 0 13 * 5", "UTC", "2026-03-01T00:00", ["2026-03-06T00:00", "2026-03-13T00:00"]),
        ("0 0 29 2 *", "UTC", "2026-01-01T00:00", ["2028-02-29T00:00", "2032-02-29T00:00"]),
        ("0 9 * JAN-MAR mon-fri", "UTC", "2026-01-02T10:00", ["2026-01-05T09:00", "2026-01-06T09:00"]),
        ("0 0 * * fri-sun", "UTC", "2026-01-02T00:00", ["2026-01-03T00:00", "2026-01-04T00:00"]),
        ("0 0 * * 7", "UTC", "2026-01-01T00:00", ["2026-01-04T00:00", "2026-01-11T00:00"]),
        ("0 12 * * *", "UTC", "2026-01-01T11:59:59.999999", ["2026-01-01T12:00", "2026-01-02T12:00"]),
        ("0 12 * * *", "UTC", "2026-01-01T12:00:00.000001", ["2026-01-02T12:00", "2026-01-03T12:00"]),
        ("0 * * * *", "UTC", "2026-01-01T11:59:59.999999", ["2026-01-01T12:00", "2026-01-01T13:00"]),
        ("0 0 L * *", "UTC", "2028-02-01T00:00", ["2028-02-29T00:00", "2028-03-31T00:00"]),
        ("0 0 1,L * ?", "UTC", "2026-02-01T00:00", ["2026-02-28T00:00", "2026-03-01T00:00"]),
        ("0 0 * * L5", "UTC", "2026-01-01T00:00", ["2026-01-30T00:00", "2026-02-27T00:00"]),
        ("0 0 * * mon#2", "UTC", "2026-01-01T00:00", ["2026-01-12T00:00", "2026-02-09T00:00"]),
        ("0 0 ? * TUE-WED#5", "UTC", "2026-01-01T00:00", ["2026-03-31T00:00", "2026-04-29T00:00"]),
        ("0 0 15W * *", "UTC", "2026-02-01T00:00", ["2026-02-16T00:00", "2026-03-16T00:00"]),
        ("0 0 1W * *", "UTC", "2026-07-30T00:00", ["2026-08-03T00:00", "2026-09-01T00:00"]),
        ("0 0 31W 2,5 *", "UTC", "2026-01-01T00:00", ["2026-02-27T00:00", "2026-05-29T00:00"]),
        ("0 0 1 * 0-0", "UTC", "2026-01-01T00:00", ["2026-01-04T00:00", "2026-01-11T00:00"]),
        ("0 0 * * 7-0", "UTC", "2026-01-01T00:00", ["2026-01-04T00:00", "2026-01-11T00:00"]),
        ("10-10/5 0 * * *", "UTC", "2026-01-01T00:00", ["2026-01-01T00:10", "2026-01-02T00:10"]),
        ("5/20 0 * * *", "UTC", "2026-01-01T00:10", ["2026-01-01T00:25", "2026-01-01T00:45"]),
        ("*/20 * * * * *", "UTC", "2026-01-01T00:00:30.5", ["2026-01-01T00:00:40", "2026-01-01T00:01:00"]),
        ("30 0 12 * * *", "Asia/Shanghai", "2026-01-01T00:00", ["2026-01-01T04:00:30", "2026-01-02T04:00:30"]),
        ("*/20 30 2 * * *", "Europe/Berlin", "2026-03-28T12:00", ["2026-03-29T01:00", "2026-03-30T00:30"]),
        ("@daily", "Asia/Shanghai", "2026-01-01T00:00", ["2026-01-01T16:00", "2026-01-02T16:00"]),
    ],
)
def test_a_known_case_fires_at_its_known_moments(text: str, place: str, after: str, fired: list[str]) -> None:
    first = cron.next_after(text, place, utc(after))
    assert first == utc(fired[0])
    assert cron.next_after(text, place, first) == utc(fired[1])


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2060, 1, 1)), st.sampled_from(CHANGES))
def test_the_next_moment_is_later_and_in_utc(moment: datetime, change: tuple[str, str]) -> None:
    after = moment.replace(tzinfo=utc("2026-01-01").tzinfo)
    found = cron.next_after("17 2,14 * * *", change[0], after)
    assert found is not None and found > after
    assert found.utcoffset() == timedelta()


#: Out of range, upside down, with signs that are none, from other dialects, too long, empty, with hidden characters.
BAD_FIELDS = (
    *(
        "60",
        "-1",
        "99999999999999999999",
        "1.5",
        "1e3",
        "\u0663",
        "\uff11",
        "a",
        "5-",
        "-5",
        "5-1",
        "1--5",
        "*/0",
        "*/-1",
    ),
    *(
        "*/a",
        "1/",
        "/5",
        ",",
        "1,",
        ",1",
        "1,,2",
        "R",
        "H",
        "H/5",
        "L/2",
        "W",
        "5WL",
        "1#6",
        "#3",
        "!",
        "??",
        "~",
        "1~5",
    ),
    *(
        "$",
        "$(id)",
        "`id`",
        ";",
        "0x10",
        "0o7",
        "+5",
        "**",
        "*5",
        "5*",
        "*/*/2",
        "1-2-3",
        "\0",
        "\u202e5",
        "5\u200b",
        "1_0",
    ),
    *("JAN-XYZ", "MONDAY", "%d", "{x}"),
)
BAD_TEXTS = [
    *(f"{'9' * n} * * * *" for n in (3, 60, 180)),
    "",
    " ",
    "* * * *",
    "* * * * * * *",
    "0 0 0 * * * 2026",
    "0 0 15W,16 * *",
    "0 0 32W * *",
    "0 0 LW * *",
    "0 0 L-3 * *",
    "0 0 * * 5L",
    "0 0 * * L",
    "0 0 * * 1,2#1",
    "0 0 * * 1-5#2",
    "0 0 * * *#2",
    "L 0 * * *",
    "0 ? * * *",
    "60 * * * * *",
    "*/0 * * * * *",
    "0 0 31 4 ?",
    "0 0 * 2,4 mon#5,x",
    "@reboot",
    "@every 5m",
    "@yesterly",
    "0 0 30 2 *",
    "0 0 31 4,6,9,11 *",
    "0 0 31 2 *",
    "0 24 * * *",
    "0 0 0 * *",
    "0 0 * 0 *",
    "0 0 * 13 *",
    "0 0 * * 8",
    "0 0 32 * *",
    "* " * 4000,
    "1," * 5000 + "1 * * * *",
    "\0" * 5,
    "0 0 * * *\n0 0 * * *\n",
    "* * * * * root rm",
    "r r r r r",
    "*\u00a0*\u00a0*\u00a0*\u00a0x",
]
PLACED = [" ".join(bad if at == place else "*" for at in range(5)) for bad, place in product(BAD_FIELDS, range(5))]
BAD = BAD_TEXTS + PLACED


#: What fields are made of; together they are nearly expressions, and often are.
ITEMS = (
    *("*", "?", "0", "7", "5", "12", "31", "59", "60", "L", "L5", "5L", "15W", "W3", "mon", "jan", "fri#2"),
    *("*/2", "*/99", "3/4", "1-5", "5-1", "sat-sun", "1-5/2", "0-7", "7-7", "10-10", "5-L", "2#5", "mon-wed#1"),
)
TOKENS = st.lists(st.lists(st.sampled_from(ITEMS), min_size=1, max_size=3).map(",".join), min_size=4, max_size=7).map(
    " ".join
)


def test_there_are_enough_bad_strings() -> None:
    assert len(set(BAD)) >= 200


def test_every_bad_string_is_refused_in_a_sentence_within_a_second() -> None:
    """A second of the processor, so that a loaded machine does not count."""
    taken = []
    for text in BAD:
        began = time.thread_time()
        try:
            cron.expression(text)
        except Known as refusal:
            assert len(str(refusal)) < 250
        else:
            taken.append(text)
        assert time.thread_time() - began < 1.0, text[:80]
    assert taken == []


@given(st.text(alphabet="0123456789*/,-?LWH#@ ajnmo\t", max_size=40) | TOKENS)
def test_any_string_is_an_expression_or_a_sentence(text: str) -> None:
    try:
        cron.checked(text)
    except Known as refusal:
        assert str(refusal)
    else:
        assert cron.next_after(text, "UTC", utc("2026-01-01")) is not None


@pytest.mark.parametrize("name", ["Mars", "", "../../etc/passwd", "/etc/localtime", "Europe/Berlín", "a" * 5000, "\0"])
def test_a_zone_that_does_not_exist_is_a_sentence(name: str) -> None:
    with pytest.raises(Known, match="there is no time zone"):
        cron.next_after("0 0 * * *", name, utc("2026-01-01"))


def _fires(text: str, place: str, start: datetime, end: datetime) -> list[datetime]:
    found, moment = list[datetime](), cron.next_after(text, place, start)
    while moment is not None and moment <= end:
        found.append(moment)
        moment = cron.next_after(text, place, moment)
    return found
