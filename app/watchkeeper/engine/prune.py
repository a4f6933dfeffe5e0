"""Lets the old go: runs, execution ids, logs, and secrets that were replaced or deleted; a few at a time."""

import asyncio
from datetime import timedelta

from watchkeeper.engine.clock import Clock
from watchkeeper.engine.logs import Logs
from watchkeeper.model.errors import StoreBusy
from watchkeeper.model.instant import from_us
from watchkeeper.settings import RetentionSettings
from watchkeeper.store import execution_ids, retention, secrets
from watchkeeper.store.store import Store

#: Runs of one transaction, seconds between two, and seconds between two rounds.
BATCH = 200
PAUSE = 0.5
ROUND = 600.0


class Pruner:
    """Never in a hurry."""

    def __init__(self, store: Store, logs: Logs, settings: RetentionSettings, clock: Clock) -> None:
        self._store = store
        self._logs = logs
        self._settings = settings
        self._clock = clock

    def take(self, settings: RetentionSettings) -> None:
        """Keep things for other spans from the next round on."""
        self._settings = settings

    async def run(self) -> None:
        """Prune, round after round, until cancelled."""
        while True:
            try:
                has_more = await self.prune_some() > 0
            except StoreBusy:
                has_more = False
            await asyncio.sleep(PAUSE if has_more else ROUND)

    async def prune_some(self) -> int:
        """Remove one batch of everything that is too old; how many rows went."""
        before = from_us(self._clock.now_us()) - self._settings.runs
        gone = await self._store.write(lambda tx: retention.prune(tx, before, BATCH))
        ids = await self._store.write(lambda tx: execution_ids.forget_expired(tx, BATCH))
        await self._store.write(secrets.wipe)
        logs = timedelta(seconds=self._settings.logs.total_seconds())
        await asyncio.to_thread(self._logs.prune, logs, self._clock.now_us())
        return len(gone) + ids
