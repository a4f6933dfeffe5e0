"""An SQLite store as a file: its parts, reading it without a trace, copying its pages, putting it on the disk."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from watchkeeper.model.errors import Conflict, Known
from watchkeeper.model.text import _
from watchkeeper.store.driver import sqlite_module

#: Is told how many bytes of how many are copied.
Told = Callable[[int, int], None]

#: Pages between two words on how far a copy has come.
_PAGES = 1_000

#: Seconds to wait for other programs that have the file open.
_PATIENCE = 10.0


def parts(database: Path) -> list[Path]:
    """The file, its log and the log's index; the last two are there while it is open, or when its user was killed."""
    return [database, *(database.with_name(database.name + end) for end in ("-wal", "-shm"))]


@contextmanager
def reading(file: Path, *, is_at_rest: bool = False) -> Iterator[Any]:
    """A connection that can't write. `is_at_rest`: nobody writes to it, so that no log need be made to read it.

    Known where the file is no store or is damaged.
    """
    is_alone = is_at_rest and not any(part.exists() for part in parts(file)[1:])
    options = "mode=ro&immutable=1" if is_alone else "mode=ro"
    name = f"file:{quote(str(file))}?{options}"
    try:
        with closing(sqlite_module().connect(name, uri=True, timeout=_PATIENCE, isolation_level=None)) as connection:
            yield connection
    except sqlite_module().DatabaseError as error:
        raise _unreadable(file, error) from None


def copy_pages(database: Path, target: Path, told: Told = lambda copied, total: None) -> None:
    """Write one state of a store, which may be written to meanwhile, into a file of mode 0600."""
    os.close(os.open(target, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
    with reading(database) as source, closing(sqlite_module().connect(target)) as copied:
        copied.execute("PRAGMA journal_mode=OFF")
        page = source.execute("PRAGMA page_size").fetchone()[0]
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(
            copied, pages=_PAGES, progress=lambda _status, left, total: told((total - left) * page, total * page)
        )


def make_single(database: Path) -> None:
    """Work the log into the file, which takes being alone with it. Conflict when another program has it open."""
    module = sqlite_module()
    try:
        with closing(module.connect(database, timeout=_PATIENCE, isolation_level=None)) as connection:
            is_single = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0] == "delete"
    except module.DatabaseError as error:
        if not error.sqlite_errorname.startswith("SQLITE_BUSY"):
            raise _unreadable(database, error) from None
        is_single = False
    if not is_single:
        raise Conflict(_("another program has {file} open: close it and try again", file=str(database)))


def require_room(database: Path, folder: Path, spare: int = 0) -> None:
    """Make the folder (0700) if need be; Known unless a copy leaves `spare` bytes free there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    wanted = sum(part.stat().st_size for part in parts(database) if part.exists()) + spare
    free = shutil.disk_usage(folder).free
    if free < wanted:
        raise Known(
            _(
                "there is no room for a copy of {file}: {wanted} MiB are needed and {free} MiB are free",
                file=str(database),
                wanted=-(-wanted >> 20),
                free=free >> 20,
            )
        )


def sync(place: Path) -> None:
    """Return once a file's content, or a folder's names, are on the disk."""
    if place.is_dir() and os.name != "posix":
        return
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unreadable(file: Path, error: Exception) -> Known:
    return Known(_("{file} can't be read as a store: {why}", file=str(file), why=str(error).splitlines()[0][:200]))
