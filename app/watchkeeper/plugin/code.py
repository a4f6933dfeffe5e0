"""A plugin's Python files as they were read: what is executed is what was hashed, wherever and however late.

Decision: modules of plugins are made from bytes in memory, those of a folder too.
Question: how can a file that is exchanged after the check, by a link or by an editor, never run without a word on it?
Why: between a hash and an import by path lies time; bytes that are held can't change, also for a run that goes on long
after its plugin was saved anew.
Alternatives: a copy of what was allowed in a folder of ours (to be kept, cleared up and trusted in its turn).
State: in force. Whoever writes a plugin may keep compiled modules beside it; in a foreign folder there is nothing else.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import CodeType, ModuleType

import msgspec


class Code(msgspec.Struct, frozen=True):
    """The Python files of a plugin."""

    #: The plugin's file or folder.
    path: str
    #: Their bytes by path below the folder, with `/`; of a plugin that is one file its own name alone.
    files: Mapping[str, bytes]
    is_folder: bool = False
    #: Modules beside these may be imported from the folder.
    is_open: bool = False

    @property
    def main(self) -> str:
        """The name of the file that the plugin begins with."""
        return "__init__.py" if self.is_folder else Path(self.path).name


def module_of(name: str, code: Code) -> ModuleType:
    """The plugin's module under `name`, imported; whatever it raises. Afterwards it finds its own modules for ever."""
    if _FINDER not in sys.meta_path:
        sys.meta_path.insert(0, _FINDER)
    _FINDER.plugins[name] = code
    spec = _spec(name, code, code.main)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        assert spec.loader is not None
        spec.loader.exec_module(module)
    except BaseException:
        forget(name)
        raise
    return module


def forget(name: str) -> None:
    """As if the plugin's module had never been imported."""
    _FINDER.plugins.pop(name, None)
    for known in [known for known in sys.modules if known == name or known.startswith(f"{name}.")]:
        del sys.modules[known]


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the modules within plugins."""

    def __init__(self) -> None:
        self.plugins: dict[str, Code] = {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        root, _dot, inner = fullname.partition(".")
        code = self.plugins.get(root)
        if code is None or not inner:
            return None
        place = inner.replace(".", "/")
        for file in (f"{place}/__init__.py", f"{place}.py"):
            if file in code.files:
                return _spec(fullname, code, file)
        if any(file.startswith(f"{place}/") for file in code.files):
            return _namespace(fullname, code, place)
        if code.is_open:
            return None
        raise ModuleNotFoundError(f"No module named {inner!r} in {code.path}", name=fullname)


_FINDER = _Finder()


def _spec(name: str, code: Code, file: str) -> importlib.machinery.ModuleSpec:
    place = str(Path(code.path, file)) if code.is_folder else code.path
    spec = importlib.util.spec_from_file_location(name, place, loader=_Loader(name, place, code.files[file]))
    assert spec is not None
    return spec


def _namespace(name: str, code: Code, place: str) -> importlib.machinery.ModuleSpec:
    spec = importlib.machinery.ModuleSpec(name, None, is_package=True)
    spec.submodule_search_locations = [str(Path(code.path, place))]
    return spec


class _Loader(importlib.machinery.SourceFileLoader):
    """Executes bytes that were read before; no bytecode of them is taken or written."""

    def __init__(self, name: str, path: str, text: bytes) -> None:
        super().__init__(name, path)
        self._text = text

    def get_data(self, path: str) -> bytes:
        return self._text if path == self.path else super().get_data(path)

    def get_code(self, fullname: str) -> CodeType:
        return self.source_to_code(self._text, self.path)
