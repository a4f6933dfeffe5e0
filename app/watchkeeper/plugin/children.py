"""Short-lived processes, so many at once: whoever asks meanwhile waits, and no thread of the engine's is held."""

import signal
import threading
from concurrent.futures import Future, ThreadPoolExecutor

from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text, _
from watchkeeper.plugin.child import Child, Reply


class Children:
    """They end with their owner."""

    def __init__(self, at_once: int, name: str) -> None:
        """`name`: of the threads that wait for them."""
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix=name)
        self._living: set[Child] = set()
        self._is_closed = threading.Event()

    def ask(self, module: str, order: bytes, seconds: float, most: int) -> "Future[Reply]":
        """Let `main` of a module of this package answer an order, with so many bytes at the most."""
        if self._is_closed.is_set():
            raise Known(_("the engine ended before it began"))
        return self._pool.submit(self._asked, module, order, seconds, most)

    def close(self) -> None:
        """End what is going on."""
        self._is_closed.set()
        for child in tuple(self._living):
            child.end()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _asked(self, module: str, order: bytes, seconds: float, most: int) -> Reply:
        child = Child(module)
        self._living.add(child)
        try:
            return child.ask(order, 0.0 if self._is_closed.is_set() else seconds, most)
        finally:
            self._living.discard(child)


def ending_of(code: int) -> Text:
    """How a process ended that gave no answer."""
    if code < 0 and -code in signal.Signals._value2member_map_:
        return Text(signal.Signals(-code).name)
    return _("exit code {code}", code=code)
