"""Queries on their own threads and query-only connections; cancelling one interrupts it."""

import asyncio
import queue
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from watchkeeper.model.errors import StoreBusy, StoreDown
from watchkeeper.model.text import Text, _
from watchkeeper.store.damage import damaged
from watchkeeper.store.faults import Fault, fault_of, is_damage
from watchkeeper.store.thrift import give_back
from watchkeeper.store.tx import Tx

T = TypeVar("T")

#: Connections that read at the same time.
READERS = 3

#: Seconds between two tries while the database is out of reach.
PATIENCE = 0.5

#: Seconds between two interrupts of a query that nobody waits for.
AGAIN = 0.05


class Reader:
    """A few connections, each used by one query at a time."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock
        self._idle: queue.LifoQueue[Connection] = queue.LifoQueue()
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="store-reader")

    async def read(self, fn: Callable[[Tx], T], *, is_patient: bool) -> T:
        """What `fn` finds in one consistent look; cancelling the caller interrupts the query.

        `is_patient`: wait while the database is out of reach; else StoreBusy.
        """
        while True:
            try:
                return await self._read(fn)
            except StoreBusy:
                if not is_patient:
                    raise
            await asyncio.sleep(PATIENCE)

    async def _read(self, fn: Callable[[Tx], T]) -> T:
        using: list[Connection] = []
        loop = asyncio.get_running_loop()
        pending = loop.run_in_executor(self._threads, self._look, fn, using)
        try:
            return await asyncio.shield(pending)
        except asyncio.CancelledError:
            pending.add_done_callback(_forget)
            _interrupt_until_done(pending, using)
            raise

    def close(self) -> None:
        """Wait for running queries and close every connection."""
        self._threads.shutdown(wait=True)
        while not self._idle.empty():
            self._idle.get_nowait().close()

    def _look(self, fn: Callable[[Tx], T], using: list[Connection]) -> T:
        try:
            return self._look_once(fn, using)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise self._meant(error) from error
        try:
            # The server was restarted while the connection was idle.
            return self._look_once(fn, using)
        except DBAPIError as error:
            raise self._meant(error) from error

    def _look_once(self, fn: Callable[[Tx], T], using: list[Connection]) -> T:
        connection = self._take()
        using.append(connection)
        try:
            with connection.begin():
                return fn(Tx(connection, self._clock()))
        finally:
            using.remove(connection)
            give_back(connection)
            self._idle.put(connection)

    def _take(self) -> Connection:
        with suppress(queue.Empty):
            return self._idle.get_nowait()
        return self._engine.connect()

    def _meant(self, error: DBAPIError) -> Exception:
        """The error in our words, where we have some."""
        match fault_of(error):
            case Fault.BROKEN if is_damage(error):
                return damaged(self._engine.url.database, error.orig)
            case Fault.BROKEN:
                return StoreDown(_unreadable(error))
            case Fault.BUSY:
                return StoreBusy(_("the database is out of reach, or too busy to answer: try again in a moment"))
        return error


def _unreadable(error: DBAPIError) -> Text:
    return _("the store can't be read ({why}): check the disk, restore a backup", why=str(error.orig)[:200])


def _interrupt_until_done(pending: asyncio.Future[Any], using: list[Connection]) -> None:
    """Again and again: an interrupt that comes just before a statement begins does not reach it."""
    if pending.done():
        return
    for connection in tuple(using):
        _interrupt(connection)
    asyncio.get_running_loop().call_later(AGAIN, _interrupt_until_done, pending, using)


def _forget(pending: asyncio.Future[Any]) -> None:
    """Nobody waits for it any more."""
    if not pending.cancelled():
        pending.exception()


def _interrupt(connection: Connection) -> None:
    driver: Any = None if connection.invalidated else connection.connection.dbapi_connection
    if driver is not None:
        (driver.interrupt if hasattr(driver, "interrupt") else driver.cancel)()
