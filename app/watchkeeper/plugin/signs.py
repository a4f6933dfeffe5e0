"""What a look at folders of plugins tells without reading a file: names, times, sizes and modes."""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TypeAlias

from watchkeeper.plugin.loader import Folder

#: Path, time of change in ns, size, inode, mode and owner.
Sign: TypeAlias = tuple[str, int, int, int, int, int]


def signs_of(folders: Sequence[Folder]) -> frozenset[Sign]:
    """All files in the folders that may be changed while the engine works; what comes with the product is not."""
    return frozenset(sign for folder in folders if not folder.is_bundled for sign in _in_folder(str(folder.path)))


def _in_folder(path: str) -> Iterator[Sign]:
    with suppress(OSError):
        yield _sign(path, os.stat(path))
        with os.scandir(path) as entries:
            for entry in entries:
                yield from _of_entry(entry)


def _of_entry(entry: "os.DirEntry[str]") -> Iterator[Sign]:
    if entry.name == "__pycache__" or entry.name.startswith("."):
        return
    with suppress(OSError):
        yield _sign(entry.path, entry.stat())
        if entry.is_dir():
            yield from _in_folder(entry.path)


def _sign(path: str, found: os.stat_result) -> Sign:
    return path, found.st_mtime_ns, found.st_size, found.st_ino, found.st_mode, found.st_uid
