"""Copies of an SQLite store: made while it is written, whole or not at all, and looked at before they are used.

Decision: SQLite's backup API on a connection that only reads and holds one state of things from begin to end.
Question: how is a large store copied while an engine writes to it, with a word on how far it has come?
Why: the copy never begins anew, the writer goes on, and nobody but the writer checkpoints; the log grows meanwhile.
Alternatives: VACUUM INTO (says nothing until it is done), steps without a held state (begin anew at every commit).
State: in force. A server has backups of its own.
"""

import hashlib
import os
from collections.abc import Iterable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from watchkeeper.model.backup import Backup
from watchkeeper.model.codec import encode, from_own
from watchkeeper.model.errors import Known, NotFound
from watchkeeper.model.text import _
from watchkeeper.store.driver import sqlite_module
from watchkeeper.store.file import Told, copy_pages, parts, reading, require_room, sync

#: Where copies lie that were given no name, beside the store; those that nobody asked for begin with DAILY.
FOLDER = "backups"
DAILY = "daily-"
_MOMENT = "%Y%m%dT%H%M%SZ"
#: How the name of a copy ends that is being made.
_PART = ".part"
#: Seconds after which nobody is making it any more.
_ABANDONED = 86_400

#: The fact in a copy that tells when it was made.
MADE_AT = "backup_made_at"


def copy(
    database: Path, target: Path, now: datetime, *, spare: int = 0, told: Told = lambda copied, total: None
) -> Backup:
    """Copy the store to `target` (0600), with its SHA-256 in a file beside it; only a whole copy bears that name.

    At least `spare` bytes of the disk stay free. Known: the name is taken, there is no room, or the store is damaged.
    """
    if target.exists():
        raise Known(_("{file} exists already: name another file", file=str(target)))
    require_room(database, target.parent, spare)
    partial = target.with_name(f".{target.name}{_PART}")
    try:
        copy_pages(database, partial, told)
        _stamp(partial, now)
        made = _described(partial, target, "quick_check")
        _write_seal(target, made.sha256)
        os.replace(partial, target)
        sync(target.parent)
    finally:
        for left in parts(partial):
            left.unlink(missing_ok=True)
    return made


def copy_of(database: Path, target: Path | None, told: Told) -> Backup:
    """A copy made now, to `target`, into that folder, or into the workspace's own folder of copies."""
    now = datetime.now(UTC)
    name = default_name(database, now)
    if target is None:
        target = name
    elif target.is_dir():
        target = target / name.name
    return copy(database, target, now, told=told)


def inspected(file: Path) -> Backup:
    """What a copy says of itself. NotFound; Known where it is no store, is damaged, or is not as its seal says."""
    if not file.is_file():
        raise NotFound(_("there is no file {file}", file=str(file)))
    found = _described(file, file, "integrity_check")
    sealed = _seal(file)
    if sealed is not None and sealed != found.sha256:
        raise Known(_("{file} is not as it was when it was made: its SHA-256 is another", file=str(file)))
    return msgspec.structs.replace(found, is_sealed=sealed is not None)


def default_name(database: Path, now: datetime, prefix: str = "") -> Path:
    """Where a copy goes that was given no name."""
    return database.parent / FOLDER / f"{prefix}{database.stem}-{now.astimezone(UTC):{_MOMENT}}.db"


def newest(folder: Path) -> Path | None:
    """The youngest copy in a workspace's folder of copies; None when there is none."""
    return max((folder / FOLDER).glob("*.db"), key=lambda file: file.stat().st_mtime, default=None)


class Daily(NamedTuple):
    """A copy that nobody asked for."""

    made_at: datetime
    file: Path


def daily(database: Path) -> list[Daily]:
    """Those in the workspace's folder of copies, oldest first."""
    found = []
    for file in (database.parent / FOLDER).glob(f"{DAILY}*.db"):
        with suppress(ValueError):
            made_at = datetime.strptime(file.stem.rpartition("-")[2], _MOMENT).replace(tzinfo=UTC)
            found.append(Daily(made_at, file))
    return sorted(found)


def sweep(folder: Path, own: str) -> None:
    """Remove what copies left that were killed: those whose names begin with `own`, which nobody else makes.

    Others are being made, perhaps, by a command that holds no lock: until nobody has written to them for a day.
    """
    abandoned = datetime.now(UTC).timestamp() - _ABANDONED
    for left in folder.glob(f".*{_PART}*"):
        with suppress(FileNotFoundError):
            if left.name.startswith(f".{own}") or left.stat().st_mtime < abandoned:
                left.unlink()


def remove(files: Iterable[Path]) -> None:
    """Remove copies and their seals."""
    for file in files:
        file.unlink(missing_ok=True)
        _seal_of(file).unlink(missing_ok=True)


def _stamp(copied: Path, now: datetime) -> None:
    """Make a copy one file without a log, and write into it when it was made."""
    with closing(sqlite_module().connect(copied, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)", (MADE_AT, encode(now).decode()))
    sync(copied)


def _described(file: Path, name: Path, check: str) -> Backup:
    """What is in `file`, which is or will be called `name`."""
    with reading(file, is_at_rest=True) as connection:
        found = str(connection.execute(f"PRAGMA {check}(1)").fetchone()[0])
        if found != "ok":
            raise Known(_("{file} is damaged: {what}", file=str(name), what=found.splitlines()[-1][:200]))
        facts = dict(connection.execute("SELECT name, value FROM facts"))
        schema = dict(connection.execute("SELECT 'version', version_num FROM alembic_version")).get("version")
    if "id" not in facts or schema is None:
        raise Known(_("{file} is no store of Watchkeeper", file=str(name)))
    return Backup(str(name), facts["id"], schema, _made_at(facts, file), file.stat().st_size, _sha256(file))


def _made_at(facts: dict[str, str], file: Path) -> datetime:
    if MADE_AT in facts:
        made_at: datetime = from_own(facts[MADE_AT], datetime)
        return made_at
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)


def _seal_of(file: Path) -> Path:
    return file.with_name(file.name + ".sha256")


def _seal(file: Path) -> str | None:
    """The SHA-256 that lies beside a copy, as `sha256sum --check` reads it; None where there is none."""
    try:
        return _seal_of(file).read_text(errors="replace").split(maxsplit=1)[0]
    except FileNotFoundError:
        return None
    except IndexError:
        return ""


def _write_seal(file: Path, sha256: str) -> None:
    seal = _seal_of(file)
    os.close(os.open(seal, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
    seal.write_text(f"{sha256}  {file.name}\n")
    sync(seal)


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
