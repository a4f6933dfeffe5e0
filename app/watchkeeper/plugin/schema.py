"""What a handler's parameters are: read from a mapping with errors that name field and value, and told as a schema."""

import dataclasses
import functools
import types
import typing
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import msgspec

from watchkeeper.model import codec
from watchkeeper.model.errors import Known
from watchkeeper.model.form import Control, FormField, choices_of, control_of, options
from watchkeeper.model.span import Span, written
from watchkeeper.model.text import Text, _
from watchkeeper.plugin.contract import Fail, Secret, Spec
from watchkeeper.plugin.outcome import worded

_UNIONS = (types.UnionType, typing.Union)


def params_of(spec: Spec, given: Mapping[str, Any], *, is_text: bool = False) -> Any:
    """The instance of `spec.params` that `given` describes; None for a handler without parameters.

    `is_text`: the values are words from a command line: numbers, true / false, and for lists and mappings JSON
    (a list also as `a,b,c`). Raises Known with the field, the value and what would be right.
    """
    fields = _fields(spec.params)
    for name in given:
        if name not in fields:
            raise Known(_unknown(spec, name, fields))
    values = {name: _read(field, given[name], is_text) for name, field in fields.items() if name in given}
    for name, field in fields.items():
        if name not in values and field.is_required:
            raise Known(_missing(spec, field))
    return _built(spec, values)


def plain_params(params: Any) -> dict[str, Any]:
    """Plain values that `params_of` reads back to `params`."""
    if params is None:
        return {}
    return {field.name: _plain(getattr(params, field.name)) for field in dataclasses.fields(params) if field.init}


def secrets_of(params: Any) -> tuple[Secret, ...]:
    """The names of the secrets that the parameters name, each once; a run may open no other."""
    fields = () if params is None else _secret_fields(type(params))  # type: ignore[arg-type]  # mypy: no class is Hashable
    named = (name for field in fields for name in _secrets_in(field.shape, getattr(params, field.name)))
    return tuple(dict.fromkeys(named))


@functools.lru_cache(maxsize=500)
def _secret_fields(params: type) -> "tuple[_Field, ...]":
    """Asked at every start of a run, so only those that can name one are looked at."""
    return tuple(field for field in _fields(params).values() if _may_name(field.shape))


def _may_name(shape: Any) -> bool:
    return shape is Secret or dataclasses.is_dataclass(shape) or any(map(_may_name, typing.get_args(shape)))


def _secrets_in(shape: Any, value: Any) -> Iterator[Secret]:
    """Also those in a list, a mapping or a dataclass within."""
    if shape is Secret:
        if value:
            yield value
    elif value is None:
        return
    elif typing.get_origin(shape) in _UNIONS:
        for part in typing.get_args(shape):
            yield from _secrets_in(part, value)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _secrets_in((typing.get_args(shape) or (None,))[-1], each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _secrets_in((typing.get_args(shape) or (None,))[0], each)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from secrets_of(value)


def schema_of(spec: Spec) -> dict[str, Any]:
    """JSON Schema (2020-12) of the parameters, with label, help, choices and defaults; TypeError for a shape that
    has no JSON form."""
    fields = _fields(spec.params)
    shapes = [field.shape for field in fields.values()]
    forms, components = msgspec.json.schema_components(shapes, schema_hook=_house_schema, ref_template="#/$defs/{name}")
    properties = {name: {**form, **_form(fields[name])} for name, form in zip(fields, forms, strict=True)}
    schema = {
        "type": "object",
        "title": str(spec.title),
        "description": spec.help,
        "properties": properties,
        "required": [name for name, field in fields.items() if field.is_required],
        "additionalProperties": False,
    }
    return {**schema, "$defs": components} if components else schema


@dataclasses.dataclass(frozen=True)
class _Field:
    name: str
    shape: Any
    default: Any
    form: Mapping[str, Any]

    @property
    def is_required(self) -> bool:
        return self.default is dataclasses.MISSING

    @property
    def label(self) -> Text:
        return worded(self.form.get("label", self.name))

    @property
    def choices(self) -> tuple[Any, ...]:
        return tuple(self.form.get("choices", ()))

    @property
    def names_of_choices(self) -> Mapping[Any, Text]:
        named = self.form.get("choices", ())
        return {_plain(value): worded(words) for value, words in named.items()} if isinstance(named, Mapping) else {}

    @property
    def when(self) -> Mapping[str, tuple[Any, ...]]:
        given = self.form.get("when", {})
        return {name: values if isinstance(values, tuple) else (values,) for name, values in given.items()}

    @property
    def is_secret_name(self) -> bool:
        return self.shape is Secret or self.shape == Secret | None

    @property
    def is_sensitive(self) -> bool:
        return bool(self.form.get("is_secret")) or self.is_secret_name


def _fields(params: type[Any] | None) -> Mapping[str, _Field]:
    return {} if params is None else _fields_of(params)  # type: ignore[arg-type]  # mypy: no class is Hashable


@functools.lru_cache(maxsize=500)
def _fields_of(params: type) -> Mapping[str, _Field]:
    hints = typing.get_type_hints(params, include_extras=True)
    return {
        field.name: _Field(field.name, _house_form(hints[field.name]), _default(field), field.metadata)
        for field in dataclasses.fields(params)
        if field.init
    }


def _house_form(shape: Any) -> Any:
    """A span is written `1h30m` here as everywhere in the house, not as ISO 8601."""
    if shape is timedelta:
        return Span
    return Span | None if shape == timedelta | None else shape


def _default(field: "dataclasses.Field[Any]") -> Any:
    return field.default if field.default_factory is dataclasses.MISSING else field.default_factory()


def _read(field: _Field, value: Any, is_text: bool) -> Any:
    try:
        raw = _from_words(field, value) if is_text and isinstance(value, str) else value
        read = codec.convert(raw, field.shape, strict=not is_text)
    except Known as refusal:
        raise Known(_refused(field, value, refusal.text)) from None
    if field.choices and read is not None and read not in field.choices:
        allowed = ", ".join(str(choice) for choice in field.choices)
        raise Known(_refused(field, value, _("it must be one of {choices}", choices=allowed)))
    return read


def _refused(field: _Field, value: Any, what: Text) -> Text:
    if field.is_sensitive:
        return _("the parameter {name}: {what}", name=field.name, what=what)
    return _("the parameter {name} is {value}: {what}", name=field.name, value=repr(value)[:80], what=what)


def _missing(spec: Spec, field: _Field) -> Text:
    return _(
        "{kind} needs the parameter {name} ({label}): give it a value",
        kind=spec.kind,
        name=field.name,
        label=field.label,
    )


def _unknown(spec: Spec, name: str, fields: Mapping[str, object]) -> Text:
    if not fields:
        return _("unknown parameter {name}: {kind} takes none", name=name[:60], kind=spec.kind)
    return _("{kind}: {what}", kind=spec.kind, what=codec.unknown_field(name, fields))


def _from_words(field: _Field, words: str) -> Any:
    """Lists and mappings are JSON; a list may also be written a,b,c."""
    shapes = _alternatives(field.shape)
    if str in shapes or Secret in shapes:
        return words
    if any(typing.get_origin(shape) is dict or shape is dict for shape in shapes) or words.startswith(("[", "{")):
        return codec.decode(words, list if words.startswith("[") else dict)
    if any(typing.get_origin(shape) in (list, tuple) or shape in (list, tuple) for shape in shapes):
        return [part.strip() for part in words.split(",")] if words else []
    return words


def _alternatives(shape: Any) -> tuple[Any, ...]:
    """The members of a union, else the shape itself; without Annotated."""
    if typing.get_origin(shape) is typing.Annotated:
        return _alternatives(typing.get_args(shape)[0])
    return typing.get_args(shape) if typing.get_origin(shape) in _UNIONS else (shape,)


def _built(spec: Spec, values: dict[str, Any]) -> Any:
    """A params class may refuse a combination in its `__post_init__`, by Fail or as dataclasses do by ValueError."""
    if spec.params is None:
        return None
    try:
        return spec.params(**values)
    except Fail as refusal:
        raise Known(_("{kind}: {what}", kind=spec.kind, what=refusal.text)) from None
    except ValueError as refusal:
        raise Known(_("{kind}: {what}", kind=spec.kind, what=str(refusal))) from None


def _house_schema(shape: type) -> dict[str, Any]:
    if shape is Span:
        return {"type": "string", "format": "span", "examples": ["90s", "1h30m"]}
    raise TypeError(f"the parameters hold a {shape.__name__}, which has no JSON form")


def _form(field: _Field) -> dict[str, Any]:
    """What `param()` said of it, in JSON Schema's words where there are some."""
    told = {
        "title": str(field.label),
        "description": str(field.form.get("help", "")),
        "examples": [field.form["placeholder"]] if field.form.get("placeholder") else [],
        "enum": _enum(field),
        "writeOnly": field.is_sensitive,
        "x-multiline": bool(field.form.get("is_multiline")),
    }
    default = {} if field.is_required else {"default": _plain(field.default)}
    return {name: value for name, value in told.items() if value} | default


def _enum(field: _Field) -> list[Any]:
    is_optional = field.choices and control_of(field.shape)[1]
    return [*field.choices, None] if is_optional else list(field.choices)


def _plain(value: Any) -> Any:
    return written(value) if isinstance(value, timedelta) else codec.plain(value)


def form_of(spec: Spec) -> tuple[FormField, ...]:
    """The parameters as fields of a form, with the words of `param()`."""
    return tuple(_form_field(field) for field in _fields(spec.params).values())


def _form_field(field: _Field) -> FormField:
    control, is_optional, has_numbers = control_of(field.shape)
    values = field.choices or choices_of(field.shape)
    return FormField(
        name=field.name,
        control=Control.CHOICE if values else Control.LINES if field.form.get("is_multiline") else control,
        label=field.label,
        help=worded(field.form["help"]) if field.form.get("help") else None,
        is_required=field.is_required,
        is_optional=is_optional,
        default=None if field.is_required else _plain(field.default),
        options=options(map(_plain, values), field.names_of_choices),
        placeholder=field.form.get("placeholder", ""),
        is_secret=field.is_sensitive,
        is_secret_name=field.is_secret_name,
        has_numbers=has_numbers,
        group=worded(field.form["group"]) if field.form.get("group") else None,
        when=field.when,
    )
