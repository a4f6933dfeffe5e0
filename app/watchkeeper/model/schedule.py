"""When triggers fire: their nominal instants, as pure functions of a moment."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Protocol

from watchkeeper.model import cron
from watchkeeper.model.cron_fields import MonthDays, read_weekdays
from watchkeeper.model.crossing import Crossing
from watchkeeper.model.instant import from_us, span_us, to_us
from watchkeeper.model.trigger import (
    ByClock,
    Cron,
    Fold,
    Gap,
    Interval,
    Once,
    Pace,
    Timed,
    Trigger,
    Window,
    time_of_day,
)
from watchkeeper.model.wall import Wall
from watchkeeper.model.wall_dates import FIRST_YEAR, LAST_YEAR, Dates
from watchkeeper.model.wall_times import EvenTimes

_MOMENT = timedelta(microseconds=1)
#: A trigger of which calendars close so many stretches in a row is taken to be closed for ever.
_MOST_CLOSED = 1_000
_FIRST, _LAST = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC), datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)
_EVERY_DAY = MonthDays(frozenset(range(1, 32)), is_star=True)
_EVERY_MONTH = tuple(range(1, 13))


class Days(Protocol):
    """A calendar as triggers see it: stretches of time that it holds."""

    def holds(self, moment: datetime) -> bool:
        """Whether the aware `moment` lies in it."""

    def change_after(self, moment: datetime) -> datetime | None:
        """The first moment after `moment` at which `holds` may turn; None when it never does again."""


Calendars = Mapping[str, Days]
NO_CALENDARS: Calendars = {}


def next_after(trigger: Trigger, moment: datetime, calendars: Calendars = NO_CALENDARS) -> datetime | None:
    """The first nominal instant after the aware `moment`, in UTC; None when it never fires again by itself.

    Never means: not within 50 years, and not outside the years 1970 to 9997. A fixed delay has no such function, nor
    have triggers that do not follow the clock: they say what they need. Calendars take instants out after every n-th
    has been counted.
    """
    if not isinstance(trigger, Timed):
        return None
    start = _beginning(trigger, moment)
    for _closed in range(_MOST_CLOSED):
        instant = _step(trigger, start) if start < _LAST else None
        if instant is None or (trigger.valid_until is not None and instant > trigger.valid_until):
            return None
        closed_until = _closed_until(trigger, instant, calendars)
        if closed_until is None:
            return instant
        start = closed_until - _MOMENT
    return None


def last_before(
    trigger: ByClock, end: datetime, since: datetime, calendars: Calendars = NO_CALENDARS
) -> datetime | None:
    """The last nominal instant before `end` and not before `since`; None when there is none."""
    first = _beginning(trigger, since - _MOMENT) + _MOMENT
    if trigger.valid_until is not None:
        end = min(end, trigger.valid_until + _MOMENT)
    while (instant := _step_back(trigger, end, first)) is not None:
        if _closed_until(trigger, instant, calendars) is None:
            return instant
        end = instant
    return None


def count_after(trigger: ByClock, moment: datetime, until: datetime) -> int:
    """How many nominal instants there are after `moment` and not after `until`, calendars aside, without stepping."""
    start = _beginning(trigger, moment)
    end = min(until if trigger.valid_until is None else min(until, trigger.valid_until), _LAST - _MOMENT)
    if end <= start:
        return 0
    match trigger:
        case Cron() | Window():
            return crossing_of(trigger).count(start, end)
        case Interval(pace=Pace.FIXED_RATE):
            first, period = _origin_us(trigger), _period_us(trigger)
            return max(0, (to_us(end) - first) // period + 1) - max(0, (to_us(start) - first) // period + 1)
        case Once():
            return int(start < trigger.at <= end)
        case _:
            return 0


def lateness(trigger: Trigger, trigger_id: str) -> timedelta:
    """How much later than its instants this trigger starts: its own stable part of the jitter, to the millisecond."""
    if not isinstance(trigger, Timed) or not trigger.jitter:
        return timedelta()
    share = int.from_bytes(hashlib.sha256(trigger_id.encode()).digest()[:8], "big")
    return timedelta(milliseconds=(span_us(trigger.jitter) // 1_000 * share) >> 64)


def crossing_of(trigger: Cron | Window) -> Crossing:
    """The local moments of `trigger` in its zone, with only every n-th in them.

    A window's instants are each like a fixed time of cron(8): those that a gap swallows fire once, right after it, and
    those that a fold doubles fire the first time. Every n-th is counted along the local moments that the trigger names:
    what a gap swallows counts, what a fold doubles counts once.
    """
    plain = _cron_crossing(trigger) if isinstance(trigger, Cron) else _window_crossing(trigger)
    return plain if trigger.every_nth == 1 else _thinned(plain, trigger.every_nth, trigger.valid_from)


def _beginning(trigger: Timed, moment: datetime) -> datetime:
    """The later of `moment` and what lies just before the validity, in UTC and within the years that are looked at."""
    if trigger.valid_from is not None and trigger.valid_from > max(moment, _FIRST):
        moment = min(trigger.valid_from, _LAST) - _MOMENT
    return min(max(moment, _FIRST - _MOMENT), _LAST).astimezone(UTC)


def _step(trigger: Timed, moment: datetime) -> datetime | None:
    match trigger:
        case Cron() | Window():
            return crossing_of(trigger).after(moment)
        case Interval(pace=Pace.FIXED_RATE):
            return _next_multiple(trigger, moment)
        case Once():
            return trigger.at.astimezone(UTC) if moment < trigger.at < _LAST else None
        case _:
            return None


def _step_back(trigger: ByClock, end: datetime, first: datetime) -> datetime | None:
    if end <= first:
        return None
    match trigger:
        case Cron() | Window():
            return crossing_of(trigger).before(min(end, _LAST), first)
        case Interval(pace=Pace.FIXED_RATE):
            found = _multiple_before(trigger, end)
        case Once():
            found = trigger.at.astimezone(UTC) if _FIRST <= trigger.at < min(end, _LAST) else None
        case _:
            found = None
    return found if found is not None and found >= first else None


def _closed_until(trigger: Timed, instant: datetime, calendars: Calendars) -> datetime | None:
    """When to look again after an instant that a calendar takes out; None when none does."""
    for names, is_wanted in ((trigger.only_on, True), (trigger.not_on, False)):
        for name in names:
            if calendars[name].holds(instant) is not is_wanted:
                return calendars[name].change_after(instant) or _LAST
    return None


def _cron_crossing(trigger: Cron) -> Crossing:
    return cron.crossing(trigger.cron, trigger.zone or "UTC", trigger.dst_gap, trigger.dst_fold)


def _window_crossing(trigger: Window) -> Crossing:
    wall = _window_wall(trigger.start, trigger.end, span_us(trigger.every), trigger.days)
    return Crossing(wall, trigger.zone or "UTC", Gap.NEXT, Fold.FIRST)


@lru_cache(maxsize=20_000)
def _window_wall(start: str, end: str, every_us: int, days: str) -> Wall:
    first, last = (_us_of_day(field, text) for field, text in (("start", start), ("end", end)))
    return Wall(Dates(_EVERY_DAY, _EVERY_MONTH, read_weekdays(days)), EvenTimes(first, last, every_us))


def _us_of_day(field: str, text: str) -> int:
    time = time_of_day(field, text)
    return (time.hour * 60 + time.minute) * 60_000_000


@lru_cache(maxsize=20_000)
def _thinned(crossing: Crossing, nth: int, since: datetime | None) -> Crossing:
    """Only every n-th, beginning with the first instant at or after `since`; with the first of 1970 if None."""
    first = None if since is None else crossing.first(_utc(since))
    origin = 0 if first is None else crossing.wall.rank(first.local)
    return replace(crossing, wall=crossing.wall.thinned(nth, origin))


def _utc(moment: datetime) -> datetime:
    return max(_FIRST, min(moment, _LAST)).astimezone(UTC)


def _next_multiple(trigger: Interval, moment: datetime) -> datetime | None:
    first, period = _origin_us(trigger), _period_us(trigger)
    found = first + max(0, (to_us(moment) - first) // period + 1) * period
    return from_us(found) if found < to_us(_LAST) else None


def _multiple_before(trigger: Interval, end: datetime) -> datetime | None:
    first, period = _origin_us(trigger), _period_us(trigger)
    behind = to_us(min(end, _LAST)) - 1 - first
    return from_us(first + behind // period * period) if behind >= 0 else None


def _period_us(trigger: Interval) -> int:
    return span_us(trigger.every) * trigger.every_nth


def _origin_us(trigger: Interval) -> int:
    """The first instant that counts, in microseconds since 1970."""
    anchor = to_us(trigger.anchor) if trigger.anchor is not None else 0
    if trigger.every_nth == 1 or trigger.valid_from is None:
        return anchor
    every = span_us(trigger.every)
    return anchor + max(0, -(-(to_us(trigger.valid_from) - anchor) // every)) * every
