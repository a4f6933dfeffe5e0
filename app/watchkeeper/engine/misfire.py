"""What becomes of occurrences that are late: within their grace they fire, of the rest the policy tells."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from watchkeeper.model.schedule import NO_CALENDARS, Calendars, count_after, last_before, next_after
from watchkeeper.model.trigger import ByClock, Misfire

#: A gap with more occurrences than this, if calendars have to be asked about each, is recorded as "at least so many".
MOST_COUNTED = 10_000

_MOMENT = timedelta(microseconds=1)


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
    fires = list[datetime]()
    for instant in _backwards(trigger, first, now, calendars):
        if not _is_fired(trigger, now - instant, len(fires)):
            return Due(tuple(fires[::-1]), first, instant, _count(trigger, first, instant, calendars))
        fires.append(instant)
    return Due(tuple(fires[::-1]))


def _is_fired(trigger: ByClock, late: timedelta, count: int) -> bool:
    """Whether an instant fires that is so late and after which `count` others do."""
    if trigger.misfire is Misfire.RUN_LATEST and count == 0:
        return True
    longest = max(trigger.grace, trigger.catch_up.window) if trigger.misfire is Misfire.RUN_ALL else trigger.grace
    return late <= longest and count < trigger.catch_up.most


def _backwards(trigger: ByClock, first: datetime, now: datetime, calendars: Calendars) -> Iterator[datetime]:
    """The instants from `now` back to `first`."""
    end: datetime | None = now + _MOMENT
    while end is not None and (end := last_before(trigger, end, first, calendars)) is not None:
        yield end


def _count(trigger: ByClock, first: datetime, last: datetime, calendars: Calendars) -> int:
    """Instants from `first` to `last`, both counted."""
    if not (trigger.only_on or trigger.not_on):
        return count_after(trigger, first - _MOMENT, last)
    count, step = 1, next_after(trigger, first, calendars)
    while step is not None and step <= last and count < MOST_COUNTED:
        count, step = count + 1, next_after(trigger, step, calendars)
    return count
