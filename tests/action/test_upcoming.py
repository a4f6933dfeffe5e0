"""The query behind `job next`, by both desks; zones and dates that are none."""

import random
import time
from typing import Any

import pytest

from tests.action.conftest import job
from watchkeeper.action.desk import Desk
from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text
from watchkeeper.store.pause import pause
from watchkeeper.store.store import Store

#: Zones that are none or nearly one, by their alphabet and by their tricks.
ODD_ZONES = [
    *(
        "",
        " ",
        ".",
        "..",
        "/",
        "../../etc/passwd",
        "/etc/localtime",
        "posixrules/",
        "Europe",
        "Europe/",
        "europe\\berlin",
    ),
    *(
        "Europe/Berlin/",
        "Europe//Berlin",
        "Europe/Berlin\0",
        "Europe/Berlin\n",
        "\0",
        "\u202eEurope/Berlin",
        "Europe/Berlín",
    ),
    *(
        "UTC+1",
        "GMT+25",
        "+01:00",
        "CET-1CEST,M3.5.0,M10.5.0/3",
        "EST5EDT4",
        ":UTC",
        "C:\\Windows",
        "file:///etc/passwd",
    ),
    *(
        "a" * 5_000,
        "../" * 500,
        "Etc/GMT-15",
        "Etc/GMT+13",
        "Mars/Base",
        "NULL",
        "None",
        "0",
        "-1",
        "1e9",
        "{zone}",
        "%s",
    ),
    *("tzdata", "zone.tab", "__init__.py", "Europe/__init__.py", "Asia/上海", "🌍", "\ud800", "localtime", "factory"),
]
ODD_DATES = [
    *("", " ", "now", "yesterday", "2026", "2026-13-01", "2026-02-30", "2026-00-10", "2026-02-29T00:00", "0000-01-01"),
    *("2026-01-01T24:30", "2026-01-01T25:00", "2026-01-01T00:60", "2026-01-01T00:00:61", "9999-12-31T23:59:59.999999"),
    *(
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "0001-01-01",
        "10000-01-01",
        "-2026-01-01",
        "+2026-01-01",
    ),
    *(
        "2026-01-01T00:00+25:00",
        "2026-01-01T00:00+14:00:00.1",
        "2026-01-01T00:00Z[UTC]",
        "1e9",
        "1767225600",
        "nan",
        "inf",
    ),
    *(
        "2026-W01-1",
        "2026W011",
        "20260101T000000Z",
        "01/02/2026",
        "2026-1-1",
        "２０２６-01-01",
        "2026-01-01\0",
        "2026-01-01\n",
    ),
    *(
        "2026-03-29T02:30",
        "2026-10-25T02:30",
        "9" * 5_000,
        "2026-01-01T00:00:00." + "9" * 5_000,
        "\ud800",
        "🌍",
        "{at}",
        "%Y",
    ),
]


def _garbled(dice: random.Random, text: str) -> str:
    """`text` with a few characters changed, taken out or put in."""
    marks = list(text)
    for _each in range(dice.randint(1, 3)):
        place = dice.randrange(len(marks) + 1)
        marks[place : place + dice.randint(0, 1)] = dice.choice(
            ["", "/", ".", "-", ":", "+", "0", "T", "\0", "é", " ", "_"]
        )
    return "".join(marks)


def _hostile(odd: list[str], right: str) -> list[str]:
    dice = random.Random(right)
    return sorted({*odd, *(_garbled(dice, right) for _each in range(200))})


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("zone", _hostile(ODD_ZONES, "America/Argentina/Buenos_Aires")),
        ("since", _hostile(ODD_DATES, "2026-03-29T02:30:00+01:00")),
    ],
)
async def test_whatever_zone_or_date_is_given_the_answer_is_a_sentence_or_right(
    local: Desk, field: str, values: list[str]
) -> None:
    """A second of the processor each, so that a loaded machine does not count."""
    assert len(values) >= 200
    refused = 0
    for value in values:
        began = time.thread_time()
        try:
            outlook = await local.ask("job.next", cron="0 12 * * *", count=2, **{field: value})
        except Known as refusal:
            refused += 1
            assert 0 < len(str(refusal)) < 300 and str(refusal).startswith(field)
        else:
            first, second = outlook.rows
            assert first.local.endswith("T12:00:00") and first.at < second.at
        assert time.thread_time() - began < 1.0
    assert refused > len(values) // 3


async def test_a_job_is_foretold_by_both_desks(desk: Desk) -> None:
    await desk.do("job.save", spec=job(triggers=[{"kind": "cron", "cron": "0 12 * * *"}]))
    outlook = await desk.ask("job.next", job="nightly", since="2026-07-01", count=1)
    assert [(row.local, row.offset) for row in outlook.rows] == [("2026-07-01T12:00:00", "+02:00")]
    there = await desk.ask("job.next", job="nightly", since="2026-07-01", count=1, zone="UTC")
    assert [(row.local, row.offset) for row in there.rows] == [("2026-07-01T10:00:00", "+00:00")]


async def test_a_pause_is_told(local: Desk, store: Store) -> None:
    triggers: list[dict[str, Any]] = [{"kind": "cron", "cron": "0 12 * * *", "valid_until": "2026-07-02T00:00:00Z"}]
    await local.do("job.save", spec=job(triggers=triggers))
    await store.write(lambda tx: pause(tx, Text("a restore"), "me"))
    outlook = await local.ask("job.next", job="nightly", since="2026-07-01")
    assert len(outlook.rows) == 1
    assert list(map(str, outlook.remarks)) == ["all triggers are paused: a restore"]


async def test_what_a_calendar_takes_out_is_not_foretold(local: Desk) -> None:
    calendar = {"name": "weekend", "holds": [{"kind": "weekly", "days": "sat,sun"}]}
    await local.do("calendar.save", spec=calendar)
    await local.do("job.save", spec=job(triggers=[{"kind": "cron", "cron": "0 12 * * *", "not_on": ["weekend"]}]))
    outlook = await local.ask("job.next", job="nightly", since="2026-07-03", count=2)
    assert [row.local for row in outlook.rows] == ["2026-07-03T12:00:00", "2026-07-06T12:00:00"]
    assert outlook.remarks == []
