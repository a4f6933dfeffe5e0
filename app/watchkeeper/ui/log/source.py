"""Where the bytes of a log come from: one source for each attempt of a run."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QTimer

from watchkeeper.model.errors import Known
from watchkeeper.model.text import _

#: Milliseconds between two looks at a file that grows.
BEAT = 100


class Source(Protocol):
    """The output of one attempt; it only ever grows."""

    @property
    def is_closed(self) -> bool:
        """Nothing will be added."""

    def size(self) -> int:
        """How many bytes there are, as far as is known."""

    async def read(self, offset: int, length: int) -> bytes:
        """Up to `length` bytes; fewer if that much comes in one piece. Known when they can't be had."""

    def listen(self, heard: Callable[[], None]) -> Callable[[], None]:
        """Call `heard` when it has grown or was closed, until what this returns is called."""


class FileSource(QObject):
    """A file on this machine."""

    def __init__(self, file: Path, *, is_closed: bool = True, parent: QObject | None = None) -> None:
        """`is_closed` False: the file is followed until `close` is called."""
        super().__init__(parent)
        self._file = file
        self._is_closed = is_closed
        self._heard: list[Callable[[], None]] = []
        self._size = self._looked()
        self._beat = QTimer(self)
        self._beat.setInterval(BEAT)
        self._beat.timeout.connect(self.look)
        if not is_closed:
            self._beat.start()

    @property
    def is_closed(self) -> bool:
        return self._is_closed

    def size(self) -> int:
        return self._size

    async def read(self, offset: int, length: int) -> bytes:
        return await asyncio.to_thread(self._read, offset, length)

    def listen(self, heard: Callable[[], None]) -> Callable[[], None]:
        self._heard.append(heard)

        def stop() -> None:
            with suppress(ValueError):
                self._heard.remove(heard)

        return stop

    def look(self) -> None:
        """See whether it has grown."""
        size = self._looked()
        if size > self._size:
            self._size = size
            self._tell()

    def close(self) -> None:
        """It will not grow any more."""
        self._beat.stop()
        self.look()
        self._is_closed = True
        self._tell()

    def _tell(self) -> None:
        for heard in list(self._heard):
            heard()

    def _looked(self) -> int:
        try:
            return self._file.stat().st_size
        except OSError:
            return 0

    def _read(self, offset: int, length: int) -> bytes:
        try:
            with self._file.open("rb", buffering=0) as file:
                file.seek(offset)
                return file.read(length)
        except OSError as error:
            raise Known(
                _("the log {file} can't be read: {reason}", file=str(self._file), reason=error.strerror or str(error))
            ) from error
