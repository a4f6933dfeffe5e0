"""Events of an iCalendar file (RFC 5545) as rules of a calendar; what can't be taken is told by line, each on its own.

Decision: what repeats is kept as its rule, not written out for some years.
Question: until when does an imported calendar hold?
Why: a blackout that silently ends after a horizon is a trap; our rules (model/repeat.py) cost nothing by being endless.
Alternatives: to expand for five years (ends unseen), to keep the file (every look parses it).
State: in force. The library `icalendar` (BSD) reads one event at a time, so that a bad one spoils no other.
"""

import re
import warnings
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import available_timezones

import msgspec

from watchkeeper.action.files import bytes_of
from watchkeeper.action.ical_lines import LARGEST_FILE, Component, taken_apart
from watchkeeper.model.calendar import FIRST_YEAR, LAST_YEAR, WHOLE_DAY, Event
from watchkeeper.model.errors import Known
from watchkeeper.model.repeat import Repeat
from watchkeeper.model.span import Span
from watchkeeper.model.text import Text, _
from watchkeeper.model.zone import zone

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")
_UNTIL = re.compile(r"UNTIL=([0-9TZ]{1,20})")
_COUNT = re.compile(r"COUNT=[0-9]+")
#: Events with a COUNT that are counted out.
_MOST_COUNTED = 100


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    """Every known name; to gather them means to look at hundreds of files."""
    return frozenset(available_timezones())


class BadEvent(NamedTuple):
    """An event that can't be taken: the line on which it begins, its UID, and why."""

    line: int
    uid: str
    why: Text


class Imported(NamedTuple):
    """What a file holds, and what of it can't be taken."""

    events: tuple[Event, ...]
    bad: list[BadEvent]
    #: The zone that the file names for itself; None if none that is known.
    zone: str | None


class _Override(NamedTuple):
    """One occurrence of a repeated event that is another one, or none; see `_moment`."""

    uid: str
    day: date
    at: Any
    zone: str | None


def read(path: Path) -> Imported:
    """The events of a file, `-` for the standard input; Known with the line when it is no iCalendar file."""
    try:
        return imported(bytes_of(path, LARGEST_FILE + 1))
    except Known as error:
        raise Known(_("{file}: {what}", file=str(path)[:200], what=error.text)) from None


def imported(data: bytes) -> Imported:
    """The same from the file's bytes."""
    taken = taken_apart(data)
    bad: list[BadEvent] = []
    events: list[tuple[str, Event]] = []
    overrides: list[_Override] = []
    counted = 0
    for component in taken.components:
        counted += "COUNT" in component.value("RRULE").upper()
        try:
            if counted > _MOST_COUNTED:
                raise Known(_("more than {most} events repeat by COUNT: write UNTIL instead", most=_MOST_COUNTED))
            overrides += _overrides(component)
            events += [(component.value("UID"), event) for event in _events(component)]
        except Known as error:
            bad.append(BadEvent(component.number, component.value("UID")[:80], error.text))
    known_zone = taken.zone if taken.zone in _zones() else None
    return Imported(tuple(_without(overrides, uid, event) for uid, event in events), bad, known_zone)


def _without(overrides: Sequence[_Override], uid: str, event: Event) -> Event:
    """A repeated event but for those occurrences that are told on their own."""
    own = [each for each in overrides if each.uid == uid] if uid and event.repeat else []
    days = [_moved(each.day, each.at, each.zone, event.zone)[0].isoformat() for each in own]
    return msgspec.structs.replace(event, besides=(*event.besides, *days)) if days else event


def _overrides(component: Component) -> Iterator[_Override]:
    if component.value("RECURRENCE-ID"):
        names = [line.text.partition(":")[0].upper() for line in component.lines if line.name == "RECURRENCE-ID"]
        if any("RANGE=" in name for name in names):
            raise Known(_("it changes all later occurrences (RANGE), which can't be taken: split the event"))
        yield _Override(component.value("UID"), *_moment(_parsed(component), "RECURRENCE-ID"))


def _events(component: Component) -> Iterator[Event]:
    """The event, unless it has been cancelled."""
    if component.kind != "VEVENT":
        raise Known(_("a {kind} is no event", kind=component.kind))
    if component.value("STATUS").upper() == "CANCELLED":
        return
    parsed = _parsed(component)
    day, at, place = _moment(parsed, "DTSTART")
    repeat, also = _repeat(parsed, component, day, at, place)
    yield Event(
        event=day.isoformat() if at is None else f"{day.isoformat()}T{at:%H:%M:%S}",
        length=_length(parsed, at is None),
        title=_UNSEEN.sub(" ", str(parsed.get("SUMMARY", ""))).strip()[:200],
        zone=place,
        repeat=repeat,
        also=tuple(also),
        besides=tuple(_days(parsed, "EXDATE", at, place)),
    )


def _parsed(component: Component) -> Any:
    """The event as the library reads it; Known with what it can't read."""
    import icalendar

    text = "\r\n".join(("BEGIN:VEVENT", *(line.text for line in component.lines), "END:VEVENT", ""))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of zones whose names it had to guess
            found = icalendar.Event.from_ical(text)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError) as error:
        raise Known(_("it can't be read: {why}", why=str(error)[:200])) from None
    if found.errors:
        name, why = found.errors[0]
        raise Known(_("{name} can't be read: {why}", name=str(name)[:40], why=str(why)[:200]))
    return found


def _moment(parsed: Any, name: str) -> tuple[date, Any, str | None]:
    """Date, local time (None for whole days) and zone (None where it is that of the calendar)."""
    found = parsed.get(name)
    if found is None or isinstance(found, list):
        raise Known(_("it has no {name}, or more than one", name=name))
    return _taken(found.dt, found.params, name)


def _taken(moment: Any, params: Any, name: str) -> tuple[date, Any, str | None]:
    if not isinstance(moment, date):
        raise Known(_("{name} is no date and no time", name=name))
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise Known(_("{name} is in the year {year}: too far away", name=name, year=moment.year))
    if not isinstance(moment, datetime):
        return moment, None, None
    return moment.date(), moment.time().replace(microsecond=0), _zone_of(moment, str(params.get("TZID", "")))


def _zone_of(moment: datetime, named: str) -> str | None:
    """The IANA name of the zone; None for a time that is local wherever one is."""
    if moment.tzinfo is None and not named:
        return None
    if moment.tzinfo is not None and (key := getattr(moment.tzinfo, "key", None)) in _zones():
        return str(key)
    if moment.tzinfo is UTC or (moment.tzinfo is not None and not named):
        return "UTC"
    raise Known(_("the time zone {zone} is not known: use an IANA name like Europe/Berlin", zone=named[:60]))


def _length(parsed: Any, is_whole_days: bool) -> Span:
    start = parsed.get("DTSTART").dt
    end, duration = parsed.get("DTEND"), parsed.get("DURATION")
    if isinstance(end, list) or isinstance(duration, list):
        raise Known(_("it ends more than once: keep one DTEND or DURATION"))
    if end is not None:
        length = _between(start, end.dt)
    elif duration is not None:
        length = duration.dt if isinstance(duration.dt, timedelta) else timedelta()
    else:
        length = WHOLE_DAY if is_whole_days else timedelta()
    if length <= timedelta():
        raise Known(_("it takes no time: it ends when it begins, or before"))
    if is_whole_days and length % WHOLE_DAY:
        raise Known(_("it begins with a date, so it must last whole days"))
    return Span(seconds=length.total_seconds())


def _between(start: date, end: date) -> timedelta:
    if not (isinstance(start, datetime) and isinstance(end, datetime)):
        if isinstance(start, datetime) or isinstance(end, datetime) or not isinstance(end, date):
            raise Known(_("DTSTART and DTEND must both be dates, or both times"))
        return end - start
    if (start.tzinfo is None) is not (end.tzinfo is None):
        raise Known(_("DTSTART and DTEND must both have a time zone, or neither"))
    return end - start if start.tzinfo is None else end.astimezone(UTC) - start.astimezone(UTC)


def _repeat(parsed: Any, component: Component, day: date, at: Any, place: str | None) -> tuple[str | None, list[str]]:
    """The rule by which it repeats, and the days on which it comes as well."""
    also = [*_days(parsed, "RDATE", at, place, is_strict=True)]
    if component.value("EXRULE"):
        raise Known(_("it has an EXRULE, which can't be taken: name the days in EXDATE"))
    if not component.value("RRULE"):
        return None, also
    if isinstance(parsed.get("RRULE"), list):
        raise Known(_("it has more than one RRULE: split the event"))
    text = _UNTIL.sub(lambda found: "UNTIL=" + _last_day(found[1], at, place), component.value("RRULE").upper())
    rule = Repeat.parsed(text, day)
    if rule.times is not None:
        text = _COUNT.sub(f"UNTIL={_last_counted(rule):%Y%m%d}", text)
    is_first = next(rule.between(day, day), None) == day
    return text, also if is_first else [day.isoformat(), *also]


def _last_counted(rule: Repeat) -> date:
    """The day on which a COUNT is used up, so that nobody has to count again."""
    last = max(rule.between(rule.start, date(LAST_YEAR, 12, 31)), default=None)
    if last is None:
        raise Known(_("it never happens: no day fits its rule"))
    return last


def _last_day(text: str, at: Any, place: str | None) -> str:
    """The last day of an UNTIL, which may be a moment in UTC, as the rule wants it: 20261231."""
    if len(text) == len("20261231") or at is None:
        return text[:8]
    try:
        moment = datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S")
        if text.endswith("Z") and place is not None:
            moment = moment.replace(tzinfo=UTC).astimezone(zone(place)).replace(tzinfo=None)
        last = moment.date() if moment.time() >= at else moment.date() - WHOLE_DAY
    except (ValueError, OverflowError):
        raise Known(_("UNTIL={text} is no date: write it like 20261231", text=text[:20])) from None
    return f"{last:%Y%m%d}"


def _days(parsed: Any, name: str, at: Any, place: str | None, is_strict: bool = False) -> Iterator[str]:
    """The days of an EXDATE or RDATE on the clocks of the event's zone."""
    found = parsed.get(name, [])
    for group in found if isinstance(found, list) else [found]:
        for each in group.dts:
            day, time, there = _taken(each.dt, getattr(each, "params", {}) or group.params, name)
            day, time = _moved(day, time, there, place)
            if is_strict and time != at:
                raise Known(_("{name} is at another time of the day than its begin: split the event", name=name))
            if time is None or time == at:
                yield day.isoformat()


def _moved(day: date, time: Any, there: str | None, place: str | None) -> tuple[date, Any]:
    """A local time of one zone as that of another."""
    if time is None or there == place or there is None or place is None:
        return day, time
    moved = datetime.combine(day, time, zone(there)).astimezone(zone(place))
    return moved.date(), moved.time()
