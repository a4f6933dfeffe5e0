"""Where the logs of attempts lie in the workspace: one file each, in folders that cover some hours."""

import shutil
from datetime import timedelta
from pathlib import Path

#: UUIDv7 begins with the time: so many hex digits of it make a folder that covers 4.7 hours.
_FOLDER = 6
_MS_PER_FOLDER = 1 << 4 * (12 - _FOLDER)


class Logs:
    """The folder of all finished logs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, run_id: str, attempt: int) -> Path:
        """The file of one attempt, whether it exists or not."""
        return self._folder / run_id[:_FOLDER] / f"{run_id}.{attempt}.log"

    def read(self, run_id: str, attempt: int, offset: int, length: int) -> bytes | None:
        """Up to `length` bytes from `offset`; None when there is no such file."""
        try:
            with self.path(run_id, attempt).open("rb") as file:
                file.seek(offset)
                return file.read(length)
        except FileNotFoundError:
            return None

    def append(self, run_id: str, attempt: int, text: str) -> None:
        """Add to the log of a handler that has no process."""
        path = self.path(run_id, attempt)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("ab") as file:
            file.write(text.encode("utf-8", "replace"))

    def prune(self, older_than: timedelta, now_us: int) -> int:
        """Remove the folders whose last moment is longer ago than that; how many went."""
        limit_ms = now_us // 1000 - int(older_than.total_seconds() * 1000)
        gone = 0
        for folder in list(self._folder.iterdir()) if self._folder.is_dir() else ():
            if _is_folder_of_logs(folder) and (int(folder.name, 16) + 1) * _MS_PER_FOLDER < limit_ms:
                shutil.rmtree(folder, ignore_errors=True)
                gone += 1
        return gone


def _is_folder_of_logs(folder: Path) -> bool:
    return len(folder.name) == _FOLDER and all(digit in "0123456789abcdef" for digit in folder.name)
