"""Reads one plugin file or folder: imports it under a name of its own and keeps the Specs that it declares."""

import dataclasses
import hashlib
import importlib.machinery
import importlib.util
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from types import ModuleType

import msgspec

from watchkeeper.model.errors import Bug, Known
from watchkeeper.model.text import Text, _
from watchkeeper.plugin.contract import Spec
from watchkeeper.plugin.outcome import said
from watchkeeper.plugin.schema import schema_of
from watchkeeper.plugin.trust import require_trusted


class Folder(msgspec.Struct, frozen=True):
    """A folder of plugins."""

    path: Path
    #: Comes with the product.
    is_bundled: bool = False
    #: "I write these": files of this user's own, which need no allowance per change.
    is_own: bool = True


class FileState(StrEnum):
    """What became of a file."""

    LOADED = "loaded"
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


class Loaded(msgspec.Struct, frozen=True):
    """A row, and what may be used of it."""

    file: PluginFile
    specs: tuple[Spec, ...] = ()


def load_folder(folder: Folder, known: Mapping[str, Loaded]) -> Iterator[Loaded]:
    """All plugins in `folder`, by name; those in `known`, by path, that have not changed stay as they are."""
    try:
        _require_allowed(folder)
        paths = sorted(path for path in folder.path.iterdir() if _is_plugin(path)) if folder.path.exists() else []
    except Known as refusal:
        yield Loaded(PluginFile(str(folder.path), FileState.REFUSED, error=refusal.text))
    except OSError as error:
        yield Loaded(_broken(PluginFile(str(folder.path), FileState.BROKEN), error))
    else:
        for path in paths:
            yield load(path, is_bundled=folder.is_bundled, known=known.get(str(path)))


def load(path: Path, *, is_bundled: bool, known: Loaded | None = None) -> Loaded:
    """Import the plugin at `path`; whatever is wrong with it becomes a row and never an exception."""
    row = PluginFile(str(path), FileState.LOADED, is_bundled=is_bundled)
    try:
        if not is_bundled:
            _require_trusted_tree(path)
        row = msgspec.structs.replace(row, hash=hash_of(path))
        if known is not None and known.file.hash == row.hash and known.specs:
            return known
        specs = _specs(path, row)
    except Known as refusal:
        return Loaded(msgspec.structs.replace(row, state=FileState.REFUSED, error=refusal.text))
    except (Exception, SystemExit) as error:
        return Loaded(_broken(row, error))
    if not specs:
        return Loaded(msgspec.structs.replace(row, state=FileState.BROKEN, error=_empty()))
    return Loaded(msgspec.structs.replace(row, kinds=tuple(spec.kind for spec in specs)), specs)


def _is_plugin(path: Path) -> bool:
    """A `*.py` file or a folder with an `__init__.py`; not when its name begins with _ or a dot."""
    return path.name[0] not in "_." and (path.suffix == ".py" or (path / "__init__.py").is_file())


def _require_allowed(folder: Folder) -> None:
    if folder.is_bundled or not folder.path.exists():
        return
    if not folder.is_own:
        raise Known(
            _("{path} is not marked as a folder of your own, and nothing else is loaded", path=str(folder.path))
        )
    require_trusted(folder.path)


def hash_of(path: Path) -> str:
    """SHA-256 in hex over the file, or over the names and contents of all the folder's files."""
    digest = hashlib.sha256()
    for file in _tree(path):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(path.parent).as_posix()}\0{len(content)}\0".encode(errors="surrogateescape"))
        digest.update(content)
    return digest.hexdigest()


def _tree(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts)


def _require_trusted_tree(path: Path) -> None:
    require_trusted(path)
    if path.is_dir():
        for inner in path.rglob("*"):
            require_trusted(inner)


def _specs(path: Path, row: PluginFile) -> tuple[Spec, ...]:
    """Import the plugin, never by way of sys.path, and take what it declares.

    The old module of a changed file stays in sys.modules: a live run's function may still import from its own package.
    """
    name = f"watchkeeper_plugin_{row.hash[:12]}_{re.sub(r'[^A-Za-z0-9_]', '_', path.stem)}"
    module = importlib.util.module_from_spec(_import_spec(name, path))
    sys.modules[name] = module
    try:
        _execute(module, keeps_bytecode=row.is_bundled)
        return tuple(_declared(module, row))
    except BaseException:
        _forget(name)
        raise


def _import_spec(name: str, path: Path) -> importlib.machinery.ModuleSpec:
    is_package = path.is_dir()
    spec = importlib.util.spec_from_file_location(
        name,
        path / "__init__.py" if is_package else path,
        submodule_search_locations=[str(path)] if is_package else None,
    )
    if spec is None:
        raise Bug(f"no importer for {path}")
    return spec


def _execute(module: ModuleType, *, keeps_bytecode: bool) -> None:
    """Bytecode files would lie in the user's folder, and are compared by time and not by content; ours save a start."""
    importlib.invalidate_caches()
    had = sys.dont_write_bytecode
    sys.dont_write_bytecode = had or not keeps_bytecode
    try:
        assert module.__spec__ is not None and module.__spec__.loader is not None
        module.__spec__.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = had


def _forget(name: str) -> None:
    for known in [known for known in sys.modules if known == name or known.startswith(f"{name}.")]:
        del sys.modules[known]


def _declared(module: ModuleType, row: PluginFile) -> Iterator[Spec]:
    """The Specs that the module itself made, not those it imported from elsewhere."""
    found = {id(value): value for value in vars(module).values() if isinstance(value, Spec)}
    for spec in found.values():
        if f"{spec.fn.__module__}.".startswith(f"{module.__name__}."):
            schema_of(spec)
            yield dataclasses.replace(spec, source=row.path, hash=row.hash, is_bundled=row.is_bundled)


def _broken(row: PluginFile, error: BaseException) -> PluginFile:
    text = _("this cannot be imported: {error}", error=said(error).splitlines()[0][:500])
    shown = "".join(traceback.format_exception(error))
    return msgspec.structs.replace(row, state=FileState.BROKEN, error=text, traceback=shown)


def _empty() -> Text:
    return _("this file declares no handler and no channel: name it with a leading _ if it is not meant to")
