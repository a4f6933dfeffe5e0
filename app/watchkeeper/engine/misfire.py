"""What becomes of occurrences that are late: one fires, a gap is recorded once."""

from datetime import datetime, timedelta
from typing import NamedTuple

from watchkeeper.model.trigger import Cron, Interval, Manual, Misfire, Trigger, next_after

#: A gap with more occurrences than this is recorded as "at least so many".
MOST_COUNTED = 10_000

_LOOK_BACK = (timedelta(minutes=2), timedelta(hours=2), timedelta(days=2), timedelta(days=62), timedelta(days=366))


class Due(NamedTuple):
    """What a trigger owes at a moment: perhaps one instant to fire, perhaps a gap that is missed."""

    fires_at: datetime | None
    missed_first: datetime | None = None
    missed_last: datetime | None = None
    missed_count: int = 0


def due_between(trigger: Trigger, first: datetime, now: datetime) -> Due:
    """What is owed at `now` when `first` (<= now) is the earliest instant that has not been dealt with."""
    if not isinstance(trigger, Cron | Interval) or now - first < _shortest_step(trigger):
        return _one(trigger, first, now)
    second = next_after(trigger, first)
    if second is None or second > now:
        return _one(trigger, first, now)
    return _many(trigger, first, now)


def _one(trigger: Trigger, instant: datetime, now: datetime) -> Due:
    if isinstance(trigger, Manual) or now - instant <= trigger.grace or trigger.misfire is Misfire.RUN_LATEST:
        return Due(instant)
    return Due(None, instant, instant, 1)


def _many(trigger: Cron | Interval, first: datetime, now: datetime) -> Due:
    last = _latest(trigger, first, now)
    count = _count(trigger, first, last)
    if trigger.misfire is Misfire.SKIP and now - last > trigger.grace:
        return Due(None, first, last, count)
    before_last = first if count == 2 else _latest(trigger, first, last - timedelta(microseconds=1))
    return Due(last, first, before_last, count - 1)


def _latest(trigger: Cron | Interval, first: datetime, now: datetime) -> datetime:
    """The last instant at or before `now`; `first` is one."""
    if isinstance(trigger, Interval):
        return first + (now - first) // trigger.every * trigger.every
    for span in _LOOK_BACK:
        if now - span > first and (found := _last_within(trigger, now - span, now)) is not None:
            return found
    return _last_within(trigger, first, now) or first


def _last_within(trigger: Trigger, start: datetime, end: datetime) -> datetime | None:
    """The last instant after `start` and not after `end`."""
    found, step = None, next_after(trigger, start)
    while step is not None and step <= end:
        found, step = step, next_after(trigger, step)
    return found


def _count(trigger: Cron | Interval, first: datetime, last: datetime) -> int:
    """Instants from `first` to `last`, both counted; MOST_COUNTED stands for more."""
    if isinstance(trigger, Interval):
        return int((last - first) // trigger.every) + 1
    count, step = 1, next_after(trigger, first)
    while step is not None and step <= last and count < MOST_COUNTED:
        count, step = count + 1, next_after(trigger, step)
    return count


def _shortest_step(trigger: Trigger) -> timedelta:
    """No two instants of the trigger are closer than this."""
    match trigger:
        case Cron():
            return timedelta(minutes=1)
        case Interval():
            return trigger.every
        case _:
            return timedelta.max
