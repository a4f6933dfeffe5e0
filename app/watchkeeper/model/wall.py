"""What a wall clock and a calendar on the wall show: times of day on dates, without zones."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from watchkeeper.model.wall_dates import FIRST_YEAR, LAST_YEAR, YEARS, Dates
from watchkeeper.model.wall_times import Times


@dataclass(frozen=True, slots=True)
class Wall:
    """Local moments: times of day on dates. `step` and `rank` leave all but each `nth` of them out."""

    dates: Dates
    times: Times
    nth: int = 1
    #: The rank among all of them of the first that counts.
    origin: int = 0

    def thinned(self, nth: int, origin: int) -> "Wall":
        """Only every n-th, and the one with the rank `origin` among them."""
        return Wall(self.dates, self.times, nth, origin)

    def step(self, local: datetime) -> datetime | None:
        """The first one later than the naive `local`; None when there is none within YEARS."""
        found = self._step(local)
        if self.nth == 1 or found is None:
            return found
        rank = self._rank(found)
        wait = (self.origin - rank) % self.nth
        return self._at(rank + wait, local.year + YEARS) if wait else found

    def rank(self, local: datetime) -> int:
        """How many of them are before the naive `local`, counted from a moment that is always the same."""
        return -((self.origin - self._rank(local)) // self.nth)

    def at(self, rank: int, last_year: int) -> datetime | None:
        """The one with so many before it; None when it is later than `last_year`."""
        return self._at(self.origin + rank * self.nth, last_year)

    def _step(self, local: datetime) -> datetime | None:
        year, month, day = local.year, local.month, local.day
        if self.dates.has(year, month, day):
            us = self.times.after(_us(local))
            if us is not None:
                return datetime(year, month, day) + timedelta(0, 0, us)
        found = self.dates.after(year, month, day)
        return None if found is None else _moment(found, self.times.first)

    def _rank(self, local: datetime) -> int:
        if local.year < FIRST_YEAR:
            return 0
        year, month, day = local.year, local.month, local.day
        before = self.dates.rank(year, month, day) * self.times.count
        return before + self.times.index(_us(local)) if self.dates.has(year, month, day) else before

    def _at(self, rank: int, last_year: int) -> datetime | None:
        dates, index = divmod(rank, self.times.count)
        found = self.dates.at(dates, min(last_year, LAST_YEAR))
        return None if found is None else _moment(found, self.times.at(index))


def _us(local: datetime) -> int:
    return ((local.hour * 60 + local.minute) * 60 + local.second) * 1_000_000 + local.microsecond


def _moment(day: date, us: int) -> datetime:
    return datetime(day.year, day.month, day.day) + timedelta(0, 0, us)
