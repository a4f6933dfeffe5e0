"""A file that only takes room in the workspace: thrown off on a full disk, so that endings can be written."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

#: What is free on a disk that counts as full: a store that is opened needs this much for its log.
FULL = 1 << 20


class Ballast:
    """`size` bytes of real room, 0 for none: deleting rows takes room as well, so a full disk needs some first."""

    def __init__(self, home: Path, size: int) -> None:
        self._file = home / "ballast"
        self._size = size

    @property
    def is_aboard(self) -> bool:
        return self._file.exists()

    def take_aboard(self, floor: int) -> bool:
        """Make the file if it is not there and `floor`, and at least its own size, stays free beside it."""
        if not self._size or self.is_aboard or free_in(self._file.parent) - self._size < max(floor, self._size):
            return False
        partial = self._file.with_name(".ballast.part")
        try:
            descriptor = os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
            with open(descriptor, "wb", buffering=0) as file:
                _fill(file.fileno(), self._size)
            partial.replace(self._file)
        except OSError:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
            return False
        return True

    def throw_off(self) -> bool:
        """Give the room back if less than that is free; whether there was any to give."""
        if free_in(self._file.parent) >= max(self._size, FULL):
            return False
        with suppress(FileNotFoundError):
            self._file.unlink()
            return True
        return False


def free_in(folder: Path) -> int:
    """Bytes that we may still write there."""
    return shutil.disk_usage(folder).free


def _fill(descriptor: int, size: int) -> None:
    """A hole would take no room."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, size)
    else:
        for _mib in range(size >> 20):
            os.write(descriptor, b"\0" * (1 << 20))
