"""What is told to an engine in another process: events as rows, left by the action's own transaction.

Decision: the engine looks for such rows every second, publishes them as its own and takes them away.
Question: how does an engine hear at once of what an action on another machine has written to a shared store?
Why: a row is there if and only if the action is; a look costs one small query on any server, through any pooler.
Alternatives: LISTEN / NOTIFY (needs a session of its own, which PgBouncer in transaction mode does not give), a
counter of changes (tells that, not what, and every kind of wish needs a query of its own).
State: in force on PostgreSQL. A file of SQLite has one writer at a time, whose loop tells.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from watchkeeper.model.codec import encode, from_own
from watchkeeper.model.errors import LeaseLost, StoreBusy, StoreDown
from watchkeeper.model.events import Event, Told
from watchkeeper.model.ids import uuid7
from watchkeeper.store.tx import Tx

if TYPE_CHECKING:
    from watchkeeper.store.store import Store

_log = logging.getLogger(__name__)

#: Seconds between two looks.
BEAT = 1.0
#: Rows of one look at the most.
BATCH = 1_000

#: Such rows are facts; their names grow with time.
_PREFIX = "told."


class Letter(NamedTuple):
    """An event and the name of its row; without an event when another version of the program wrote it."""

    name: str
    event: Event | None


def leave(tx: Tx, events: Sequence[Event]) -> None:
    """Leave events for the engine, in this transaction."""
    rows = [{"name": _PREFIX + uuid7(), "value": encode(event).decode()} for event in events]
    tx.run_many("INSERT INTO facts (name, value) VALUES (:name, :value)", rows)


def left(tx: Tx, limit: int = BATCH) -> list[Letter]:
    """What was left, oldest first."""
    rows = tx.rows(
        "SELECT name, value FROM facts WHERE name >= :first AND name < :end ORDER BY name LIMIT :limit",
        first=_PREFIX,
        end=_PREFIX + "~",
        limit=limit,
    )
    return [Letter(row.name, _read(row.value)) for row in rows]


def take_away(tx: Tx, letters: Sequence[Letter]) -> None:
    """The engine knows of them."""
    tx.run_many("DELETE FROM facts WHERE name = :name", [{"name": letter.name} for letter in letters])


@asynccontextmanager
async def heard(store: "Store", publish: Callable[[Sequence[Event]], None]) -> AsyncIterator[None]:
    """Meanwhile publish what other processes leave for the engine of this one."""
    hearing = asyncio.ensure_future(_hear(store, publish))
    try:
        yield
    finally:
        hearing.cancel()
        with suppress(asyncio.CancelledError):
            await hearing


async def _hear(store: "Store", publish: Callable[[Sequence[Event]], None]) -> None:
    while True:
        try:
            if not await _hear_some(store, publish):
                await asyncio.sleep(BEAT)
        except StoreBusy:
            await asyncio.sleep(BEAT)
        except (StoreDown, LeaseLost) as error:
            # The engine notices it by itself, and ends with its sentence.
            return _log.warning("nothing more is heard of other processes: %s", error)


async def _hear_some(store: "Store", publish: Callable[[Sequence[Event]], None]) -> bool:
    """Whether there was anything."""
    if store.epoch is None:
        return False
    letters = await store.read(left)
    if letters:
        publish([letter.event for letter in letters if letter.event is not None])
        await store.write(lambda tx: take_away(tx, letters))
    return bool(letters)


def _read(value: str) -> Event | None:
    try:
        event: Event = from_own(value, Told)
    except msgspec.MsgspecError:
        return None
    return event
