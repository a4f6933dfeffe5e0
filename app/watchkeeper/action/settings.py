"""The program's own settings: what they are, where that comes from, and changing them in the workspace's file."""

import asyncio
from collections.abc import Mapping
from dataclasses import Field
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from watchkeeper import settings
from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action.door import Door
from watchkeeper.action.names import at, require_line
from watchkeeper.action.spec import Help, Values, action, query
from watchkeeper.model import codec
from watchkeeper.model.address import without_password
from watchkeeper.model.errors import Known, NotFound
from watchkeeper.model.events import SettingsChanged
from watchkeeper.model.span import Span, parse
from watchkeeper.model.text import Text, _
from watchkeeper.settings import Settings
from watchkeeper.store.tx import Tx

_STORE = "store.url"
_SWITCH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}

Name = Annotated[str, Meta(max_length=100), Help(_("which one: engine.local_slots"))]
Words = Annotated[Annotated[str, Meta(max_length=1_000)] | None, Help(_("its value: 8, 30d, true"))]


class Setting(msgspec.Struct, frozen=True):
    """One setting as the file of the workspace has it."""

    #: `section.field`.
    name: str
    value: str | int | bool
    default: str | int | bool
    #: The file names it; else the default holds.
    is_in_file: bool
    #: An engine that runs takes it at once; else it takes it at its next start.
    is_live: bool
    #: The engine behind this door works with another value until it starts again.
    is_pending: bool
    help: Text


class Changed(msgspec.Struct, frozen=True):
    """What a setting was and what it is, as the file has it; None where the default holds."""

    name: str
    before: str | None
    after: str | None

    @property
    def undo(self) -> Mapping[str, Any]:
        """What `settings.change` is to be given to take this back."""
        return {"name": self.name, "value": self.before}


def read(name: str, words: str) -> Any:
    """The value that words mean for a setting; Known, with its name, when it can't have that."""
    with at(_known(name)):
        value = _read(name, words)
    settings.require_fitting(name, value)
    return value


@query("settings.show", title=_("Show the settings"))
async def show(door: Door, actor: Actor) -> list[Setting]:
    """Every setting of the program in the order of its sections, with its value and where that comes from."""
    return await asyncio.to_thread(_shown, door)


def _checked(door: Door, values: Values) -> Values:
    name, words = values["name"], values["value"]
    return {**values, "name": _known(name), "value": None if words is None else read(name, words)}


@action(
    "settings.change",
    title=_("Change a setting"),
    permission=Permission.ADMIN,
    on="name",
    undo="settings.change",
    prepare=_checked,
)
def change(tx: Tx, actor: Actor, door: Door, *, name: Name, value: Words) -> Changed:
    """Write a setting into the workspace's file; what it is by default needs no line there: `settings reset`."""
    return _kept(tx, door, name, value)


def _checked_name(door: Door, values: Values) -> Values:
    _known(values["name"])
    return values


@action(
    "settings.reset",
    title=_("Give a setting its default back"),
    permission=Permission.ADMIN,
    on="name",
    undo="settings.change",
    prepare=_checked_name,
)
def reset(tx: Tx, actor: Actor, door: Door, *, name: Name) -> Changed:
    """Take a setting out of the workspace's file, so that the default holds."""
    return _kept(tx, door, name, None)


def _shown(door: Door) -> list[Setting]:
    now, named, default = settings.load(door.home), settings.named(door.home), Settings()
    return [_setting(door, name, field, now, default, name in named) for name, field in settings.names()]


def _setting(door: Door, name: str, field: Field[Any], now: Settings, default: Settings, is_in_file: bool) -> Setting:
    value = settings.value_of(now, name)
    is_live = field.metadata["is_live"]
    is_other = door.settings is not None and settings.value_of(door.settings, name) != value
    return Setting(
        name,
        _plain(value),
        _plain(settings.value_of(default, name)),
        is_in_file,
        is_live,
        is_pending=is_other and not is_live and door.engine is not None,
        help=field.metadata["help"],
    )


def _kept(tx: Tx, door: Door, name: str, value: Any) -> Changed:
    """The file is written before the commit: whatever the audit trail tells of has been done. Where the store fails in
    the commit itself the file says more than the trail does; to write the same again changes nothing."""
    before = _words(settings.value_of(settings.load(door.home), name)) if name in settings.named(door.home) else None
    tx.tell(SettingsChanged(name))
    try:
        settings.keep(door.home, name, value)
    except OSError as error:
        raise Known(_("{file} can't be written: {why}", file=settings.FILE, why=error.strerror or "")) from None
    return Changed(name, before, None if value is None else _words(value))


def _known(name: str) -> str:
    known = {each for each, _field in settings.names()}
    if name not in known:
        raise NotFound(codec.unknown_field(name, known))
    return name


def _read(name: str, words: str) -> Any:
    require_line(words, 1_000)
    default = settings.value_of(Settings(), name)
    if isinstance(default, bool):
        return _switch(words)
    if isinstance(default, int):
        return _whole(words)
    if isinstance(default, Span):
        return parse(words)
    if name == _STORE and words:
        # It loads the drivers of the store, which commands beside a running engine do without.
        from watchkeeper.store.driver import require_server

        require_server(words)
    return words.strip()


def _switch(words: str) -> bool:
    if (value := _SWITCH.get(words.strip().lower())) is None:
        raise Known(_("{text} is neither true nor false", text=words[:40]))
    return value


def _whole(words: str) -> int:
    plain = words.strip()
    if not (plain.removeprefix("-").isdecimal() and plain.isascii() and len(plain) < 16):
        raise Known(_("{text} is no whole number: write digits only", text=words[:40]))
    return int(plain)


def _plain(value: Any) -> str | int | bool:
    plain: str | int | bool = codec.plain(value)
    return without_password(plain) if isinstance(plain, str) else plain


def _words(value: Any) -> str:
    plain = _plain(value)
    return str(plain).lower() if isinstance(plain, bool) else str(plain)
