"""The engine: wires the duties together and keeps their loops."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from watchkeeper.bus import Bus
from watchkeeper.engine import leap
from watchkeeper.engine.arrivals import Arrivals
from watchkeeper.engine.backup import Copier
from watchkeeper.engine.book import Book
from watchkeeper.engine.clock import Clock
from watchkeeper.engine.contact import Contact
from watchkeeper.engine.context import Contexts
from watchkeeper.engine.deliver import TOLD, Deliver, Deliverer
from watchkeeper.engine.dispatch import Dispatcher
from watchkeeper.engine.finish import Finisher
from watchkeeper.engine.fire import Firer
from watchkeeper.engine.floor import Floor
from watchkeeper.engine.hold import Hold
from watchkeeper.engine.inside import Inside
from watchkeeper.engine.inspect import Inspector
from watchkeeper.engine.jobs import Jobs
from watchkeeper.engine.known_values import KnownValues
from watchkeeper.engine.lapse import CORRECTION, Lapse
from watchkeeper.engine.logs import Logs
from watchkeeper.engine.mark import Marker
from watchkeeper.engine.masks import Masks
from watchkeeper.engine.place import Placer
from watchkeeper.engine.planner import Begin, Planner
from watchkeeper.engine.plugins import Plugins
from watchkeeper.engine.preferences import Preferences
from watchkeeper.engine.prune import Pruner
from watchkeeper.engine.pulse import Lag
from watchkeeper.engine.recover import Recovery
from watchkeeper.engine.secrets import Opener, Secrets
from watchkeeper.engine.shelve import Shelver
from watchkeeper.engine.starter import Starter
from watchkeeper.engine.tasks import Tasks
from watchkeeper.engine.tenure import Tenure
from watchkeeper.engine.wishes import Wishes
from watchkeeper.hosts.host import Fenced, Host
from watchkeeper.hosts.local import boot_id
from watchkeeper.model.errors import LeaseLost, WatchkeeperError
from watchkeeper.model.events import ClockSet, EngineStarted, EngineStopped, RunEnded
from watchkeeper.model.fire import Fire
from watchkeeper.model.ids import RunId
from watchkeeper.model.pulse import Pulse
from watchkeeper.model.text import Text, _
from watchkeeper.plugin.registry import Registry
from watchkeeper.settings import Settings
from watchkeeper.store import workspace
from watchkeeper.store.moves import NextSet
from watchkeeper.store.store import Store

#: Seconds within which what has ended is written before the engine goes.
LAST_WORDS = 10.0


class Engine:
    """One per process. `run` returns after `stop`, or raises what ended it (LeaseLost, StoreDown)."""

    def __init__(
        self,
        *,
        store: Store,
        bus: Bus,
        clock: Clock,
        hosts: Mapping[str, Host],
        registry: Registry,
        settings: Settings,
        logs: Logs,
        workspace_id: str,
        holder: str,
        http: Callable[[], Any],
        vault: Opener,
        deliver: Deliver,
        fires_schedule: bool = True,
        is_sole: bool = False,
        home: Path | None = None,
        masks: Masks | None = None,
        known: KnownValues | None = None,
    ) -> None:
        """`fires_schedule=False`: only runs what is asked for by hand. `is_sole`: `engine.lock` is held for it.

        `home`: the workspace's folder, whose disk is watched. `masks`, `known`: nothing is masked without them.
        """
        slots = settings.engine.slots()
        self._store, self._bus, self._holder, self._fires_schedule = store, bus, holder, fires_schedule
        self._clock = clock
        self.is_ready = asyncio.Event()
        self._tasks = Tasks()
        self._threads = ThreadPoolExecutor(32, thread_name_prefix="handler")
        self._book = Book(clock, slots)
        self._tenure = Tenure(store, holder, slots, settings.engine.lease, is_sole=is_sole)
        jobs, contexts = Jobs(store), Contexts(registry, logs, http)
        self._shelver = Shelver(store, hosts, logs)
        masks, self._known = masks or Masks(), known or KnownValues(store, vault, registry)
        self._known.names_secrets = partial(_names_secrets, self._book, contexts)
        self._finisher = Finisher(store, self._book, self._shelver, masks, self._on_next)
        self._secrets = Secrets(store, vault, bus, self._book, contexts, self._tasks, self._known.give, masks)
        self._inside = Inside(self._book, contexts, self._secrets, self._finisher, self._threads)
        placer = Placer(
            store,
            self._book,
            hosts,
            contexts,
            self._secrets,
            self._finisher,
            self._threads,
            self._tasks,
            settings.plugins.memory_mib,
        )
        starter = Starter(self._inside, placer, self._finisher, self._tasks)
        self._recovery = Recovery(store, self._book, jobs, contexts, self._finisher, workspace_id, self._tasks)
        self._dispatcher = Dispatcher(
            store, self._book, self._finisher, workspace_id, starter.start, starter.stop, self._recovery.read_again
        )
        firer, hold = Firer(store, self._book, contexts, self._dispatcher), Hold(store, clock)
        self._arrivals = Arrivals(self._book, jobs, firer, hold)
        self._planner = Planner(store, self._book, jobs, firer, hold, self._arrivals, self._take_lapse)
        self._contact = Contact(hosts, self._book, placer, self._dispatcher, self._tasks, workspace_id)
        planner = self._planner if fires_schedule else None
        self._wishes = Wishes(store, self._book, self._recovery, self._finisher, starter, planner, self._tasks)
        self._lag = Lag()
        self._marker = Marker(store, self._book)
        self._deliverer = Deliverer(store, deliver)
        self._pruner = Pruner(store, logs, settings.retention, clock)
        self._inspector = Inspector(store, self._tasks)
        self._floor = Floor(home, settings.disk, store, bus, self._dispatcher)
        self._copier = Copier(store.file, settings.backup, settings.disk.floor_mib << 20, bus, clock)
        self._plugins = Plugins(registry, store, bus, home, self._tasks)
        self._preferences = Preferences(
            home, self._pruner, self._floor, self._copier, self._plugins, placer, self._tasks
        )

    async def run(self) -> None:
        """Take the lease, find every run again, schedule; until `stop`."""
        reason: Text | None = None
        try:
            await self._begin()
            await self._work()
        except Fenced:
            raise LeaseLost(_("the host is in the hands of another engine; this one has stopped")) from None
        except WatchkeeperError as error:
            reason = getattr(error, "text", None)
            raise
        finally:
            await self._end()
            self._bus.publish(EngineStopped(reason))

    def stop(self) -> None:
        """Let the engine come to its end; what runs on hosts goes on."""
        self._tasks.ask_to_end()

    def pulse(self) -> Pulse:
        """Its room and what waits for it, from memory; on the engine's loop."""
        return self._book.pulse(self._lag.longest)

    def soonest(self, most: int) -> list[Fire]:
        """What fires next, from memory; on the engine's loop."""
        return self._planner.soonest(most)

    async def _begin(self) -> None:
        await self._inspector.begin()
        await self._known.read()
        epoch = await self._tenure.begin()
        self._wishes.listen(self._bus)
        self._preferences.listen(self._bus)
        self._plugins.listen()
        self._secrets.listen(self._bus)
        self._bus.listen(RunEnded, self._on_ended)
        await self._wishes.take_pools()
        await self._wishes.take_pause()
        left = await self._recovery.take_up()
        self._tasks.spawn(self._finisher.run())
        self._tasks.spawn(self._book.timers.run())
        self._recovery.judge_inside(left)
        await self._floor.begin()
        await self._contact.begin(epoch)
        await self._shelver.load()
        if self._fires_schedule:
            await self._load_schedule()
        self._bus.publish(EngineStarted(self._holder, epoch))

    async def _work(self) -> None:
        loops: list[Coroutine[Any, Any, None]] = [
            self._tenure.run(),
            self._secrets.run(),
            self._wishes.run(),
            self._dispatcher.run(),
            self._marker.run(),
            self._shelver.run(),
            self._deliverer.run(),
            self._pruner.run(),
            self._inspector.run(),
            self._floor.run(),
            self._copier.run(),
            self._plugins.run(),
            self._lag.run(),
        ]
        if self._fires_schedule:
            loops += [self._planner.run(), self._arrivals.run()]
        for loop in loops:
            self._tasks.spawn(loop)
        self.is_ready.set()
        await self._tasks.end

    async def _end(self) -> None:
        self._contact.turn_away()
        self._dispatcher.hold(True)
        await self._inside.close()
        if not self._tasks.has_failed:
            with suppress(TimeoutError, WatchkeeperError):
                async with asyncio.timeout(LAST_WORDS):
                    # Intents that were being written are, after this, and their runs have gone back to the queue.
                    await self._store.write(lambda tx: None)
                    await self._finisher.drained()
                    await self._tenure.end()
        await self._tasks.close()
        await self._contact.close()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._store.epoch = None

    async def _load_schedule(self) -> None:
        now_us, boot = self._clock.now_us(), boot_id()
        await leap.mend(self._store, now_us)
        machine_us = await self._store.write(lambda tx: workspace.boot_seen_us(tx, boot))
        await self._planner.take_pause()
        await self._planner.load(Begin(now_us, machine_us))

    async def _take_lapse(self, lapse: Lapse) -> None:
        """The machine slept or its clock was set: is the lease still ours, what became of the runs, what is due?"""
        await self._tenure.renew()
        if lapse.set_by:
            await self._take_new_time(lapse)
        await self._contact.look_again()

    async def _take_new_time(self, lapse: Lapse) -> None:
        now_us, is_correction = self._clock.now_us(), abs(lapse.set_by) > CORRECTION
        self._bus.publish(ClockSet(lapse.set_by.total_seconds(), is_correction))
        if is_correction and now_us > lapse.from_us:
            await leap.remember(self._store, lapse.from_us, now_us)
        elif is_correction and await leap.mend(self._store, now_us):
            await self._planner.load()

    def _on_ended(self, event: RunEnded) -> None:
        if event.state in TOLD:
            self._deliverer.look()

    def _on_next(self, row: NextSet) -> None:
        self._planner.set_next(row)


def _names_secrets(book: Book, contexts: Contexts, run_id: RunId) -> bool:
    live = book.runs.get(run_id)
    return live is not None and bool(contexts.secrets_of(live))
