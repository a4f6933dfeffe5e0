"""Brings what the engine tells to the window, in batches of a tenth of a second, the newest of each kind only."""

import asyncio
import logging
from contextlib import suppress
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from watchkeeper.action.desk import Desk
from watchkeeper.model.errors import Known
from watchkeeper.model.events import Event
from watchkeeper.ui.clock import now

_log = logging.getLogger(__name__)

#: Milliseconds between two batches.
BEAT = 100
#: Seconds until another try when the engine does not answer.
PATIENCE = 2.0


class Bridge(QObject):
    """One for the window; pages read by the desk and then follow its signals."""

    #: What happened since the batch before, oldest first, of each run the newest event only.
    told = Signal(list)
    #: Whether the engine answers.
    is_connected_changed = Signal(bool)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.is_connected = True
        #: When anything was heard last.
        self.heard_at = now()
        self._waiting: dict[object, Event] = {}
        self._beat = QTimer(self)
        self._beat.setInterval(BEAT)
        self._beat.setSingleShot(True)
        self._beat.timeout.connect(self._tell)
        self._listening: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Listen from now on."""
        self._listening = asyncio.get_event_loop().create_task(self._listen())

    async def close(self) -> None:
        """Listen no more."""
        self._beat.stop()
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening

    async def _listen(self) -> None:
        while True:
            try:
                # Who answers can be listened to; the listening is asked for before anybody reads anew.
                await self._desk.ask("engine.status")
                self._set_connected(True)
                async for event in self._desk.events():
                    self._take(event)
            except Known:
                _log.info("the engine does not answer")
            self._set_connected(False)
            await asyncio.sleep(PATIENCE)

    def _take(self, event: Event) -> None:
        self.heard_at = now()
        key: Any = getattr(event, "run_id", None) or id(event)
        self._waiting.pop(key, None)
        self._waiting[key] = event
        if not self._beat.isActive():
            self._beat.start()

    def _tell(self) -> None:
        batch, self._waiting = list(self._waiting.values()), {}
        if batch:
            self.told.emit(batch)

    def _set_connected(self, is_connected: bool) -> None:
        if is_connected is not self.is_connected:
            self.is_connected = is_connected
            self.is_connected_changed.emit(is_connected)
