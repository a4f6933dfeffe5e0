"""The rooms of one open workspace, wired together."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from watchkeeper import settings as settings_file
from watchkeeper.action.door import Door, EngineFacts
from watchkeeper.alert.journal import Journal
from watchkeeper.boot.workspace import clear_up, database_of, store_of
from watchkeeper.bus import Bus
from watchkeeper.engine.chain import start_successors
from watchkeeper.engine.clock import Clock, SystemClock, now
from watchkeeper.engine.deliver import post_failures
from watchkeeper.engine.engine import Engine
from watchkeeper.engine.known_values import KnownValues
from watchkeeper.engine.logs import Logs
from watchkeeper.engine.masks import Masks
from watchkeeper.engine.plugins import folders_of
from watchkeeper.hosts.host import Fenced, Unreachable
from watchkeeper.hosts.keys import attempt_key
from watchkeeper.hosts.local import LocalHost
from watchkeeper.model import places
from watchkeeper.model.events import Event
from watchkeeper.model.run import Run
from watchkeeper.plugin.first_import import FirstImports
from watchkeeper.plugin.loader import Folder
from watchkeeper.plugin.registry import Registry
from watchkeeper.settings import Settings
from watchkeeper.store import backup, leases, schema, secrets, workspace
from watchkeeper.store.ballast import Ballast
from watchkeeper.store.driver import said, url_of
from watchkeeper.store.lock import seat_of, seated
from watchkeeper.store.plugins import verdicts
from watchkeeper.store.store import Store
from watchkeeper.store.told import heard
from watchkeeper.vault.vault import Vault

if TYPE_CHECKING:
    import httpx


@dataclass(frozen=True)
class House:
    """The rooms of one open workspace."""

    home: Path
    #: Where its store is: a file, or the URL of a server's database.
    place: Path | str
    store: Store
    bus: Bus
    registry: Registry
    settings: Settings
    host: LocalHost
    logs: Logs
    workspace_id: str
    zone: str
    vault: Vault
    known: KnownValues
    masks: Masks
    clock: Clock = field(default_factory=SystemClock)

    @property
    def is_shared(self) -> bool:
        """The store is on a server, where engines of other machines may have it too."""
        return isinstance(self.place, str)

    def door(self, engine: EngineFacts | None) -> Door:
        """What actions may reach."""
        return Door(
            home=self.home,
            zone=self.zone,
            write=self.store.write,
            read=self.store.look,
            registry=self.registry,
            log=self.read_log,
            vault=self.vault,
            listen=lambda callback: self.bus.listen(Event, callback),
            copy=None if self.is_shared else partial(backup.copy_of, database_of(self.home)),
            store=said(url_of(self.place)),
            engine=engine,
            settings=self.settings,
        )

    def engine(
        self,
        holder: str,
        http: "Callable[[], httpx.AsyncClient]",
        *,
        fires_schedule: bool,
        is_sole: bool = True,
        has_hosts: bool = True,
    ) -> Engine:
        """The engine of this house. `is_sole`: `engine.lock` is held, so an earlier holder of the lease is dead.

        On a shared store the lease alone decides, and the lock only of engines that sat here.
        """
        return Engine(
            store=self.store,
            bus=self.bus,
            clock=self.clock,
            hosts={self.host.name: self.host} if has_hosts else {},
            registry=self.registry,
            settings=self.settings,
            logs=self.logs,
            workspace_id=self.workspace_id,
            holder=seated(holder, self.home) if self.is_shared else holder,
            http=http,
            vault=self.vault,
            deliver=Journal(self.home / "notices.jsonl").deliver,
            fires_schedule=fires_schedule,
            is_sole=is_sole and not self.is_shared,
            home=self.home,
            masks=self.masks,
            known=self.known,
        )

    def hearing(self) -> AbstractAsyncContextManager[None]:
        """Meanwhile the engine hears of what is written to a shared store elsewhere."""
        return heard(self.store, self.bus.publish_all) if self.is_shared else nullcontext()

    async def has_engine_elsewhere(self) -> bool:
        """Whether an engine of another workspace holds a shared store."""
        if not self.is_shared:
            return False
        lease = await self.store.look(leases.living)
        return lease is not None and seat_of(lease.holder) != seat_of(seated("", self.home))

    async def read_log(self, run: Run, attempt: int, offset: int, length: int) -> bytes:
        """Up to `length` bytes of an attempt's output, without its secrets; fewer where one may just be written.

        Whoever reads logs does it here.
        """
        await self.known.learn(run)
        return await self.masks.window(run, attempt, offset, length, partial(self._read_log, run, attempt))

    async def _read_log(self, run: Run, attempt: int, offset: int, length: int) -> bytes:
        """From the workspace when it is there, else from the host while it has it."""
        kept = await asyncio.to_thread(self.logs.read, run.id, attempt, offset, length)
        if kept is not None:
            return kept
        key = attempt_key(self.workspace_id, run.execution_id, attempt)
        try:
            return await self.host.read(key, offset, length)
        except (Unreachable, Fenced, FileNotFoundError):
            return await asyncio.to_thread(self.logs.read, run.id, attempt, offset, length) or b""


@asynccontextmanager
async def opened(
    home: Path,
    *,
    holds_lock: bool,
    clock: Clock | None = None,
    plugins: tuple[Folder, ...] = (),
    masks: Masks | None = None,
) -> AsyncIterator[House]:
    """The rooms of a workspace, open; `plugins` are folders beside the usual ones."""
    settings = settings_file.load(home)
    clock = clock or SystemClock()
    place = store_of(home)
    if holds_lock:
        Ballast(home, settings.disk.ballast_mib << 20).throw_off()
        clear_up(place)
        await asyncio.to_thread(schema.bring_up_to_date, url_of(place))
    store = await Store.open(place, clock=partial(now, clock))
    first_imports = FirstImports(settings.plugins.memory_mib)
    try:
        registry = Registry(first_imports)
        bundled = Folder(places.plugins(), is_bundled=True)
        folders = (bundled, *plugins, *folders_of(home, settings.plugins))
        await asyncio.to_thread(registry.load, folders, await store.read(verdicts))
        bus = Bus()
        store.listen(bus.publish_all)
        store.step_at_ending(post_failures)
        store.step_at_ending(start_successors)
        workspace_id = await store.read(workspace.identity)
        vault = Vault(home, workspace_id)
        vault.take(await store.read(secrets.choice))
        known = KnownValues(store, vault, registry)
        known.listen(bus)
        yield House(
            home=home,
            place=place,
            store=store,
            bus=bus,
            registry=registry,
            settings=settings,
            host=LocalHost(places.host_root()),
            logs=Logs(home / "logs"),
            workspace_id=workspace_id,
            zone=await store.read(workspace.zone),
            vault=vault,
            clock=clock,
            known=known,
            masks=masks or Masks(known.of),
        )
    finally:
        first_imports.close()
        await store.close()


@asynccontextmanager
async def http_client() -> AsyncIterator["Callable[[], httpx.AsyncClient]"]:
    """A client that is made when a handler first wants it."""
    clients: list[Any] = []

    def client() -> "httpx.AsyncClient":
        if not clients:
            import httpx

            clients.append(httpx.AsyncClient(trust_env=False))
        made: httpx.AsyncClient = clients[0]
        return made

    try:
        yield client
    finally:
        for made in clients:
            await made.aclose()
