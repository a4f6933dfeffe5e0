"""Looks at every page of the store when the engine starts, and ends the engine whoever comes upon a torn one."""

import asyncio

from watchkeeper.engine.tasks import Tasks
from watchkeeper.model.errors import Damaged
from watchkeeper.store.store import Store

#: Seconds that the start waits for the look: 170 MB are looked at in them, what is larger is looked at beside the work.
PATIENCE = 0.25


class Inspector:
    """A damaged store schedules nothing."""

    def __init__(self, store: Store, tasks: Tasks) -> None:
        self._store = store
        self._tasks = tasks
        self._damage: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def begin(self) -> None:
        """Begin to look; Damaged if that is soon found."""
        self._store.on_damage = self._end_with
        looking = self._tasks.begin(self._store.require_sound())
        if looking in (await asyncio.wait([looking], timeout=PATIENCE))[0]:
            looking.result()

    async def run(self) -> None:
        """Raise Damaged when a query of anybody comes upon a torn page."""
        await self._damage

    def _end_with(self, error: Damaged) -> None:
        if not self._damage.done():
            self._damage.set_exception(error)
