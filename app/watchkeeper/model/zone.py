"""Time zones by IANA name."""

import os
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from watchkeeper.model.errors import Known
from watchkeeper.model.text import _


@lru_cache
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


def transition_after(place: ZoneInfo, start: datetime, end: datetime) -> datetime:
    """The first instant in (start, end] with another offset than `start` has, to the second.

    Both are aware UTC moments with different offsets in `place`.
    """
    offset = start.astimezone(place).utcoffset()
    low, high = start, end
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(place).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0).astimezone(UTC)


def _linked_zone() -> str:
    target = str(Path("/etc/localtime").resolve())
    return target.split("/zoneinfo/", 1)[1] if "/zoneinfo/" in target else ""
