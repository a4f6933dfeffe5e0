"""From local moments to instants: what becomes of them where a zone's clocks change.

Decision: one walk over stretches of one offset, with two rules, serves every trigger that names local times.
Question: how do fixed times, wildcards, windows and each operator's own choice cross a change of the clocks alike?
Why: within a stretch local time and UTC run side by side; all that differs is what is dropped or added at its ends.
cron(8) is one pair of rules for fixed times (NEXT, FIRST) and another for wildcards: skip the gap and take both passes
of the fold, which is elapsed time.
Alternatives: stepping in local time and mending each result (several conversions a step, and folds go wrong).
State: in force.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from watchkeeper.model.instant import aware, naive
from watchkeeper.model.trigger import Fold, Gap
from watchkeeper.model.wall import Wall
from watchkeeper.model.wall_dates import LAST_YEAR, YEARS
from watchkeeper.model.zone import Stretch, stretch_at

_MOMENT = timedelta(microseconds=1)
#: More than any zone's clocks ever jump.
_JUMP = timedelta(days=2)


class Met(NamedTuple):
    """An instant, and the local moment that it stands for; they differ where a gap has moved it."""

    instant: datetime
    local: datetime


@dataclass(frozen=True, slots=True)
class Crossing:
    """What a zone makes of local moments; instants are aware and in UTC, not before 1970."""

    wall: Wall
    zone: str
    gap: Gap
    fold: Fold

    def after(self, moment: datetime) -> datetime | None:
        """The first instant after `moment`; None when there is none within YEARS."""
        met = self.first(moment + _MOMENT)
        return None if met is None else met.instant

    def first(self, since: datetime) -> Met | None:
        """The first instant at or after `since`; None when there is none within YEARS."""
        at = leap = naive(since)
        last_year = min(at.year + YEARS, LAST_YEAR)
        while at.year <= last_year:
            stretch = stretch_at(self.zone, at)
            if at == stretch.start and (missing := self._made_up_for(stretch)) is not None:
                return Met(aware(at), missing)
            local = self.wall.step(max(at + stretch.offset, self._opens(stretch)) - _MOMENT)
            if local is None:
                return None
            if local < self._closes(stretch):
                return Met(aware(local - stretch.offset), local)
            at = max(stretch.end, leap)
            # Nothing lies between; but only from the next stretch on, because clocks may go back at this one's end.
            leap = local - stretch.offset - _JUMP
        return None

    def before(self, end: datetime, since: datetime) -> datetime | None:
        """The last instant before `end` and not before `since`; None when there is none."""
        closes_at, first = naive(end), naive(since)
        while closes_at > first:
            stretch = stretch_at(self.zone, closes_at - _MOMENT)
            opens = max(first + stretch.offset, self._opens(stretch))
            closes = min(closes_at + stretch.offset, self._closes(stretch))
            rank = self.wall.rank(closes)
            if opens < closes and rank > self.wall.rank(opens) and (local := self.wall.at(rank - 1, closes.year)):
                return aware(local - stretch.offset)
            if stretch.start >= first and self._is_added(stretch):
                return aware(stretch.start)
            closes_at = stretch.start
        return None

    def count(self, after: datetime, until: datetime) -> int:
        """How many instants there are after `after` and not after `until`, without stepping."""
        at, end, count = naive(after) + _MOMENT, naive(until) + _MOMENT, 0
        while at < end:
            stretch = stretch_at(self.zone, at)
            count += at == stretch.start and self._is_added(stretch)
            opens = max(at + stretch.offset, self._opens(stretch))
            closes = min(end + stretch.offset, self._closes(stretch))
            count += max(0, self.wall.rank(closes) - self.wall.rank(opens)) if opens < closes else 0
            at = stretch.end
        return count

    def _opens(self, stretch: Stretch) -> datetime:
        return stretch.fresh_from if self.fold is Fold.FIRST else stretch.opens

    def _closes(self, stretch: Stretch) -> datetime:
        return stretch.repeats_from if self.fold is Fold.SECOND else stretch.closes

    def _made_up_for(self, stretch: Stretch) -> datetime | None:
        """The first local moment in the gap before `stretch` that its start stands for."""
        if self.gap is Gap.SKIP or not stretch.has_gap:
            return None
        missing = self.wall.step(stretch.missing_from - _MOMENT)
        return missing if missing is not None and missing < stretch.opens else None

    def _is_added(self, stretch: Stretch) -> bool:
        """Whether the start of `stretch` is an instant only because of the gap before it."""
        is_made_up = self._made_up_for(stretch) is not None
        return is_made_up and self.wall.step(stretch.opens - _MOMENT) != stretch.opens
