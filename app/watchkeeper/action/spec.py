"""An action: a function with a name, a permission and typed parameters, registered in one list.

Command line, permission check and audit trail are derived from that list, so none can do what another forgot to check.
"""

import difflib
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_args, get_type_hints

import msgspec
from msgspec import Meta

from watchkeeper.access.permission import Permission
from watchkeeper.action.names import require_storable
from watchkeeper.action.nouns import Noun, noun_of
from watchkeeper.model import codec
from watchkeeper.model.errors import NotFound
from watchkeeper.model.text import Text, _

if TYPE_CHECKING:
    from watchkeeper.access.actor import Actor
    from watchkeeper.action.door import Door
    from watchkeeper.store.tx import Tx

Fn = TypeVar("Fn", bound=Callable[..., Any])
Values = Mapping[str, Any]

#: The pure part of an action, before its transaction and off the loop: values in, values out.
Prepare = Callable[["Door", Values], Values]

#: How an object is named by whoever asks.
Ref = Annotated[str, Meta(min_length=1, max_length=200)]


class Kind(StrEnum):
    """Which verb of the desk carries it out."""

    DO = "do"
    ASK = "ask"
    WATCH = "watch"


class Sensitive:
    """`Annotated[str, Sensitive]` marks a parameter that never goes to the audit trail."""


class Asked(Sensitive):
    """`Annotated[str, Asked]` marks one that is asked for: on a command line by a prompt or from the standard input,
    never as a word of the command, which everybody on the machine can read."""


@dataclass(frozen=True, eq=False)
class Help:
    """`Annotated[str, Help(_("..."))]` says in a line what a parameter is for, on a form as on the command line."""

    text: Text


@dataclass(frozen=True)
class Parameter:
    """One keyword parameter of an action."""

    name: str
    #: What travels: for an object its name, number or id.
    shape: Any
    default: Any
    #: How to find the object that the function gets; None for a plain value.
    noun: Noun | None
    is_sensitive: bool
    #: A command never takes it as a word (see Asked).
    is_asked: bool
    #: What it is for, in a line.
    help: Text

    @property
    def is_required(self) -> bool:
        return self.default is inspect.Parameter.empty


@dataclass(frozen=True)
class Action:
    """Something that a person or program can do or ask."""

    #: Grant, audit verb and command at once: `run.start`.
    name: str
    title: Text
    permission: Permission
    kind: Kind
    fn: Callable[..., Any]
    #: Which of tx, actor and door the function wants first.
    ports: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    #: The type of the answer, of one step with WATCH.
    result: Any
    #: The parameter that is the object.
    on: str | None
    undo: str | None
    preview: str | None
    prepare: Prepare | None

    @property
    def is_in_transaction(self) -> bool:
        return "tx" in self.ports

    def read(self, given: Values) -> dict[str, Any]:
        """The values of the parameters from plain data or the values themselves; Known with the field's place."""
        plain = codec.plain(given)
        require_storable(plain)
        read = codec.convert(plain, self._form)
        return {parameter.name: getattr(read, parameter.name) for parameter in self.parameters}

    def load(self, tx: "Tx", actor: "Actor", values: Values) -> dict[str, Any]:
        """The values with objects in place of their names; Refused where the actor may not do this with one."""
        return {p.name: self._loaded(tx, actor, p, values[p.name]) for p in self.parameters}

    def label(self, values: Values) -> str | None:
        """How the audit trail names the object."""
        value = values.get(self.on) if self.on else None
        if value is None:
            return None
        noun = noun_of(type(value))
        return noun.label(value) if noun else str(getattr(value, "name", value))[:200]

    @cached_property
    def _form(self) -> Any:
        """A struct with the parameters as its fields, so that the codec finds places and near misses."""
        required = [(p.name, p.shape) for p in self.parameters if p.is_required]
        optional = [(p.name, p.shape, p.default) for p in self.parameters if not p.is_required]
        return msgspec.defstruct("Given", [*required, *optional], frozen=True, forbid_unknown_fields=True)

    def _loaded(self, tx: "Tx", actor: "Actor", parameter: Parameter, value: Any) -> Any:
        if parameter.noun is None or value is None:
            if parameter.name == self.on:
                actor.require(self.permission, str(getattr(value, "name", value)))
            return value
        found = parameter.noun.find(tx, value)
        actor.require(self.permission, parameter.noun.scope(found))
        return found


#: Every action by its name, in the order of their files.
ACTIONS: dict[str, Action] = {}


def action(
    name: str,
    *,
    title: Text,
    permission: Permission,
    on: str | None = None,
    undo: str | None = None,
    preview: str | None = None,
    prepare: Prepare | None = None,
) -> Callable[[Fn], Fn]:
    """Register `fn(tx, actor, *, ...)` or `fn(tx, actor, door, *, ...)`: one transaction with its audit row.

    `on` names the parameter that is the object, `undo` the action that takes it back, `preview` the query that tells
    what it would do.
    """

    def registered(fn: Fn) -> Fn:
        _register(_described(name, Kind.DO, fn, title, permission, on, undo, preview, prepare))
        return fn

    return registered


def query(
    name: str, *, title: Text, permission: Permission = Permission.VIEW, on: str | None = None
) -> Callable[[Fn], Fn]:
    """Register a function that only looks: plain with a tx, or `async def f(door, actor, *, ...)`.

    One that returns an AsyncIterator is watched, step by step.
    """

    def registered(fn: Fn) -> Fn:
        kind = Kind.WATCH if inspect.isasyncgenfunction(fn) else Kind.ASK
        _register(_described(name, kind, fn, title, permission, on, None, None, None))
        return fn

    return registered


def found(name: str, kind: Kind) -> Action:
    """The action called `name`; NotFound with the nearest name, or when another verb carries it out."""
    known = ACTIONS.get(name)
    if known is None:
        near = difflib.get_close_matches(name[:100], list(ACTIONS), n=1)
        if near:
            raise NotFound(_("there is no action {name}: did you mean {near}?", name=name[:60], near=near[0]))
        raise NotFound(_("there is no action {name}", name=name[:60]))
    if known.kind is not kind:
        raise NotFound(_("{name} is no action to {verb}: use {kind}", name=name, verb=kind, kind=known.kind))
    return known


def _register(new: Action) -> None:
    if new.name in ACTIONS:
        raise ValueError(f"two actions are called {new.name}")
    if new.on is not None and new.on not in {parameter.name for parameter in new.parameters}:
        raise TypeError(f"{new.name}: there is no parameter {new.on}")
    ACTIONS[new.name] = new


def _described(name: str, kind: Kind, fn: Callable[..., Any], *facts: Any) -> Action:
    title, permission, on, undo, preview, prepare = facts
    hints = get_type_hints(fn, include_extras=True)
    signature = inspect.signature(fn).parameters.values()
    result = hints["return"]
    return Action(
        name=name,
        title=title,
        permission=permission,
        kind=kind,
        fn=fn,
        ports=tuple(p.name for p in signature if p.kind is not inspect.Parameter.KEYWORD_ONLY),
        parameters=tuple(_parameter(p, hints[p.name]) for p in signature if p.kind is inspect.Parameter.KEYWORD_ONLY),
        result=get_args(result)[0] if kind is Kind.WATCH else result,
        on=on,
        undo=undo,
        preview=preview,
        prepare=prepare,
    )


def _parameter(given: inspect.Parameter, shape: Any) -> Parameter:
    parts = list(_parts(shape))
    noun = next((found for part in parts if (found := noun_of(part))), None)
    named: Any = Ref if given.default is inspect.Parameter.empty else Ref | None
    return Parameter(
        name=given.name,
        shape=_without_help(shape) if noun is None else named,
        default=given.default,
        noun=noun,
        is_sensitive=Sensitive in parts or Asked in parts,
        is_asked=Asked in parts,
        help=next((part.text for part in parts if isinstance(part, Help)), noun.help if noun else Text("")),
    )


def _parts(shape: Any) -> Iterator[Any]:
    """A type, what it is made of, and the marks on either."""
    yield shape
    for part in get_args(shape):
        yield from _parts(part)


def _without_help(shape: Any) -> Any:
    marks = [mark for mark in getattr(shape, "__metadata__", ()) if not isinstance(mark, Help)]
    bare = getattr(shape, "__origin__", shape) if hasattr(shape, "__metadata__") else shape
    return Annotated[bare, *marks] if marks else bare
