"""The console with its engine: the window on the main thread, the engine on a thread and a loop of its own."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from watchkeeper import boot
from watchkeeper.access.actor import local_operator
from watchkeeper.action.desk import Desk, LocalDesk
from watchkeeper.model.errors import Conflict
from watchkeeper.store.lock import engine_lock


def run_console(home: Path) -> int:
    """Show the console of a workspace, which is made if there is none; 0 when it was quit."""
    from watchkeeper.ui import app

    if not boot.database_of(home).exists() and isinstance(boot.store_of(home), Path):
        boot.init_workspace(home)
    return app.show(home, lambda: _desk(home), local_operator().name)


@asynccontextmanager
async def _desk(home: Path) -> AsyncIterator[Desk]:
    """The desk of the engine that runs already, else of one that is started here."""
    running = await boot.running_engine(home)
    if running is not None:
        try:
            yield running
        finally:
            await running.close()
        return
    embedded = Embedded(home)
    try:
        yield await embedded.start()
    finally:
        await asyncio.to_thread(embedded.stop)


class Embedded:
    """An engine in this process, on its own thread."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: Callable[[], None] = lambda: None
        self._thread = threading.Thread(target=self._run, name="engine", daemon=False)
        self._ready: asyncio.Future[Desk] | None = None
        self._waiting_loop: asyncio.AbstractEventLoop | None = None

    async def start(self) -> Desk:
        """Its desk once it is ready; Conflict when another engine has the workspace."""
        self._waiting_loop = asyncio.get_running_loop()
        self._ready = self._waiting_loop.create_future()
        self._thread.start()
        return await self._ready

    def stop(self) -> None:
        """Stop the engine and wait for its end; its runs live on under their keeper."""
        if self._loop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop)
        self._thread.join()

    def _run(self) -> None:
        try:
            with engine_lock(self._home, "console") as holder:
                asyncio.run(self._serve(holder))
        except BaseException as error:
            self._tell_error(error)
            if not isinstance(error, Conflict):
                raise

    async def _serve(self, holder: str) -> None:
        self._loop = asyncio.get_running_loop()

        def begun(desk: LocalDesk, stop: Callable[[], None]) -> None:
            self._stop = stop
            assert self._waiting_loop is not None and self._ready is not None
            self._waiting_loop.call_soon_threadsafe(self._ready.set_result, desk)

        await boot.serve(self._home, holder, begun)

    def _tell_error(self, error: BaseException) -> None:
        if self._ready is not None and self._waiting_loop is not None and not self._ready.done():
            self._waiting_loop.call_soon_threadsafe(self._ready.set_exception, error)
