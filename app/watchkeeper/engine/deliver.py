"""Drains the outbox: what an ending has to tell is delivered once the ending is on disk, with patience."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from watchkeeper.model.codec import encode
from watchkeeper.model.errors import StoreBusy
from watchkeeper.model.instant import from_us
from watchkeeper.model.points import Point, reach
from watchkeeper.model.run import State
from watchkeeper.store import outbox
from watchkeeper.store.moves import Ended
from watchkeeper.store.outbox import Parcel
from watchkeeper.store.store import Store
from watchkeeper.store.tx import Tx

_log = logging.getLogger(__name__)

#: Parcels taken at once, and seconds between two looks.
BATCH = 100
BEAT = 1.0

#: Endings that somebody wants to hear of.
TOLD = (State.FAILED, State.TIMED_OUT)

#: Takes a parcel to its receiver, who knows parcels by their id; raises OSError when it can't be done now.
Deliver = Callable[[Parcel], Awaitable[None]]


def post_failures(tx: Tx, ended: Sequence[Any]) -> None:
    """Ending step: put a parcel into the outbox for every failure."""
    failed = [row for row in ended if type(row) is Ended and row.state in TOLD]
    outbox.add(tx, [_parcel(row) for row in failed])


class Deliverer:
    """Delivers at least once; a parcel's id makes it once."""

    def __init__(self, store: Store, deliver: Deliver) -> None:
        self._store = store
        self._deliver = deliver
        self._wake = asyncio.Event()

    def look(self) -> None:
        """There may be something in the outbox."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver, until cancelled."""
        while True:
            parcels = await self._store.read(lambda tx: outbox.due(tx, BATCH))
            try:
                await self._deliver_all(parcels)
            except StoreBusy:
                await asyncio.sleep(BEAT)
            if len(parcels) < BATCH:
                await self._pause()

    async def _deliver_all(self, parcels: Sequence[Parcel]) -> None:
        delivered: list[str] = []
        for parcel in parcels:
            reach(Point.BEFORE_DELIVERY)
            try:
                await self._deliver(parcel)
            except OSError as error:
                _log.warning("a notice could not be delivered: %s", error)
                await self._postpone(parcel)
            else:
                delivered.append(parcel.id)
            reach(Point.AFTER_DELIVERY)
        if delivered:
            await self._store.write(lambda tx: outbox.delivered(tx, delivered))

    async def _postpone(self, parcel: Parcel) -> None:
        wait = timedelta(seconds=min(2**parcel.attempts, 3600))
        await self._store.write(lambda tx: outbox.postpone(tx, parcel.id, wait))

    async def _pause(self) -> None:
        self._wake.clear()
        try:
            async with asyncio.timeout(BEAT):
                await self._wake.wait()
        except TimeoutError:
            return


def _parcel(row: Ended) -> Parcel:
    reason = None if row.reason is None else msgspec.Raw(row.reason.encode())
    body = {"run_id": row.id, "state": row.state, "reason": reason, "ended_at": from_us(row.ended_at)}
    return Parcel(f"{row.id}.ended", "run.ended", row.id, encode(body).decode(), 0)
