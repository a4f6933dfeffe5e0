"""What a wall clock and a calendar on the wall show: dates and times of day by rule, without zones."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple, Protocol

from watchkeeper.model.cron_fields import MonthDays, Weekdays

#: No search goes further: what does not come within so many years never comes.
YEARS = 50
#: Nothing fires before the first of these years or after the last.
FIRST_YEAR, LAST_YEAR = 1970, 9997
_DAY_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SECOND_US = 1_000_000


class Times(Protocol):
    """Times of a day, in microseconds since its midnight."""

    first: int
    count: int

    def after(self, us: int) -> int | None:
        """The first time later than `us`."""

    def index(self, us: int) -> int:
        """How many of them are earlier than `us`."""

    def at(self, index: int) -> int:
        """The one with so many before it."""


class FieldTimes:
    """The times that second, minute and hour fields name."""

    def __init__(self, hours: tuple[int, ...], minutes: tuple[int, ...], seconds: tuple[int, ...]) -> None:
        self._hours, self._minutes, self._seconds = hours, minutes, seconds
        self.first = self._us(hours[0], minutes[0], seconds[0])
        self.count = len(hours) * len(minutes) * len(seconds)

    def after(self, us: int) -> int | None:
        """The first time later than `us`."""
        hours, minutes, seconds = self._hours, self._minutes, self._seconds
        hour, rest = divmod(us // _SECOND_US, 3600)
        h = bisect_left(hours, hour)
        if h < len(hours) and hours[h] == hour:
            minute, second = divmod(rest, 60)
            m = bisect_left(minutes, minute)
            if m < len(minutes) and minutes[m] == minute:
                s = bisect_right(seconds, second)
                if s < len(seconds):
                    return self._us(hour, minute, seconds[s])
                m += 1
            if m < len(minutes):
                return self._us(hour, minutes[m], seconds[0])
            h += 1
        return self._us(hours[h], minutes[0], seconds[0]) if h < len(hours) else None

    def index(self, us: int) -> int:
        """How many of them are earlier than `us`."""
        hours, minutes, seconds = self._hours, self._minutes, self._seconds
        hour, rest = divmod(-(-us // _SECOND_US), 3600)
        minute, second = divmod(rest, 60)
        h = bisect_left(hours, hour)
        before = h * len(minutes) * len(seconds)
        if h == len(hours) or hours[h] != hour:
            return before
        m = bisect_left(minutes, minute)
        before += m * len(seconds)
        if m == len(minutes) or minutes[m] != minute:
            return before
        return before + bisect_left(seconds, second)

    def at(self, index: int) -> int:
        """The one with so many before it."""
        rest, s = divmod(index, len(self._seconds))
        h, m = divmod(rest, len(self._minutes))
        return self._us(self._hours[h], self._minutes[m], self._seconds[s])

    @staticmethod
    def _us(hour: int, minute: int, second: int) -> int:
        return ((hour * 60 + minute) * 60 + second) * _SECOND_US


class EvenTimes:
    """Times at even distances, the first and perhaps the last included."""

    def __init__(self, first: int, last: int, every: int) -> None:
        self.first, self._every = first, every
        self.count = (last - first) // every + 1

    def after(self, us: int) -> int | None:
        """The first time later than `us`."""
        index = 0 if us < self.first else (us - self.first) // self._every + 1
        return self.at(index) if index < self.count else None

    def index(self, us: int) -> int:
        """How many of them are earlier than `us`."""
        return min(max(0, -(-(us - self.first) // self._every)), self.count)

    def at(self, index: int) -> int:
        """The one with so many before it."""
        return self.first + index * self._every


class _Month(NamedTuple):
    """All that decides which of its days are named."""

    #: Of its first day, 0 is Sunday.
    weekday: int
    length: int


class Dates:
    """The dates that a day, a month and a weekday field name.

    As cron(8) has it, a day need only fit one of day and weekday if neither begins with a star.
    """

    def __init__(self, days: MonthDays, months: tuple[int, ...], weekdays: Weekdays) -> None:
        self._days, self._months, self._weekdays = days, frozenset(months), weekdays
        self._is_either = not (days.is_star or weekdays.is_star)
        #: From each month, how many months on the next named one is.
        self._ahead = [min((named - month - 1) % 12 + 1 for named in months) for month in range(1, 13)]
        #: Bit n stands for day n.
        self._masks: dict[_Month, int] = {}
        #: How many of them are in a year that begins on this weekday, a leap year or not.
        self._in_year: dict[tuple[int, bool], int] = {}
        #: How many of them are before each year from FIRST_YEAR on.
        self._before_year = [0]

    def has(self, year: int, month: int, day: int) -> bool:
        """Whether this is one of them."""
        return bool(self._mask(year, month) >> day & 1)

    def after(self, year: int, month: int, day: int) -> date | None:
        """The first of them later than this date; None when there is none within YEARS."""
        rest = self._mask(year, month) >> day + 1 << day + 1
        last_year = min(year + YEARS, LAST_YEAR)
        while not rest:
            month += self._ahead[month - 1]
            year, month = (year, month) if month <= 12 else (year + 1, month - 12)
            if year > last_year:
                return None
            rest = self._mask(year, month)
        return date(year, month, _lowest(rest))

    def rank(self, year: int, month: int, day: int) -> int:
        """How many of them are before this date, from FIRST_YEAR on."""
        before = self._before(year)
        before += sum(self._mask(year, each).bit_count() for each in range(1, month))
        return before + (self._mask(year, month) & (1 << day) - 1).bit_count()

    def at(self, rank: int, last_year: int) -> date | None:
        """The one with so many before it; None when it is later than `last_year`."""
        self._before(last_year + 1)
        place = bisect_right(self._before_year, rank) - 1
        year = FIRST_YEAR + place
        if year > last_year:
            return None
        left = rank - self._before_year[place]
        for month in range(1, 13):
            mask = self._mask(year, month)
            if left < mask.bit_count():
                return date(year, month, _nth_bit(mask, left))
            left -= mask.bit_count()
        return None

    def _before(self, year: int) -> int:
        known = self._before_year
        for each in range(FIRST_YEAR + len(known) - 1, year):
            known.append(known[-1] + self._count(each))
        return known[year - FIRST_YEAR]

    def _count(self, year: int) -> int:
        kind = (_month(year, 1).weekday, _month(year, 2).length == 29)
        if kind not in self._in_year:
            self._in_year[kind] = sum(self._mask(year, month).bit_count() for month in range(1, 13))
        return self._in_year[kind]

    def _mask(self, year: int, month: int) -> int:
        if month not in self._months:
            return 0
        shape = _month(year, month)
        mask = self._masks.get(shape)
        if mask is None:
            mask = self._masks[shape] = sum(1 << day for day in range(1, shape.length + 1) if self._fits(shape, day))
        return mask

    def _fits(self, month: _Month, day: int) -> bool:
        is_day, is_weekday = _is_day(self._days, month, day), _is_weekday(self._weekdays, month, day)
        return (is_day or is_weekday) if self._is_either else (is_day and is_weekday)


@dataclass(frozen=True, slots=True)
class Wall:
    """Local moments: times of day on dates. `step` and `rank` leave all but each `nth` of them out."""

    dates: Dates
    times: Times
    nth: int = 1
    #: The rank among all of them of the first that counts.
    origin: int = 0

    def thinned(self, nth: int, origin: int) -> "Wall":
        """Only every n-th, and the one with the rank `origin` among them."""
        return Wall(self.dates, self.times, nth, origin)

    def step(self, local: datetime) -> datetime | None:
        """The first one later than the naive `local`; None when there is none within YEARS."""
        found = self._step(local)
        if self.nth == 1 or found is None:
            return found
        rank = self._rank(found)
        wait = (self.origin - rank) % self.nth
        return self._at(rank + wait, local.year + YEARS) if wait else found

    def rank(self, local: datetime) -> int:
        """How many of them are before the naive `local`, counted from a moment that is always the same."""
        return -((self.origin - self._rank(local)) // self.nth)

    def at(self, rank: int, last_year: int) -> datetime | None:
        """The one with so many before it; None when it is later than `last_year`."""
        return self._at(self.origin + rank * self.nth, last_year)

    def _step(self, local: datetime) -> datetime | None:
        year, month, day = local.year, local.month, local.day
        if self.dates.has(year, month, day):
            us = self.times.after(_us(local))
            if us is not None:
                return datetime(year, month, day) + timedelta(0, 0, us)
        found = self.dates.after(year, month, day)
        return None if found is None else _moment(found, self.times.first)

    def _rank(self, local: datetime) -> int:
        if local.year < FIRST_YEAR:
            return 0
        year, month, day = local.year, local.month, local.day
        before = self.dates.rank(year, month, day) * self.times.count
        return before + self.times.index(_us(local)) if self.dates.has(year, month, day) else before

    def _at(self, rank: int, last_year: int) -> datetime | None:
        dates, index = divmod(rank, self.times.count)
        found = self.dates.at(dates, min(last_year, LAST_YEAR))
        return None if found is None else _moment(found, self.times.at(index))


def _us(local: datetime) -> int:
    return ((local.hour * 60 + local.minute) * 60 + local.second) * _SECOND_US + local.microsecond


def _moment(day: date, us: int) -> datetime:
    return datetime(day.year, day.month, day.day) + timedelta(0, 0, us)


@lru_cache(maxsize=4096)
def _month(year: int, month: int) -> _Month:
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return _Month(date(year, month, 1).isoweekday() % 7, 29 if is_leap and month == 2 else _DAY_LENGTHS[month - 1])


def _is_day(days: MonthDays, month: _Month, day: int) -> bool:
    is_last = days.has_last and day == month.length
    return day in days.plain or is_last or (days.nearest_to is not None and day == _nearest(month, days.nearest_to))


def _is_weekday(weekdays: Weekdays, month: _Month, day: int) -> bool:
    weekday = (month.weekday + day - 1) % 7
    is_nth, is_last = (weekday, (day + 6) // 7) in weekdays.nth, weekday in weekdays.last and day + 7 > month.length
    return weekday in weekdays.plain or is_nth or is_last


def _nearest(month: _Month, wanted: int) -> int:
    """The working day nearest to the `wanted` one within the month; a short month's last day stands for a later one."""
    day = min(wanted, month.length)
    weekday = (month.weekday + day - 1) % 7
    if weekday == 6:
        return day - 1 if day > 1 else day + 2
    if weekday == 0:
        return day + 1 if day < month.length else day - 2
    return day


def _lowest(mask: int) -> int:
    return (mask & -mask).bit_length() - 1


def _nth_bit(mask: int, n: int) -> int:
    for _each in range(n):
        mask &= mask - 1
    return _lowest(mask)
