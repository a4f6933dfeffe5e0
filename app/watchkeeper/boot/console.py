"""The console with its engine: the window on the main thread, the engine on a thread and a loop of its own."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from watchkeeper import boot
from watchkeeper.access.actor import local_operator
from watchkeeper.action.desk import Desk, LocalDesk
from watchkeeper.action.lasting_desk import LastingDesk
from watchkeeper.action.socket_desk import SocketDesk
from watchkeeper.boot.serving import log_to
from watchkeeper.model import places
from watchkeeper.store.lock import engine_lock

if TYPE_CHECKING:
    from watchkeeper.ui.app import Opened


def run_console(home: Path, words: Sequence[str] = ()) -> int:
    """Show the console of a workspace, which is made if there is none; 0 when it was quit.

    `words` may be a link to a place in it.
    """
    from watchkeeper.ui import app

    if not boot.database_of(home).exists() and isinstance(boot.store_of(home), Path):
        boot.init_workspace(home)
    log_to(home)
    if app.show(home, lambda: _opened(home), local_operator().name, words):
        start_detached(home)
    return 0


def start_detached(home: Path) -> None:
    """Start an engine that outlives this program; it finds again what runs."""
    words = [sys.executable, "-m", "watchkeeper", "--home", str(home), "engine"]
    with (home / "engine.out").open("ab") as out:
        subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)


def take_shots(
    folder: Path, *, names: Sequence[str], theme: str, language: str, scale: float, size: tuple[int, int], days: float
) -> list[Path]:
    """Pictures of the console over a workspace that an engine has filled; their files."""
    from watchkeeper.boot.showcase import NOW, Showcase
    from watchkeeper.ui import shots

    folder.mkdir(parents=True, exist_ok=True)
    shots.prepare(scale)
    with TemporaryDirectory(prefix="watchkeeper-") as home:
        filled, empty = Showcase(Path(home, "filled"), days), Showcase(Path(home, "empty"), 0.01, has_jobs=False)
        try:
            desks = shots.Desks(filled.start(), empty.start())
            return shots.take(desks, folder, now=NOW, names=names, theme=theme, language=language, size=size)
        finally:
            empty.stop()
            filled.stop()


@asynccontextmanager
async def _opened(home: Path) -> "AsyncIterator[Opened]":
    """The desk of the engine that runs already, else of one that is started here."""
    from watchkeeper.ui.app import Opened

    running = await boot.running_engine(home)
    if running is not None:
        desk = LastingDesk(running, partial(SocketDesk.connect, places.socket_of(home, "engine")))
        try:
            yield Opened(desk, is_embedded=False)
        finally:
            await desk.close()
        return
    embedded = Embedded(home)
    try:
        yield Opened(await embedded.start(), is_embedded=True)
    finally:
        await asyncio.to_thread(embedded.stop)


class Embedded:
    """An engine in this process, on its own thread and its own loop."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="engine")
        self._running: Future[None] | None = None
        #: Asks the engine to stop; may be called from any thread.
        self._stop: Callable[[], object] = lambda: None

    async def start(self) -> Desk:
        """Its desk; Conflict when another engine has the workspace, Known when the workspace can't be opened."""
        loop = asyncio.get_running_loop()
        ready: asyncio.Future[Desk] = loop.create_future()

        def begun(desk: LocalDesk, stop: Callable[[], None]) -> None:
            self._stop = partial(asyncio.get_running_loop().call_soon_threadsafe, stop)
            loop.call_soon_threadsafe(ready.set_result, desk)

        self._running = self._thread.submit(self._run, begun)
        ended = asyncio.wrap_future(self._running)
        either: list[asyncio.Future[Any]] = [ready, ended]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            await ended
        return await ready

    def stop(self) -> None:
        """Stop the engine and wait for its end; its runs live on under their keeper. Raises what had ended it."""
        if self._running is not None and not self._running.done():
            self._stop()
        self._thread.shutdown()

    def _run(self, begun: Callable[[LocalDesk, Callable[[], None]], None]) -> None:
        with engine_lock(self._home, "console") as holder:
            asyncio.run(boot.serve(self._home, holder, begun))
