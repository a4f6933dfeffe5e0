"""The plugin files of the workspace and of the product: what became of them, and who may put them to use."""

import asyncio
import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from watchkeeper import __version__
from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action.door import Door
from watchkeeper.action.spec import Help, Values, action, query
from watchkeeper.model.errors import Conflict, Known, NotFound
from watchkeeper.model.events import PluginsReloadAsked
from watchkeeper.model.text import Text, _
from watchkeeper.plugin.loader import PluginFile, hash_of, source_of
from watchkeeper.store import plugins
from watchkeeper.store.tx import Tx

#: Letters of a traceback, of a docstring and of a source.
_MOST, _MOST_SOURCE = 10_000, 200_000

Path_ = Annotated[str, Meta(min_length=1, max_length=4_000), Help(_("the file, or its name as plugin list tells it"))]
Hash = Annotated[
    Annotated[str, Meta(max_length=64, pattern="^[0-9a-f]*$")],
    Help(_("its SHA-256 as it was looked at, or the first letters of it; empty for as it is now")),
]
Word = Annotated[bool | None, Help(_("what held before: true, false, or nothing"))]


class PluginRow(msgspec.Struct, frozen=True):
    """One plugin file: the kinds it declares, or why it can't be used."""

    path: str
    #: loaded, waiting, forbidden, tried, broken, refused or conflict.
    state: str
    kinds: tuple[str, ...]
    error: Text | None
    is_bundled: bool
    hash: str
    #: Where its code raised an error; empty where it did not.
    traceback: str = ""
    name: str = ""
    version: str = ""
    needs: tuple[str, ...] = ()
    help: str = ""
    #: It lies in a folder that is marked "I write these".
    is_own: bool = True


class PluginDetail(PluginRow, frozen=True):
    """One plugin file with its text."""

    source: str = ""
    #: What has changed since it was allowed last, as lines that begin with -, + or a blank; empty where it never was.
    changes: tuple[str, ...] = ()
    #: Who allowed it last.
    allowed_by: str = ""


class Decided(msgspec.Struct, frozen=True):
    """What holds of a file, and what held before."""

    path: str
    hash: str
    is_allowed: bool | None
    before: bool | None

    @property
    def undo(self) -> Mapping[str, Any]:
        """What `plugin.decide` is to be given to take this back."""
        return {"path": self.path, "hash": self.hash, "is_allowed": self.before}


@query("plugin.list", title=_("List plugin files"))
async def listed(door: Door, actor: Actor) -> list[PluginRow]:
    """Every plugin file, usable or not."""
    return [PluginRow(**_told(file)) for file in door.registry.files]


@query("plugin.show", title=_("Show a plugin file"))
async def show(door: Door, actor: Actor, *, path: Path_) -> PluginDetail:
    """A plugin file with its text, and the text that was allowed last."""
    file = _found(door, path)
    allowed = await door.read(lambda tx: plugins.last_allowed(tx, file.path))
    text = await asyncio.to_thread(_source, file, file.hash)
    if allowed is None:
        return PluginDetail(**_told(file), source=text)
    changes = await asyncio.to_thread(_changes, allowed.source, text)
    return PluginDetail(**_told(file), source=text, changes=changes, allowed_by=allowed.actor)


def _looked_at(door: Door, values: Values) -> Values:
    """With the whole path, and with the hash of what is there now; Conflict when that is not what was looked at."""
    file = _found(door, values["path"])
    _require_decidable(file)
    try:
        now = hash_of(Path(file.path))
    except OSError as error:
        raise Known(_("{path} can't be read: {why}", path=file.path, why=error.strerror or "")) from None
    if not now.startswith(values["hash"]):
        raise Conflict(_("{path} has changed since it was looked at: look at it again", path=file.path))
    return {**values, "path": file.path, "hash": now}


@action(
    "plugin.allow",
    title=_("Allow a plugin file"),
    permission=Permission.ADMIN,
    on="path",
    undo="plugin.decide",
    prepare=_looked_at,
)
def allow(tx: Tx, actor: Actor, door: Door, *, path: Path_, hash: Hash = "") -> Decided:
    """Let a file be loaded as it is now; when it changes it waits again."""
    text = _source(_found(door, path), hash)
    return Decided(path, hash, True, plugins.decide(tx, path, hash, True, actor.name, text))


@action(
    "plugin.forbid",
    title=_("Forbid a plugin file"),
    permission=Permission.ADMIN,
    on="path",
    undo="plugin.decide",
    prepare=_looked_at,
)
def forbid(tx: Tx, actor: Actor, *, path: Path_, hash: Hash = "") -> Decided:
    """Let a file not be loaded as it is now; runs that use it come to their end."""
    return Decided(path, hash, False, plugins.decide(tx, path, hash, False, actor.name))


@action(
    "plugin.decide",
    title=_("Give a plugin file its earlier permission back"),
    permission=Permission.ADMIN,
    on="path",
    undo="plugin.decide",
)
def decide(tx: Tx, actor: Actor, *, path: Path_, hash: Hash, is_allowed: Word = None) -> Decided:
    """Take back what was said to a file of this hash."""
    return Decided(path, hash, is_allowed, plugins.decide(tx, path, hash, is_allowed, actor.name))


@action("plugin.reload", title=_("Read all plugins anew"), permission=Permission.ADMIN)
def reload(tx: Tx, actor: Actor) -> None:
    """Also those that were broken: they may find by now what they lacked. Live runs keep what they have."""
    tx.tell(PluginsReloadAsked())


def _told(file: PluginFile) -> dict[str, Any]:
    said = file.manifest
    return {
        "path": file.path,
        "state": str(file.state),
        "kinds": file.kinds,
        "error": file.error,
        "is_bundled": file.is_bundled,
        "hash": file.hash,
        "traceback": file.traceback[-_MOST:],
        "name": said.name,
        "version": __version__ if file.is_bundled else said.version,
        "needs": said.needs,
        "help": said.help[:_MOST],
        "is_own": file.is_own,
    }


def _found(door: Door, name: str) -> PluginFile:
    """By path, or by name where that is one only."""
    files = door.registry.files
    found = [file for file in files if file.path == name] or [file for file in files if Path(file.path).name == name]
    if len(found) == 1:
        return found[0]
    if found:
        paths = ", ".join(file.path for file in found)
        raise Known(_("{name} is the name of several files: name one of {paths}", name=name[:100], paths=paths))
    raise NotFound(_("there is no plugin file {name}: plugin list names all", name=name[:200]))


def _require_decidable(file: PluginFile) -> None:
    if file.is_bundled:
        raise Known(_("{path} comes with Watchkeeper: there is nothing to decide", path=file.path))
    if not file.hash:
        raise Known(_("{path} was not read: {why}", path=file.path, why=file.error or _("it is no plugin")))


def _changes(before: str, after: str) -> tuple[str, ...]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="")
    return tuple(" ..." if line.startswith("@@") else line for line in list(lines)[2:])


def _source(file: PluginFile, hash: str) -> str:
    """Its text as it has this hash; empty where it is another one by now, or can't be read."""
    try:
        text = source_of(Path(file.path), _MOST_SOURCE) if hash else ""
        return text if text and hash_of(Path(file.path)) == hash else ""
    except (OSError, Known):
        return ""
