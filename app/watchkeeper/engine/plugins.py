"""Keeps the plugins in use as their folders are, and as people have decided, while runs go on."""

import asyncio
import logging
import os
from contextlib import suppress
from functools import partial
from pathlib import Path

from watchkeeper.bus import Bus
from watchkeeper.engine.tasks import Tasks
from watchkeeper.model import places
from watchkeeper.model.events import PluginDecided, PluginsChanged, PluginsReloadAsked
from watchkeeper.plugin.loader import Folder
from watchkeeper.plugin.registry import Registry
from watchkeeper.plugin.signs import Sign, signs_of
from watchkeeper.settings import PluginSettings
from watchkeeper.store import plugins
from watchkeeper.store.store import Store

_log = logging.getLogger(__name__)

#: Seconds between two looks at the folders.
BEAT = 0.2
#: A file that is being written is left alone for so many looks at the most.
PATIENCE = 3


def folders_of(home: Path, settings: PluginSettings) -> tuple[Folder, ...]:
    """The folders of plugins beside those of the product: of the workspace, of the user, and those that the settings
    name; which of them are the user's own say the settings."""
    own = {path.resolve() for path in _paths(home, settings.own)}
    named = _paths(home, settings.folders)
    folders = dict.fromkeys((home / "plugins", places.user_plugins(), *named))
    return tuple(Folder(path, is_own=path.resolve() in own, is_named=path in named) for path in folders)


def _paths(home: Path, words: str) -> list[Path]:
    """Separated as in PATH; those that are not absolute lie in the workspace."""
    return [home / Path(word.strip()).expanduser() for word in words.split(os.pathsep) if word.strip()]


class Plugins:
    """One per engine; reloads on a beat, by wish, and when somebody has allowed or forbidden a file."""

    def __init__(self, registry: Registry, store: Store, bus: Bus, home: Path | None, tasks: Tasks) -> None:
        """`home`: the workspace's folder; without one its settings name no folders."""
        self._registry, self._store, self._bus, self._home, self._tasks = registry, store, bus, home, tasks
        self._turn = asyncio.Lock()
        #: Verdicts are read one after the other: what was read first must not be taken last.
        self._deciding = asyncio.Lock()
        self._news = asyncio.Event()
        #: What was there when the plugins were read, and at the last look.
        self._read: frozenset[Sign] = frozenset()
        self._seen: frozenset[Sign] = frozenset()
        self._looks = 0

    def listen(self) -> None:
        """Hear of what people decide from now on."""
        self._bus.listen(PluginDecided, lambda event: self._tasks.spawn(self._take_verdicts()))
        self._bus.listen(PluginsReloadAsked, lambda event: self._tasks.spawn(self._reload_all()))

    def take(self, settings: PluginSettings) -> None:
        """Other folders, other marks, or another limit of memory."""
        if self._registry.imports is not None:
            self._registry.imports.memory_mib = settings.memory_mib
        if self._home is None:
            return
        bundled = (folder for folder in self._registry.folders if folder.is_bundled)
        folders = (*bundled, *folders_of(self._home, settings))
        if folders != self._registry.folders:
            self._registry.folders = folders
            self._tasks.spawn(self._reload())

    async def run(self) -> None:
        """Look on a beat, until cancelled."""
        imports = self._registry.imports
        if imports is not None:
            imports.on_answer = partial(_tell, asyncio.get_running_loop(), self._news)
        self._read = self._seen = self._registry.signs
        try:
            while True:
                await self._look()
        finally:
            if imports is not None:
                imports.on_answer = lambda: None

    async def _look(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(BEAT):
                await self._news.wait()
        if self._news.is_set():
            self._news.clear()
            return await self._reload()
        now = await asyncio.to_thread(signs_of, self._registry.folders)
        if now == self._read:
            self._looks, self._seen = 0, now
        elif now != self._seen and self._looks < PATIENCE:
            self._looks, self._seen = self._looks + 1, now
        else:
            self._looks, self._read, self._seen = 0, now, now
            await self._reload()

    async def _take_verdicts(self) -> None:
        async with self._deciding:
            self._registry.verdicts = await self._store.read(plugins.verdicts)
        await self._reload()

    async def _reload_all(self) -> None:
        if self._registry.imports is not None:
            self._registry.imports.forget()
        await self._reload(is_asked=True)

    async def _reload(self, *, is_asked: bool = False) -> None:
        async with self._turn:
            before = {file.path: file for file in self._registry.files}
            is_other = await asyncio.to_thread(self._registry.reload)
        for file in self._registry.files:
            if file != before.get(file.path):
                _log.info("plugin %s: %s %s", file.path, file.state, file.error or "")
        if is_other or is_asked:
            self._bus.publish(PluginsChanged())


def _tell(loop: asyncio.AbstractEventLoop, news: asyncio.Event) -> None:
    """From another thread."""
    loop.call_soon_threadsafe(news.set)
