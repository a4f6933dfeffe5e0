"""cron(8) as its manual page says it, minute by minute: slow, plain, and written without looking at the program."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


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


@dataclass(frozen=True)
class SixFields(Expression):
    """With the second before them."""

    second: Field

    @property
    def text(self) -> str:
        return f"{self.second.text} {super().text}"

    def matches(self, local: datetime) -> bool:
        """Whether the wall clock's second is one of the expression's."""
        return local.second in self.second.values and super().matches(local)


def fires(
    expression: Expression, zone: ZoneInfo, start: datetime, end: datetime, tick: timedelta = MINUTE
) -> Iterator[datetime]:
    """Every instant in (start, end] at which the daemon, waking each minute or second, runs the job."""
    before, moment = start.astimezone(zone), start + tick
    while moment <= end:
        local = moment.astimezone(zone)
        naive, earlier = local.replace(tzinfo=None), before.replace(tzinfo=None)
        is_due = expression.matches(naive) if expression.is_wild else _is_fixed_due(expression, earlier, local, tick)
        if is_due:
            yield moment
        before, moment = local, moment + tick


def _is_fixed_due(expression: Expression, earlier: datetime, local: datetime, tick: timedelta) -> bool:
    """What is skipped is made up for at once; what is repeated does not count again."""
    naive = local.replace(tzinfo=None)
    if local.fold:
        return False
    skipped = [earlier + tick * n for n in range(1, (naive - earlier) // tick)] if naive > earlier else []
    return any(expression.matches(each) for each in (*skipped, naive))


def random_expression(dice: random.Random) -> Expression:
    """One that fires at least every few days, so that a sample of days says something."""
    month = Field("*", frozenset(range(1, 13)))
    day = _star(1, 31) if dice.random() < 0.6 else _random_field(dice, 1, 31, least=8)
    weekday = _star(0, 6) if dice.random() < 0.6 else _random_field(dice, 0, 6, least=2)
    hour = Field("2", frozenset({2})) if dice.random() < 0.3 else _random_field(dice, 0, 23)
    return Expression(_random_field(dice, 0, 59), hour, day, month, weekday)


def random_six_fields(dice: random.Random) -> SixFields:
    """One of six fields that fires at night, now and then, on any day."""
    minute, second = _random_field(dice, 0, 59), _random_field(dice, 0, 59)
    hour = dice.choice((Field("2", frozenset({2})), Field("1-3", frozenset({1, 2, 3})), _stepped_star(dice, 0, 23)))
    return SixFields(minute, hour, _star(1, 31), Field("*", frozenset(range(1, 13))), _star(0, 6), second)


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
