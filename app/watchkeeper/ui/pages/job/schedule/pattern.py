"""The schedules that can be built without writing cron: pure, to an expression and back."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from watchkeeper.model.cron_fields import read
from watchkeeper.model.errors import Known

ALL_DAYS = frozenset(range(1, 8))


class Repeat(StrEnum):
    """How often."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAILY = "daily"
    MONTHLY = "monthly"
    #: Every so often within a part of the day; a trigger of its own kind.
    WINDOW = "window"


@dataclass(frozen=True)
class Pattern:
    """A schedule as the builder shows it."""

    repeat: Repeat = Repeat.DAILY
    #: Every n minutes or hours.
    n: int = 1
    hour: int = 2
    minute: int = 0
    #: Of the month; 0 is the last one.
    day: int = 1
    #: Monday is 1, Sunday is 7.
    days: frozenset[int] = ALL_DAYS
    #: Whether the hours are written with a star: such a job follows elapsed time where clocks change.
    is_wild: bool = False


_STEPPED = re.compile(r"(\*|\d+)/(\d+)", re.ASCII)


def pattern_of(text: str) -> Pattern | None:
    """What the builder can show of an expression; None for one that only cron can say."""
    parts = text.split()
    if len(parts) != 5 or parts[3] != "*":
        return None
    try:
        read(text)
    except Known:
        return None
    minute, hour, day, _month, weekday = parts
    days = _days_of(text)
    if days is None:
        return None
    if day != "*":
        return _monthly(minute, hour, day) if weekday == "*" else None
    if hour == "*" and (found := _STEPPED.fullmatch(minute)) and found[1] == "*":
        return Pattern(Repeat.MINUTES, n=int(found[2]), days=days)
    if not minute.isdigit():
        return None
    if hour == "*":
        return Pattern(Repeat.HOURS, n=1, hour=0, minute=int(minute), days=days, is_wild=True)
    if found := _STEPPED.fullmatch(hour):
        begin = 0 if found[1] == "*" else int(found[1])
        return Pattern(Repeat.HOURS, int(found[2]), begin, int(minute), days=days, is_wild=found[1] == "*")
    return Pattern(Repeat.DAILY, hour=int(hour), minute=int(minute), days=days) if hour.isdigit() else None


def cron_of(pattern: Pattern) -> str:
    """The expression that a pattern stands for."""
    days = weekdays_text(pattern.days)
    match pattern.repeat:
        case Repeat.MINUTES:
            return f"*/{pattern.n} * * * {days}"
        case Repeat.HOURS if pattern.is_wild and pattern.hour == 0:
            return f"{pattern.minute} {'*' if pattern.n == 1 else f'*/{pattern.n}'} * * {days}"
        case Repeat.HOURS:
            return f"{pattern.minute} {pattern.hour}/{pattern.n} * * {days}"
        case Repeat.MONTHLY:
            return f"{pattern.minute} {pattern.hour} {pattern.day or 'L'} * *"
        case _:
            return f"{pattern.minute} {pattern.hour} * * {days}"


def shifted(text: str, minutes: int) -> str | None:
    """The same schedule a little later; None when it has no single minute that could be moved."""
    found = pattern_of(text)
    if found is None or found.repeat is Repeat.MINUTES:
        return None
    late = found.hour * 60 + found.minute + minutes
    if found.repeat is Repeat.HOURS:
        late %= 60 * found.n
    if late >= 24 * 60:
        return None
    return cron_of(replace(found, hour=late // 60, minute=late % 60))


def _monthly(minute: str, hour: str, day: str) -> Pattern | None:
    if not (minute.isdigit() and hour.isdigit() and (day.isdigit() or day.lower() == "l")):
        return None
    return Pattern(Repeat.MONTHLY, hour=int(hour), minute=int(minute), day=int(day) if day.isdigit() else 0)


def _days_of(text: str) -> frozenset[int] | None:
    weekdays = read(text).weekdays
    if weekdays.nth or weekdays.last:
        return None
    return frozenset(day or 7 for day in weekdays.plain)


def weekdays_text(days: frozenset[int]) -> str:
    """As cron counts, Sunday is 0; three or more in a row as a range."""
    if days == ALL_DAYS or not days:
        return "*"
    rising = sorted(day % 7 for day in days)
    parts, start = [], 0
    for end in range(1, len(rising) + 1):
        if end == len(rising) or rising[end] != rising[end - 1] + 1:
            run = rising[start:end]
            parts += [f"{run[0]}-{run[-1]}"] if len(run) > 2 else [str(day) for day in run]
            start = end
    return ",".join(parts)


def days_of_window(text: str) -> frozenset[int] | None:
    """The days that a window names; None when it names them in another way."""
    try:
        return _days_of(f"0 0 * * {text}")
    except Known:
        return None
