"""iCalendar files: what events become, and a sentence for what can't be taken."""

import random
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from watchkeeper.action.ical import Imported, imported, read
from watchkeeper.model.calendar import CalendarSpec, Event
from watchkeeper.model.days import Held, opened
from watchkeeper.model.errors import Known
from watchkeeper.model.span import Span

DAY = Span(days=1)


def file(*events: str, head: str = "") -> bytes:
    body = "".join(f"BEGIN:VEVENT\r\nUID:u{n}\r\n{event.strip()}\r\nEND:VEVENT\r\n" for n, event in enumerate(events))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{head}{body}END:VCALENDAR\r\n".replace("\r\n", "\n").encode()


def held(found: Imported, zone: str = "Europe/Berlin") -> Held:
    return opened({"a": CalendarSpec("a", zone=zone, holds=found.events)})["a"]


def taken(*events: str) -> tuple[Event, ...]:
    found = imported(file(*events))
    assert found.bad == []
    return found.events


def test_whole_days_end_before_the_day_that_ends_them() -> None:
    assert taken("DTSTART;VALUE=DATE:20260501\nDTEND;VALUE=DATE:20260504\nSUMMARY:Long\\, weekend") == (
        Event("2026-05-01", Span(days=3), "Long, weekend"),
    )
    assert taken("DTSTART;VALUE=DATE:20260501") == (Event("2026-05-01", DAY),)


def test_times_are_kept_in_their_zone() -> None:
    two_hours = Span(hours=2)
    assert taken("DTSTART;TZID=Europe/Berlin:20260501T220000\nDTEND;TZID=Europe/Berlin:20260502T000000") == (
        Event("2026-05-01T22:00:00", two_hours, zone="Europe/Berlin"),
    )
    assert taken("DTSTART:20260501T220000Z\nDURATION:PT2H") == (Event("2026-05-01T22:00:00", two_hours, zone="UTC"),)
    assert taken("DTSTART:20260501T220000\nDURATION:PT2H") == (Event("2026-05-01T22:00:00", two_hours),)


@pytest.mark.parametrize(
    ("named", "zone"),
    [
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("China Standard Time", "Asia/Shanghai"),
        ("/freeassociation.sourceforge.net/Europe/Berlin", "Europe/Berlin"),
        ("/citadel.org/20210210_1/Europe/Berlin", "Europe/Berlin"),
        ('"Asia/Shanghai"', "Asia/Shanghai"),
    ],
)
def test_zones_by_the_names_of_other_programs_are_known(named: str, zone: str) -> None:
    (event,) = taken(f"DTSTART;TZID={named}:20260501T220000\nDURATION:PT1H")
    assert event.zone == zone


def test_what_repeats_is_kept_as_its_rule_without_an_end() -> None:
    (event,) = taken("DTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20271225,20281225")
    assert (event.repeat, event.besides) == ("FREQ=YEARLY", ("2027-12-25", "2028-12-25"))
    calendar = opened({"a": CalendarSpec("a", zone="UTC", holds=(event,))})["a"]
    days = [calendar.holds(datetime(year, 12, 25, 12, tzinfo=UTC)) for year in (2020, 2026, 2027, 2028, 2029, 2150)]
    assert days == [True, True, False, False, True, True]


def test_the_last_day_of_a_rule_is_the_one_of_its_own_zone() -> None:
    start = "DTSTART;TZID=America/New_York:20260501T230000\nDURATION:PT1H\n"
    (until,) = taken(start + "RRULE:FREQ=DAILY;UNTIL=20260504T030000Z")
    assert until.repeat == "FREQ=DAILY;UNTIL=20260503"  # 23:00 in New York
    (before,) = taken(start + "RRULE:FREQ=DAILY;UNTIL=20260504T025959Z")
    assert before.repeat == "FREQ=DAILY;UNTIL=20260502"


def test_what_is_counted_is_counted_once() -> None:
    (event,) = taken("DTSTART;VALUE=DATE:20260501\nRRULE:FREQ=WEEKLY;COUNT=3")
    assert event.repeat == "FREQ=WEEKLY;UNTIL=20260515"
    found = imported(file("DTSTART;VALUE=DATE:20260501\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3"))
    assert "it never happens" in str(found.bad[0].why)


def test_one_occurrence_that_moved_is_told_on_its_own() -> None:
    found = imported(
        file("X:").replace(
            b"X:\n",
            b"DTSTART;TZID=Europe/Berlin:20260501T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY\nEND:VEVENT\n"
            b"BEGIN:VEVENT\nUID:u0\nRECURRENCE-ID:20260508T080000Z\nDTSTART:20260509T080000Z\nDURATION:PT1H\nEND:VEVENT\n"
            b"BEGIN:VEVENT\nUID:u0\nRECURRENCE-ID;TZID=Europe/Berlin:20260515T100000\nSTATUS:CANCELLED\n",
        )
    )
    assert found.bad == []
    calendar = held(found)
    held_on = [day for day in range(1, 23) if calendar.holds(datetime(2026, 5, day, 8, 30, tzinfo=UTC))]
    assert held_on == [1, 9, 22]


def test_a_cancelled_event_and_an_alarm_say_nothing() -> None:
    alarm = "DTSTART;VALUE=DATE:20260501\nBEGIN:VALARM\nTRIGGER:-PT15M\nDTSTART:nonsense\nEND:VALARM"
    assert len(taken("DTSTART;VALUE=DATE:20260501\nSTATUS:CANCELLED", alarm)) == 1


def test_a_file_names_its_zone() -> None:
    assert imported(file(head="X-WR-TIMEZONE:Asia/Shanghai\n")).zone == "Asia/Shanghai"
    assert imported(file(head="X-WR-TIMEZONE:Middle/Earth\n")).zone is None


def test_folded_lines_are_one() -> None:
    (event,) = taken("DTSTART;VALUE=DATE:2026\n 0501\nSUMMARY:a\n\t b\n  c")
    assert (event.event, event.title) == ("2026-05-01", "a b c")


@pytest.mark.parametrize(
    ("event", "why"),
    [
        ("SUMMARY:x", "no DTSTART"),
        ("DTSTART:20260501T100000Z", "takes no time"),
        ("DTSTART:20260501T100000Z\nDTEND:20260501T090000Z", "takes no time"),
        ("DTSTART:20260501T100000Z\nDTEND;VALUE=DATE:20260502", "both be dates, or both times"),
        ("DTSTART:20260501T100000Z\nDTEND:20260501T110000", "both have a time zone"),
        ("DTSTART;VALUE=DATE:20260501\nDURATION:PT1H", "must last whole days"),
        ("DTSTART;VALUE=DATE:20261301", "DTSTART can't be read"),
        ("DTSTART;TZID=Middle/Earth:20260501T100000\nDURATION:PT1H", "time zone Middle/Earth is not known"),
        ("DTSTART;VALUE=DATE:20260501\nRRULE:FREQ=SECONDLY", "FREQ=SECONDLY: only DAILY"),
        ("DTSTART;VALUE=DATE:20260501\nRRULE:FREQ=MINUTELY;COUNT=1000000000", "only DAILY"),
        ("DTSTART;VALUE=DATE:20260501\nRRULE:FREQ=YEARLY;BYEASTER=1", "can't be"),
        ("DTSTART;VALUE=DATE:20260501\nRRULE:FREQ=DAILY\nRRULE:FREQ=DAILY", "more than one RRULE"),
        ("DTSTART;VALUE=DATE:20260501\nEXRULE:FREQ=DAILY", "EXRULE"),
        ("DTSTART:20260501T100000Z\nDURATION:PT1H\nRDATE:20260502T110000Z", "another time of the day"),
        ("DTSTART;VALUE=DATE:20260501\nRECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20260501", "RANGE"),
        ("DTSTART;VALUE=DATE:10000101", "too far away"),
        ("DTSTART;VALUE=DATE:20260501\nDTEND;VALUE=DATE:20990101", "too long"),
        ("DTSTART;VALUE=DATE:20260501\nDTSTART;VALUE=DATE:20260502", "or more than one"),
    ],
)
def test_an_event_that_can_not_be_taken_is_named_and_spoils_no_other(event: str, why: str) -> None:
    found = imported(file("DTSTART;VALUE=DATE:20260101", event, "DTSTART;VALUE=DATE:20260102"))
    assert [each.event for each in found.events] == ["2026-01-01", "2026-01-02"]
    (bad,) = found.bad
    assert (bad.line, bad.uid) == (7, "u1")
    assert why in str(bad.why)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "does not begin with BEGIN:VCALENDAR"),
        (b"hello", "no iCalendar file"),
        (b"BEGIN:VCALENDAR\n", "ends before END:VCALENDAR"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", "line 3: END:VCALENDAR ends nothing"),
        (b"BEGIN:VCALENDAR\nSUMMARY:a\0b\nEND:VCALENDAR\n", "line 2: it holds a character"),
        (b"BEGIN:VCALENDAR\nSUMMARY:\xff\xfe\nEND:VCALENDAR\n", "line 2: byte 24 is not UTF-8"),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:X\n" * 1_000_000, "larger than 4 MiB"),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:X\n" * 100_000, "nested deeper than 10"),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nEND:VEVENT\n" * 90_000, "more than 2000 events"),
        (b"BEGIN:VCALENDAR\n" + b"A\n" * 1_900_000, "more lines than 200000"),
        (b"BEGIN:VCALENDAR\nSUMMARY:\n" + b" x\n" * 1_300_000, "more lines than 200000"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:" + b"x" * 4_000_000, "longer than anybody writes"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + b"EXDATE:20260101\n" * 190_000, "more than 500 lines"),
    ],
)
def test_a_file_that_is_none_or_a_bomb_is_refused_with_its_line(data: bytes, sentence: str) -> None:
    begun = time.process_time()
    with pytest.raises(Known, match=sentence):
        imported(data)
    assert time.process_time() - begun < 1


GOOD = file(
    "DTSTART;VALUE=DATE:20260501\nDTEND;VALUE=DATE:20260504\nSUMMARY:Holiday\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=1FR",
    "DTSTART;TZID=Europe/Berlin:20260501T220000\nDURATION:PT8H\nRRULE:FREQ=WEEKLY;UNTIL=20270101T000000Z\n"
    "EXDATE;TZID=Europe/Berlin:20260508T220000\nRDATE;TZID=Europe/Berlin:20260509T220000",
)
PIECES = (
    b"\0",
    b"\xff\xfe\xfa",
    "\u202e\u2028\ufeff".encode(),
    b"\n ",
    b"\r",
    b"BEGIN:VEVENT\n",
    b"END:VEVENT\n",
    b"DTSTART:99999999T999999Z\n",
    b"DTSTART;TZID=../../etc/passwd:20260101T000000\n",
    b"DURATION:P99999999999999999W\n",
    b"DURATION:-P1D\n",
    b"RRULE:FREQ=SECONDLY;BYSECOND=0,1,2\n",
    b"RRULE:FREQ=DAILY;INTERVAL=0;COUNT=-1\n",
    b"RRULE:FREQ=YEARLY;BYDAY=" + b"1MO," * 300 + b"MO\n",
    b"EXDATE:" + b"20260101," * 900 + b"20260101\n",
    b"RDATE;VALUE=PERIOD:20260101T000000Z/PT1H\n",
    b"DTSTART;VALUE=PERIOD:20260101T000000Z/PT1H\n",
    b'X;A="' + b"\\" * 500 + b"\n",
    b";;;;:::;\n",
    b"SUMMARY;ALTREP=" + b'"' * 999 + b":x\n",
    b"TZID:" + b"A" * 5_000 + b"\n",
)


def hostile(seed: int) -> bytes:
    """A good file in which something has been cut, doubled, swapped, or put in."""
    chance = random.Random(seed)
    data = GOOD
    for _count in range(chance.randint(1, 6)):
        at = chance.randrange(len(data))
        until = min(len(data), at + chance.randint(1, 60))
        match chance.randrange(5):
            case 0:
                data = data[:at] + data[until:]
            case 1:
                data = data[:at] + data[at:until] * chance.randint(2, 300) + data[until:]
            case 2:
                data = data[:at] + bytes(chance.randrange(256) for _byte in range(5)) + data[until:]
            case 3:
                lines = data.splitlines(keepends=True)
                chance.shuffle(lines)
                data = b"".join(lines) if chance.random() < 0.3 else data
            case _:
                line = data.find(b"\n", at) + 1
                data = data[:line] + chance.choice(PIECES) + data[line:]
    return data


def bombs() -> Iterator[bytes]:
    """Whatever is small to write and could be large to work out."""
    for rule in (
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;INTERVAL=99999",
        "FREQ=DAILY;COUNT=1000",
        "FREQ=YEARLY;BYMONTHDAY=" + ",".join(map(str, range(1, 32))),
    ):
        yield file(*[f"DTSTART;VALUE=DATE:19000101\nRRULE:{rule}"] * 100)
    yield file(*["DTSTART;VALUE=DATE:19000101\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=9"] * 500)


@pytest.mark.parametrize("seeds", range(0, 300, 25))
def test_no_file_leads_to_anything_but_events_or_a_sentence(seeds: int) -> None:
    for seed in range(seeds, seeds + 25):
        _require_harmless(hostile(seed), f"seed {seed}")


def test_no_rule_that_is_taken_costs_more_than_its_year() -> None:
    for number, data in enumerate(bombs()):
        _require_harmless(data, f"bomb {number}")


def _require_harmless(data: bytes, what: str) -> None:
    begun = time.process_time()
    try:
        found = imported(data)
        held(found).year(2026)
        assert all(len(str(bad.why)) < 500 for bad in found.bad)
    except Known as refusal:
        assert len(str(refusal)) < 500
    assert time.process_time() - begun < 1, what


def test_a_file_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(Known, match=r"nowhere\.ics: .* can't be read: there is no such file"):
        read(tmp_path / "nowhere.ics")
    (tmp_path / "a.ics").write_bytes(b"x")
    with pytest.raises(Known, match=r"a\.ics: this is no iCalendar file"):
        read(tmp_path / "a.ics")
    (tmp_path / "b.ics").write_bytes(file("DTSTART;VALUE=DATE:20260501"))
    assert read(tmp_path / "b.ics").events[0].first == date(2026, 5, 1)
