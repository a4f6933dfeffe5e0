"""The axis of the timeline: which time it shows, where a moment is on it, its ticks and days. No Qt."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

#: Spans between two ticks of the axis, the first one that leaves enough room is taken.
TICKS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080, 20160))
#: px that the words of a tick want.
TICK_ROOM = 64
SHORTEST, LONGEST = timedelta(minutes=10), timedelta(days=120)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Reach:
    """How much time is shown: a span around a moment, or around now wherever that is."""

    span: timedelta
    #: None: it goes with the time.
    middle: datetime | None = None

    def of(self, now: datetime) -> tuple[datetime, datetime]:
        """From when to when."""
        middle = self.middle or now
        return middle - self.span / 2, middle + self.span / 2

    def zoomed(self, factor: float, about: datetime, now: datetime) -> "Reach":
        """A span `factor` times as long; the moment `about` stays where it is. One that goes with the time still does.

        Within ten minutes and 120 days.
        """
        span = min(max(self.span * factor, SHORTEST), LONGEST)
        if about == now and self.middle is None:
            return Reach(span)
        middle = self.middle or now
        return Reach(span, about + (middle - about) * (span / self.span))

    def panned(self, share: float, now: datetime) -> "Reach":
        """Moved by a share of its span, later with a share above zero."""
        return replace(self, middle=(self.middle or now) + self.span * share)

    def at_now(self) -> "Reach":
        """As long, and with the time again."""
        return Reach(self.span)


@dataclass(frozen=True)
class Tick:
    """A mark of the axis."""

    at: datetime
    #: A day begins there.
    is_day: bool


@dataclass(frozen=True)
class Shift:
    """The clocks of the zone are put by an hour, or another span."""

    at: datetime
    by: timedelta


@dataclass(frozen=True)
class Scale:
    """Moments from `since` to `until` between two places in px."""

    since: datetime
    until: datetime
    left: float
    right: float

    def x_of(self, moment: datetime) -> float:
        """Where a moment is; outside of the two for one that is not shown."""
        return self.left + (moment - self.since) / (self.until - self.since) * (self.right - self.left)

    def moment_at(self, x: float) -> datetime:
        """What is there."""
        return self.since + (self.until - self.since) * ((x - self.left) / max(1.0, self.right - self.left))

    def ticks(self, zone: str) -> list[Tick]:
        """The marks, at full hours or days of the zone's clocks, as many as there is room for."""
        step, here = self._step(), ZoneInfo(zone)
        local = self.since.astimezone(here)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        at = midnight + step * ((local - midnight) // step + 1)
        marks = []
        while at < self.until:
            marks.append(Tick(at.astimezone(UTC), step >= _DAY or (at.hour, at.minute) == (0, 0)))
            at += step
        return marks

    def days(self, zone: str) -> Iterator[datetime]:
        """Where days of the zone begin."""
        at = self._midnight(zone)
        while (at := at + _DAY) < self.until:
            yield at.astimezone(UTC)

    def shifts(self, zone: str) -> list[Shift]:
        """Where the zone's clocks are put."""
        edges = [self.since.astimezone(UTC), *self.days(zone), self.until.astimezone(UTC)]
        return [shift for begin, end in pairwise(edges) if (shift := _shift(begin, end, zone))]

    def _midnight(self, zone: str) -> datetime:
        return self.since.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)

    def _step(self) -> timedelta:
        most = max(2, (self.right - self.left) // TICK_ROOM)
        return next((tick for tick in TICKS if (self.until - self.since) / tick <= most), TICKS[-1])


def _shift(begin: datetime, end: datetime, zone: str) -> Shift | None:
    """Where between two moments less than two days apart the offset changes, to the minute."""
    before, after = _offset(begin, zone), _offset(end, zone)
    if before == after:
        return None
    while end - begin > timedelta(minutes=1):
        middle = begin + (end - begin) / 2
        begin, end = (middle, end) if _offset(middle, zone) == before else (begin, middle)
    return Shift(end.replace(second=0, microsecond=0), after - before)


def _offset(moment: datetime, zone: str) -> timedelta:
    return moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0)
