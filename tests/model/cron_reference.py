"""cron(8) as its manual page says it, minute by minute: slow, plain, and written without looking at the program."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Field:
    """One field: its text, and the values it means."""

    text: str
    values: frozenset[int]

    @property
    def is_star(self) -> bool:
        return self.text.startswith("*")


@dataclass(frozen=True)
class Expression:
    """Five fields whose meaning is known because they were made from it."""

    minute: Field
    hour: Field
    day: Field
    month: Field
    weekday: Field

    @property
    def text(self) -> str:
        return " ".join(f.text for f in (self.minute, self.hour, self.day, self.month, self.weekday))

    @property
    def is_wild(self) -> bool:
        """With a star in the minute or hour, a job follows elapsed time and is no job "at a time"."""
        return self.minute.is_star or self.hour.is_star

    def matches(self, local: datetime) -> bool:
        """Whether the wall clock's minute is one of the expression's."""
        in_day, in_week = local.day in self.day.values, local.isoweekday() % 7 in self.weekday.values
        is_day = (in_day and in_week) if self.day.is_star or self.weekday.is_star else (in_day or in_week)
        is_time = local.minute in self.minute.values and local.hour in self.hour.values
        return is_time and is_day and local.month in self.month.values


def fires(expression: Expression, zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """Every instant in (start, end] at which the daemon, waking each minute, runs the job."""
    before, moment = start.astimezone(zone), start + MINUTE
    while moment <= end:
        local = moment.astimezone(zone)
        naive, earlier = local.replace(tzinfo=None), before.replace(tzinfo=None)
        is_due = expression.matches(naive) if expression.is_wild else _is_fixed_due(expression, earlier, local)
        if is_due:
            yield moment
        before, moment = local, moment + MINUTE


def _is_fixed_due(expression: Expression, earlier: datetime, local: datetime) -> bool:
    """Skipped minutes are made up for at once; repeated ones do not count again."""
    naive = local.replace(tzinfo=None)
    if local.fold:
        return False
    skipped = [earlier + MINUTE * n for n in range(1, (naive - earlier) // MINUTE)] if naive > earlier else []
    return any(expression.matches(minute) for minute in (*skipped, naive))


def random_expression(dice: random.Random) -> Expression:
    """One that fires at least every few days, so that a sample of days says something."""
    month = Field("*", frozenset(range(1, 13)))
    day = _star(1, 31) if dice.random() < 0.6 else _random_field(dice, 1, 31, least=8)
    weekday = _star(0, 6) if dice.random() < 0.6 else _random_field(dice, 0, 6, least=2)
    hour = Field("2", frozenset({2})) if dice.random() < 0.3 else _random_field(dice, 0, 23)
    return Expression(_random_field(dice, 0, 59), hour, day, month, weekday)


def _star(low: int, high: int) -> Field:
    return Field("*", frozenset(range(low, high + 1)))


def _random_field(dice: random.Random, low: int, high: int, least: int = 1) -> Field:
    field = dice.choice((_single, _range, _list, _stepped, _stepped_star))(dice, low, high)
    return field if len(field.values) >= least else _star(low, high)


def _single(dice: random.Random, low: int, high: int) -> Field:
    value = dice.randint(low, high)
    return Field(str(value), frozenset({value}))


def _range(dice: random.Random, low: int, high: int) -> Field:
    first = dice.randint(low, high)
    last = dice.randint(first, high)
    return Field(f"{first}-{last}", frozenset(range(first, last + 1)))


def _list(dice: random.Random, low: int, high: int) -> Field:
    values = [dice.randint(low, high) for _ in range(dice.randint(2, 4))]
    return Field(",".join(map(str, values)), frozenset(values))


def _stepped(dice: random.Random, low: int, high: int) -> Field:
    first, step = dice.randint(low, high - 1), dice.randint(1, 7)
    last = dice.randint(first + 1, high)
    return Field(f"{first}-{last}/{step}", frozenset(range(first, last + 1, step)))


def _stepped_star(dice: random.Random, low: int, high: int) -> Field:
    step = dice.randint(2, 9)
    return Field(f"*/{step}", frozenset(range(low, high + 1, step)))


def utc(text: str) -> datetime:
    """An aware moment from its ISO form."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
