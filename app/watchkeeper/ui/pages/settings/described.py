"""Sections of settings, read off frozen dataclasses: the window's own and the program's are described alike."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Protocol, get_type_hints

from watchkeeper.model import codec
from watchkeeper.model.form import Control, FormField, control_of, options
from watchkeeper.model.text import Text


@dataclass(frozen=True)
class Held:
    """What a setting is now, as plain data."""

    value: Any
    is_default: bool
    #: Something that has to be known of it; a sentence.
    remark: Text | None = None


class Keeper(Protocol):
    """Knows the values of a section, and keeps others."""

    async def held(self) -> Mapping[str, Held]:
        """Every value by its name."""

    async def keep(self, name: str, value: Any) -> None:
        """Let a setting have another value, its default for ABSENT; Known when it can't have that."""


@dataclass(frozen=True)
class Item:
    """One setting: `field.name` is `section.field`."""

    field: FormField
    #: Whether it holds from the engine's next start only.
    is_late: bool = False


@dataclass(frozen=True)
class Section:
    """Settings under one title."""

    name: str
    icon: str
    title: Text
    items: tuple[Item, ...]
    keeper: Keeper


def items_of(section: str, shape: type) -> tuple[Item, ...]:
    """The settings that the fields of a dataclass describe by `watchkeeper.settings.setting`."""
    hints, default = get_type_hints(shape), shape()
    return tuple(
        Item(
            _field(f"{section}.{each.name}", hints[each.name], getattr(default, each.name), each.metadata),
            is_late=not each.metadata["is_live"],
        )
        for each in fields(shape)
    )


def _field(name: str, shape: Any, default: Any, told: Mapping[str, Any]) -> FormField:
    offered: Mapping[Any, Text] = told.get("options", {})
    return FormField(
        name=name,
        control=Control.CHOICE if offered else control_of(shape)[0],
        label=told["label"],
        help=told["help"],
        default=codec.plain(default),
        options=options(offered, offered),
        placeholder=told.get("placeholder", ""),
    )
