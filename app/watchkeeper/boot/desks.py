"""The desk of a workspace: of the engine that runs there, else of this process for a short life."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from watchkeeper.access.actor import local_operator
from watchkeeper.action.desk import Desk, LocalDesk
from watchkeeper.action.socket_desk import SocketDesk
from watchkeeper.boot.house import House, http_client, opened
from watchkeeper.hosts.host import Unreachable
from watchkeeper.model import places
from watchkeeper.model.errors import StoreDown
from watchkeeper.store.lock import patient_lock

if TYPE_CHECKING:
    pass


#: Seconds that a writing command waits for another one to be done.
LOCK_PATIENCE = 5.0


@asynccontextmanager
async def open_desk(home: Path, *, is_writing: bool, runs_one: bool = False) -> AsyncIterator[Desk]:
    """The desk of the engine that runs there; without one, a desk of this process for a short life.

    A writing desk then holds `engine.lock`. `runs_one`: with a small engine that fires no schedule, unless an engine on
    another machine holds the store, which hears of what is written here (see store/told.py).
    """
    remote = await running_engine(home)
    if remote is not None:
        try:
            yield remote
        finally:
            await remote.close()
        return
    async with AsyncExitStack() as stack:
        holder = ""
        if is_writing or runs_one:
            holder = await stack.enter_async_context(patient_lock(home, "command", LOCK_PATIENCE))
        house = await stack.enter_async_context(opened(home, holds_lock=bool(holder)))
        if runs_one and not await house.has_engine_elsewhere():
            await stack.enter_async_context(_engine_beside(house, holder))
        desk = LocalDesk(house.door(None), local_operator())
        stack.push_async_callback(desk.close)
        yield desk


@asynccontextmanager
async def _engine_beside(house: House, holder: str) -> AsyncIterator[None]:
    async with http_client() as http:
        engine = house.engine(holder, http, fires_schedule=False)
        running = asyncio.ensure_future(engine.run())
        ready = asyncio.ensure_future(engine.is_ready.wait())
        await asyncio.wait([running, ready], return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        try:
            if not running.done():
                yield
        finally:
            engine.stop()
            await running


async def running_engine(home: Path) -> SocketDesk | None:
    """The desk of the engine that runs there; None."""
    try:
        return await SocketDesk.connect(places.socket_of(home, "engine"))
    except (OSError, StoreDown, Unreachable):
        return None
