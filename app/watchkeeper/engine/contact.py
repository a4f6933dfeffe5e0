"""Gets in touch with the hosts, and asks them again when they or this machine have been away."""

import asyncio
from collections.abc import Mapping

from watchkeeper.engine.book import Book
from watchkeeper.engine.dispatch import Dispatcher
from watchkeeper.engine.place import Placer
from watchkeeper.engine.tasks import Tasks
from watchkeeper.hosts.host import Host, Unreachable
from watchkeeper.model.run import Ground

#: Seconds between two tries to reach a host that does not answer.
AGAIN = 5.0
#: Seconds that the start of scheduling waits for hosts (SEMANTICS: recovery).
PATIENCE = 10.0


class Contact:
    """The line to every host."""

    def __init__(
        self,
        hosts: Mapping[str, Host],
        book: Book,
        placer: Placer,
        dispatcher: Dispatcher,
        tasks: Tasks,
        workspace_id: str,
    ) -> None:
        self._hosts = hosts
        self._book = book
        self._placer = placer
        self._dispatcher = dispatcher
        self._tasks = tasks
        self._workspace_id = workspace_id

    async def begin(self, epoch: int) -> None:
        """Ask all hosts at once; one that is silent keeps its runs ORPHANED and holds up nothing else."""
        entering = [self._tasks.begin(self._enter(name, epoch)) for name in self._hosts]
        if entering:
            await asyncio.wait(entering, timeout=PATIENCE)

    async def look_again(self) -> None:
        """Ask every host for what is live there."""
        for name in self._hosts:
            await self._placer.look_again(name)

    async def close(self) -> None:
        """Leave the hosts; their runs go on."""
        for host in self._hosts.values():
            await host.close()

    def turn_away(self) -> None:
        """Take no more news: the engine ends, and the next one will ask."""
        for host in self._hosts.values():
            host.on_ended = lambda statuses: None
            host.on_reconnected = lambda ground: None

    async def _enter(self, name: str, epoch: int) -> None:
        """Connect, however long it takes, and ask for everything that is live there."""
        host = self._hosts[name]
        while True:
            try:
                ground = await host.connect(self._workspace_id, epoch)
                break
            except Unreachable:
                await asyncio.sleep(AGAIN)
        host.on_reconnected = lambda ground: self._come_back(name, ground)
        self._stand_on(name, ground)
        await self._placer.look_again(name)

    def _come_back(self, name: str, ground: Ground) -> None:
        self._stand_on(name, ground)
        self._tasks.spawn(self._placer.look_again(name))

    def _stand_on(self, name: str, ground: Ground) -> None:
        self._dispatcher.grounds = self._placer.grounds = {**self._placer.grounds, name: ground}
        self._book.room.set()
