"""Dates by rule: those that a day, a month and a weekday field name. Any thread may ask."""

from bisect import bisect_right
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from watchkeeper.model.cron_fields import MonthDays, Weekdays

#: No search goes further: what does not come within so many years never comes.
YEARS = 50
#: Nothing fires before the first of these years or after the last.
FIRST_YEAR, LAST_YEAR = 1970, 9997
_DAY_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


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
        before = self._before(year)[year - FIRST_YEAR]
        before += sum(self._mask(year, each).bit_count() for each in range(1, month))
        return before + (self._mask(year, month) & (1 << day) - 1).bit_count()

    def at(self, rank: int, last_year: int) -> date | None:
        """The one with so many before it; None when it is later than `last_year`."""
        before = self._before(last_year + 1)
        place = bisect_right(before, rank) - 1
        year = FIRST_YEAR + place
        if year > last_year:
            return None
        left = rank - before[place]
        for month in range(1, 13):
            mask = self._mask(year, month)
            if left < mask.bit_count():
                return date(year, month, _nth_bit(mask, left))
            left -= mask.bit_count()
        return None

    def _before(self, year: int) -> list[int]:
        """How many are before each year up to this one; a longer list takes the place of a shorter one at once."""
        known = self._before_year
        if len(known) <= year - FIRST_YEAR:
            known = [*known]
            for each in range(FIRST_YEAR + len(known) - 1, year):
                known.append(known[-1] + self._count(each))
            self._before_year = known
        return known

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
