"""Coroutines that a widget starts, owned until they end."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text

_log = logging.getLogger(__name__)


class Tasks:
    """What a page has going; a named task ends the one of that name before it."""

    def __init__(self, on_refusal: Callable[[Text], None]) -> None:
        """`on_refusal` shows why something could not be done."""
        self._on_refusal = on_refusal
        self._running: dict[str, asyncio.Task[None]] = {}
        self._count = 0

    def start(self, work: Coroutine[Any, Any, None], name: str = "") -> None:
        """Carry it out; under a name only the newest goes on."""
        if name and (before := self._running.get(name)) is not None:
            before.cancel()
        self._count += 1
        key = name or f"#{self._count}"
        task = asyncio.get_event_loop().create_task(self._guarded(work))
        self._running[key] = task
        task.add_done_callback(lambda done: self._running.get(key) is done and self._running.pop(key))

    def close(self) -> None:
        """Cancel whatever goes on."""
        for task in list(self._running.values()):
            task.cancel()

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Known as refusal:
            self._on_refusal(refusal.text)
