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


class Growing(QObject):
    """What every source has: a size that grows, an end, and those who listen."""

    def __init__(self, size: int, *, is_closed: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self._is_closed = is_closed
        self._heard: list[Callable[[], None]] = []

    @property
    def is_closed(self) -> bool:
        """Nothing will be added."""
        return self._is_closed

    def size(self) -> int:
        """How many bytes there are, as far as is known."""
        return self._size

    def listen(self, heard: Callable[[], None]) -> Callable[[], None]:
        """Call `heard` from now on, until what this returns is called."""
        self._heard.append(heard)

        def stop() -> None:
            with suppress(ValueError):
                self._heard.remove(heard)

        return stop

    def grow(self, size: int, *, is_closed: bool = False) -> None:
        """There are so many bytes now, and perhaps that is all."""
        if (max(size, self._size), is_closed) != (self._size, self._is_closed):
            self._size, self._is_closed = max(size, self._size), is_closed
            for heard in list(self._heard):
                heard()


class FileSource(Growing):
    """A file on this machine."""

    def __init__(self, file: Path, *, is_closed: bool = True, parent: QObject | None = None) -> None:
        """`is_closed` False: the file is followed until `close` is called."""
        super().__init__(_size_of(file), is_closed=is_closed, parent=parent)
        self._file = file
        self._beat = QTimer(self)
        self._beat.setInterval(BEAT)
        self._beat.timeout.connect(self._look)
        if not is_closed:
            self._beat.start()

    async def read(self, offset: int, length: int) -> bytes:
        return await asyncio.to_thread(self._read, offset, length)

    def close(self) -> None:
        """It will not grow any more."""
        self._beat.stop()
        self.grow(_size_of(self._file), is_closed=True)

    def _look(self) -> None:
        self.grow(_size_of(self._file))

    def _read(self, offset: int, length: int) -> bytes:
        try:
            with self._file.open("rb", buffering=0) as file:
                file.seek(offset)
                return file.read(length)
        except OSError as error:
            raise Known(
                _("the log {file} can't be read: {reason}", file=str(self._file), reason=error.strerror or str(error))
            ) from error


def _size_of(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
