"""Folders for one measurement each; they go when the whole bench has ended.

Removing thousands of files makes the file system slow for whoever makes new ones next: between two measurements it
would spoil the second, be it ours or the reference.
"""

import atexit
import tempfile
from pathlib import Path

_root = tempfile.TemporaryDirectory(prefix="wkb", ignore_cleanup_errors=True)
atexit.register(_root.cleanup)


def new_folder() -> Path:
    """An empty folder with a path short enough for sockets."""
    return Path(tempfile.mkdtemp(prefix="", dir=_root.name))
