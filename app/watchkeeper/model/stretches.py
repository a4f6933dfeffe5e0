"""Stretches of time as sorted pairs that do not touch: united, taken out, cut, and brought from local time to UTC."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from watchkeeper.model.zone import transition_after, zone

#: From the first moment to the one that no longer belongs to it.
Stretch = tuple[datetime, datetime]

_DAY = timedelta(days=1)


class Offset(NamedTuple):
    """A stretch of UTC in which a zone's clocks do not change."""

    begin: datetime
    end: datetime
    offset: timedelta


def united(stretches: Iterable[Stretch]) -> list[Stretch]:
    """All that one of them holds."""
    found: list[Stretch] = []
    for begin, end in sorted(stretches):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif begin < end:
            found.append((begin, end))
    return found


def without(stretches: Sequence[Stretch], taken: Sequence[Stretch]) -> list[Stretch]:
    """What `stretches` hold and `taken` do not; both sorted and not touching."""
    found: list[Stretch] = []
    position = 0
    for begin, end in stretches:
        while position < len(taken) and taken[position][1] <= begin:
            position += 1
        here, at = begin, position
        while at < len(taken) and taken[at][0] < end:
            if here < taken[at][0]:
                found.append((here, taken[at][0]))
            here = max(here, taken[at][1])
            at += 1
        if here < end:
            found.append((here, end))
    return found


def cut(stretches: Iterable[Stretch], first: datetime, last: datetime) -> list[Stretch]:
    """The parts from `first` until `last`."""
    return [(max(begin, first), min(end, last)) for begin, end in stretches if begin < last and end > first]


def in_utc(local: Sequence[Stretch], place: str, year: int) -> list[Stretch]:
    """Naive local stretches of a UTC year as aware moments: whenever the zone's clocks show a time within them."""
    return united(
        ((begin - offset.offset).replace(tzinfo=UTC), (end - offset.offset).replace(tzinfo=UTC))
        for offset in offsets(place, year)
        for begin, end in cut(local, offset.begin + offset.offset, offset.end + offset.offset)
    )


@lru_cache(maxsize=1_000)
def offsets(place: str, year: int) -> tuple[Offset, ...]:
    """How the clocks of a zone stand in a UTC year; moments are naive UTC."""
    there = zone(place)
    first, last = datetime(year, 1, 1), datetime(year + 1, 1, 1)
    found: list[Offset] = []
    begin = day = first
    while day < last:
        following = min(day + _DAY, last)
        while (change := _change(there, day, following)) is not None:
            found.append(Offset(begin, change, _offset(there, day)))
            begin = day = change
        day = following
    return (*found, Offset(begin, last, _offset(there, begin)))


def _change(there: ZoneInfo, first: datetime, last: datetime) -> datetime | None:
    """When the clocks are set between two moments; None when they show the same offset at both."""
    if _offset(there, first) == _offset(there, last):
        return None
    return transition_after(there, first.replace(tzinfo=UTC), last.replace(tzinfo=UTC)).replace(tzinfo=None)


def _offset(there: ZoneInfo, moment: datetime) -> timedelta:
    return moment.replace(tzinfo=UTC).astimezone(there).utcoffset() or timedelta()
