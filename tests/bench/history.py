"""What the peers lack: a durable row per run, written in groups by one thread."""

import queue
import sqlite3
import threading
from pathlib import Path


class History:
    """Close it to be sure that every row is on disk."""

    def __init__(self, path: Path) -> None:
        self._inbox: queue.SimpleQueue[tuple[str, float, float, int] | None] = queue.SimpleQueue()
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE history (job TEXT, started_at REAL, ended_at REAL, exit_code INTEGER)"
        )
        self._thread = threading.Thread(target=self._write)
        self._thread.start()

    def add(self, job: str, started_at: float, ended_at: float, exit_code: int) -> None:
        """A run has ended; from any thread."""
        self._inbox.put((job, started_at, ended_at, exit_code))

    def close(self) -> int:
        """Write what is left; how many rows there are."""
        self._inbox.put(None)
        self._thread.join()
        count: int = self._db.execute("SELECT count(*) FROM history").fetchone()[0]
        self._db.close()
        return count

    def _write(self) -> None:
        is_open = True
        while is_open:
            rows = [self._inbox.get()]
            while not self._inbox.empty():
                rows.append(self._inbox.get())
            is_open = None not in rows
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany("INSERT INTO history VALUES (?, ?, ?, ?)", [row for row in rows if row is not None])
            self._db.execute("COMMIT")
