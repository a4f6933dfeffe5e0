"""What fires next, as people read it: local time, offset, and what the zone's clocks do to it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from watchkeeper.model.instant import naive
from watchkeeper.model.schedule import NO_CALENDARS, Calendars, crossing_of, next_after
from watchkeeper.model.text import Text, _
from watchkeeper.model.trigger import ByClock, Cron, Window
from watchkeeper.model.zone import stretch_at, zone


class Upcoming(msgspec.Struct, frozen=True):
    """One nominal instant of a trigger."""

    #: UTC.
    at: datetime
    #: What the wall clock of the zone shows then, as 2026-03-29T03:00:00.
    local: str
    #: As +02:00.
    offset: str
    #: What the reader should know of it; None where the clocks do nothing unusual.
    note: Text | None
    #: The trigger in words.
    trigger: Text


def upcoming(
    trigger: ByClock, words: Text, place: str, since: datetime, calendars: Calendars = NO_CALENDARS
) -> Iterator[Upcoming]:
    """What `trigger` fires after the aware `since`, told in zone `place`."""
    moment: datetime | None = since
    before = _local(since, place).utcoffset()
    while moment is not None and (moment := next_after(trigger, moment, calendars)) is not None:
        local = _local(moment, place)
        yield Upcoming(
            at=moment,
            local=local.replace(tzinfo=None).isoformat(),
            offset=local.isoformat()[-6:] if local.utcoffset() else "+00:00",
            note=_note(trigger, place, moment, before),
            trigger=words,
        )
        before = local.utcoffset()


def _local(moment: datetime, place: str) -> datetime:
    return moment.astimezone(zone(place))


def _note(trigger: ByClock, place: str, moment: datetime, before: timedelta | None) -> Text | None:
    notes = [
        note for note in (_moved(trigger, moment), _twofold(place, moment), _changed(place, moment, before)) if note
    ]
    said = notes[0] if notes else None
    for note in notes[1:]:
        said = _("{first}; {rest}", first=said, rest=note)
    return said


def _moved(trigger: ByClock, moment: datetime) -> Text | None:
    """Whether the instant stands for a local time that does not exist."""
    if not isinstance(trigger, Cron | Window):
        return None
    crossing = crossing_of(trigger)
    met = crossing.first(moment)
    if met is None or met.local == naive(moment) + stretch_at(crossing.zone, naive(moment)).offset:
        return None
    return _("stands for {local}, which the clocks jump over", local=f"{met.local:%H:%M:%S}".removesuffix(":00"))


def _twofold(place: str, moment: datetime) -> Text | None:
    stretch = stretch_at(place, naive(moment))
    local = naive(moment) + stretch.offset
    if local >= stretch.repeats_from:
        return _("this local time comes twice, this is the first")
    return _("this local time comes twice, this is the second") if local < stretch.fresh_from else None


def _changed(place: str, moment: datetime, before: timedelta | None) -> Text | None:
    now = _local(moment, place).utcoffset()
    if now is None or before is None or now == before:
        return None
    return _("the clocks have gone forward before it") if now > before else _("the clocks have gone back before it")
