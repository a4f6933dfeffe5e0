"""A copy of a workspace's store: what it is a copy of, when it was made, and how far the making has come."""

from datetime import datetime

import msgspec


class Backup(msgspec.Struct, frozen=True):
    """One file, whole and sound."""

    file: str
    #: The id of the workspace whose store it is.
    workspace: str
    #: The version of its tables.
    schema: str
    made_at: datetime
    #: Bytes.
    size: int
    sha256: str
    #: Whether a file with its SHA-256 lay beside it and said the same.
    is_sealed: bool = True


class Copying(msgspec.Struct, frozen=True):
    """A step of the making, in bytes; the last one has the backup."""

    copied: int
    total: int
    backup: Backup | None = None


class Stranger(msgspec.Struct, frozen=True):
    """A run directory of this workspace on a host, whose run is in no store."""

    key: str
    begun_at: datetime
    is_over: bool


class Restored(msgspec.Struct, frozen=True):
    """What a restore has done."""

    backup: Backup
    #: Where the store that was there is kept; None if there was none.
    kept: str | None
    #: Runs that are UNKNOWN now, because what became of them after the backup is not known.
    doubted: int
    #: Runs of which the replaced store proves that they had not started; they wait until somebody resumes.
    held: int
    #: Occurrences between the backup and the restore.
    missed: int
    strangers: list[Stranger]
