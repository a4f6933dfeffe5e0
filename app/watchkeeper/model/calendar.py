"""Calendars: named sets of days and hours on which triggers fire only, or not at all.

Decision: a calendar holds a moment when one of its rules does and none of its exceptions; rules speak of local days.
Question: how are weekends, public holidays, make-up workdays and blackout windows said in one form?
Why: a union less a union can be read aloud, its order means nothing, and calendars add up by naming each other.
Alternatives: rules where the last one wins (their order is a trap), one cron expression (knows no holidays).
State: in force. "Local" is what the clocks of the calendar's zone show: an hour that comes twice is held twice.
"""

import difflib
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from watchkeeper.model.errors import Misfit
from watchkeeper.model.job import Name
from watchkeeper.model.repeat import Repeat
from watchkeeper.model.span import Span
from watchkeeper.model.text import Text, _
from watchkeeper.model.trigger import time_of_day

#: Outside these years no calendar holds anything.
FIRST_YEAR, LAST_YEAR = 1900, 2200
MOST_RULES = 3_000
MIDNIGHT = timedelta(0)
WHOLE_DAY = timedelta(days=1)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DATE = re.compile(r"(?:(\d{4})-)?(\d{2})-(\d{2})", re.ASCII)
_DAY_ITEM = re.compile(r"([a-z]{3})(?:-([a-z]{3}))?", re.ASCII)
#: Any leap year, so that 02-29 is a date.
_LEAP_YEAR = 2000


class Which(StrEnum):
    """Which days of a country."""

    #: Public holidays.
    HOLIDAYS = "holidays"
    #: Days of the weekend that are worked because another day is off.
    MAKE_UP = "make_up"
    #: Weekends and public holidays, but no make-up days.
    OFF = "off"
    #: All others.
    WORKING = "working"


class ByDay(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """What all rules that choose days have in common."""

    #: Parts of each day, like 09:00-12:00,13:00-17:00; one that ends before it begins goes on into the next day.
    #: None is the whole day.
    hours: str | None = None

    def __post_init__(self) -> None:
        if self.hours is not None:
            hours_of(self.hours)


class Weekly(ByDay, frozen=True, tag_field="kind", tag="weekly"):
    """Days of the week."""

    #: Like mon-fri, or sat,sun; * is every day.
    days: str = "*"

    def __post_init__(self) -> None:
        super().__post_init__()
        weekdays_of(self.days)


class Dates(ByDay, frozen=True, tag_field="kind", tag="dates"):
    """Dates, once or every year."""

    #: Like 2026-12-24, every year 12-24; with a range 2026-12-24..2027-01-02 or 12-24..01-02, both ends held.
    dates: Annotated[tuple[str, ...], Meta(min_length=1, max_length=MOST_RULES)]

    def __post_init__(self) -> None:
        super().__post_init__()
        for text in self.dates:
            dates_of(text)


class Monthly(ByDay, frozen=True, tag_field="kind", tag="monthly"):
    """Days of the month, counted from its begin or, below zero, from its end."""

    monthly: Annotated[tuple[Annotated[int, Meta(ge=-31, le=31)], ...], Meta(min_length=1, max_length=62)]
    #: Another calendar: only days that it holds, all or part of, by the dates of its own zone, are counted. So -1 is
    #: the last workday.
    of: Name | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if 0 in self.monthly:
            raise Misfit(_("a month has no day 0: count from 1, or from -1 for its last day"))


class Country(ByDay, frozen=True, tag_field="kind", tag="country"):
    """Public holidays, as far as they are known: see model/public_holidays.py."""

    #: ISO 3166 code.
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")]
    #: A part of it with holidays of its own, like BY for Bavaria.
    subdivision: Annotated[str, Meta(min_length=1, max_length=40)] | None = None
    which: Which = Which.HOLIDAYS


class Include(msgspec.Struct, frozen=True, tag_field="kind", tag="calendar", forbid_unknown_fields=True):
    """Whatever another calendar holds."""

    #: Its name.
    calendar: Name


class Event(msgspec.Struct, frozen=True, tag_field="kind", tag="event", omit_defaults=True, forbid_unknown_fields=True):
    """Something in an iCalendar file: a date or a local time, how long it lasts, and whether it repeats."""

    #: 2026-05-01 for whole days, else 2026-05-01T22:00:00.
    event: str
    #: How long; whole days with a date.
    length: Span = Span(days=1)
    title: Annotated[str, Meta(max_length=200)] = ""
    #: Where its time is local; the calendar's zone if None.
    zone: str | None = None
    #: An RRULE, see model/repeat.py.
    repeat: Annotated[str, Meta(max_length=500)] | None = None
    #: Dates on which it repeats as well, and on which it does not.
    also: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        start = self.start
        if not isinstance(start, datetime) and (not self.length or self.length % WHOLE_DAY):
            raise Misfit(_("an event on whole days lasts whole days, not {length}", length=str(self.length)))
        if self.length > timedelta(days=3_660):
            raise Misfit(_("an event of {length} is too long: at most 3660 days", length=str(self.length)))
        if self.repeat is not None:
            Repeat.parsed(self.repeat, self.first)
        for text in (*self.also, *self.besides):
            iso_date(text)

    @property
    def start(self) -> date | datetime:
        """The date or the local time, without a zone."""
        return iso_date(self.event) if len(self.event) == len("2026-05-01") else _iso_time(self.event)

    @property
    def first(self) -> date:
        """The date of its first occurrence."""
        start = self.start
        return start.date() if isinstance(start, datetime) else start


Rule = Weekly | Dates | Monthly | Country | Include | Event

#: The field by which a rule's kind is told when it is not named.
RULE_KIND_BY_FIELD = {
    "days": "weekly",
    "dates": "dates",
    "monthly": "monthly",
    "country": "country",
    "calendar": "calendar",
    "event": "event",
    "hours": "weekly",
}

Rules = Annotated[tuple[Rule, ...], Meta(max_length=MOST_RULES)]


class CalendarSpec(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a file, a form or a command says of a calendar."""

    name: Name
    description: str = ""
    #: IANA name; the workspace's zone if None, filled in when the calendar is saved.
    zone: str | None = None
    #: It holds what one of these does ...
    holds: Rules = ()
    #: ... and none of those.
    but_not: Rules = ()

    def rules(self) -> Iterator[tuple[str, Rule]]:
        """Every rule, with its place like `but_not[0]`."""
        for field in ("holds", "but_not"):
            for position, rule in enumerate(getattr(self, field)):
                yield f"{field}[{position}]", rule

    def named(self) -> Iterator[tuple[str, str]]:
        """The names of the calendars that it needs, with their places."""
        for place, rule in self.rules():
            if isinstance(rule, Include):
                yield f"{place}.calendar", rule.calendar
            elif isinstance(rule, Monthly) and rule.of is not None:
                yield f"{place}.of", rule.of


class Calendar(msgspec.Struct, frozen=True):
    """A saved calendar."""

    name: str
    spec: CalendarSpec
    saved_at: datetime
    saved_by: str


class DateRange(NamedTuple):
    """From one date to another, both included; without a year they come every year."""

    first: date
    last: date
    is_yearly: bool

    def within(self, first: date, last: date) -> Iterator[tuple[date, date]]:
        """The ranges, whole, that touch the days from `first` to `last`."""
        if not self.is_yearly:
            if self.first <= last and self.last >= first:
                yield self.first, self.last
            return
        for year in range(first.year - 1, last.year + 1):
            begin = _in_year(year, self.first, (3, 1))
            end = _in_year(year + (self.last < self.first), self.last, (2, 28))
            if begin <= end and begin <= last and end >= first:
                yield begin, end


def unknown(name: str, known: Iterable[str]) -> Text:
    """The sentence for a calendar that is not there, with the nearest name."""
    near = difflib.get_close_matches(name[:200], list(known), n=1)
    if near:
        return _("there is no calendar {calendar}: did you mean {near}?", calendar=name[:60], near=near[0])
    return _("there is no calendar {calendar}: make it with `watchkeeper calendar save`", calendar=name[:60])


def dates_of(text: str) -> DateRange:
    """The dates that `text` means; Misfit when it means none."""
    first, mark, last = text.partition("..")
    begin, end = _parts(first), _parts(last if mark else first)
    if begin is None or end is None or (begin[0] is None) is not (end[0] is None):
        raise Misfit(
            _("{text} is no date: write 2026-12-24 or, for every year, 12-24; a range as 12-24..01-02", text=text[:60])
        )
    is_yearly = begin[0] is None
    try:
        first_day, last_day = (date(year or _LEAP_YEAR, month, day) for year, month, day in (begin, end))
    except ValueError:
        raise Misfit(_("there is no such date as {text}", text=text[:60])) from None
    if not is_yearly and last_day < first_day:
        raise Misfit(_("{text} ends before it begins", text=text[:60]))
    return DateRange(first_day, last_day, is_yearly)


def weekdays_of(text: str) -> frozenset[int]:
    """Monday is 0; Misfit for what are no days of the week."""
    if text.strip() == "*":
        return frozenset(range(7))
    found: set[int] = set()
    for item in text.lower().replace(" ", "").split(","):
        match = _DAY_ITEM.fullmatch(item)
        ends = [WEEKDAYS.index(word) for word in (match[1], match[2] or match[1]) if word in WEEKDAYS] if match else []
        if len(ends) != 2:
            raise Misfit(_("{text} are no days of the week: write them like mon-fri or sat,sun", text=text[:60]))
        found.update((ends[0] + step) % 7 for step in range((ends[1] - ends[0]) % 7 + 1))
    return frozenset(found)


def hours_of(text: str) -> tuple[tuple[timedelta, timedelta], ...]:
    """The parts of a day, counted from its midnight; one that goes on into the next day ends after 24 h."""
    return tuple(_part_of_day(item.strip()) for item in text.split(","))


def iso_date(text: str) -> date:
    """The date 2026-05-01; Misfit."""
    found = _DATE.fullmatch(text)
    try:
        if found is None or found[1] is None:
            raise ValueError
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise Misfit(_("{text} is no date: write it like 2026-05-01", text=text[:60])) from None


def _iso_time(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise Misfit(_("{text} is no local time: write it like 2026-05-01T22:00:00", text=text[:60]))
    return found


def _part_of_day(item: str) -> tuple[timedelta, timedelta]:
    first, mark, last = item.partition("-")
    if not mark:
        raise Misfit(_("{text} are no hours: write them like 09:00-17:00", text=item[:40]))
    begin = _since_midnight(time_of_day("hours", first))
    end = WHOLE_DAY if last.strip() == "24:00" else _since_midnight(time_of_day("hours", last))
    if begin == end:
        raise Misfit(_("the hours {text} begin and end at the same time: leave them out for whole days", text=item))
    return begin, end if end > begin else end + WHOLE_DAY


def _since_midnight(of_day: time) -> timedelta:
    return timedelta(hours=of_day.hour, minutes=of_day.minute)


def _parts(text: str) -> tuple[int | None, int, int] | None:
    found = _DATE.fullmatch(text.strip())
    return (int(found[1]) if found[1] else None, int(found[2]), int(found[3])) if found else None


def _in_year(year: int, day: date, instead: tuple[int, int]) -> date:
    """That day of `year`; in place of a 29 February that is not there, another month and day."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, *instead)
