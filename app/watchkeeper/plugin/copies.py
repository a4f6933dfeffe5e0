"""What somebody has allowed is kept as it was allowed: code is loaded out of a copy by its hash, never out of the file.

A folder's modules are imported when they are first needed, perhaps days later, and a process of a run reads its file
anew: by then anybody who may write the original could have put something else there. And a run that goes on while its
plugin is changed finds its own code again.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Set
from contextlib import suppress
from pathlib import Path

import msgspec

from watchkeeper.plugin.loader import Read, hash_of

#: Days for which a copy is kept that no file is like any more: longer than a run takes.
DAYS = 60


class Copies:
    """In a folder of the workspace's own, `HASH/NAME` each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, found: Read) -> Read:
        """The same, read from its copy, which is made if there is none; OSError when it can't be made."""
        path = self._folder / found.row.hash / found.path.name
        if not path.exists() or hash_of(path) != found.row.hash:
            self._make(path, found)
        with suppress(OSError):
            os.utime(path.parent)
        return msgspec.structs.replace(found, path=path)

    def prune(self, hashes: Set[str]) -> None:
        """Remove the old ones, but for those of these hashes."""
        if not self._folder.is_dir():
            return
        oldest = time.time() - DAYS * 86_400
        for copy in self._folder.iterdir():
            if copy.name not in hashes and copy.stat().st_mtime < oldest:
                shutil.rmtree(copy, ignore_errors=True)

    def _make(self, path: Path, found: Read) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix="part-", dir=self._folder))
        try:
            for file, content in found.contents.items():
                place = made / file.relative_to(found.path.parent)
                place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                place.write_bytes(content)
                place.chmod(0o600)
            shutil.rmtree(path.parent, ignore_errors=True)
            made.rename(path.parent)
        finally:
            shutil.rmtree(made, ignore_errors=True)
