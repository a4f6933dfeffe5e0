"""Five-field cron expressions, read as cron(8) reads them.

croniter steps through local time; this wrapper mends what it reads differently and crosses changes of the clock by
cron(8)'s rules: a job with a fixed hour and minute runs once in the autumn fold and at the first valid instant after
the spring gap; a job with a wildcard hour or minute follows elapsed time.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from watchkeeper.model.errors import Known
from watchkeeper.model.text import _
from watchkeeper.model.zone import transition_after, zone

_NAMES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_WEEKDAYS = {"sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6}
_WORDS: tuple[Mapping[str, int], ...] = ({}, {}, {}, _MONTHS, _WEEKDAYS)
_ITEM = re.compile(r"(?:[*?]|(\w+)(?:-(\w+))?)(?:/\d+)?", re.ASCII)
_SINGLE_RANGE = re.compile(r"(?<![\w-])(\w+)-\1(?![\w-])")


class Expression:
    """A parsed expression: steps through naive local time."""

    def __init__(self, text: str) -> None:
        self.fields = _fields(text)
        minute, hour, day, _month, weekday = self.fields
        self.is_elapsed = minute.startswith("*") or hour.startswith("*")
        self._is_either_day = not (day.startswith("*") or weekday.startswith("*"))
        self._text = " ".join(_SINGLE_RANGE.sub(r"\1", field) for field in self.fields)
        _require_possible(text, self._text, self._is_either_day)

    def step(self, local: datetime) -> datetime | None:
        """The first match after the naive `local`; None when there is none within 50 years."""
        from croniter import CroniterBadDateError, croniter

        try:
            found = croniter(self._text, local, day_or=self._is_either_day).get_next(datetime)
        except CroniterBadDateError:
            return None
        return found if isinstance(found, datetime) else None


@lru_cache(maxsize=20_000)
def expression(text: str) -> Expression:
    """`text` parsed, from the cache where it was seen before; Known with the reason when it is no cron expression."""
    return Expression(text)


def next_after(text: str, place: str, moment: datetime) -> datetime | None:
    """The first instant after the aware `moment` at which cron(8) would fire `text` in zone `place`, in UTC."""
    parsed, there = expression(text), zone(place)
    return _next_elapsed(parsed, there, moment) if parsed.is_elapsed else _next_fixed(parsed, there, moment)


def _next_fixed(parsed: Expression, there: ZoneInfo, moment: datetime) -> datetime | None:
    local = parsed.step(moment.astimezone(there).replace(tzinfo=None))
    while local is not None:
        instant = _instant(local, there)
        if instant > moment:
            return instant
        local = parsed.step(local)
    return None


def _instant(local: datetime, there: ZoneInfo) -> datetime:
    instant = local.replace(tzinfo=there).astimezone(UTC)
    if instant.astimezone(there).replace(tzinfo=None) == local:
        return instant
    return transition_after(there, instant - timedelta(days=1), instant + timedelta(days=1))


def _next_elapsed(parsed: Expression, there: ZoneInfo, moment: datetime) -> datetime | None:
    start = moment
    while True:
        offset = start.astimezone(there).utcoffset() or timedelta()
        local = parsed.step((start + offset).replace(tzinfo=None))
        if local is None:
            return None
        instant = (local - offset).replace(tzinfo=UTC)
        if instant.astimezone(there).utcoffset() == offset:
            return instant
        change = transition_after(there, start, instant)
        start = change - timedelta(microseconds=1)
        new_offset = change.astimezone(there).utcoffset() or timedelta()
        local = parsed.step((start + new_offset).replace(tzinfo=None))
        if local is None:
            return None
        instant = (local - new_offset).replace(tzinfo=UTC)
        if instant.astimezone(there).utcoffset() == new_offset:
            return instant
        start = change


def _fields(text: str) -> tuple[str, ...]:
    spelled = _NAMES.get(text.strip().lower(), text)
    fields = tuple(spelled.split()) if len(text) <= 200 else ()
    if text.strip().lower() == "@reboot":
        raise Known(_("@reboot is no time: use a start-up trigger"))
    if len(fields) != 5 or not all(map(_is_field, fields, _WORDS)):
        raise Known(
            _("{text} is not a cron expression: five fields are wanted, minute hour day month weekday", text=text[:80])
        )
    return fields


def _is_field(field: str, words: Mapping[str, int]) -> bool:
    """Whether it has cron(8)'s form; croniter would take random (R), last (L) and backward ranges as well."""
    return all(_is_item(item, words) for item in field.split(","))


def _is_item(item: str, words: Mapping[str, int]) -> bool:
    found = _ITEM.fullmatch(item)
    if found is None:
        return False
    ends = [_number(word, words) for word in found.groups() if word is not None]
    return None not in ends and (len(ends) < 2 or _is_forward(ends[0], ends[1], words))


def _is_forward(first: int | None, last: int | None, words: Mapping[str, int]) -> bool:
    """Sunday ends a week as 7 and begins it as 0."""
    end = 7 if words is _WEEKDAYS and last == 0 else last
    return first is not None and end is not None and first <= end


def _number(word: str, words: Mapping[str, int]) -> int | None:
    return int(word) if word.isdecimal() else words.get(word.lower())


def _require_possible(text: str, spelled: str, is_either_day: bool) -> None:
    from croniter import croniter

    try:
        is_valid = croniter.is_valid(spelled, strict=True)
        probe = croniter(spelled, datetime(2024, 1, 1), day_or=is_either_day) if is_valid else None
        if probe is not None:
            probe.get_next(datetime)
    except (ValueError, KeyError, IndexError, OverflowError, AttributeError, TypeError):
        probe = None
    if probe is None:
        raise Known(_("{text} is not a cron expression that ever fires: check its ranges and dates", text=text[:80]))
