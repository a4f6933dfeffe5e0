"""What a form needs to know of a field: control, words, what may stand in it. Read off types, drawn elsewhere."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import inspect

from watchkeeper.model.span import Span
from watchkeeper.model.text import Text

#: What is not there: the field's default holds.
ABSENT: Any = type("Absent", (), {"__repr__": lambda self: "ABSENT", "__bool__": lambda self: False})()


class Control(StrEnum):
    """How a value is entered."""

    TEXT = "text"
    #: Several lines.
    LINES = "lines"
    WHOLE = "whole"
    DECIMAL = "decimal"
    SPAN = "span"
    MOMENT = "moment"
    SWITCH = "switch"
    CHOICE = "choice"
    #: Words, or with `has_numbers` numbers, one after the other.
    LIST = "list"
    #: Text by name.
    TABLE = "table"
    #: Plain data of any form, as JSON.
    DATA = "data"


class Option(msgspec.Struct, frozen=True):
    """One of the values to choose from."""

    value: Any
    label: Text


class FormField(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One field of a form."""

    name: str
    control: Control
    label: Text
    help: Text | None = None
    #: Behind the control: what is counted.
    unit: Text | None = None
    is_required: bool = False
    #: Whether nothing at all is a value of its own.
    is_optional: bool = False
    #: What holds if nothing is said; plain data.
    default: Any = None
    options: tuple[Option, ...] = ()
    placeholder: str = ""
    #: Never shown, never logged; but for the name of a secret, which is shown to whoever writes it.
    is_secret: bool = False
    is_secret_name: bool = False
    has_numbers: bool = False
    #: The title of the group that begins with this field.
    group: Text | None = None
    #: Other fields, and their values with which this one makes sense.
    when: Mapping[str, tuple[Any, ...]] = {}


def control_of(shape: Any) -> tuple[Control, bool, bool]:
    """The control for values of a type, whether None is one of them, and whether its items are numbers."""
    info = inspect.type_info(shape)
    parts = info.types if isinstance(info, inspect.UnionType) else (info,)
    kinds = [part for part in parts if not isinstance(part, inspect.NoneType)]
    return _control(kinds), len(kinds) < len(parts), _has_numbers(kinds)


def choices_of(shape: Any) -> tuple[Any, ...]:
    """The values of an enumeration or of literals, None aside."""
    info = inspect.type_info(shape)
    for part in info.types if isinstance(info, inspect.UnionType) else (info,):
        if isinstance(part, inspect.EnumType):
            return tuple(member.value for member in part.cls)
        if isinstance(part, inspect.LiteralType):
            return part.values
    return ()


def options(values: Iterable[Any], labels: Mapping[Any, Text]) -> tuple[Option, ...]:
    """Values with their labels; one without is its own label."""
    return tuple(Option(value, labels.get(value) or Text(str(value))) for value in values)


def _control(kinds: list[inspect.Type]) -> Control:
    if len(kinds) != 1:
        return Control.TEXT if all(isinstance(kind, _WORDS) for kind in kinds) else Control.DATA
    kind = kinds[0]
    for known, control in _CONTROLS:
        if isinstance(kind, known):
            return control
    if isinstance(kind, inspect.CustomType) and kind.cls is Span:
        return Control.SPAN
    if isinstance(kind, _LISTS):
        return Control.LIST if isinstance(_item(kind), _WORDS) else Control.DATA
    if isinstance(kind, inspect.DictType) and isinstance(kind.value_type, inspect.StrType):
        return Control.TABLE
    return Control.DATA


def _has_numbers(kinds: list[inspect.Type]) -> bool:
    return len(kinds) == 1 and isinstance(kinds[0], _LISTS) and "int" in str(_item(kinds[0])).lower()


def _item(kind: Any) -> inspect.Type:
    item: inspect.Type = kind.item_type
    if isinstance(item, inspect.UnionType) and all(isinstance(part, _WORDS) for part in item.types):
        return item.types[0]
    return item


_LISTS = (inspect.VarTupleType, inspect.ListType, inspect.SetType, inspect.FrozenSetType)
#: What can be typed on one line.
_WORDS = (inspect.StrType, inspect.IntType, inspect.FloatType, inspect.LiteralType)
_CONTROLS = (
    (inspect.BoolType, Control.SWITCH),
    (inspect.IntType, Control.WHOLE),
    (inspect.FloatType, Control.DECIMAL),
    (inspect.StrType, Control.TEXT),
    (inspect.EnumType, Control.CHOICE),
    (inspect.LiteralType, Control.CHOICE),
    (inspect.DateTimeType, Control.MOMENT),
)
