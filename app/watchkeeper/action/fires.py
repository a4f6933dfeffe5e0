"""What fires next, worked out from the store: where no engine remembers it, or more than the next of each is wanted."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from heapq import merge, nsmallest
from itertools import islice
from operator import attrgetter

from watchkeeper.model.days import opened
from watchkeeper.model.fire import Fire
from watchkeeper.model.instant import from_us
from watchkeeper.model.schedule import NO_CALENDARS, Calendars, lateness, next_after
from watchkeeper.model.trigger import Interval, Pace, Timed
from watchkeeper.store import calendars as saved_calendars
from watchkeeper.store import runs, triggers
from watchkeeper.store.triggers import Armed
from watchkeeper.store.tx import Tx


def soonest(tx: Tx, most: int) -> list[Fire]:
    """The next fire of every trigger of an enabled job, the earliest first; all of them are looked at."""
    armed = triggers.armed(tx)
    calendars = calendars_of(tx, armed)
    return nsmallest(most, (fire for each in armed for fire in islice(_of(tx, each, calendars), 1)), attrgetter("at"))


def upcoming(tx: Tx, armed: Sequence[Armed], until: datetime, calendars: Calendars) -> Iterator[Fire]:
    """What these triggers fire from now to `until`, in order."""
    for fire in merge(*(_of(tx, each, calendars) for each in armed), key=attrgetter("at")):
        if fire.at > until:
            return
        yield fire


def next_of(tx: Tx, armed: Sequence[Armed], calendars: Calendars) -> datetime | None:
    """When the first of these triggers fires next; None when none is known to."""
    return min((fire.at for each in armed for fire in islice(_of(tx, each, calendars), 1)), default=None)


def calendars_of(tx: Tx, armed: Sequence[Armed]) -> Calendars:
    """The calendars, ready to be asked, if any of these triggers follows one."""
    follow = [each for each in armed if isinstance(each.trigger, Timed)]
    if any(each.trigger.only_on or each.trigger.not_on for each in follow):  # type: ignore[union-attr]  # Timed
        return opened(saved_calendars.all(tx))
    return NO_CALENDARS


def _of(tx: Tx, armed: Armed, calendars: Calendars) -> Iterator[Fire]:
    late = lateness(armed.trigger, armed.id)
    moment: datetime | None = max(tx.now - late, from_us(armed.cursor_us))
    if isinstance(armed.trigger, Interval) and armed.trigger.pace is Pace.FIXED_DELAY:
        if (due := _due_after_delay(tx, armed, armed.trigger)) is not None:
            yield Fire(armed.job_id, armed.trigger, due + late)
        return
    while moment is not None and (moment := next_after(armed.trigger, moment, calendars)) is not None:
        yield Fire(armed.job_id, armed.trigger, moment + late)


def _due_after_delay(tx: Tx, armed: Armed, trigger: Interval) -> datetime | None:
    """When a fixed delay is over; None while its run lives, for only that run's end tells."""
    if armed.next_us is not None:
        return from_us(armed.next_us)
    return None if runs.lives_of_trigger(tx, armed.id) else from_us(armed.cursor_us) + trigger.every
