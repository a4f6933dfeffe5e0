"""Calendars at work: whether a moment lies in one, and when that changes. Worked out a year at a time, and kept."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from watchkeeper.model import public_holidays
from watchkeeper.model.calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    MIDNIGHT,
    WHOLE_DAY,
    ByDay,
    CalendarSpec,
    Country,
    Dates,
    Event,
    Include,
    Monthly,
    Rule,
    Weekly,
    Which,
    dates_of,
    hours_of,
    iso_date,
    unknown,
    weekdays_of,
)
from watchkeeper.model.errors import Conflict, Known, NotFound
from watchkeeper.model.repeat import Repeat
from watchkeeper.model.stretches import Stretch, cut, in_utc, united, without
from watchkeeper.model.text import _
from watchkeeper.model.zone import zone

#: A calendar that does not change for so many years never does again.
YEARS_AHEAD = 50

#: Calendars that name each other, one within the other.
DEEPEST = 20

#: A part of a day may go on for a day, and zones are up to a day apart.
_MARGIN = timedelta(days=3)


class Year(NamedTuple):
    """What a calendar holds of one UTC year."""

    begins: tuple[datetime, ...]
    ends: tuple[datetime, ...]

    def stretches(self) -> Iterator[Stretch]:
        """The same in pairs."""
        return zip(self.begins, self.ends, strict=True)


_NOTHING = Year((), ())


class Held:
    """One calendar among others that it may name. Implements schedule.Days."""

    def __init__(self, spec: CalendarSpec, others: Mapping[str, "Held"]) -> None:
        self.spec = spec
        self.zone = spec.zone or "UTC"
        self._others = others
        self._years: dict[int, Year] = {}

    def holds(self, moment: datetime) -> bool:
        """Whether the aware `moment` lies in it."""
        moment = moment.astimezone(UTC)
        year = self._years.get(moment.year) or self.year(moment.year)
        position = bisect_right(year.begins, moment)
        return position > 0 and moment < year.ends[position - 1]

    def change_after(self, moment: datetime) -> datetime | None:
        """The first moment after `moment` at which `holds` turns; None when it does not within 50 years."""
        moment = moment.astimezone(UTC)
        is_held = self.holds(moment)
        for number in range(moment.year, min(moment.year + YEARS_AHEAD, LAST_YEAR + 1) + 1):
            turn = self._turn(number, moment, is_held)
            if turn is not None:
                return turn
        return None

    def year(self, number: int) -> Year:
        """What it holds of a UTC year, from the cache where it was asked for before."""
        known = self._years.get(number)
        if known is None:
            known = self._years[number] = self._worked_out(number)
        return known

    def of_rule(self, rule: Rule, year: int) -> list[Stretch]:
        """What one rule holds of a UTC year."""
        begin, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
        if isinstance(rule, Include):
            return list(self._others[rule.calendar].year(year).stretches())
        if isinstance(rule, Event) and isinstance(rule.start, datetime):
            return united(cut(self._timed(rule, rule.start, begin.date(), end.date()), begin, end))
        days = self._days(rule, begin.date() - _MARGIN, end.date() + _MARGIN)
        hours = hours_of(rule.hours) if isinstance(rule, ByDay) and rule.hours else ((MIDNIGHT, WHOLE_DAY),)
        local = united((_midnight(day) + first, _midnight(day) + last) for day in days for first, last in hours)
        return in_utc(local, self.zone, year)

    def _worked_out(self, number: int) -> Year:
        if not FIRST_YEAR <= number <= LAST_YEAR:
            return _NOTHING
        held, taken = (
            united(stretch for rule in rules for stretch in self.of_rule(rule, number))
            for rules in (self.spec.holds, self.spec.but_not)
        )
        stretches = without(held, taken)
        return Year(tuple(begin for begin, _end in stretches), tuple(end for _begin, end in stretches))

    def _turn(self, number: int, moment: datetime, is_held: bool) -> datetime | None:
        """The first turn of that year after `moment`, up to which nothing has changed."""
        year = self.year(number)
        start = max(moment, datetime(number, 1, 1, tzinfo=UTC))
        position = bisect_right(year.begins, start)
        here = position > 0 and start < year.ends[position - 1]
        if here is not is_held:
            return start
        if not is_held:
            return year.begins[position] if position < len(year.begins) else None
        end = year.ends[position - 1]
        return end if end < datetime(number + 1, 1, 1, tzinfo=UTC) else None

    def _days(self, rule: Rule, first: date, last: date) -> Iterable[date]:
        """The local days that a rule picks among those from `first` to `last`."""
        match rule:
            case Weekly():
                weekdays = weekdays_of(rule.days)
                return (day for day in _span(first, last) if day.weekday() in weekdays)
            case Dates():
                ranges = (found for text in rule.dates for found in dates_of(text).within(first, last))
                return (day for begin, end in ranges for day in _span(max(begin, first), min(end, last)))
            case Country():
                return _days_of_country(rule, first, last)
            case Monthly():
                return self._days_of_months(rule, first, last)
            case Event():
                size = rule.length // WHOLE_DAY
                starts = _starts(rule, first - size * WHOLE_DAY, last)
                return (day for start in starts for day in _span(start, start + (size - 1) * WHOLE_DAY))
            case _:
                return ()

    def _days_of_months(self, rule: Monthly, first: date, last: date) -> Iterator[date]:
        counted = self._counted(rule.of, first, last) if rule.of is not None else (lambda day: True)
        begin = first.replace(day=1)
        while begin <= last:
            following = (begin + timedelta(days=32)).replace(day=1)
            days = [day for day in _span(begin, following - WHOLE_DAY) if counted(day)]
            for number in rule.monthly:
                if abs(number) <= len(days):
                    yield days[number - 1 if number > 0 else number]
            begin = following

    def _counted(self, name: str, first: date, last: date) -> Callable[[date], bool]:
        """Whether another calendar holds something of a day, on the clocks of its own zone."""
        other = self._others[name]
        here = zone(other.zone)
        held: set[date] = set()
        for number in range(first.year, last.year + 1):
            for begin, end in other.year(number).stretches():
                until = (end - timedelta(microseconds=1)).astimezone(here).date()
                held.update(_span(begin.astimezone(here).date(), until))
        return held.__contains__

    def _timed(self, rule: Event, start: datetime, first: date, last: date) -> Iterator[Stretch]:
        there = zone(rule.zone or self.zone)
        for day in _starts(rule, first - rule.length - _MARGIN, last + _MARGIN):
            begin = datetime.combine(day, start.time(), there).astimezone(UTC)
            yield begin, begin + rule.length


def _starts(rule: Event, first: date, last: date) -> list[date]:
    """The days on which an event begins, of those from `first` to `last`."""
    known = [rule.first]
    if rule.repeat is not None:
        known = [*Repeat.parsed(rule.repeat, rule.first).between(first, last)]
    found = {*known, *map(iso_date, rule.also)} - {*map(iso_date, rule.besides)}
    return sorted(day for day in found if first <= day <= last)


def _days_of_country(rule: Country, first: date, last: date) -> Iterator[date]:
    for number in range(first.year, last.year + 1):
        days = public_holidays.year_of(rule.country, rule.subdivision, number).days(rule.which)
        begin, end = max(first, date(number, 1, 1)), min(last, date(number, 12, 31))
        yield from (day for day in _span(begin, end) if (day in days) is not (rule.which is Which.WORKING))


def _span(first: date, last: date) -> Iterator[date]:
    """The days from `first` to `last`, both included."""
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def opened(specs: Mapping[str, CalendarSpec], years: Iterable[int] = ()) -> dict[str, Held]:
    """All calendars, each of which may name others; `specs` have passed `require_whole`.

    With `years` worked out already: the first public holidays take a while, for their library has to be loaded.
    """
    found: dict[str, Held] = {}
    for name, spec in specs.items():
        found[name] = Held(spec, found)
    for number in years:
        for calendar in found.values():
            calendar.year(number)
    return found


def require_whole(specs: Mapping[str, CalendarSpec], names: Iterable[str]) -> None:
    """NotFound when one of `names` needs a calendar that is not there, Conflict with the path when it needs itself."""
    done: set[str] = set()
    for name in names:
        _follow(specs, (name,), done)


def _follow(specs: Mapping[str, CalendarSpec], path: tuple[str, ...], done: set[str]) -> None:
    for place, name in () if path[-1] in done else specs[path[-1]].named():
        if name in path:
            told = _("a calendar that needs itself: {path}", path=" → ".join((*path[path.index(name) :], name)))
            raise Conflict(_("{place}: {what}", place=place, what=told))
        if len(path) > DEEPEST:
            deep = _("calendars within calendars, deeper than {most}", most=DEEPEST)
            raise Known(_("{place}: {what}", place=place, what=deep))
        if name not in specs:
            raise NotFound(_("{place}: {what}", place=place, what=unknown(name, specs)))
        _follow(specs, (*path, name), done)
    done.add(path[-1])
