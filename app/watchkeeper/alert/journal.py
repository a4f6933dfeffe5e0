"""The journal of failures: `notices.jsonl` in the workspace, one JSON object a line, each once."""

import asyncio
import json
import os
from pathlib import Path

from watchkeeper.store.outbox import Parcel

#: Ids in memory at the most; then those of the tail are read anew.
_MOST = 20_000
#: Ids are remembered from so many bytes at the end of the file: more than any batch that a crash can repeat.
_TAIL = 1 << 20


class Journal:
    """Appends parcels of the outbox; one that it has had already is passed over."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._had: set[str] | None = None

    async def deliver(self, parcel: Parcel) -> None:
        """Append `parcel`, on disk when this returns; OSError when it can't be."""
        await asyncio.to_thread(self._deliver, parcel)

    def _deliver(self, parcel: Parcel) -> None:
        if self._had is None or len(self._had) >= _MOST:
            self._had = self._ids_of_tail()
        if parcel.id in self._had:
            return
        line = json.dumps({"id": parcel.id, "topic": parcel.topic, **json.loads(parcel.body)}, ensure_ascii=False)
        descriptor = os.open(self._file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            # A crash may have left half a line: it is closed, so that this one stands alone.
            size = os.fstat(descriptor).st_size
            start = b"\n" if size and os.pread(descriptor, 1, size - 1) != b"\n" else b""
            os.write(descriptor, start + line.encode() + b"\n")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self._had.add(parcel.id)

    def _ids_of_tail(self) -> set[str]:
        try:
            with self._file.open("rb") as file:
                file.seek(max(0, self._file.stat().st_size - _TAIL))
                lines = file.read().splitlines()
        except FileNotFoundError:
            return set()
        return {found for line in lines if (found := _id_of(line))}


def _id_of(line: bytes) -> str:
    try:
        return str(json.loads(line)["id"])
    except (ValueError, KeyError, TypeError):
        return ""
