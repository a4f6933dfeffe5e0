"""The text of a cron expression, read into the values that each of its fields names."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text, _

SHORTHANDS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY_NAMES = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_LONGEST = 200


class MonthDays(NamedTuple):
    """The days of a month that a field names; the bare star names them all."""

    plain: frozenset[int]
    has_last: bool = False
    #: The weekday (Monday to Friday) of the same month that is nearest to this day.
    nearest_to: int | None = None
    is_star: bool = False


class Weekdays(NamedTuple):
    """The weekdays that a field names, 0 is Sunday."""

    plain: frozenset[int]
    #: Weekday and which one of the month, 1 to 5.
    nth: frozenset[tuple[int, int]] = frozenset()
    #: The last one of the month.
    last: frozenset[int] = frozenset()
    is_star: bool = False


class Fields(NamedTuple):
    """What the fields name; the numbers rise."""

    second: tuple[int, ...]
    minute: tuple[int, ...]
    hour: tuple[int, ...]
    days: MonthDays
    months: tuple[int, ...]
    weekdays: Weekdays
    #: Whether minute or hour begin with a star: such a job follows elapsed time.
    is_wild: bool


class _Kind(NamedTuple):
    """One place of an expression."""

    name: Text
    low: int
    high: int
    words: Mapping[str, int] = {}


_SECOND = _Kind(_("second"), 0, 59)
_MINUTE = _Kind(_("minute"), 0, 59)
_HOUR = _Kind(_("hour"), 0, 23)
_DAY = _Kind(_("day"), 1, 31)
_MONTH = _Kind(_("month"), 1, 12, {name: number for number, name in enumerate(_MONTH_NAMES, 1)})
_WEEKDAY = _Kind(_("weekday"), 0, 6, {name: number for number, name in enumerate(_WEEKDAY_NAMES)})

_ITEM = re.compile(r"(?:\*|(\w+)(?:-(\w+))?)(?:/(\d+))?", re.ASCII)
_NTH = re.compile(r"(\d+|[a-z]+(?:-[a-z]+)?)#([1-5])", re.ASCII)
_LAST_WEEKDAY = re.compile(r"l([0-7])", re.ASCII)
_NEAREST = re.compile(r"(\d+)w|w(\d+)", re.ASCII)


class _Unread(Exception):
    """This item means nothing in its field."""


def read(text: str) -> Fields:
    """What `text` names; Known with the item that can't be read."""
    second, minute, hour, day, month, weekday = _split(text)
    return Fields(
        second=_in_field(text, _SECOND, second),
        minute=_in_field(text, _MINUTE, minute),
        hour=_in_field(text, _HOUR, hour),
        days=_days(text, day),
        months=_in_field(text, _MONTH, month),
        weekdays=_weekdays(text, weekday),
        is_wild=minute.startswith("*") or hour.startswith("*"),
    )


def read_weekdays(text: str) -> Weekdays:
    """What a last field by itself names; Known with the item that can't be read."""
    fields = text.lower().split()
    if len(fields) != 1 or len(text) > _LONGEST:
        raise Known(_("{text} names no weekdays: write them like mon-fri, sat,sun or *", text=text[:80]))
    return _weekdays(text, fields[0])


def spelled(text: str) -> str:
    """`text` with a shorthand like @daily written out."""
    return SHORTHANDS.get(text.strip().lower(), text)


def _split(text: str) -> list[str]:
    if text.strip().lower() == "@reboot":
        raise Known(_("@reboot is no time: use a start-up trigger"))
    # Only the characters that cron takes for blanks part two fields.
    fields = re.findall(r"\S+", spelled(text).lower(), re.ASCII) if len(text) <= _LONGEST else []
    if len(fields) == 7:
        raise Known(
            _("{text} has a seventh field: say the years by valid_from and valid_until instead", text=text[:80])
        )
    if len(fields) not in (5, 6):
        raise Known(
            _(
                "{text} is not a cron expression: five fields are wanted, minute hour day month weekday,"
                " or six with the second before them",
                text=text[:80],
            )
        )
    return fields if len(fields) == 6 else ["0", *fields]


def _in_field(text: str, kind: _Kind, field: str) -> tuple[int, ...]:
    found = set[int]()
    for item in field.split(","):
        with _naming(text, kind, item):
            found.update(_plain(item, kind))
    return tuple(sorted(found))


def _days(text: str, field: str) -> MonthDays:
    if field in ("*", "?"):
        return MonthDays(frozenset(range(1, 32)), is_star=True)
    if found := _NEAREST.fullmatch(field):
        with _naming(text, _DAY, field):
            return MonthDays(frozenset(), nearest_to=_number(found[1] or found[2], _DAY))
    items = field.split(",")
    rest = ",".join(item for item in items if item != "l")
    plain = frozenset(_in_field(text, _DAY, rest)) if rest else frozenset[int]()
    return MonthDays(plain, has_last="l" in items, is_star=field.startswith("*"))


def _weekdays(text: str, field: str) -> Weekdays:
    if field in ("*", "?"):
        return Weekdays(frozenset(range(7)), is_star=True)
    plain, nth, last = set[int](), set[tuple[int, int]](), set[int]()
    for item in field.split(","):
        with _naming(text, _WEEKDAY, item):
            if found := _NTH.fullmatch(item):
                nth.update((day, int(found[2])) for day in _plain(found[1], _WEEKDAY))
            elif found := _LAST_WEEKDAY.fullmatch(item):
                last.add(int(found[1]) % 7)
            else:
                plain.update(_plain(item, _WEEKDAY))
    if plain and (nth or last):
        raise Known(_("{text} names some weekdays by # or L and others without: use two triggers", text=text[:80]))
    return Weekdays(frozenset(plain), frozenset(nth), frozenset(last), field.startswith("*"))


def _plain(item: str, kind: _Kind) -> Iterator[int]:
    """The values of a number, a range or a star, with or without a step."""
    found = _ITEM.fullmatch(item)
    if found is None:
        raise _Unread
    first, last, step = found.groups()
    low, high = _ends(first, last, kind, has_step=step is not None)
    if step is not None and int(step) == 0:
        raise _Unread
    values = range(low, high + 1, int(step or 1))
    return (value % 7 for value in values) if kind is _WEEKDAY else iter(values)


def _ends(first: str | None, last: str | None, kind: _Kind, *, has_step: bool) -> tuple[int, int]:
    """Sunday ends a week as 7 and begins it as 0; a start with a step goes on to the end of its field."""
    if first is None:
        return kind.low, kind.high
    low = _number(first, kind)
    if last is None:
        low = low % 7 if kind is _WEEKDAY else low
        return low, kind.high if has_step else low
    high = kind.high if kind is _DAY and last == "l" else _number(last, kind)
    if kind is _WEEKDAY and high == 0 < low:
        high = 7
    if low > high:
        raise _Unread
    return low, high


def _number(word: str, kind: _Kind) -> int:
    number = int(word) if word.isdecimal() else kind.words.get(word, -1)
    if not kind.low <= number <= (7 if kind is _WEEKDAY else kind.high):
        raise _Unread
    return number


@contextmanager
def _naming(text: str, kind: _Kind, item: str) -> Iterator[None]:
    """Turn an item that means nothing into the refusal of the whole expression."""
    try:
        yield
    except _Unread:
        raise _refusal(text, kind, item) from None


def _refusal(text: str, kind: _Kind, item: str) -> Known:
    if kind is _WEEKDAY and re.fullmatch(r"[0-7]l", item, re.ASCII):
        return Known(
            _(
                "{item} is not read: write the last such weekday of a month as {right}",
                item=item.upper(),
                right=f"L{item[0]}",
            )
        )
    return Known(
        _(
            "{text} is not a cron expression: {item} means nothing in the field {field}",
            text=text[:60],
            item=item[:40],
            field=kind.name,
        )
    )
