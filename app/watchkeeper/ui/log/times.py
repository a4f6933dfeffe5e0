"""The time at the start of a line, in the forms that programs write."""

import re
from datetime import date
from typing import NamedTuple

_CLOCK = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?"
_ZONE = r"(?:\s?(?:Z|UTC|(?P<sign>[+-])(?P<zh>\d\d):?(?P<zm>\d\d)))?"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FORMS = (
    re.compile(rf"[\[(]?(?P<year>\d{{4}})[-/.](?P<month>\d\d)[-/.](?P<day>\d\d)[T ]{_CLOCK}{_ZONE}[\])]?(?!\d)[ \t]*"),
    re.compile(rf"[\[(]?{_CLOCK}[\])]?(?!\d)(?:[ \t]+|$)"),
    re.compile(rf"(?P<name>[A-Z][a-z]{{2}})[ ]{{1,2}}(?P<day>\d{{1,2}}) {_CLOCK}(?!\d)[ \t]*"),
    re.compile(rf"\[?(?P<day>\d\d)/(?P<name>[A-Z][a-z]{{2}})/(?P<year>\d{{4}})[: ]{_CLOCK}{_ZONE}\]?[ \t]*"),
)
_DAY = 86_400


class Stamp(NamedTuple):
    """When a line was written, as the program said."""

    #: Seconds, comparable with other stamps of the same form; without a date they count from midnight.
    moment: float
    #: The time of day.
    clock: str
    #: How many characters of the line it takes.
    length: int
    has_date: bool


def stamp_of(text: str) -> Stamp | None:
    """The time that a line begins with; None if it begins with something else."""
    head = text[:48]
    if not head or not (head[0].isdigit() or head[0] in "[(" or head[0].isupper()):
        return None
    for form in _FORMS:
        if (found := form.match(head)) is not None and (stamp := _stamp(found)) is not None:
            return stamp
    return None


def after(earlier: float, later: Stamp) -> float:
    """Seconds between them; a clock without a date that has passed midnight goes on."""
    seconds = later.moment - earlier
    return seconds + _DAY if not later.has_date and seconds < -_DAY / 2 else seconds


def span_words(seconds: float, *, is_signed: bool = True) -> str:
    """A span as digits: `+0.004`, `+1:02.500`, `+1:00:00.000`."""
    mark = ("-" if seconds < 0 else "+") if is_signed else ""
    thousandths = round(abs(seconds) * 1000)
    hours, rest = divmod(thousandths, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    whole, part = divmod(rest, 1000)
    if hours:
        return f"{mark}{hours}:{minutes:02}:{whole:02}.{part:03}"
    return f"{mark}{minutes}:{whole:02}.{part:03}" if minutes else f"{mark}{whole}.{part:03}"


def _stamp(found: re.Match[str]) -> Stamp | None:
    told = found.groupdict()
    hour, minute, second = (int(told[name]) for name in ("hour", "minute", "second"))
    if hour > 23 or minute > 59 or second > 60:
        return None
    fraction = told.get("fraction")
    day = _day(told)
    if day is None:
        return None
    moment = day * _DAY + hour * 3600 + minute * 60 + second + (float(f"0.{fraction}") if fraction else 0.0)
    if told.get("sign"):
        offset = (int(told["zh"]) * 60 + int(told["zm"])) * 60
        moment -= offset if told["sign"] == "+" else -offset
    clock = f"{hour:02}:{minute:02}:{second:02}" + (f".{fraction[:3]}" if fraction else "")
    return Stamp(moment, clock, found.end(), has_date="day" in told)


def _day(told: dict[str, str | None]) -> int | None:
    """Days since the calendar's beginning; 0 without a date, None for one that does not exist."""
    day = told.get("day")
    if day is None:
        return 0
    name, month = told.get("name"), told.get("month")
    if name is not None and name not in _MONTHS:
        return None
    number = int(month) if month is not None else _MONTHS.index(name or "Jan") + 1
    try:
        # Syslog writes no year; one that has a 29th of February counts as well as any.
        return date(int(told.get("year") or 2000), number, int(day)).toordinal()
    except ValueError:
        return None
