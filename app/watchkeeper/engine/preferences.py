"""Settings that an engine takes while it works; the others hold from its next start on."""

import asyncio
import logging
from pathlib import Path

from watchkeeper import settings
from watchkeeper.bus import Bus
from watchkeeper.engine.backup import Copier
from watchkeeper.engine.floor import Floor
from watchkeeper.engine.place import Placer
from watchkeeper.engine.plugins import Plugins
from watchkeeper.engine.prune import Pruner
from watchkeeper.engine.tasks import Tasks
from watchkeeper.model.errors import Known
from watchkeeper.model.events import SettingsChanged

_log = logging.getLogger(__name__)


class Preferences:
    """Reads the file again when it is told that a setting was changed."""

    def __init__(
        self,
        home: Path | None,
        pruner: Pruner,
        floor: Floor,
        copier: Copier,
        plugins: Plugins,
        placer: Placer,
        tasks: Tasks,
    ) -> None:
        """`home` is the workspace's folder; without one nothing is read."""
        self._home, self._pruner, self._floor, self._copier, self._tasks = home, pruner, floor, copier, tasks
        self._plugins, self._placer = plugins, placer

    def listen(self, bus: Bus) -> None:
        """Hear of changes from now on."""
        bus.listen(SettingsChanged, lambda event: self._tasks.spawn(self._take()))

    async def _take(self) -> None:
        if self._home is None:
            return
        try:
            found = await asyncio.to_thread(settings.load, self._home)
        except Known as error:
            return _log.warning("the settings stay as they were: %s", error)
        self._pruner.take(found.retention)
        self._floor.take(found.disk)
        self._copier.take(found.backup, found.disk.floor_mib << 20)
        self._plugins.take(found.plugins)
        self._placer.take(found.plugins)
