"""Time zones by IANA name, and the stretches of time in which their clocks keep one offset."""

import os
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from watchkeeper.model.errors import Known
from watchkeeper.model.text import _

_PROBE = timedelta(hours=12)
_SECOND = timedelta(seconds=1)


class Stretch(NamedTuple):
    """Time in a zone with one offset, within one UTC year; all moments are naive.

    Where clocks go forward at its start, the local times from `missing_from` to `opens` do not exist. Where they have
    gone back, those from `opens` to `fresh_from` come for the second time; where they go back at its end, those from
    `repeats_from` to `closes` will come again.
    """

    #: UTC; the end is the next one's start.
    start: datetime
    end: datetime
    offset: timedelta
    #: Local.
    missing_from: datetime
    opens: datetime
    fresh_from: datetime
    repeats_from: datetime
    closes: datetime

    @property
    def has_gap(self) -> bool:
        """Whether clocks go forward at its start."""
        return self.missing_from < self.opens


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The zone called `name`; Known with the nearest name when there is none."""
    import difflib

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = difflib.get_close_matches(name[:60], sorted(available_timezones()), n=1, cutoff=0.5)
        if near:
            raise Known(_("there is no time zone {zone}: did you mean {near}?", zone=name[:60], near=near[0])) from None
        raise Known(_("there is no time zone {zone}: use an IANA name like Europe/Berlin", zone=name[:60])) from None


def system_zone() -> str:
    """This machine's zone by its IANA name; UTC where it cannot be told."""
    for name in (os.environ.get("TZ", "").lstrip(":"), _linked_zone()):
        if name in available_timezones():
            return name
    return "UTC"


def stretch_at(name: str, moment: datetime) -> Stretch:
    """The stretch of zone `name` that holds the naive UTC `moment` of a year from 2 to 9998."""
    for stretch in _stretches(name, moment.year):
        if moment < stretch.end:
            return stretch
    raise AssertionError("a year's stretches reach its end")


def transition_after(place: ZoneInfo, start: datetime, end: datetime) -> datetime:
    """The first instant in (start, end] with another offset than `start` has, to the second.

    Both are aware UTC moments with different offsets in `place`.
    """
    offset = start.astimezone(place).utcoffset()
    low, high = start, end
    while high - low > _SECOND:
        middle = low + (high - low) / 2
        if middle.astimezone(place).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0).astimezone(UTC)


@lru_cache(maxsize=4096)
def _stretches(name: str, year: int) -> tuple[Stretch, ...]:
    """The stretches of a UTC year; the first and the last go on beyond it unless clocks change at midnight."""
    start, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    place = zone(name)
    changes = [start, *_changes(place, start, end), end]
    offsets = [_offset(place, moment) for moment in (start - _SECOND, *changes)]
    return tuple(
        _stretch(changes[i], changes[i + 1], offsets[i], offsets[i + 1], offsets[i + 2])
        for i in range(len(changes) - 1)
    )


def _changes(place: ZoneInfo, start: datetime, end: datetime) -> list[datetime]:
    """The instants after `start` and before `end` at which clocks change."""
    found, moment, last = list[datetime](), start, end - _SECOND
    while moment < last:
        following = min(moment + _PROBE, last)
        if _offset(place, following) != _offset(place, moment):
            following = transition_after(place, moment, following)
            found.append(following)
        moment = following
    return found


def _stretch(start: datetime, end: datetime, before: timedelta, offset: timedelta, after: timedelta) -> Stretch:
    opens, closes = _naive(start + offset), _naive(end + offset)
    return Stretch(
        start=_naive(start),
        end=_naive(end),
        offset=offset,
        missing_from=min(_naive(start + before), opens),
        opens=opens,
        fresh_from=max(_naive(start + before), opens),
        repeats_from=min(_naive(end + after), closes),
        closes=closes,
    )


def _offset(place: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(place).utcoffset() or timedelta()


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def _linked_zone() -> str:
    target = str(Path("/etc/localtime").resolve())
    return target.split("/zoneinfo/", 1)[1] if "/zoneinfo/" in target else ""
