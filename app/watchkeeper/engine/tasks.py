"""Tasks that somebody owns: the first that fails ends the engine, and none is left behind."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class Tasks:
    """All tasks of one engine. Made on its loop."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Future[Any]] = set()
        #: Done when the engine is to end: with None when it was asked to, else with what ended it.
        self.end: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Let `work` be done beside everything else."""
        self.begin(work)

    def begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Future[None]:
        """The same, for whoever waits for its end."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._let_go)
        return task

    def ask_to_end(self) -> None:
        """There is no more to do."""
        if not self.end.done():
            self.end.set_result(None)

    @property
    def has_failed(self) -> bool:
        return self.end.done() and self.end.exception() is not None

    async def close(self) -> None:
        """Cancel what is still being done, and wait for it."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _let_go(self, task: asyncio.Future[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None and not self.end.done():
            self.end.set_exception(error)
