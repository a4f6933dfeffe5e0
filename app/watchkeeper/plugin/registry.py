"""All kinds that jobs may use, by name, and a row for every plugin file, usable or not."""

import difflib
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import wait
from dataclasses import replace
from typing import NamedTuple, NoReturn

from watchkeeper.model.errors import Known, NotFound
from watchkeeper.model.text import Text, _
from watchkeeper.plugin.contract import Role, Spec
from watchkeeper.plugin.first_import import Answer, FirstImports
from watchkeeper.plugin.likeness import spec_like
from watchkeeper.plugin.loader import (
    FileState,
    Folder,
    Loaded,
    PluginFile,
    Read,
    broken,
    imported,
    loaded_as,
    paths_in,
    read,
    stopped,
)
from watchkeeper.plugin.manifest import missing_kind, require_needs
from watchkeeper.plugin.quiet import quiet
from watchkeeper.plugin.signs import Sign, signs_of

#: What a person has said to a file of a path and a hash.
Verdicts = Mapping[tuple[str, str], bool]


class Shelf(NamedTuple):
    """What one reading has found."""

    loaded: tuple[Loaded, ...] = ()
    specs: Mapping[tuple[Role, str], Spec] = {}


class Registry:
    """Built by `load`, renewed by `reload`, on any thread; whoever looks finds the old or the new, never half of it.

    Of two files that claim one kind the first keeps it and the second is not used at all: bundled folders come first,
    so that no file can take the place of a built-in handler.
    """

    def __init__(self, imports: FirstImports | None = None) -> None:
        """`imports`: where files are imported first; None imports them here at once."""
        self.imports = imports
        self.folders: tuple[Folder, ...] = ()
        self.verdicts: Verdicts = {}
        #: What was there when they were loaded first.
        self.signs: frozenset[Sign] = frozenset()
        self._shelf = Shelf()
        self._turn = threading.Lock()

    def load(self, folders: Sequence[Folder], verdicts: Verdicts | None = None) -> None:
        """Read all plugins in `folders`, in their order; returns when everything has been tried."""
        self.folders, self.verdicts = tuple(folders), verdicts or {}
        self.signs = signs_of(self.folders)
        self.reload()
        while self.is_trying:
            self._await_imports()
            self.reload()

    def reload(self) -> bool:
        """Read what is new or changed, forget what is gone; whether anything is other than before.

        A live run keeps the Spec that it holds.
        """
        with self._turn:
            before, self._shelf = self._shelf, self._read()
            return [each.file for each in before.loaded] != [each.file for each in self._shelf.loaded]

    @property
    def files(self) -> tuple[PluginFile, ...]:
        """A row for each plugin file, in the order of reading."""
        return tuple(loaded.file for loaded in self._shelf.loaded)

    @property
    def specs(self) -> tuple[Spec, ...]:
        """All that can be used, handlers and channels."""
        return tuple(self._shelf.specs.values())

    @property
    def is_trying(self) -> bool:
        """Whether a file is being tried; `reload` is to be called again."""
        return any(file.state is FileState.TRIED for file in self.files)

    def handler(self, kind: str) -> Spec:
        """The handler `kind`; NotFound with the nearest name, or with the file that can't be used."""
        return self._shelf.specs.get(("handler", kind)) or self._refuse(kind, "handler")

    def channel(self, kind: str) -> Spec:
        """The alert channel `kind`; NotFound with the nearest name, or with the file that can't be used."""
        return self._shelf.specs.get(("channel", kind)) or self._refuse(kind, "channel")

    def _read(self) -> Shelf:
        known = {loaded.file.path: loaded for loaded in self._shelf.loaded}
        found: list[Loaded] = []
        specs: dict[tuple[Role, str], Spec] = {}
        for folder in self.folders:
            for loaded in self._in_folder(folder, known):
                found.append(_added(specs, loaded))
        return Shelf(tuple(found), specs)

    def _in_folder(self, folder: Folder, known: Mapping[str, Loaded]) -> Iterator[Loaded]:
        row = PluginFile(str(folder.path), FileState.LOADED, is_bundled=folder.is_bundled, is_own=folder.is_own)
        try:
            paths = paths_in(folder)
        except Known as refusal:
            yield stopped(row, FileState.REFUSED, refusal.text)
        except OSError as error:
            yield Loaded(broken(row, error))
        else:
            for path in paths:
                found = read(path, is_bundled=folder.is_bundled, is_own=folder.is_own)
                yield found if isinstance(found, Loaded) else self._judged(found, known.get(found.row.path))

    def _judged(self, found: Read, known: Loaded | None) -> Loaded:
        """What becomes of a file that could be read."""
        row, word = found.row, self.verdicts.get((found.row.path, found.row.hash))
        if not row.is_bundled and word is False:
            return stopped(row, FileState.FORBIDDEN, _("somebody has forbidden it"))
        if not row.is_bundled and not row.is_own and word is None:
            return stopped(row, FileState.WAITING, _waiting(row, self.verdicts))
        if known is not None and known.specs and _is_as_now(known.specs[0], row):
            return loaded_as(row, known.specs)
        if row.is_bundled or self.imports is None:
            return imported(found)
        return self._tried(found, known, self.imports)

    def _tried(self, found: Read, known: Loaded | None, imports: FirstImports) -> Loaded:
        """By its verdict; until that is there an earlier version stays in use."""
        try:
            require_needs(found.row.manifest.needs)
        except Known as refusal:
            return stopped(found.row, FileState.BROKEN, refusal.text)
        answer = imports.of(found)
        if answer is None:
            trying = stopped(found.row, FileState.TRIED, _("it is being tried")).file
            return Loaded(trying, known.specs if known is not None else ())
        if answer.file.state is not FileState.LOADED:
            return Loaded(answer.file)
        if not found.row.is_own:
            return _foreign(found, answer, imports)
        with quiet():
            return _asked_elsewhere(found, imported(found), imports)

    def _await_imports(self) -> None:
        assert self.imports is not None
        wait(self.imports.running)

    def _refuse(self, kind: str, role: Role) -> NoReturn:
        for file in self.files:
            if kind in file.kinds and file.error is not None and file.state is not FileState.CONFLICT:
                raise NotFound(missing_kind(kind[:60], file.path, file.error))
        kinds = [known for known_role, known in self._shelf.specs if known_role == role]
        raise NotFound(_unknown(kind[:60], role, sorted(kinds)))


def _asked_elsewhere(found: Read, loaded: Loaded, imports: FirstImports) -> Loaded:
    """What is one's own is here, but for functions that answer a Command: what they break is to be their run alone."""
    specs = (
        replace(spec, fn=imports.elsewhere.function_for(found, spec.kind, places_process=True), is_async=True)
        if spec.places_process
        else spec
        for spec in loaded.specs
    )
    return Loaded(loaded.file, tuple(specs))


def _foreign(found: Read, answer: Answer, imports: FirstImports) -> Loaded:
    """Out of what its process has told: none of its code is here."""
    row = found.row
    try:
        specs = tuple(
            spec_like(
                each,
                row.path,
                row.hash,
                imports.elsewhere.function_for(found, each.kind, places_process=each.places_process),
                found.code,
            )
            for each in answer.likenesses
        )
    except (TypeError, ValueError, Known) as error:
        return Loaded(broken(row, error))
    return loaded_as(row, specs)


def _is_as_now(spec: Spec, row: PluginFile) -> bool:
    return (spec.hash, spec.is_own) == (row.hash, row.is_own)


def _added(specs: dict[tuple[Role, str], Spec], loaded: Loaded) -> Loaded:
    """What is loaded, with its kinds in `specs`; a conflict when one of them is taken."""
    mine: dict[tuple[Role, str], Spec] = {}
    for spec in loaded.specs:
        key = (spec.role, spec.kind)
        if holder := mine.get(key) or specs.get(key):
            return _conflicting(loaded, spec, holder)
        mine[key] = spec
    specs |= mine
    return loaded


def _waiting(row: PluginFile, verdicts: Verdicts) -> Text:
    if any(path == row.path and is_allowed for (path, _hash), is_allowed in verdicts.items()):
        return _("it has changed and waits for somebody to allow it: plugin allow {path}", path=row.path)
    return _("it is new and waits for somebody to allow it: plugin allow {path}", path=row.path)


def _conflicting(loaded: Loaded, spec: Spec, holder: Spec) -> Loaded:
    text = _(
        "both {first} and {second} claim the kind {kind}: the first keeps it, the second is not used; rename one",
        first=holder.source,
        second=spec.source,
        kind=spec.kind,
    )
    return stopped(loaded.file, FileState.CONFLICT, text)


def _unknown(kind: str, role: Role, kinds: list[str]) -> Text:
    noun = _("alert channel") if role == "channel" else _("handler")
    if near := difflib.get_close_matches(kind, kinds, n=1):
        return _("there is no {noun} {kind}: did you mean {near}?", noun=noun, kind=kind, near=near[0])
    return _("there is no {noun} {kind}; known are {known}", noun=noun, kind=kind, known=", ".join(kinds) or "-")
