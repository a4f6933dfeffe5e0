"""Makes a copy of the store once a day and lets the old ones go."""

import asyncio
import threading
from datetime import datetime, timedelta
from pathlib import Path

from watchkeeper.bus import Bus
from watchkeeper.engine.clock import Clock, now
from watchkeeper.model.backup import Backup
from watchkeeper.model.errors import Damaged, Known
from watchkeeper.model.events import BackupFailed, BackupMade
from watchkeeper.settings import BackupSettings
from watchkeeper.store import backup

#: Seconds until the first look, and between two.
FIRST = 60.0
ROUND = 600.0

#: Seconds of rest after each 4 MB that are copied: runs go first.
_REST = 0.005


class Copier:
    """A copy that can't be made is told of once, and tried again in the next round."""

    def __init__(self, database: Path | None, settings: BackupSettings, spare: int, bus: Bus, clock: Clock) -> None:
        """`database` is None where the store is a server's; `spare` bytes of the disk stay free."""
        self._database, self._bus, self._clock = database, bus, clock
        self._has_failed = False
        self._is_wanted = asyncio.Event()
        self.take(settings, spare)

    def take(self, settings: BackupSettings, spare: int) -> None:
        """Copy or don't, keep copies for another span, leave other room: from the next round on."""
        self._settings, self._spare = settings, spare
        if settings.is_daily:
            self._is_wanted.set()
        else:
            self._is_wanted.clear()

    async def run(self) -> None:
        """Copy day by day, while that is wanted, until cancelled."""
        if self._database is None:
            return
        await self._is_wanted.wait()
        await asyncio.to_thread(backup.sweep, self._database.parent / backup.FOLDER, backup.DAILY)
        await asyncio.sleep(FIRST)
        while True:
            await self._is_wanted.wait()
            await self.copy_if_due(self._database)
            await asyncio.sleep(ROUND)

    async def copy_if_due(self, database: Path) -> Backup | None:
        """A new copy when the last one of this kind is a day old; then those that are too old are removed."""
        moment = now(self._clock)
        made = await asyncio.to_thread(backup.daily, database)
        if made and moment - made[-1].made_at < timedelta(days=1):
            return None
        copied = await self._copy(database, moment)
        if copied is not None:
            old = [each.file for each in made if moment - each.made_at > self._settings.keep]
            await asyncio.to_thread(backup.remove, old)
        return copied

    async def _copy(self, database: Path, moment: datetime) -> Backup | None:
        leaving = threading.Event()
        try:
            copied = await asyncio.to_thread(_rested_copy, database, moment, self._spare, leaving)
        except asyncio.CancelledError:
            leaving.set()
            raise
        except Damaged:
            raise
        except (Known, OSError) as error:
            if not self._has_failed:
                self._bus.publish(BackupFailed(error.text if isinstance(error, Known) else str(error)))
            self._has_failed = True
            return None
        self._has_failed = False
        self._bus.publish(BackupMade(copied.file))
        return copied


class _Left(Exception):
    """The engine does not wait for the copy."""


def _rested_copy(database: Path, moment: datetime, spare: int, leaving: threading.Event) -> Backup:
    def rest(_copied: int, _total: int) -> None:
        if leaving.wait(_REST):
            raise _Left

    return backup.copy(database, backup.default_name(database, moment, backup.DAILY), moment, spare=spare, told=rest)
