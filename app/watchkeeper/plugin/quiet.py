"""What a plugin prints while it is imported here is nobody's: it must not flood the program's own output."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast


@contextmanager
def quiet() -> Iterator[None]:
    """Meanwhile this thread's prints go nowhere; those of other threads go where they belong."""
    had = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (cast(TextIO, _Deaf(stream, threading.get_ident())) for stream in had)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = had


class _Deaf:
    """A stream that does not hear one thread."""

    def __init__(self, stream: TextIO, thread: int) -> None:
        self._stream, self._thread = stream, thread

    def write(self, text: str) -> int:
        return len(text) if threading.get_ident() == self._thread else self._stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
