"""The store: opened once per process, written through one thread, read through a few."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar

from watchkeeper.model.errors import Damaged
from watchkeeper.model.events import Event
from watchkeeper.store.check import torn
from watchkeeper.store.damage import damaged
from watchkeeper.store.driver import file_of, reading_engine, url_of, writing_engine
from watchkeeper.store.reader import Reader
from watchkeeper.store.round import EndingStep, Item
from watchkeeper.store.schema import require_current
from watchkeeper.store.tx import Tx
from watchkeeper.store.writer import Writer, wall_clock

T = TypeVar("T")


class Store:
    """Open with `Store.open` on the loop that will use it; `close` before the loop ends."""

    def __init__(self, writer: Writer, reader: Reader, file: Path | None) -> None:
        self._file = file
        self._writer = writer
        self._reader = reader
        #: Called when somebody's query came upon a torn page.
        self.on_damage: Callable[[Damaged], None] = lambda error: None

    @classmethod
    async def open(cls, place: str | Path, *, clock: Callable[[], datetime] = wall_clock) -> Self:
        """The store at a file or PostgreSQL URL.

        Raises Known when it is older or newer than the program, damaged, or can't be opened.
        """
        url = url_of(place)
        await asyncio.to_thread(require_current, url)
        writer = Writer(writing_engine(url), asyncio.get_running_loop(), clock)
        return cls(writer, Reader(reading_engine(url), clock), file_of(url))

    async def write(self, fn: Callable[[Tx], T]) -> T:
        """Carry out `fn` in a transaction; it does nothing but talk to its tx, for it may be called again."""
        return await self._put(Item(self._future(), fn=fn))  # type: ignore[no-any-return]  # the future is fn's

    async def move(self, *rows: Sequence[NamedTuple], events: Sequence[Event] = ()) -> list[Any]:
        """Write rows of the hot lane (see moves.py), all in one transaction; the losers, which changed nothing.

        Each of `rows` is a sequence of one kind. `events` are told after the commit, unless a row lost.
        Waits while the disk is full. Raises Stale when another run holds the key, LeaseLost, StoreDown.
        """
        groups = {type(group[0]): group for group in rows if group}
        if not groups:
            return []
        return await self._put(Item(self._future(), groups=groups, events=list(events)))  # type: ignore[no-any-return]

    async def read(self, fn: Callable[[Tx], T]) -> T:
        """What `fn` finds; cancelling interrupts the query. Waits while the database is out of reach."""
        return await self._reader.read(fn, is_patient=True)

    async def look(self, fn: Callable[[Tx], T]) -> T:
        """The same for somebody who would rather be told than wait: StoreBusy while the database is out of reach."""
        try:
            return await self._reader.read(fn, is_patient=False)
        except Damaged as error:
            self.on_damage(error)
            raise

    async def require_sound(self) -> None:
        """Look at every page; Damaged when one is torn. Takes 1.4 s for a gigabyte; cancelling ends it."""
        if (why := await self._reader.read(torn, is_patient=True)) is not None:
            raise damaged(str(self._file), why)

    def step_at_ending(self, step: EndingStep) -> None:
        """Let `step` run inside the transaction of every ending."""
        self._writer.steps.append(step)

    def listen(self, on_told: Callable[[Sequence[Event]], None]) -> None:
        """Give told events to `on_told`, on the loop, after their commit."""
        self._writer.on_told = on_told

    @property
    def file(self) -> Path | None:
        """The file of an SQLite store; None where the store is a server's."""
        return self._file

    @property
    def pending(self) -> int:
        """Writes that have not been answered yet."""
        return self._writer.pending

    @property
    def epoch(self) -> int | None:
        """The lease's epoch that every write is checked against; None without a lease."""
        return self._writer.epoch

    @epoch.setter
    def epoch(self, epoch: int | None) -> None:
        self._writer.epoch = epoch

    async def close(self) -> None:
        """Write what is queued, then close every connection, the writer's last."""
        await asyncio.to_thread(self._reader.close)
        await self._writer.close()

    def _future(self) -> asyncio.Future[Any]:
        return asyncio.get_running_loop().create_future()

    async def _put(self, item: Item) -> Any:
        self._writer.put(item)
        return await item.future
