"""What tells one form of a job from another, field by field."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from watchkeeper.model import codec
from watchkeeper.model.job import JobSpec
from watchkeeper.model.text import Text, plural
from watchkeeper.model.trigger import Trigger

#: Of a value that is told.
_LONGEST = 200
#: Longer texts are not compared line by line.
_MOST_LINES = 2_000
#: What a field that is not there holds, and a list of the job's own that is empty.
_NOTHING = ()


class Difference(msgspec.Struct, frozen=True, omit_defaults=True):
    """One field that is not the same; what is None is not there."""

    #: As a path: `retry.delay`, `params.script`.
    field: str
    before: Text | str | None = None
    after: Text | str | None = None
    #: How a text of several lines changed: lines that begin with -, + or a blank.
    lines: tuple[str, ...] = ()


def differences(before: JobSpec, after: JobSpec, *, with_lines: bool = False) -> tuple[Difference, ...]:
    """Every field in which they differ, in the order of the fields."""
    names = [name for name in before.__struct_fields__ if name != "triggers"]
    changed = [name for name in names if getattr(before, name) != getattr(after, name)]
    old, new = (dict(_fields({name: getattr(spec, name) for name in changed})) for spec in (before, after))
    pairs = [(name, old.get(name, _NOTHING), new.get(name, _NOTHING)) for name in {**old, **new}]
    told = [_told(name, one, other, with_lines) for name, one, other in pairs if one != other]
    return (*told, *_of_triggers(before.triggers, after.triggers))


def differences_of_values(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Every value in which two mappings differ, texts line by line."""
    old, new = dict(_fields(before)), dict(_fields(after))
    pairs = [(name, old.get(name, _NOTHING), new.get(name, _NOTHING)) for name in {**old, **new}]
    return tuple(_told(name, one, other, True) for name, one, other in pairs if one != other)


def _fields(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every field with its plain value, those at their defaults as well."""
    pairs = value if isinstance(value, Mapping) else {name: getattr(value, name) for name in value.__struct_fields__}
    for name, each in pairs.items():
        place = f"{path}.{name}" if path else str(name)
        if isinstance(each, msgspec.Struct) or (isinstance(each, Mapping) and (each or not path)):
            yield from _fields(each, place)
        else:
            yield place, codec.plain(each)


def _told(field: str, before: Any, after: Any, with_lines: bool) -> Difference:
    lines = _line_by_line(before, after) if with_lines else ()
    return Difference(field, _shown(before), _shown(after), lines)


def _shown(value: Any) -> Text | str | None:
    if value in (None, _NOTHING):
        return None
    if not isinstance(value, str):
        return _short(codec.encode(value).decode())
    if "\n" in value.rstrip("\n"):
        count = len(value.splitlines())
        return plural("{n} line", "{n} lines", count)
    return _short(value) if value else '""'


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _line_by_line(before: Any, after: Any) -> tuple[str, ...]:
    old, new = (value.splitlines() if isinstance(value, str) else [] for value in (before, after))
    if max(len(old), len(new)) < 2 or max(len(old), len(new)) > _MOST_LINES:
        return ()
    return tuple(line for line in difflib.unified_diff(old, new, lineterm="", n=2) if line[:3] not in ("---", "+++"))


def _of_triggers(before: Sequence[Trigger], after: Sequence[Trigger]) -> Iterator[Difference]:
    gone = [each for each in before if each not in after]
    new = [each for each in after if each not in before]
    if len(gone) == len(new) == 1 and type(gone[0]) is type(new[0]):
        yield from _of_trigger(f"triggers[{after.index(new[0])}]", gone[0], new[0])
        return
    yield from (Difference("triggers", before=_trigger(each)) for each in gone)
    yield from (Difference("triggers", after=_trigger(each)) for each in new)
    if not gone and not new and list(before) != list(after):
        yield Difference("triggers", _all(before), _all(after))


def _of_trigger(place: str, before: Trigger, after: Trigger) -> Iterator[Difference]:
    old, new = dict(_fields(before)), dict(_fields(after))
    for name in old:
        if old[name] != new[name]:
            yield Difference(f"{place}.{name}", _shown(old[name]), _shown(new[name]))


def _trigger(trigger: Trigger) -> str:
    """In the words of a file, on one line."""
    plain = codec.plain(trigger)
    kind = plain.pop("kind")
    words = [f"{name}: {value}" for name, value in plain.items()]
    return _short(", ".join(words if kind in plain or kind in ("interval", "once", "window") else [kind, *words]))


def _all(triggers: Sequence[Trigger]) -> str:
    return _short("; ".join(map(_trigger, triggers)))
