"""The only place that wires rooms together: opens a workspace, starts its engine, gives desks."""

import asyncio
import faulthandler
import gc
import logging
import logging.handlers
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from watchkeeper import settings as settings_file
from watchkeeper.access.actor import local_operator
from watchkeeper.action.desk import Desk, LocalDesk
from watchkeeper.action.door import Door, EngineFacts
from watchkeeper.action.socket_desk import SocketDesk
from watchkeeper.action.socket_server import SocketServer
from watchkeeper.alert.journal import Journal
from watchkeeper.boot.chronicle import Chronicle
from watchkeeper.bus import Bus
from watchkeeper.engine.chain import start_successors
from watchkeeper.engine.clock import Clock, SystemClock, now
from watchkeeper.engine.deliver import post_failures
from watchkeeper.engine.engine import Engine
from watchkeeper.engine.logs import Logs
from watchkeeper.engine.restore import restore
from watchkeeper.hosts.host import Fenced, Unreachable
from watchkeeper.hosts.keys import attempt_key
from watchkeeper.hosts.local import LocalHost
from watchkeeper.model import places
from watchkeeper.model.backup import Restored
from watchkeeper.model.errors import Conflict, Known, StoreDown
from watchkeeper.model.events import Event
from watchkeeper.model.run import Run
from watchkeeper.model.text import _, chosen_language
from watchkeeper.model.zone import system_zone
from watchkeeper.plugin.loader import Folder
from watchkeeper.plugin.registry import Registry
from watchkeeper.settings import Settings
from watchkeeper.store import backup, leases, schema, workspace
from watchkeeper.store import restore as copies
from watchkeeper.store.ballast import Ballast
from watchkeeper.store.driver import require_server, said, url_of
from watchkeeper.store.lock import engine_lock, patient_lock, seat_of, seated
from watchkeeper.store.store import Store
from watchkeeper.store.told import heard

if TYPE_CHECKING:
    import httpx

_log = logging.getLogger(__name__)

#: Seconds that a writing command waits for another one to be done.
LOCK_PATIENCE = 5.0

#: Thresholds of the garbage collector: an engine makes many short-lived values and hardly a cycle, and looking through
#: all live runs after every 700 of them costs a sixth of its time.
CALM = (100_000, 50, 50)


def init_workspace(home: Path, store: str = "", zone: str = "") -> str:
    """Make a workspace at `home`, or leave the one that is there as it is; its id.

    `store`: the URL of a PostgreSQL database, which other workspaces may have for their store as well. `zone`: the time
    zone of triggers that name none; this machine's if empty.
    """
    _make_folders(home)
    with engine_lock(home, "workspace init"):
        place = _chosen(home, store)
        schema.create(place, {"zone": zone or system_zone()})
        schema.bring_up_to_date(url_of(place))
        if isinstance(place, Path):
            place.chmod(0o600)
        else:
            settings_file.keep_store(home, place)
    return asyncio.run(_identity(home))


def restore_workspace(home: Path, copy: Path) -> Restored:
    """Let the workspace's store be what `copy` holds; Conflict while an engine runs, Known when it can't be."""
    _make_folders(home)
    with engine_lock(home, "workspace restore"):
        _require_file(home)
        return asyncio.run(restore(database_of(home), copy, places.host_root(), local_operator().name))


def database_of(home: Path) -> Path:
    """The workspace's SQLite file, if its store is not on a server."""
    return home / "watchkeeper.db"


def store_of(home: Path) -> Path | str:
    """Where the workspace has its store: a file, or the URL of a server's database."""
    url = settings_file.load(home).store.url
    if url:
        require_server(url)
    return url or database_of(home)


def _clear_up(place: Path | str) -> None:
    """Before anybody opens a file that a restore may have left when it was killed."""
    if isinstance(place, Path):
        copies.clear(place)


def _require_file(home: Path) -> None:
    place = store_of(home)
    if isinstance(place, str):
        raise Known(_("the store is a server's, at {place}: restore it with pg_restore", place=said(url_of(place))))


def _chosen(home: Path, store: str) -> Path | str:
    """Where a new workspace is to have its store; Conflict when it has another one already."""
    kept = store_of(home)
    if store in ("", kept):
        return kept
    require_server(store)
    if isinstance(kept, str) or kept.exists():
        raise Conflict(
            _(
                "the workspace {home} has its store at {kept} already: name another workspace with --home",
                home=str(home),
                kept=said(url_of(kept)),
            )
        )
    return store


def run_engine(home: Path, announce: Callable[[str], None]) -> int:
    """Run the engine of a workspace until it is asked to stop (INT, TERM); 0, or raises Known with what ended it."""
    faulthandler.enable()
    gc.set_threshold(*CALM)
    _log_to(home)
    with engine_lock(home, "engine") as holder:
        asyncio.run(_serve_here(home, holder, announce))
    return 0


@asynccontextmanager
async def open_desk(home: Path, *, is_writing: bool, runs_one: bool = False) -> AsyncIterator[Desk]:
    """The desk of the engine that runs there; without one, a desk of this process for a short life.

    A writing desk then holds `engine.lock`. `runs_one`: with a small engine that fires no schedule, unless an engine on
    another machine holds the store, which hears of what is written here (see store/told.py).
    """
    remote = await running_engine(home)
    if remote is not None:
        try:
            yield remote
        finally:
            await remote.close()
        return
    async with AsyncExitStack() as stack:
        holder = ""
        if is_writing or runs_one:
            holder = await stack.enter_async_context(patient_lock(home, "command", LOCK_PATIENCE))
        house = await stack.enter_async_context(opened(home, holds_lock=bool(holder)))
        if runs_one and not await house.has_engine_elsewhere():
            await stack.enter_async_context(_engine_beside(house, holder))
        desk = LocalDesk(house.door(None), local_operator())
        stack.push_async_callback(desk.close)
        yield desk


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
            listen=lambda callback: self.bus.listen(Event, callback),
            copy=None if self.is_shared else partial(backup.copy_of, database_of(self.home)),
            store=said(url_of(self.place)),
            engine=engine,
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
            deliver=Journal(self.home / "notices.jsonl").deliver,
            fires_schedule=fires_schedule,
            is_sole=is_sole and not self.is_shared,
            home=self.home,
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
    home: Path, *, holds_lock: bool, clock: Clock | None = None, plugins: tuple[Folder, ...] = ()
) -> AsyncIterator[House]:
    """The rooms of a workspace, open; `plugins` are folders beside the usual ones."""
    settings = settings_file.load(home)
    registry = Registry()
    usual = (Folder(places.plugins(), is_bundled=True), Folder(home / "plugins"))
    await asyncio.to_thread(registry.load, (*usual, *plugins))
    clock = clock or SystemClock()
    place = store_of(home)
    if holds_lock:
        Ballast(home, settings.disk.ballast_mib << 20).throw_off()
        _clear_up(place)
        await asyncio.to_thread(schema.bring_up_to_date, url_of(place))
    store = await Store.open(place, clock=partial(now, clock))
    try:
        bus = Bus()
        store.listen(bus.publish_all)
        store.step_at_ending(post_failures)
        store.step_at_ending(start_successors)
        yield House(
            home=home,
            place=place,
            store=store,
            bus=bus,
            registry=registry,
            settings=settings,
            host=LocalHost(places.host_root()),
            logs=Logs(home / "logs"),
            workspace_id=await store.read(workspace.identity),
            zone=await store.read(workspace.zone),
            clock=clock,
        )
    finally:
        await store.close()


async def _serve_here(home: Path, holder: str, announce: Callable[[str], None]) -> None:
    """In the foreground: says what happens, and ends by INT and TERM."""

    def begun(_desk: LocalDesk, stop: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):
                loop.add_signal_handler(number, stop)

    await serve(home, holder, begun, Chronicle(announce, chosen_language(os.environ)).add)


async def serve(
    home: Path,
    holder: str,
    begun: Callable[[LocalDesk, Callable[[], None]], None],
    heed: Callable[[Event], None] = lambda event: None,
) -> None:
    """Run the engine of a workspace until it is stopped; `engine.lock` is held.

    `begun` is called, before anything is recovered, with its desk and with what stops it; `heed` with every event.
    """
    async with opened(home, holds_lock=True) as house, http_client() as http:
        house.bus.listen(Event, heed)
        engine = house.engine(holder, http, fires_schedule=True)
        facts = EngineFacts(holder, datetime.now(UTC), os.getpid())
        desk = LocalDesk(house.door(facts), local_operator())
        server = SocketServer(desk, places.socket_of(home, "engine"))
        await server.start()
        begun(desk, engine.stop)
        try:
            async with house.hearing():
                await engine.run()
        finally:
            await server.close()
            await desk.close()


@asynccontextmanager
async def _engine_beside(house: House, holder: str) -> AsyncIterator[None]:
    async with http_client() as http:
        engine = house.engine(holder, http, fires_schedule=False)
        running = asyncio.ensure_future(engine.run())
        ready = asyncio.ensure_future(engine.is_ready.wait())
        await asyncio.wait([running, ready], return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        try:
            if not running.done():
                yield
        finally:
            engine.stop()
            await running


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


async def running_engine(home: Path) -> SocketDesk | None:
    """The desk of the engine that runs there; None."""
    try:
        return await SocketDesk.connect(places.socket_of(home, "engine"))
    except (OSError, StoreDown, Unreachable):
        return None


async def _identity(home: Path) -> str:
    store = await Store.open(store_of(home))
    try:
        return await store.read(workspace.identity)
    finally:
        await store.close()


def _make_folders(home: Path) -> None:
    for folder in (home, home / "plugins", home / "logs"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _log_to(home: Path) -> None:
    handler = logging.handlers.RotatingFileHandler(home / "engine.log", maxBytes=5_000_000, backupCount=3)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    os.chmod(home / "engine.log", 0o600)
    logging.getLogger("watchkeeper").addHandler(handler)
    logging.getLogger("watchkeeper").setLevel(logging.INFO)
