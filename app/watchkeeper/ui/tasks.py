"""Coroutines that a widget starts, owned until they end."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text


class Tasks:
    """What a page has going; a named task ends the one of that name before it."""

    def __init__(self, on_refusal: Callable[[Text], None]) -> None:
        """`on_refusal` shows why something could not be done."""
        self._on_refusal = on_refusal
        self._running: dict[str, asyncio.Task[None]] = {}
        self._count = 0

    def start(self, work: Coroutine[Any, Any, None], name: str = "") -> None:
        """Carry it out; under a name only the newest goes on. Nothing is begun any more when the loop has ended."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            # Qt's timers and signals may come once more after the window's last coroutine.
            return work.close()
        if name and (before := self._running.get(name)) is not None:
            before.cancel()
        self._count += 1
        key = name or f"#{self._count}"
        task = self._running[key] = loop.create_task(work)
        task.add_done_callback(partial(self._take_end, key))

    @property
    def is_busy(self) -> bool:
        """Whether anything goes on."""
        return bool(self._running)

    async def idle(self) -> None:
        """Wait until nothing goes on."""
        while self._running:
            await asyncio.wait(list(self._running.values()))

    def close(self) -> None:
        """Cancel whatever goes on."""
        for task in list(self._running.values()):
            task.cancel()

    def _take_end(self, key: str, done: "asyncio.Task[None]") -> None:
        if self._running.get(key) is done:
            del self._running[key]
        error = None if done.cancelled() else done.exception()
        if isinstance(error, Known):
            self._on_refusal(error.text)
        elif error is not None:
            done.get_loop().call_exception_handler({"message": f"{key} failed", "exception": error, "task": done})
