"""Frozen values to JSON and back, with the field's path in every error. Every edge uses this one pair."""

import difflib
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from watchkeeper.model.errors import Known, Misfit
from watchkeeper.model.span import Span, parse, written
from watchkeeper.model.text import Text, _

T = TypeVar("T")


def encode(value: object) -> bytes:
    """`value` as JSON."""
    return _ENCODER.encode(value)


def decode(data: bytes | str, shape: type[T]) -> T:
    """A value of `shape` from JSON; Known with the path when it does not fit."""
    try:
        raw = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Known(_("This is not JSON: {error}", error=str(error)[:200])) from None
    return convert(raw, shape)


def from_own(data: bytes | str, shape: Any) -> Any:
    """A value of `shape`, a class or a union, from JSON that `encode` wrote; msgspec's own error when it is not."""
    return _decoder(shape).decode(data)


@lru_cache(maxsize=256)
def _decoder(shape: Any) -> Any:
    return msgspec.json.Decoder(shape, dec_hook=_read)


def plain(value: object) -> Any:
    """`value` as dicts, lists, strings and numbers."""
    return msgspec.to_builtins(value, enc_hook=_written, str_keys=True)


def convert(raw: object, shape: type[T], where: str = "", *, strict: bool = True) -> T:
    """A value of `shape` from plain data; `where` names the place for the error."""
    try:
        return msgspec.convert(raw, shape, dec_hook=_read, strict=strict)
    except msgspec.ValidationError as error:
        cause = error.__cause__
        if isinstance(cause, Known):
            field = cause.field if isinstance(cause, Misfit) else ""
            path = ".".join(part for part in (_path(str(error)), field) if part)
            raise Known(_placed(where, path, cause.text)) from None
        raise Known(_placed(where, _path(str(error)), _what(str(error), shape))) from None
    except RecursionError:
        raise Known(_placed(where, "", _("nested too deeply"))) from None


def _written(value: object) -> object:
    if isinstance(value, Span):
        return written(value)
    raise NotImplementedError(f"no JSON form for {type(value).__name__}")


def _read(shape: type, raw: object) -> object:
    if shape is Span:
        return raw if isinstance(raw, Span) else parse(raw)  # type: ignore[arg-type]  # parse refuses what it cannot read
    raise NotImplementedError(f"no reader for {shape.__name__}")


_ENCODER = msgspec.json.Encoder(enc_hook=_written, order="deterministic")


def _path(message: str) -> str:
    found = re.search(r" - at (?:`key` in )?`\$?\.?([^`]*)`$", message)
    return found.group(1) if found else ""


def _placed(where: str, path: str, what: Text) -> Text:
    place = ".".join(part for part in (where, path) if part)
    return _("{place}: {what}", place=place, what=what) if place else what


def _what(message: str, shape: type) -> Text:
    said = re.sub(r" - at (`key` in )?`[^`]*`$", "", message)
    unknown = re.search(r"unknown field `([^`]*)`", said)
    if unknown:
        return unknown_field(unknown.group(1), _field_names(shape))
    missing = re.search(r"missing required field `([^`]*)`", said)
    if missing:
        return _("the field {field} is missing", field=missing.group(1))
    expected = re.fullmatch(r"Expected `([^`]*)`, got `([^`]*)`", said)
    if expected:
        return _("expected {want}, got {got}", want=expected.group(1).replace("|", "or"), got=expected.group(2))
    for pattern, sentence in _SENTENCES.items():
        found = re.fullmatch(pattern, said, re.DOTALL)
        if found:
            return Text(sentence.message, found.groupdict())
    return Text(said)


#: What the library says of a value out of bounds, and how we say it; the groups are the values.
_SENTENCES = {
    r"Expected `(?:int|float)` >= (?P<least>\S+)": _("at least {least} is wanted"),
    r"Expected `(?:int|float)` <= (?P<most>\S+)": _("at most {most} is allowed"),
    r"Expected `\w+` of length >= (?P<least>\d+)": _("at least {least} characters or items are wanted"),
    r"Expected `\w+` of length <= (?P<most>\d+)": _("at most {most} characters or items are allowed"),
    r"Expected `datetime` with a timezone component": _(
        "a time needs its zone: write it like 2026-03-29T02:30:00+01:00"
    ),
    r"Invalid RFC3339 encoded datetime": _("this is not a time: write it like 2026-03-29T02:30:00+01:00"),
    r"Invalid RFC3339 encoded date": _("this is not a date: write it like 2026-03-29"),
    r"Invalid (?:enum )?value (?P<value>.+)": _("{value} is not one of the words for this field: see the help page"),
    r"Number out of range|Integer value out of range": _("this number is too big"),
}


def unknown_field(name: str, known: Mapping[str, object] | set[str]) -> Text:
    """The sentence for a field nobody knows, with the nearest known one."""
    near = difflib.get_close_matches(name, list(known), n=1)
    if near:
        return _("unknown field {field}: did you mean {near}?", field=name[:60], near=near[0])
    return _("unknown field {field}; known are {known}", field=name[:60], known=", ".join(sorted(known)))


def _field_names(shape: type) -> set[str]:
    names: set[str] = set()
    pending: list[Any] = [msgspec.inspect.type_info(shape)]
    seen: set[int] = set()
    while pending:
        info = pending.pop()
        if id(info) in seen:
            continue
        seen.add(id(info))
        if isinstance(info, (msgspec.inspect.StructType, msgspec.inspect.DataclassType)):
            names.update(field.encode_name for field in info.fields)
            pending.extend(field.type for field in info.fields)
        elif isinstance(info, msgspec.inspect.UnionType):
            pending.extend(info.types)
        elif isinstance(info, (msgspec.inspect.VarTupleType, msgspec.inspect.ListType)):
            pending.append(info.item_type)
    return names
