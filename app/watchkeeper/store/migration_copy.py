"""The copy that is made of a file before a migration: there is one of each migration that took place.

A mark beside it says from which version the migration begins, until it is over: whoever finds the mark knows whether
the one that was killed took place, and that of one which did not is only a copy of what the store still is.
"""

from datetime import UTC, datetime
from pathlib import Path

from watchkeeper.store import backup
from watchkeeper.store.file import sync

_BEFORE = ".before-migration-"
_MARK = ".migrating"


def make(database: Path, version: str) -> Path:
    """A copy of the store, which is at `version`, for the migration that begins now."""
    now = datetime.now(UTC)
    backup.sweep(database.parent, f"{database.stem}{_BEFORE}")
    copy = database.with_suffix(f"{_BEFORE}{now:%Y%m%dT%H%M%S.%f}.db")
    mark = _mark_of(copy)
    mark.write_text(version)
    sync(mark)
    backup.copy(database, copy, now)
    return copy


def keep(copy: Path) -> None:
    """Its migration took place."""
    _mark_of(copy).unlink(missing_ok=True)


def clear(database: Path, version: str) -> None:
    """Remove what migrations left that did not come to their end; for whoever holds `engine.lock`."""
    for mark in database.parent.glob(f"{database.stem}{_BEFORE}*{_MARK}"):
        copy = mark.with_name(mark.name.removesuffix(_MARK))
        if mark.read_text() == version:
            backup.remove([copy])
        keep(copy)


def _mark_of(copy: Path) -> Path:
    return copy.with_name(copy.name + _MARK)
