"""Cron expressions, read and fired as cron(8) has it.

Five fields (minute hour day month weekday) or six with the second before them, names of months and weekdays, @daily
and its like; beyond cron(8) what croniter has as well: L (the last day of the month), L5 (its last Friday), mon#2 (its
second Monday), 15W (the working day nearest to its 15th), ? as *.

A job with a fixed hour and minute runs once in the autumn fold and at the first valid instant after the spring gap,
unless its trigger says otherwise; one with a wildcard hour or minute follows elapsed time.
"""

from datetime import datetime
from functools import lru_cache

from watchkeeper.model import cron_fields
from watchkeeper.model.cron_fields import Fields, MonthDays, Weekdays
from watchkeeper.model.crossing import Crossing
from watchkeeper.model.errors import Known
from watchkeeper.model.text import _
from watchkeeper.model.trigger import Fold, Gap
from watchkeeper.model.wall import Wall
from watchkeeper.model.wall_dates import Dates
from watchkeeper.model.wall_times import FieldTimes

#: Any year will do: what does not fire within so many years after it never does.
_PROBE = datetime(2000, 1, 1)


class Expression:
    """A parsed expression: its fields, and the local moments that they name."""

    def __init__(self, text: str) -> None:
        self.fields: Fields = cron_fields.read(text)
        second, minute, hour, days, months, weekdays, self.is_elapsed = self.fields
        self.wall = Wall(_dates(days, months, weekdays), FieldTimes(hour, minute, second))
        if self.wall.step(_PROBE) is None:
            raise Known(
                _("{text} is not a cron expression that ever fires: check its ranges and dates", text=text[:80])
            )


@lru_cache(maxsize=2_000)
def _dates(days: MonthDays, months: tuple[int, ...], weekdays: Weekdays) -> Dates:
    """Shared by all expressions that name the same days, of which there are few."""
    return Dates(days, months, weekdays)


@lru_cache(maxsize=20_000)
def expression(text: str) -> Expression:
    """`text` parsed, from the cache where it was seen before; Known with the reason when it is no cron expression."""
    return Expression(text)


def checked(text: str) -> Expression:
    """`text` parsed and seen by a second reader, for what is about to be saved; Known when either refuses it."""
    from croniter import croniter

    parsed = expression(text)
    if not croniter.is_valid(cron_fields.spelled(text), second_at_beginning=True):
        raise Known(_("{text} is read differently by other programs: write it more plainly", text=text[:80]))
    return parsed


def next_after(
    text: str, place: str, moment: datetime, gap: Gap = Gap.NEXT, fold: Fold = Fold.FIRST
) -> datetime | None:
    """The first instant after the aware UTC `moment` at which cron(8) would fire `text` in zone `place`, in UTC."""
    return crossing(text, place, gap, fold).after(moment)


@lru_cache(maxsize=20_000)
def crossing(text: str, place: str, gap: Gap, fold: Fold) -> Crossing:
    """The instants of `text` in zone `place`; the rules are for fixed times, and wildcards have their own."""
    parsed = expression(text)
    return Crossing(parsed.wall, place, *((Gap.SKIP, Fold.BOTH) if parsed.is_elapsed else (gap, fold)))
