"""All kinds that jobs may use, by name, and a row for every plugin file, usable or not."""

import difflib
from collections.abc import Sequence
from typing import NoReturn

import msgspec

from watchkeeper.model.errors import NotFound
from watchkeeper.model.text import Text, _
from watchkeeper.plugin.contract import Role, Spec
from watchkeeper.plugin.loader import FileState, Folder, Loaded, PluginFile, load_folder


class Registry:
    """Built by `load`, renewed by `reload`. Of two files that claim one kind the first keeps it and the second is not
    used at all: bundled folders come first, so that no file can take the place of a built-in handler."""

    def __init__(self) -> None:
        self._folders: tuple[Folder, ...] = ()
        self._loaded: list[Loaded] = []
        self._specs: dict[tuple[Role, str], Spec] = {}

    def load(self, folders: Sequence[Folder]) -> None:
        """Read all plugins in `folders`, in their order."""
        self._folders = tuple(folders)
        self.reload()

    def reload(self) -> None:
        """Read what is new or changed, forget what is gone. A live run keeps the Spec that it holds."""
        known, self._loaded, self._specs = {loaded.file.path: loaded for loaded in self._loaded}, [], {}
        for folder in self._folders:
            for loaded in load_folder(folder, known):
                self._add(loaded)

    @property
    def files(self) -> tuple[PluginFile, ...]:
        """A row for each plugin file, in the order of reading."""
        return tuple(loaded.file for loaded in self._loaded)

    @property
    def specs(self) -> tuple[Spec, ...]:
        """All that can be used, handlers and channels."""
        return tuple(self._specs.values())

    def handler(self, kind: str) -> Spec:
        """The handler `kind`; NotFound with the nearest name."""
        return self._specs.get(("handler", kind)) or self._refuse(kind, "handler")

    def channel(self, kind: str) -> Spec:
        """The alert channel `kind`; NotFound with the nearest name."""
        return self._specs.get(("channel", kind)) or self._refuse(kind, "channel")

    def _add(self, loaded: Loaded) -> None:
        mine: dict[tuple[Role, str], Spec] = {}
        for spec in loaded.specs:
            key = (spec.role, spec.kind)
            if holder := mine.get(key) or self._specs.get(key):
                self._loaded.append(_conflicting(loaded, spec, holder))
                return
            mine[key] = spec
        self._loaded.append(loaded)
        self._specs |= mine

    def _refuse(self, kind: str, role: Role) -> NoReturn:
        kinds = [known for known_role, known in self._specs if known_role == role]
        raise NotFound(_unknown(kind[:60], role, sorted(kinds)))


def _conflicting(loaded: Loaded, spec: Spec, holder: Spec) -> Loaded:
    text = _(
        "both {first} and {second} claim the kind {kind}: the first keeps it, the second is not used; rename one",
        first=holder.source,
        second=spec.source,
        kind=spec.kind,
    )
    return Loaded(msgspec.structs.replace(loaded.file, state=FileState.CONFLICT, error=text))


def _unknown(kind: str, role: Role, kinds: list[str]) -> Text:
    noun = _("alert channel") if role == "channel" else _("handler")
    if near := difflib.get_close_matches(kind, kinds, n=1):
        return _("there is no {noun} {kind}: did you mean {near}?", noun=noun, kind=kind, near=near[0])
    return _("there is no {noun} {kind}; known are {known}", noun=noun, kind=kind, known=", ".join(kinds) or "-")
