"""Holds the lease, and notices that another engine has taken over."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import timedelta

from watchkeeper.model.errors import StoreBusy
from watchkeeper.store import leases
from watchkeeper.store.leases import Lease
from watchkeeper.store.store import Store

_log = logging.getLogger(__name__)


class Tenure:
    """One engine's time in office."""

    def __init__(self, store: Store, holder: str, slots: Mapping[str, int], span: timedelta, *, is_sole: bool) -> None:
        self._store = store
        self._holder = holder
        self._slots = slots
        self._span = span
        self._is_sole = is_sole
        self._lease: Lease | None = None

    async def begin(self) -> int:
        """Take the lease; the epoch that fences every write from now on. Conflict while another engine holds it."""
        lease = await self._store.write(
            lambda tx: leases.take(tx, self._holder, self._slots, self._span, is_sole=self._is_sole)
        )
        self._lease = lease
        self._store.epoch = lease.epoch
        return lease.epoch

    async def run(self) -> None:
        """Renew until cancelled; LeaseLost when another engine has taken over."""
        while True:
            await asyncio.sleep(self._span.total_seconds() / 3)
            await self.renew()

    async def end(self) -> None:
        """Let the lease end now."""
        if self._lease is not None:
            epoch = self._lease.epoch
            await self._store.write(lambda tx: leases.give_up(tx, epoch))

    async def renew(self) -> None:
        """Hold the lease for another span, or LeaseLost."""
        assert self._lease is not None
        epoch = self._lease.epoch
        try:
            await self._store.write(lambda tx: leases.renew(tx, epoch, self._span))
        except StoreBusy as error:
            # Nobody can take the lease where nobody can write; the epoch still fences all that comes later.
            _log.warning("the lease could not be renewed: %s", error)
