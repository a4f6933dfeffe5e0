"""Holds new runs back while the disk of the workspace is low, so that those that run can end and be recorded."""

import asyncio
import logging
from pathlib import Path

from watchkeeper.bus import Bus
from watchkeeper.engine.dispatch import Dispatcher
from watchkeeper.model.errors import StoreBusy
from watchkeeper.model.events import DiskHasRoom, DiskIsLow, StoreStalled
from watchkeeper.settings import DiskSettings
from watchkeeper.store import disk
from watchkeeper.store.ballast import Ballast, free_in
from watchkeeper.store.disk import Low
from watchkeeper.store.store import Store

_log = logging.getLogger(__name__)

#: Seconds between two looks.
BEAT = 1.0

#: The disk is low until this part of the floor is free above it.
_MORE = 8


class Floor:
    """Low from the moment when less than the floor is free, until a little more than that is."""

    def __init__(
        self, home: Path | None, settings: DiskSettings, store: Store, bus: Bus, dispatcher: Dispatcher
    ) -> None:
        """`home` is the workspace's folder; without one nothing is low."""
        self._home, self._store, self._bus, self._dispatcher = home, store, bus, dispatcher
        self._floor = settings.floor_mib << 20
        self._ballast = None if home is None else Ballast(home, settings.ballast_mib << 20)
        self.is_low = False
        #: Whether the store says so too: `run why` reads it there.
        self._is_noted = False

    def take(self, settings: DiskSettings) -> None:
        """Another floor from the next look on; the ballast stays what it is."""
        self._floor = settings.floor_mib << 20

    async def begin(self) -> None:
        """Look before the first run may start."""
        self._is_noted = await self._store.read(disk.low) is not None
        self._bus.listen(StoreStalled, lambda event: self._relieve())
        await self._look()

    async def run(self) -> None:
        """Look on a beat, until cancelled."""
        while True:
            await asyncio.sleep(BEAT)
            await self._look()

    async def _look(self) -> None:
        if self._home is None or self._ballast is None:
            return
        free = await asyncio.to_thread(free_in, self._home)
        wanted = self._floor + (self._floor // _MORE if self.is_low else 0)
        if (free < wanted) is not self.is_low:
            self._turn(free)
        if not self.is_low:
            await asyncio.to_thread(self._ballast.take_aboard, wanted)
        await self._note(free)

    def _turn(self, free: int) -> None:
        self.is_low = not self.is_low
        self._dispatcher.hold(self.is_low)
        floor = self._floor >> 20
        self._bus.publish(DiskIsLow(free >> 20, floor) if self.is_low else DiskHasRoom(free >> 20))

    async def _note(self, free: int) -> None:
        """Write down what has turned; on a full disk that may have to wait for the next look."""
        if self._is_noted is self.is_low:
            return
        low = Low(free >> 20, self._floor >> 20) if self.is_low else None
        try:
            await self._store.write(lambda tx: disk.note(tx, low))
            self._is_noted = low is not None
        except StoreBusy as error:
            _log.warning("it could not be noted that the disk is low: %s", error)

    def _relieve(self) -> None:
        if self._ballast is not None and self._ballast.throw_off():
            _log.warning("the disk is full: the ballast was thrown off")
