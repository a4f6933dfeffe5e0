"""Reads one plugin file or folder: imports it under a name of its own and keeps the Specs that it declares."""

import dataclasses
import hashlib
import importlib.util
import os
import re
import stat
import sys
import traceback
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from types import ModuleType, TracebackType

import msgspec

from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text, _
from watchkeeper.plugin.code import Code, forget, module_of
from watchkeeper.plugin.contract import Spec
from watchkeeper.plugin.manifest import Manifest, manifest_of, require_needs
from watchkeeper.plugin.outcome import said
from watchkeeper.plugin.schema import schema_of
from watchkeeper.plugin.trust import require_trusted

_SETTING = "plugins.folders"

#: Bytes of a plugin's files together, of its Python files, and of the one that it begins with.
_MOST_BYTES, _MOST_CODE, _MOST_MAIN = 64 << 20, 4 << 20, 256 << 10


class Folder(msgspec.Struct, frozen=True):
    """A folder of plugins."""

    path: Path
    #: Comes with the product.
    is_bundled: bool = False
    #: "I write these": files of this user's own, which need no allowance per change.
    is_own: bool = True
    #: Somebody has named it, so that it should be there.
    is_named: bool = False


class FileState(StrEnum):
    """What became of a file."""

    LOADED = "loaded"
    #: It was not seen before, or has changed: a person is to allow it. None of its code has run.
    WAITING = "waiting"
    #: A person said no.
    FORBIDDEN = "forbidden"
    #: It is imported in a process of its own, to see what it does.
    TRIED = "tried"
    BROKEN = "broken"
    #: Somebody else could change it.
    REFUSED = "refused"
    #: It claims a kind that another file has.
    CONFLICT = "conflict"


class PluginFile(msgspec.Struct, frozen=True):
    """One row of the plugin list."""

    path: str
    state: FileState
    #: The kinds that it declares.
    kinds: tuple[str, ...] = ()
    error: Text | None = None
    traceback: str = ""
    #: SHA-256 in hex; empty when it was not read.
    hash: str = ""
    is_bundled: bool = False
    #: In a folder marked "I write these".
    is_own: bool = True
    manifest: Manifest = Manifest()


class Loaded(msgspec.Struct, frozen=True):
    """A row, and what may be used of it."""

    file: PluginFile
    specs: tuple[Spec, ...] = ()


class Read(msgspec.Struct, frozen=True):
    """A file or folder that could be read and that nobody else can change; none of its code has run."""

    row: PluginFile
    code: Code


def paths_in(folder: Folder) -> list[Path]:
    """The plugins in a folder, by name; Known when somebody else can write to it, OSError when it can't be read."""
    if not folder.path.exists():
        if folder.is_named:
            raise Known(_("there is no folder {path}: mend the setting {name}", path=str(folder.path), name=_SETTING))
        return []
    if not folder.is_bundled:
        require_trusted(folder.path)
    return sorted(path for path in folder.path.iterdir() if _is_plugin(path))


def load(path: Path, *, is_bundled: bool, is_own: bool = True, only: str = "") -> Loaded:
    """Import the plugin at `path`; whatever is wrong with it becomes a row and never an exception.

    `only`: the hash that it must have; nothing of another one is executed.
    """
    found = read(path, is_bundled=is_bundled, is_own=is_own)
    if isinstance(found, Loaded):
        return found
    if only and found.row.hash != only:
        return stopped(
            found.row, FileState.REFUSED, _("{path} has changed since the engine read it", path=found.row.path)
        )
    return imported(found)


def read(path: Path, *, is_bundled: bool, is_own: bool = True) -> "Read | Loaded":
    """The plugin at `path` with its hash and manifest, or the row that says what is wrong with it."""
    row = PluginFile(str(path), FileState.LOADED, is_bundled=is_bundled, is_own=is_own)
    try:
        if not is_bundled:
            _require_trusted_tree(path)
        _require_module(path)
        contents = _contents(path)
        code = _code_of(path, contents, is_open=is_own or is_bundled)
    except Known as refusal:
        return stopped(row, FileState.REFUSED, refusal.text)
    except OSError as error:
        return Loaded(broken(row, error))
    manifest = manifest_of(code.files[code.main])
    row = msgspec.structs.replace(
        row, hash=_digest(path, contents), manifest=manifest, kinds=tuple(dict.fromkeys(manifest.kinds))
    )
    return Read(row, code)


def imported(found: Read) -> Loaded:
    """Import what was read, when what it needs is here."""
    try:
        require_needs(found.row.manifest.needs)
        specs = _specs(found)
    except Known as refusal:
        return stopped(found.row, FileState.BROKEN, refusal.text)
    except (Exception, SystemExit) as error:
        return Loaded(broken(found.row, error))
    if not specs:
        return stopped(found.row, FileState.BROKEN, _empty())
    return loaded_as(found.row, specs)


def loaded_as(row: PluginFile, specs: tuple[Spec, ...]) -> Loaded:
    """A row that can be used, with the kinds that it has."""
    return Loaded(msgspec.structs.replace(row, kinds=tuple(spec.kind for spec in specs)), specs)


def stopped(row: PluginFile, state: FileState, why: Text) -> Loaded:
    """A row without anything that may be used."""
    return Loaded(msgspec.structs.replace(row, state=state, error=why))


def broken(row: PluginFile, error: BaseException) -> PluginFile:
    """The row of a file whose reading or import raised `error`."""
    text = _("this cannot be imported: {error}", error=said(error).splitlines()[0][:500])
    shown = "".join(traceback.format_exception(type(error), error, _from(row.path, error.__traceback__)))
    return msgspec.structs.replace(row, state=FileState.BROKEN, error=text, traceback=shown)


def _from(path: str, trace: TracebackType | None) -> TracebackType | None:
    """Without the house's own frames before the first one in the plugin; whole where none is there."""
    inner = trace
    while inner is not None and not inner.tb_frame.f_code.co_filename.startswith(path):
        inner = inner.tb_next
    return inner or trace


def _is_plugin(path: Path) -> bool:
    """A `*.py` file or a folder with such files; not when its name begins with _ or a dot."""
    return path.name[0] not in "_." and (path.suffix == ".py" or any(path.glob("*.py")))


def _require_module(path: Path) -> None:
    if path.is_dir() and not (path / "__init__.py").is_file():
        text = _("{path} has no __init__.py: add one, or begin its name with _ if it is no plugin", path=str(path))
        raise Known(text)


def hash_of(path: Path) -> str:
    """SHA-256 in hex over the file, or over the names and contents of all the folder's files."""
    return _digest(path, _contents(path))


def source_of(path: Path, most: int) -> str:
    """The text of a plugin for people, at most so many letters; of a folder each Python file under its name."""
    files = [file for file in _tree(path) if file.suffix == ".py"]
    parts = (
        (f"# {file.relative_to(path)}\n" if path.is_dir() else "") + file.read_text("utf-8", "replace")
        for file in files
    )
    text = "\n".join(parts)
    return text if len(text) <= most else f"{text[:most]}\n# ..."


def _contents(path: Path) -> dict[Path, bytes]:
    contents: dict[Path, bytes] = {}
    for file in _tree(path):
        contents[file] = _bytes_of(file)
        if sum(map(len, contents.values())) > _MOST_BYTES:
            raise Known(_too_much(path, _MOST_BYTES, _("keep data elsewhere")))
    return contents


def _bytes_of(file: Path) -> bytes:
    """At most a byte too many; a file that became another kind of thing is not waited for."""
    with os.fdopen(os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as opened:
        if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
            raise Known(_("{path} is no ordinary file", path=str(file)))
        return opened.read(_MOST_BYTES + 1)


def _code_of(path: Path, contents: Mapping[Path, bytes], *, is_open: bool) -> Code:
    is_folder = path.is_dir()
    files = {
        file.relative_to(path if is_folder else path.parent).as_posix(): content
        for file, content in contents.items()
        if file.suffix == ".py"
    }
    code = Code(str(path), files, is_folder, is_open)
    if code.main not in files:
        raise Known(_("{path} is no ordinary file", path=str(path)))
    if len(files[code.main]) > _MOST_MAIN:
        raise Known(_too_much(path, _MOST_MAIN, _("keep data elsewhere, and code in modules beside it")))
    if sum(map(len, files.values())) > _MOST_CODE:
        raise Known(_too_much(path, _MOST_CODE, _("install what it needs, and keep data elsewhere")))
    return code


def _too_much(path: Path, most: int, remedy: Text) -> Text:
    return _("{path} has more than {most} KiB: {remedy}", path=str(path), most=most >> 10, remedy=remedy)


def _digest(path: Path, contents: Mapping[Path, bytes]) -> str:
    digest = hashlib.sha256()
    for file, content in contents.items():
        digest.update(f"{file.relative_to(path.parent).as_posix()}\0{len(content)}\0".encode(errors="surrogateescape"))
        digest.update(content)
    return digest.hexdigest()


def _tree(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts)


def _require_trusted_tree(path: Path) -> None:
    require_trusted(path)
    if path.is_dir():
        for inner in path.rglob("*"):
            require_trusted(inner)


def _specs(found: Read) -> tuple[Spec, ...]:
    """Import the plugin, never by way of sys.path, and take what it declares.

    The old module of a changed file stays in sys.modules: a live run's function may still import from its own package.
    """
    name = f"watchkeeper_plugin_{found.row.hash[:12]}_{re.sub(r'[^A-Za-z0-9_]', '_', Path(found.row.path).stem)}"
    module = _bundled_module(name, found) if found.row.is_bundled else module_of(name, found.code)
    try:
        return tuple(_declared(module, found.row))
    except BaseException:
        forget(name)
        raise


def _bundled_module(name: str, found: Read) -> ModuleType:
    """By way of its file: its bytecode saves a start."""
    code = found.code
    spec = importlib.util.spec_from_file_location(
        name,
        str(Path(code.path, code.main) if code.is_folder else code.path),
        submodule_search_locations=[code.path] if code.is_folder else None,
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _declared(module: ModuleType, row: PluginFile) -> Iterator[Spec]:
    """The Specs that the module itself made, not those it imported from elsewhere."""
    found = {id(value): value for value in vars(module).values() if isinstance(value, Spec)}
    for spec in found.values():
        if f"{spec.fn.__module__}.".startswith(f"{module.__name__}."):
            schema_of(spec)
            yield dataclasses.replace(
                spec, source=row.path, hash=row.hash, is_bundled=row.is_bundled, is_own=row.is_own
            )


def _empty() -> Text:
    return _("this file declares no handler and no channel: name it with a leading _ if it is not meant to")
