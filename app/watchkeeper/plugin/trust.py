"""Whose files may become code here: ours, in folders that nobody else can write to."""

import os
import stat
from pathlib import Path

from watchkeeper.model.errors import Known
from watchkeeper.model.text import _


def require_trusted(path: Path) -> None:
    """Known with the path of the file or folder, or the parent of it, that somebody else owns or can write to."""
    if not hasattr(os, "getuid"):
        return
    real = path.resolve()
    for place in (real, *real.parents):
        _require_ours(place)


def _require_ours(place: Path) -> None:
    found = place.stat()
    if found.st_uid not in (os.getuid(), 0):
        raise Known(
            _("{path} belongs to another user, who could change what runs here: make it your own", path=str(place))
        )
    is_sticky_folder = stat.S_ISDIR(found.st_mode) and found.st_mode & stat.S_ISVTX
    if found.st_mode & 0o022 and not is_sticky_folder:
        raise Known(
            _(
                "{path} can be written by other users, who could change what runs here: chmod go-w {path}",
                path=str(place),
            )
        )
