"""What repeats, by the day: the part of iCalendar's RRULE (RFC 5545, 3.3.10) that picks days.

Decision: an expander of our own for the rules that calendars can have.
Question: who turns FREQ=MONTHLY;BYDAY=-1FR into days, also for a rule that a stranger wrote?
Why: it looks only at the days that are asked for, so that no rule costs more than those; a test compares it with
dateutil's, day by day.
Alternatives: dateutil's rrule (steps to the year 9999 in search of a 30 February, and can't be stopped).
State: in force. Rules that pick hours, weeks of the year or days of the year are refused.
"""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import NamedTuple

from watchkeeper.model.errors import Misfit
from watchkeeper.model.text import _

#: What is counted from its start is over after so many days, weeks, months or years that count.
MOST_COUNTED = 5_000

_DAY = timedelta(days=1)
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_KNOWN = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS"})


class Weekday(NamedTuple):
    """A day of the week, Monday is 0; of its month or year only the n-th, below zero from the end, 0 for all."""

    nth: int
    weekday: int


class Repeat(NamedTuple):
    """On which days something that begins on `start` comes again."""

    start: date
    frequency: str
    interval: int = 1
    #: How many days in all.
    times: int | None = None
    #: The last day that counts.
    until: date | None = None
    week_start: int = 0
    months: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    weekdays: frozenset[Weekday] = frozenset()
    positions: frozenset[int] = frozenset()

    @classmethod
    def parsed(cls, text: str, start: date) -> "Repeat":
        """The rule that `text` (FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20261231) means; Misfit with what can't be taken."""
        parts = _parts(text)
        if "COUNT" in parts and "UNTIL" in parts:
            raise Misfit(_("COUNT and UNTIL exclude each other: keep one"))
        found = cls(
            start=start,
            frequency=parts["FREQ"],
            interval=_number("INTERVAL", parts.get("INTERVAL", "1"), 1, 100_000),
            times=_number("COUNT", parts["COUNT"], 1, 1_000) if "COUNT" in parts else None,
            until=_until(parts["UNTIL"]) if "UNTIL" in parts else None,
            week_start=_weekday("WKST", parts.get("WKST", "MO")).weekday,
            months=_numbers("BYMONTH", parts, 1, 12),
            month_days=_numbers("BYMONTHDAY", parts, -31, 31),
            weekdays=frozenset(_weekday("BYDAY", item) for item in _items(parts, "BYDAY")),
            positions=_numbers("BYSETPOS", parts, -366, 366),
        )
        if any(day.nth for day in found.weekdays) and found.frequency not in ("MONTHLY", "YEARLY"):
            raise Misfit(_("BYDAY with a number goes with FREQ=MONTHLY and FREQ=YEARLY only"))
        return found._completed()

    def between(self, first: date, last: date) -> Iterator[date]:
        """Its days from `first` to `last`, both included, in order."""
        last = last if self.until is None else min(last, self.until)
        seen = 0
        periods = self._periods(self.start if self.times else max(first, self.start), last)
        for begin, end in periods if self.times is None else islice(periods, MOST_COUNTED):
            for day in self._picked(begin, end):
                if day < self.start:
                    continue
                seen += 1
                if day > last or (self.times is not None and seen > self.times):
                    return
                if day >= first:
                    yield day

    def _completed(self) -> "Repeat":
        """With what the rule leaves to its start."""
        if self.month_days or self.weekdays:
            return self
        if self.frequency == "WEEKLY":
            return self._replace(weekdays=frozenset({Weekday(0, self.start.weekday())}))
        if self.frequency == "DAILY":
            return self
        months = self.months or (frozenset({self.start.month}) if self.frequency == "YEARLY" else frozenset())
        return self._replace(months=months, month_days=frozenset({self.start.day}))

    def _periods(self, first: date, last: date) -> Iterator[tuple[date, date]]:
        """The days, weeks, months or years that count, from the one with `first` to the one with `last`."""
        number, end = self._number(first), self._number(last)
        number += (self._number(self.start) - number) % self.interval
        while number <= end:
            yield self._period(number)
            number += self.interval

    def _number(self, day: date) -> int:
        match self.frequency:
            case "DAILY":
                return day.toordinal()
            case "WEEKLY":
                return (day.toordinal() - 1 - self.week_start) // 7
            case "MONTHLY":
                return day.year * 12 + day.month - 1
            case _:
                return day.year

    def _period(self, number: int) -> tuple[date, date]:
        match self.frequency:
            case "DAILY":
                return date.fromordinal(number), date.fromordinal(number)
            case "WEEKLY":
                begin = date.fromordinal(number * 7 + 1 + self.week_start)
                return begin, begin + 6 * _DAY
            case "MONTHLY":
                return _month(number // 12, number % 12 + 1)
            case _:
                return date(number, 1, 1), date(number, 12, 31)

    def _picked(self, begin: date, end: date) -> list[date]:
        days = [day for day in self._candidates(begin, end) if self._is_weekday(day, begin, end)]
        if not self.positions:
            return days
        return sorted({days[_index(at)] for at in self.positions if -len(days) <= _index(at) < len(days)})

    def _candidates(self, begin: date, end: date) -> Iterator[date]:
        """The days of the period in the months and on the days of the month that count."""
        if self.frequency in ("DAILY", "WEEKLY"):
            for ordinal in range(begin.toordinal(), end.toordinal() + 1):
                day = date.fromordinal(ordinal)
                if (not self.months or day.month in self.months) and self._is_month_day(day):
                    yield day
            return
        for month in range(begin.month, end.month + 1):
            if not self.months or month in self.months:
                yield from self._days_of_month(begin.year, month)

    def _days_of_month(self, year: int, month: int) -> list[date]:
        size = calendar.monthrange(year, month)[1]
        if not self.month_days:
            return [date(year, month, number) for number in range(1, size + 1)]
        numbers = {number if number > 0 else size + 1 + number for number in self.month_days}
        return [date(year, month, number) for number in sorted(numbers) if 1 <= number <= size]

    def _is_month_day(self, day: date) -> bool:
        if not self.month_days:
            return True
        size = calendar.monthrange(day.year, day.month)[1]
        return day.day in self.month_days or day.day - size - 1 in self.month_days

    def _is_weekday(self, day: date, begin: date, end: date) -> bool:
        if not self.weekdays or Weekday(0, day.weekday()) in self.weekdays:
            return True
        if self.frequency == "YEARLY" and self.months:
            begin, end = _month(day.year, day.month)
        nths = ((day - begin).days // 7 + 1, -((end - day).days // 7 + 1))
        return any(Weekday(nth, day.weekday()) in self.weekdays for nth in nths)


def _index(position: int) -> int:
    return position - 1 if position > 0 else position


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _parts(text: str) -> dict[str, str]:
    pairs = [item.partition("=") for item in text.upper().strip().rstrip(";").split(";")]
    parts = {name.strip(): value.strip() for name, _mark, value in pairs}
    for name, value in parts.items():
        if name not in _KNOWN or not value or len(parts) != len(pairs):
            raise Misfit(
                _(
                    "the rule for repeating has {part}, which can't be taken: known are {known}",
                    part=name[:40],
                    known=", ".join(sorted(_KNOWN)),
                )
            )
    if parts.get("FREQ") not in _FREQUENCIES:
        raise Misfit(
            _(
                "it repeats by FREQ={frequency}: only DAILY, WEEKLY, MONTHLY and YEARLY can be taken",
                frequency=parts.get("FREQ", "")[:20],
            )
        )
    return parts


def _items(parts: dict[str, str], name: str) -> list[str]:
    return [item.strip() for item in parts[name].split(",")] if name in parts else []


def _numbers(name: str, parts: dict[str, str], least: int, most: int) -> frozenset[int]:
    found = frozenset(_number(name, item, least, most) for item in _items(parts, name))
    if 0 in found:
        raise Misfit(_("{name} counts from 1, or from -1 at the end: 0 is neither", name=name))
    return found


def _number(name: str, text: str, least: int, most: int) -> int:
    try:
        number = int(text) if len(text) <= 7 and text.isascii() else None
    except ValueError:
        number = None
    if number is None or not least <= number <= most:
        raise Misfit(
            _("{name}={text}: a number from {least} to {most}", name=name, text=text[:20], least=least, most=most)
        )
    return number


def _weekday(name: str, item: str) -> Weekday:
    word, number = item[-2:], item[:-2]
    if word not in _WEEKDAYS:
        raise Misfit(_("{name}={text}: the days of the week are MO, TU, WE, TH, FR, SA, SU", name=name, text=item[:20]))
    return Weekday(_number(name, number, -53, 53) if number else 0, _WEEKDAYS.index(word))


def _until(text: str) -> date:
    try:
        if len(text) != 8 or not text.isdecimal():
            raise ValueError
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise Misfit(_("UNTIL={text} is no date: write it like 20261231", text=text[:20])) from None
