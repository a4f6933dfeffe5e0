"""A workspace to look at: the engine itself fills days of history in seconds, then time stands still.

The engine is the real one on a loop whose time leaps from one thing that is due to the next; the work is pretended by
resources/showcase/work.py. Used for pictures (`watchkeeper shots`) and by tests of the window.
"""

import asyncio
import heapq
import os
from collections.abc import AsyncIterator, Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from watchkeeper.access.actor import local_operator
from watchkeeper.action import files
from watchkeeper.action.desk import Desk, LocalDesk
from watchkeeper.action.door import EngineFacts
from watchkeeper.boot import showcase_plugins, showcase_vault
from watchkeeper.boot.house import http_client, opened
from watchkeeper.boot.workspace import init_workspace
from watchkeeper.model import places
from watchkeeper.plugin.loader import Folder
from watchkeeper.store.store import Store

#: When time comes to a stand: a Tuesday morning in Shanghai.
NOW = datetime(2026, 11, 24, 0, 41, 12, tzinfo=UTC)
DAYS = 8
ZONE = "Asia/Shanghai"
#: Timers that are nearer are the engine's own beats, and nothing that happens in the world.
NEAR = 2.01
#: Turns of the loop without anything to do after which all has happened that a moment brings.
STILL = 40

SETTINGS = """[engine]
inside_slots = 16
lease = "10h"
[backup]
is_daily = false
[disk]
floor_mib = 0
ballast_mib = 0
"""


class LeapingLoop(asyncio.SelectorEventLoop):
    """Its time goes by as everywhere, and leaps when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self._ahead = 0.0
        self._stands_at: float | None = None
        self._due: list[float] = []
        #: What threads are at.
        self.at_work = 0

    def time(self) -> float:
        return self._stands_at if self._stands_at is not None else super().time() + self._ahead

    def call_at(self, when: float, callback: Any, *args: Any, context: Any = None) -> asyncio.TimerHandle:  # type: ignore[override]
        if when > self.time() + NEAR:
            heapq.heappush(self._due, when)
        return super().call_at(when, callback, *args, context=context)

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> "asyncio.Future[Any]":  # type: ignore[override]
        self.at_work += 1
        work = super().run_in_executor(executor, func, *args)
        work.add_done_callback(self._take_result)
        return work

    def _take_result(self, _work: "asyncio.Future[Any]") -> None:
        self.at_work -= 1

    def next_due(self) -> float | None:
        """When something happens next."""
        while self._due and self._due[0] <= self.time():
            heapq.heappop(self._due)
        return self._due[0] if self._due else None

    def leap(self, moment: float) -> None:
        """Let it be that moment."""
        self._ahead += max(0.0, moment - self.time())

    def stand_still(self, moment: float | None) -> None:
        """Let it be that moment for ever, or let time go by again."""
        self._stands_at = moment


class LeapingClock:
    """A clock on the wall that shows the loop's time. Implements engine.clock.Clock."""

    longest_wait = timedelta(days=365).total_seconds()

    def __init__(self, loop: LeapingLoop, start: datetime) -> None:
        self._loop = loop
        self._start_us = round(start.timestamp() * 1e6) - round(loop.time() * 1e6)

    def now_us(self) -> int:
        return self._start_us + self.elapsed_us()

    def elapsed_us(self) -> int:
        return round(self._loop.time() * 1e6)

    def loop_time(self, moment: datetime) -> float:
        """The loop's time at a moment."""
        return (round(moment.timestamp() * 1e6) - self._start_us) / 1e6

    async def wait(self, until_us: int | None, wake: asyncio.Event) -> None:
        seconds = None if until_us is None else (until_us - self.now_us()) / 1e6
        if (seconds is None or seconds > 0) and not wake.is_set():
            try:
                async with asyncio.timeout(seconds):
                    await wake.wait()
            except TimeoutError:
                return
        wake.clear()


class Showcase:
    """`start` fills the workspace and gives its desk, `stop` ends its engine."""

    def __init__(self, home: Path, days: float = DAYS, now: datetime = NOW, *, has_jobs: bool = True) -> None:
        self._home, self._days, self._now, self._has_jobs = home, days, now, has_jobs
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="showcase")
        self._desk: Future[Desk] = Future()
        self._running: Future[None] | None = None
        self._end: Callable[[], object] = lambda: None

    def start(self) -> Desk:
        """The desk of an engine whose time stands still; takes some seconds for each day."""
        self._running = self._thread.submit(self._run)
        either: list[Future[Any]] = [self._desk, self._running]
        wait(either, return_when=FIRST_COMPLETED)
        if not self._desk.done():
            self._running.result()
        return self._desk.result()

    def stop(self) -> None:
        """End the engine."""
        self._end()
        self._thread.shutdown()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=LeapingLoop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        assert isinstance(loop, LeapingLoop)
        self._end = partial(loop.call_soon_threadsafe, ended.set)
        async with self._filled(loop) as desk:
            self._desk.set_result(desk)
            await ended.wait()

    @asynccontextmanager
    async def _filled(self, loop: LeapingLoop) -> AsyncIterator[Desk]:
        began = self._now - timedelta(days=self._days)
        clock = LeapingClock(loop, began)
        await asyncio.to_thread(prepare, self._home)
        if self._has_jobs:
            await asyncio.to_thread(showcase_plugins.prepare, self._home)
        folder = places.resources() / "showcase"
        rooms = opened(self._home, holds_lock=True, clock=clock, plugins=(Folder(folder, is_bundled=True),))
        async with rooms as house, http_client() as http:
            engine = house.engine("showcase", http, fires_schedule=True, has_hosts=False)
            desk = LocalDesk(house.door(EngineFacts("showcase", began, os.getpid(), engine)), local_operator())
            if self._has_jobs:
                jobs = await asyncio.to_thread(files.read, folder)
                await showcase_vault.fill(desk, self._home, self._now)
                await desk.do("jobs.apply", jobs=jobs.jobs, pools=jobs.pools, calendars=jobs.calendars)
            running = asyncio.ensure_future(engine.run())
            await engine.is_ready.wait()
            await _live(loop, house.store, clock.loop_time(self._now - timedelta(days=self._days / 3)))
            if self._has_jobs:
                await showcase_vault.rotate(desk)
                await showcase_plugins.decide(desk, self._home)
            end = clock.loop_time(self._now)
            await _live(loop, house.store, end)
            loop.stand_still(end)
            try:
                yield desk
            finally:
                engine.stop()
                loop.stand_still(None)
                # Once nothing is begun any more, whatever is being worked at is given up: its grace is over.
                await _settled(loop, house.store)
                loop.leap(loop.time() + timedelta(hours=1).total_seconds())
                await running
                await desk.close()


def prepare(home: Path) -> None:
    """An empty workspace for the showcase."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home / "settings.toml").write_text(SETTINGS)
    init_workspace(home, zone=ZONE)


async def _live(loop: LeapingLoop, store: Store, until: float) -> None:
    """Let happen what happens until then."""
    while (due := loop.next_due()) is not None and due <= until:
        loop.leap(due + 0.001)
        await _settled(loop, store)
    loop.leap(until)
    await _settled(loop, store)


async def _settled(loop: LeapingLoop, store: Store) -> None:
    """Wait until store and threads have answered and nobody has anything to do."""
    still = 0
    while still < STILL:
        is_waited_for = store.pending or loop.at_work
        still = 0 if is_waited_for else still + 1
        await asyncio.sleep(0.0005 if is_waited_for else 0)
