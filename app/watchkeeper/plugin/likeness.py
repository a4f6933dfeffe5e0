"""A Spec as data, and a Spec again from that: the engine knows form and checks of a plugin whose code it never imports.

Decision: what a foreign file declares is described in a process of its own, and the engine makes a class of the same
fields from the description.
Question: how can parameters be checked and shown in the engine without the plugin's code being executed there?
Why: fields, types, defaults and words are data; the checks of the plugin's own code hold when its process reads them.
Alternatives: the author's class in the engine (then whatever its module does is done there), a JSON schema (a second
reader of parameters beside `schema.params_of`).
State: in force. `__post_init__` and bounds in Annotated are looked at by the process alone, so only when a run starts.
"""

import copy
import dataclasses
import enum
import types
import typing
from collections import abc
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec

from watchkeeper.model import codec
from watchkeeper.model.errors import Known
from watchkeeper.model.span import Span, written
from watchkeeper.model.text import Text
from watchkeeper.plugin.contract import Role, Secret, Spec
from watchkeeper.plugin.outcome import worded

#: Types that are called the same here and there.
_ATOMS: Mapping[str, Any] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "span": timedelta,
    "moment": datetime,
    "secret": Secret,
    "none": None,
}
_COLLECTIONS: Mapping[str, tuple[Any, ...]] = {
    "list": (list, abc.Sequence, abc.Iterable, abc.Collection),
    "dict": (dict, abc.Mapping),
    "set": (set, frozenset),
    "tuple": (tuple,),
}
#: Values that are shared without harm.
_SIMPLE = (str, int, float, bool, timedelta, type(None))


class Choice(msgspec.Struct, frozen=True):
    """A value, and what it is called."""

    value: Any
    label: Text | None = None


class Shape(msgspec.Struct, frozen=True, omit_defaults=True):
    """A type: an atom, a collection (`row`: a tuple of any length) or union of others, a choice, a record, `any`."""

    name: str
    args: tuple["Shape", ...] = ()
    values: tuple[Any, ...] = ()
    record: "Record | None" = None


class Trait(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One field."""

    name: str
    shape: Shape
    is_required: bool = False
    default: Any = None
    label: Text | None = None
    placeholder: str = ""
    help: Text | None = None
    choices: tuple[Choice, ...] = ()
    is_secret: bool = False
    is_multiline: bool = False
    group: Text | None = None
    when: Mapping[str, tuple[Any, ...]] = {}


class Record(msgspec.Struct, frozen=True):
    """A dataclass."""

    name: str
    fields: tuple[Trait, ...] = ()


class Likeness(msgspec.Struct, frozen=True):
    """A handler or channel."""

    role: Role
    kind: str
    title: Text
    help: str
    is_async: bool
    places_process: bool
    isolate: bool
    is_repeatable: bool
    params: Record | None


def likeness_of(spec: Spec) -> Likeness:
    """What `spec` is like."""
    return Likeness(
        spec.role,
        spec.kind,
        worded(spec.title),
        spec.help,
        spec.is_async,
        spec.places_process,
        spec.isolate,
        spec.is_repeatable,
        None if spec.params is None else _record(spec.params),
    )


def spec_like(likeness: Likeness, source: str, hash: str, fn: Callable[..., Any], code: object) -> Spec:
    """A foreign Spec that is called by `fn`; TypeError, ValueError or Known when the likeness makes no sense."""
    return Spec(
        role=likeness.role,
        kind=likeness.kind,
        title=likeness.title,
        params=None if likeness.params is None else _class_of(likeness.params),
        fn=fn,
        help=likeness.help,
        source=source,
        is_async=True,
        places_process=likeness.places_process,
        isolate=likeness.isolate,
        is_repeatable=likeness.is_repeatable,
        hash=hash,
        is_own=False,
        code=code,
    )


def _record(params: type, within: tuple[type, ...] = ()) -> Record:
    hints = typing.get_type_hints(params, include_extras=True)
    inner = (*within, params)
    traits = (_trait(field, _shape(hints[field.name], inner)) for field in dataclasses.fields(params) if field.init)
    return Record(params.__name__, tuple(traits))


def _trait(field: "dataclasses.Field[Any]", shape: Shape) -> Trait:
    form = field.metadata
    default = field.default if field.default_factory is dataclasses.MISSING else field.default_factory()
    is_required = default is dataclasses.MISSING
    when = form.get("when") or {}
    return Trait(
        name=field.name,
        shape=shape,
        is_required=is_required,
        default=None if is_required else _plain(default),
        label=_words(form.get("label")),
        placeholder=str(form.get("placeholder") or ""),
        help=_words(form.get("help")),
        choices=_choices(form.get("choices") or ()),
        is_secret=bool(form.get("is_secret")),
        is_multiline=bool(form.get("is_multiline")),
        group=_words(form.get("group")),
        when={name: tuple(_plain(each) for each in _several(values)) for name, values in when.items()},
    )


def _shape(hint: Any, within: tuple[type, ...]) -> Shape:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return _shape(args[0], within)
    if origin in (types.UnionType, typing.Union):
        return Shape("union", tuple(_shape(each, within) for each in args))
    if origin is typing.Literal:
        return Shape("choice", values=args)
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return Shape("choice", values=tuple(_plain(member) for member in hint))
    if isinstance(hint, type) and dataclasses.is_dataclass(hint) and hint not in within:
        return Shape("record", record=_record(hint, within))
    atom = type(None) if hint is None else hint
    for name, known in _ATOMS.items():
        if atom is (type(None) if known is None else known):
            return Shape(name)
    return _collection(origin or hint, args, within)


def _collection(origin: Any, args: tuple[Any, ...], within: tuple[type, ...]) -> Shape:
    if origin is tuple and args[-1:] == (...,):
        return Shape("row", (_shape(args[0], within),))
    for name, known in _COLLECTIONS.items():
        if origin in known:
            return Shape(name, tuple(_shape(each, within) for each in args))
    return Shape("any")


def _choices(given: Any) -> tuple[Choice, ...]:
    if isinstance(given, Mapping):
        return tuple(Choice(_plain(value), worded(words)) for value, words in given.items())
    return tuple(Choice(_plain(value)) for value in given)


def _several(values: Any) -> tuple[Any, ...]:
    return values if isinstance(values, tuple) else (values,)


def _words(words: Any) -> Text | None:
    return worded(words) if words else None


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value) if field.init}
    return written(value) if isinstance(value, timedelta) else codec.plain(value)


def _class_of(record: Record) -> type:
    fields = [(trait.name, _type_of(trait.shape), _field_of(trait)) for trait in record.fields]
    return dataclasses.make_dataclass(record.name, fields, frozen=True, kw_only=True)


def _type_of(shape: Shape) -> Any:
    if shape.name in _ATOMS:
        return _ATOMS[shape.name]
    args = tuple(_type_of(each) for each in shape.args)
    if shape.name == "union":
        return typing.Union[args]  # noqa: UP007  # `|` takes no Literal beside None
    if shape.name == "choice":
        return typing.Literal[shape.values]
    if shape.name == "record" and shape.record is not None:
        return _class_of(shape.record)
    if shape.name == "row":
        return tuple.__class_getitem__((*args, ...))
    if shape.name in _COLLECTIONS:
        kind = _COLLECTIONS[shape.name][0]
        return kind[args] if args else kind
    return Any


def _field_of(trait: Trait) -> Any:
    form = {
        "label": trait.label or trait.name,
        "placeholder": trait.placeholder,
        "help": trait.help or "",
        "choices": _given_choices(trait.choices),
        "is_secret": trait.is_secret,
        "is_multiline": trait.is_multiline,
        "group": trait.group or "",
        "when": dict(trait.when),
    }
    if trait.is_required:
        return dataclasses.field(metadata=form, kw_only=True)
    default = _default_of(trait)
    if isinstance(default, _SIMPLE):
        return dataclasses.field(default=default, metadata=form, kw_only=True)
    return dataclasses.field(default_factory=partial(copy.deepcopy, default), metadata=form, kw_only=True)


def _given_choices(choices: tuple[Choice, ...]) -> Any:
    if any(choice.label is not None for choice in choices):
        return {choice.value: choice.label or str(choice.value) for choice in choices}
    return tuple(choice.value for choice in choices)


def _default_of(trait: Trait) -> Any:
    """As the class would have it; as it came where it does not fit, which is the author's own affair."""
    shape = _type_of(trait.shape)
    try:
        return codec.convert(trait.default, Span if shape is timedelta else shape)
    except (Known, TypeError):
        return trait.default
