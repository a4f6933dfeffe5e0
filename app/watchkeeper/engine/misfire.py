"""What becomes of occurrences that are late: within their grace they fire, of the rest the policy tells."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from watchkeeper.model.schedule import NO_CALENDARS, Calendars, next_after
from watchkeeper.model.trigger import ByClock, Interval, Misfire, Timed

#: A gap with more occurrences than this is recorded as "at least so many".
MOST_COUNTED = 10_000

_MOMENT = timedelta(microseconds=1)
#: How far to look back for the last few instants, one span after the other until there are enough.
_LOOK_BACK = (timedelta(minutes=2), timedelta(hours=2), timedelta(days=2), timedelta(days=62), timedelta(days=366))


class Due(NamedTuple):
    """What a trigger owes at a moment: instants to fire, in order, and perhaps a gap that is missed."""

    fires: tuple[datetime, ...] = ()
    missed_first: datetime | None = None
    missed_last: datetime | None = None
    missed_count: int = 0

    @property
    def last(self) -> datetime | None:
        """The last instant that is dealt with."""
        return max((moment for moment in (*self.fires[-1:], self.missed_last) if moment), default=None)


def due_between(trigger: ByClock, first: datetime, now: datetime, calendars: Calendars = NO_CALENDARS) -> Due:
    """What is owed at `now` when `first` (<= now) is the earliest instant that has not been dealt with.

    What is late within its grace fires, the last `catch_up.most` of it; then `skip` fires no more, `run_latest` one if
    nothing else fires, `run_all` what lies within `catch_up.window`.
    """
    last = _latest(trigger, first, now, calendars, trigger.catch_up.most + 1)
    fires = _firing(trigger, last, now)
    missed_last = last[-len(fires) - 1] if len(fires) < len(last) else None
    if missed_last is None:
        return Due(fires)
    return Due(fires, first, missed_last, _count(trigger, first, missed_last, calendars))


def _firing(trigger: Timed, last: list[datetime], now: datetime) -> tuple[datetime, ...]:
    longest = max(trigger.grace, trigger.catch_up.window) if trigger.misfire is Misfire.RUN_ALL else trigger.grace
    fires = tuple(instant for instant in last if now - instant <= longest)[-trigger.catch_up.most :]
    return fires or (tuple(last[-1:]) if trigger.misfire is Misfire.RUN_LATEST else ())


def _latest(trigger: ByClock, first: datetime, now: datetime, calendars: Calendars, count: int) -> list[datetime]:
    """The last `count` instants from `first` to `now`, all of them if there are fewer; `first` is one."""
    for span in _LOOK_BACK:
        if now - span <= first:
            break
        found = list(deque(_within(trigger, now - span, now, calendars), count))
        if len(found) == count:
            return found
    return list(deque(_within(trigger, first - _MOMENT, now, calendars), count))


def _within(trigger: ByClock, start: datetime, end: datetime, calendars: Calendars) -> Iterator[datetime]:
    """The instants after `start` and not after `end`."""
    step = next_after(trigger, start, calendars)
    while step is not None and step <= end:
        yield step
        step = next_after(trigger, step, calendars)


def _count(trigger: ByClock, first: datetime, last: datetime, calendars: Calendars) -> int:
    """Instants from `first` to `last`, both counted; MOST_COUNTED stands for more."""
    if isinstance(trigger, Interval) and not (trigger.only_on or trigger.not_on):
        return int((last - first) // (trigger.every * trigger.every_nth)) + 1
    count = 1
    for count, _instant in enumerate(_within(trigger, first, last, calendars), 2):
        if count == MOST_COUNTED:
            break
    return count
