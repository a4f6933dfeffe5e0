"""Takes the logs of finished attempts into the workspace and lets their run directories go, in a trickle."""

import asyncio
import logging
from collections import defaultdict, deque
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
PAUSE = 0.05
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
        by_host: dict[str, list[Shelved]] = defaultdict(list)
        for row in batch:
            by_host[row.host].append(row)
        try:
            for host_name, rows in by_host.items():
                await self._take_from(self._hosts[host_name], rows)
        except (Unreachable, Fenced, OSError) as error:
            _log.warning("logs stay on their host for now: %s", error)
            self._waiting.extend(batch)
            return False
        return True

    async def _take_from(self, host: Host, rows: Sequence[Shelved]) -> None:
        said = {row.key: self._said(row) for row in rows}
        reach(Point.BEFORE_LOG_TAKEN)
        taken = await host.take_logs({row.key: str(self._logs.path(row.run_id, row.attempt)) for row in rows})
        for row in rows:
            if row.key in taken and said[row.key]:
                # What the handler itself logged follows what its process wrote.
                self._logs.append(row.run_id, row.attempt, said[row.key])
        reach(Point.AFTER_LOG_TAKEN)
        # The row goes last: an engine that ends in between lets the next one clear up; to collect twice is nothing.
        await host.collect([row.key for row in rows])
        await self._store.move([Unshelved(row.run_id, row.attempt) for row in rows])

    def _said(self, row: Shelved) -> str:
        """What the handler has logged of an attempt before its process's output comes to the same place."""
        path = self._logs.path(row.run_id, row.attempt)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path.read_text(encoding="utf-8") if path.exists() else ""
