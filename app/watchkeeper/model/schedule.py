"""When triggers fire: their nominal instants, as pure functions of a moment."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Protocol

from watchkeeper.model import cron
from watchkeeper.model.trigger import ByClock, Cron, Interval, Once, Pace, Trigger

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENT = timedelta(microseconds=1)
#: A trigger of which calendars close so many stretches in a row is taken to be closed for ever.
_MOST_CLOSED = 1_000


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

    A fixed delay has no such function, nor have triggers that do not follow the clock: they say what they need.
    """
    if not isinstance(trigger, ByClock):
        return None
    start = moment if trigger.valid_from is None else max(moment, trigger.valid_from - _MOMENT)
    for _closed in range(_MOST_CLOSED):
        instant = _step(trigger, start)
        if instant is None or (trigger.valid_until is not None and instant > trigger.valid_until):
            return None
        closed_until = _closed_until(trigger, instant, calendars)
        if closed_until is None:
            return instant
        start = closed_until - _MOMENT
    return None


def lateness(trigger: Trigger, trigger_id: str) -> timedelta:
    """How much later than its instants this trigger starts: its own stable part of the jitter, to the millisecond."""
    if not isinstance(trigger, ByClock) or not trigger.jitter:
        return timedelta()
    part = int.from_bytes(hashlib.sha256(trigger_id.encode()).digest()[:8], "big") / 2**64
    return timedelta(milliseconds=int(trigger.jitter / timedelta(milliseconds=1) * part))


def _step(trigger: ByClock, moment: datetime) -> datetime | None:
    match trigger:
        case Cron():
            return cron.next_after(trigger.cron, trigger.zone or "UTC", moment)
        case Interval(pace=Pace.FIXED_RATE):
            return _next_multiple(trigger.anchor or _EPOCH, trigger.every, moment)
        case Once():
            return trigger.at.astimezone(UTC) if trigger.at > moment else None
        case _:
            return None


def _closed_until(trigger: ByClock, instant: datetime, calendars: Calendars) -> datetime | None:
    """When to look again after an instant that a calendar takes out; None when none does."""
    for names, is_wanted in ((trigger.only_on, True), (trigger.not_on, False)):
        for name in names:
            if calendars[name].holds(instant) is not is_wanted:
                return calendars[name].change_after(instant) or datetime.max.replace(tzinfo=UTC)
    return None


def _next_multiple(anchor: datetime, every: timedelta, moment: datetime) -> datetime:
    if moment < anchor:
        return anchor.astimezone(UTC)
    return (anchor + ((moment - anchor) // every + 1) * every).astimezone(UTC)
