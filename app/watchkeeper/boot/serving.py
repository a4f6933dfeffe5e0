"""An engine that runs until it is stopped, in this process."""

import asyncio
import faulthandler
import gc
import logging
import logging.handlers
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from watchkeeper.access.actor import local_operator
from watchkeeper.action.desk import LocalDesk
from watchkeeper.action.door import EngineFacts
from watchkeeper.action.socket_server import SocketServer
from watchkeeper.boot.chronicle import Chronicle
from watchkeeper.boot.house import http_client, opened
from watchkeeper.model import places
from watchkeeper.model.events import Event
from watchkeeper.model.known_secrets import hidden
from watchkeeper.model.text import chosen_language
from watchkeeper.store.lock import engine_lock

if TYPE_CHECKING:
    pass


#: Thresholds of the garbage collector: an engine makes many short-lived values and hardly a cycle, and looking through
#: all live runs after every 700 of them costs a sixth of its time.
CALM = (100_000, 50, 50)


def run_engine(home: Path, announce: Callable[[str], None]) -> int:
    """Run the engine of a workspace until it is asked to stop (INT, TERM); 0, or raises Known with what ended it."""
    faulthandler.enable()
    gc.set_threshold(*CALM)
    log_to(home)
    with engine_lock(home, "engine") as holder:
        asyncio.run(serve_here(home, holder, announce))
    return 0


async def serve_here(home: Path, holder: str, announce: Callable[[str], None]) -> None:
    """In the foreground: says what happens, and ends by INT and TERM."""

    def begun(_desk: LocalDesk, stop: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):
                loop.add_signal_handler(number, stop)

    await serve(home, holder, begun, Chronicle(announce, chosen_language(os.environ)).add)


async def serve(
    home: Path,
    holder: str,
    begun: Callable[[LocalDesk, Callable[[], None]], None],
    heed: Callable[[Event], None] = lambda event: None,
) -> None:
    """Run the engine of a workspace until it is stopped; `engine.lock` is held.

    `begun` is called, before anything is recovered, with its desk and with what stops it; `heed` with every event.
    """
    async with opened(home, holds_lock=True) as house, http_client() as http:
        house.bus.listen(Event, heed)
        engine = house.engine(holder, http, fires_schedule=True)
        facts = EngineFacts(holder, datetime.now(UTC), os.getpid(), engine)
        desk = LocalDesk(house.door(facts), local_operator())
        server = SocketServer(desk, places.socket_of(home, "engine"))
        await server.start()
        begun(desk, engine.stop)
        try:
            async with house.hearing():
                await engine.run()
        finally:
            await server.close()
            await desk.close()


class _Discreet(logging.Formatter):
    """Says no secret that this process knows."""

    def format(self, record: logging.LogRecord) -> str:
        return hidden(super().format(record))


def log_to(home: Path) -> None:
    handler = logging.handlers.RotatingFileHandler(home / "engine.log", maxBytes=5_000_000, backupCount=3)
    handler.setFormatter(_Discreet("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    os.chmod(home / "engine.log", 0o600)
    logging.getLogger("watchkeeper").addHandler(handler)
    logging.getLogger("watchkeeper").setLevel(logging.INFO)
