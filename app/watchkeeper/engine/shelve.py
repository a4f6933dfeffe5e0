"""Takes the logs of finished attempts into the workspace and lets their run directories go, in a trickle."""

import asyncio
import logging
from collections import deque
from collections.abc import Mapping, Sequence

from watchkeeper.engine.logs import Logs
from watchkeeper.hosts.host import Fenced, Host, Unreachable
from watchkeeper.model.points import Point, reach
from watchkeeper.store import shelf
from watchkeeper.store.moves import Shelved, Unshelved
from watchkeeper.store.store import Store

_log = logging.getLogger(__name__)

#: Attempts of one batch, and seconds between two batches: mass deletion slows the starting of runs.
BATCH = 64
PAUSE = 0.15
#: Seconds until a host that could not be asked is asked again.
AGAIN = 10.0


class Shelver:
    """Works through the shelf; what it does not get to before a crash stands in the store."""

    def __init__(self, store: Store, hosts: Mapping[str, Host], logs: Logs) -> None:
        self._store = store
        self._hosts = hosts
        self._logs = logs
        self._waiting: deque[Shelved] = deque()
        self._wake = asyncio.Event()

    def add(self, row: Shelved) -> None:
        """An attempt has ended on a host."""
        self._waiting.append(row)
        self._wake.set()

    async def load(self) -> None:
        """Take up what an earlier engine left."""
        for row in await self._store.read(lambda tx: shelf.waiting(tx, 100_000)):
            self.add(row)

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
                pause = PAUSE if await self._take(batch) else AGAIN
                await asyncio.sleep(pause)

    async def _take(self, batch: Sequence[Shelved]) -> bool:
        try:
            await self._take_logs(batch)
            done = [Unshelved(row.run_id, row.attempt) for row in batch]
            await self._store.move(done)
            await self._collect(batch)
        except (Unreachable, Fenced, OSError) as error:
            _log.warning("logs stay on their host for now: %s", error)
            self._waiting.extend(batch)
            return False
        return True

    async def _take_logs(self, batch: Sequence[Shelved]) -> None:
        for row in batch:
            target = self._logs.path(row.run_id, row.attempt)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            said = target.read_text(encoding="utf-8") if target.exists() else ""
            reach(Point.BEFORE_LOG_TAKEN)
            is_taken = await self._hosts[row.host].take_log(row.key, str(target))
            reach(Point.AFTER_LOG_TAKEN)
            if is_taken and said:
                # What the handler itself logged follows what its process wrote.
                self._logs.append(row.run_id, row.attempt, said)

    async def _collect(self, batch: Sequence[Shelved]) -> None:
        for name in {row.host for row in batch}:
            await self._hosts[name].collect([row.key for row in batch if row.host == name])
