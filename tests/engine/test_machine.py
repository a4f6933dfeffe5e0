"""Crashes, jumps of the clock and cut lines in any order: after every step the promises of the engine hold.

The store and the engine are the real ones. What is random is the world: what people ask, what time does, when the
process dies, and how runs end. What must hold is said a second time here, by a model that knows nothing of the engine.
"""

import asyncio
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Coroutine
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import Phase as Stage
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.engine.clock import ManualClock
from tests.engine.world import MortalStore, ScriptedHost, World
from watchkeeper.bus import Bus
from watchkeeper.engine import contact, deliver, mark, shelve
from watchkeeper.engine.deliver import post_failures
from watchkeeper.engine.engine import Engine
from watchkeeper.engine.logs import Logs
from watchkeeper.hosts.host import Phase
from watchkeeper.model import places, points
from watchkeeper.model.errors import Conflict
from watchkeeper.model.events import RunQueued
from watchkeeper.model.ids import run_id
from watchkeeper.model.job import Concurrency, Job, JobSpec, OnUnknown, Policy, Retry
from watchkeeper.model.points import Point
from watchkeeper.model.run import ENDINGS, LIVE, Run, State, may_move
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import Interval, Pace
from watchkeeper.plugin.loader import Folder
from watchkeeper.plugin.registry import Registry
from watchkeeper.settings import EngineSettings, Settings
from watchkeeper.store import jobs, pools, retention, runs
from watchkeeper.store.driver import sqlite_module
from watchkeeper.store.outbox import Parcel
from watchkeeper.store.schema import create

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
#: The store's own library: two copies of SQLite in one process undo each other's locks.
SQLITE: Any = sqlite_module()
EVERY = timedelta(seconds=60)

#: Which of those there are; no draw hangs on what the engine has done so far, for time is real in there.
PICK = st.integers(0, 99)

#: A ledger that the database keeps by itself: every state that a run was ever in, in order.
LEDGER = """
CREATE TABLE ledger (n INTEGER PRIMARY KEY, run_id TEXT, before TEXT, after TEXT);
CREATE TRIGGER born AFTER INSERT ON runs BEGIN
    INSERT INTO ledger (run_id, before, after) VALUES (NEW.id, NULL, NEW.state); END;
CREATE TRIGGER moved AFTER UPDATE OF state ON runs BEGIN
    INSERT INTO ledger (run_id, before, after) VALUES (NEW.id, OLD.state, NEW.state); END;
"""


def spec(name: str, policy: Policy, **fields: Any) -> JobSpec:
    retry = Retry(max_attempts=2, delay=Span(seconds=10))
    return JobSpec(
        **{
            "name": name,
            "handler": "shell",
            "params": {"script": "true"},
            "concurrency": Concurrency(policy=policy, max_waiting=2),
            "retry": retry,
            **fields,
        }
    )


SPECS = (
    spec("manual", Policy.QUEUE, on_unknown=OnUnknown.HOLD),
    spec("pooled", Policy.ALLOW, pool="small", on_unknown=OnUnknown.RETRY, is_idempotent=True),
    spec("urgent", Policy.ALLOW, pool="small", priority=9, on_unknown=OnUnknown.FAIL),
    spec("rate", Policy.FORBID, triggers=(Interval(every=Span(seconds=60)),)),
    spec("delay", Policy.QUEUE, triggers=(Interval(every=Span(seconds=45), pace=Pace.FIXED_DELAY),)),
    spec("replace", Policy.REPLACE),
)

NUMBERS = st.lists(st.integers(0, len(SPECS) - 1), min_size=1, max_size=3)


class Machine(RuleBasedStateMachine):
    """One workspace, one host, and an engine that comes and goes."""

    template: ClassVar[Path]
    registry: ClassVar[Registry]

    @initialize()
    def begin(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.home = Path(tempfile.mkdtemp(prefix="wkm-"))
        self.place = Path(shutil.copyfile(self.template, self.home / "watchkeeper.db"))
        self.clock, self.world = ManualClock(START), World()
        self.engine: Engine | None = None
        self.delivered: list[str] = []
        #: What the model has seen.
        self.endings: dict[str, tuple[Any, ...]] = {}
        self.occurrences: dict[tuple[str, int], str] = {}
        self.gaps: dict[str, tuple[str, int, int, int]] = {}
        self.states: dict[str, State | None] = {}
        self.ledger_at = 0
        self.submitted: set[str] = set()
        self.resolved: set[str] = set()
        self.do(self._begin())

    async def _begin(self) -> None:
        with SQLITE.connect(self.place) as connection:
            connection.executescript(LEDGER)
        connection.close()
        await self._start()
        await self.store.write(lambda tx: pools.save(tx, "small", 1))
        self.jobs: list[Job] = await self.store.write(lambda tx: [jobs.save(tx, each, "test") for each in SPECS])
        await self._settle()

    # What happens.

    @rule(numbers=NUMBERS)
    def submit(self, numbers: list[int]) -> None:
        """Also what brings a dead engine back: a machine in which nothing runs shows nothing."""
        self.restart()
        for number in numbers:
            if self.engine is not None:
                self.do(self._submit(self.jobs[number]))

    @rule(numbers=NUMBERS, seconds=st.sampled_from([0, 11, 60]), pick=PICK, exit_code=st.sampled_from([0, 1]))
    def work(self, numbers: list[int], seconds: int, pick: int, exit_code: int) -> None:
        """An ordinary minute."""
        self.submit(numbers)
        self.tick(seconds)
        self.exit(pick, exit_code)

    @rule(numbers=NUMBERS, point=st.sampled_from(Point), pick=PICK, seconds=st.sampled_from([0, 11, 60]))
    def work_until(self, numbers: list[int], point: Point, pick: int, seconds: int) -> None:
        """A minute that may end at `point`."""
        self.restart()
        self.crash_when_next_at(point)
        self.work(numbers, seconds, pick, pick % 2)

    @rule(seconds=st.sampled_from([1, 10, 11, 30, 60, 200]))
    def tick(self, seconds: int) -> None:
        self.do(self._move_clock(timedelta(seconds=seconds)))

    @rule(minutes=st.sampled_from([-300, -90, -1, 45, 400]))
    def jump(self, minutes: int) -> None:
        self.do(self._move_clock(timedelta(minutes=minutes)))

    @rule(pick=PICK, exit_code=st.sampled_from([0, 0, 1]))
    def exit(self, pick: int, exit_code: int) -> None:
        self._end_one(pick, Phase.EXITED, exit_code)

    @rule(pick=PICK)
    def lose_wrapper(self, pick: int) -> None:
        self._end_one(pick, Phase.LOST_NO_RC, None)

    @rule(count=st.integers(1, 2))
    def lose_answers(self, count: int) -> None:
        self.world.lost_answers = count

    @rule(count=st.integers(1, 2))
    def lose_calls(self, count: int) -> None:
        self.world.lost_calls = count

    @rule()
    def cut_line(self) -> None:
        self.world.is_reachable = False

    @rule()
    def mend_line(self) -> None:
        if not self.world.is_reachable:
            self.do(self._mend_line())

    @rule(pick=PICK)
    def cancel(self, pick: int) -> None:
        live = sorted(run_id for run_id, state in self.states.items() if state in LIVE)
        if self.engine is not None and live:
            wanted = live[pick % len(live)]
            self.do(self._write(lambda tx: runs.request_cancel(tx, wanted, "me")))

    @rule(pick=PICK, state=st.sampled_from([State.SUCCEEDED, State.FAILED]))
    def resolve(self, pick: int, state: State) -> None:
        unknown = sorted(run_id for run_id, found in self.states.items() if found is State.UNKNOWN)
        if self.engine is not None and unknown:
            self.do(self._resolve(unknown[pick % len(unknown)], state))

    @rule()
    def prune(self) -> None:
        if self.engine is not None:
            before = self.clock.now() - timedelta(hours=1)
            self.do(self._write(lambda tx: retention.prune(tx, before, 10)))

    @rule()
    def crash(self) -> None:
        self.do(self._crash())

    @rule(point=st.sampled_from(Point))
    def crash_when_next_at(self, point: Point) -> None:
        if self.engine is not None:
            points.observe(lambda reached: self._die() if reached is point else None)

    @rule()
    def stop(self) -> None:
        if self.engine is not None:
            self.do(self._stop())

    @rule()
    def restart(self) -> None:
        if self.engine is None:
            self.do(self._restart())

    @rule()
    def reboot(self) -> None:
        self.do(self._reboot())

    # What must hold after every step.

    @invariant()
    def promises_hold(self) -> None:
        if not hasattr(self, "place"):
            return
        with SQLITE.connect(f"file:{self.place}?mode=ro", uri=True) as connection:
            connection.row_factory = SQLITE.Row
            rows = connection.execute("SELECT * FROM runs").fetchall()
            moves = connection.execute("SELECT * FROM ledger WHERE n > ? ORDER BY n", (self.ledger_at,)).fetchall()
        connection.close()
        self._require_legal(moves)
        self._require_endings_kept(rows)
        self._require_occurrences_once(rows)
        self._require_one_start_each()
        self._require_keys_exclusive(rows)

    def _require_legal(self, moves: list[Any]) -> None:
        for move in moves:
            before = State(move["before"]) if move["before"] else None
            assert self.states.get(move["run_id"]) == before, "every move begins where the one before ended"
            assert may_move(before, State(move["after"])), tuple(move)
            self.states[move["run_id"]] = State(move["after"])
            self.ledger_at = move["n"]

    def _require_endings_kept(self, rows: list[Any]) -> None:
        for row in rows:
            if row["state"] in ENDINGS:
                ending = (row["state"], row["ended_at"], row["attempt"], row["exit_code"])
                assert self.endings.setdefault(row["id"], ending) == ending

    def _require_occurrences_once(self, rows: list[Any]) -> None:
        for row in rows:
            if row["trigger_id"] is None:
                continue
            if row["state"] == State.MISSED:
                gap = (row["trigger_id"], row["nominal_at"], row["last_missed_at"], row["missed_count"])
                assert self.gaps.setdefault(row["id"], gap) == gap
            else:
                occurrence = (row["trigger_id"], row["nominal_at"])
                assert self.occurrences.setdefault(occurrence, row["id"]) == row["id"]

    def _require_one_start_each(self) -> None:
        assert all(count == 1 for count in self.world.starts.values()), self.world.starts
        for attempts in self.world.attempts.values():
            assert len(set(attempts)) == len(attempts)
            # After a restart of the host it can't be proved that a start which got lost never came: that attempt is
            # UNKNOWN and, for a job that may run twice, the next one follows.
            if self.world.boot == 1:
                assert sorted(attempts) == list(range(1, len(attempts) + 1)), "no attempt is skipped"
            going = [folder for folder in attempts.values() if folder.phase is Phase.RUNNING]
            assert len(going) <= 1, "an attempt begins when the one before is over"

    def _require_keys_exclusive(self, rows: list[Any]) -> None:
        keys = {row["id"]: row["concurrency_key"] for row in rows}
        going = [keys[self.world.folders[key].run_id] for key in self.world.running()]
        held = [key for key in going if key is not None]
        assert len(held) == len(set(held)), held

    # And at the end: nobody has been forgotten.

    def teardown(self) -> None:
        if not hasattr(self, "loop"):
            return
        try:
            self.do(self._come_to_rest())
            self.promises_hold()
            self._require_all_ended()
            self._require_all_accounted_for()
        finally:
            points.observe(None)
            self.loop.run_until_complete(self._crash())
            self.loop.run_until_complete(self.loop.shutdown_default_executor())
            self.loop.close()
            shutil.rmtree(self.home)

    async def _come_to_rest(self) -> None:
        points.observe(None)
        self.world.lost_answers, self.world.lost_calls = 0, 0
        if not self.world.is_reachable:
            await self._mend_line()
        if self.engine is None:
            await self._start()
        for job in self.jobs:
            await self._write(lambda tx, job=job: jobs.set_enabled(tx, job.id, False, "test"))
        for _round in range(100):
            live = await self.store.read(runs.live)
            if not live and not self._untold():
                return
            for run in live:
                if run.state is State.UNKNOWN:
                    await self._resolve(run.id, State.FAILED)
            for key in self.world.running():
                self._end(key, Phase.EXITED, 0)
            await self._move_clock(timedelta(minutes=10))
            self.promises_hold()
        raise AssertionError(
            f"still there: {[(run.job_name, run.state, run.reason) for run in live]}, {self._untold()}"
        )

    def _untold(self) -> set[str]:
        """Failures that nobody was told of; what a person has said needs no telling."""
        failed = {found for found, ending in self.endings.items() if ending[0] in deliver.TOLD} - self.resolved
        return {f"{found}.ended" for found in failed} - set(self.delivered)

    def _require_all_ended(self) -> None:
        assert self.submitted <= set(self.states)
        assert set(self.states.values()) <= ENDINGS
        for ended, (state, _at, attempt, exit_code) in self.endings.items():
            folder = self.world.attempts.get(ended, {}).get(attempt)
            if state == State.SUCCEEDED and folder is not None and exit_code is not None:
                assert folder.exit_code == exit_code == 0
            if state in (State.SKIPPED, State.EXPIRED, State.MISSED):
                assert ended not in self.world.attempts, "what was skipped never ran"
        assert not self._untold()

    def _require_all_accounted_for(self) -> None:
        """Every minute up to the cursor is a run or lies in a gap that counts it."""
        with SQLITE.connect(f"file:{self.place}?mode=ro", uri=True) as connection:
            rows = connection.execute(
                'SELECT t.id, t.cursor_at FROM triggers t WHERE t.spec LIKE \'%"every":"1m"%\''
            ).fetchall()
        connection.close()
        ((trigger_id, cursor),) = rows
        every = int(EVERY / timedelta(microseconds=1))
        fired = {nominal for trigger, nominal in self.occurrences if trigger == trigger_id}
        covered = defaultdict(int, dict.fromkeys(fired, 1))
        for trigger, first, last, count in self.gaps.values():
            if trigger == trigger_id:
                instants = range(first, last + 1, every)
                assert len(instants) == count
                for instant in instants:
                    covered[instant] += 1
        start = int(START.timestamp()) * 1_000_000
        last_due = max(covered, default=start)
        assert sorted(covered) == list(range(start + every, last_due + 1, every))
        assert set(covered.values()) <= {1}
        assert cursor >= last_due

    # How it is done.

    def do(self, work: Coroutine[Any, Any, None]) -> None:
        self.loop.run_until_complete(work)
        if self.engine is not None and self.store.is_dead:
            self.loop.run_until_complete(self._crash())

    async def _start(self) -> None:
        self.store = await MortalStore.open(self.place, clock=self.clock.now)
        bus = Bus()
        self.store.listen(bus.publish_all)
        self.store.step_at_ending(post_failures)
        self.host = ScriptedHost(self.world)
        self.death: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.engine = Engine(
            store=self.store,
            bus=bus,
            clock=self.clock,
            hosts={"local": self.host},
            registry=self.registry,
            settings=Settings(engine=EngineSettings(local_slots=3, inside_slots=1)),
            logs=Logs(self.home / "logs"),
            workspace_id="w",
            holder="test",
            http=lambda: None,
            deliver=self._deliver,
        )
        self.running = asyncio.ensure_future(self.engine.run())
        ready = asyncio.ensure_future(self.engine.is_ready.wait())
        while not (ready.done() or self.running.done() or self.store.is_dead or not self.world.is_reachable):
            await asyncio.sleep(0)
        ready.cancel()

    async def _deliver(self, parcel: Parcel) -> None:
        self.delivered.append(parcel.id)

    async def _settle(self) -> None:
        """Let the engine do what it can do now."""
        for _round in range(5):
            for _turn in range(10):
                await asyncio.sleep(0)
            if self.engine is None or self.store.is_dead:
                return
            flushed = asyncio.ensure_future(self.store.write(lambda tx: None))
            # The engine may die before this write is taken: then nobody ever answers it.
            await asyncio.wait([flushed, self.running, self.death], return_when=asyncio.FIRST_COMPLETED)
            if self.running.done():
                self.running.result()

    async def _write(self, fn: Any) -> None:
        """Carry out what a person asked for; the engine may have been faster, which is no fault."""
        with suppress(Conflict):
            await self.store.write(fn)
        await self._settle()

    async def _submit(self, job: Job) -> None:
        run = Run(
            id=run_id(),
            job_id=job.id,
            job_name=job.name,
            job_version=job.version,
            state=State.QUEUED,
            priority=job.spec.priority,
            concurrency_key=job.concurrency_key(None),
            pool=job.spec.pool,
            created_at=self.clock.now(),
            due_at=self.clock.now(),
        )

        def insert(tx: Any) -> None:
            runs.insert(tx, run)
            tx.tell(RunQueued(run.id, run.job_name))

        self.submitted.add(run.id)
        await self._write(insert)

    async def _resolve(self, run_id: Any, state: State) -> None:
        self.resolved.add(run_id)
        await self._write(lambda tx: runs.resolve(tx, run_id, state, "me", "I looked"))

    async def _move_clock(self, span: timedelta) -> None:
        self.clock.move(span)
        await self._settle()

    async def _mend_line(self) -> None:
        self.world.is_reachable = True
        if self.engine is not None:
            self.host.on_reconnected(self.world.ground())
        await self._settle()

    def _end_one(self, pick: int, phase: Phase, exit_code: int | None) -> None:
        running = self.world.running()
        if running:
            self.do(self._end_and_settle(running[pick % len(running)], phase, exit_code))

    async def _end_and_settle(self, key: str, phase: Phase, exit_code: int | None) -> None:
        self._end(key, phase, exit_code)
        await self._settle()

    def _end(self, key: str, phase: Phase, exit_code: int | None) -> None:
        folder = self.world.folders[key]
        folder.phase, folder.exit_code = phase, exit_code
        if self.engine is not None:
            self.host.push(key)

    def _die(self) -> None:
        """The process is gone from this very moment; what is not on disk by now never will be."""
        self.store.is_dead = self.host.is_dead = True
        if not self.death.done():
            self.death.set_result(None)

    async def _crash(self) -> None:
        points.observe(None)
        if self.engine is None:
            return
        self._die()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        while others:
            for task in others:
                task.cancel()
            _done, others = await asyncio.wait(others, timeout=0.05)
        await asyncio.gather(self.running, return_exceptions=True)
        await self.store.close()
        self.engine = None

    async def _stop(self) -> None:
        assert self.engine is not None
        self.engine.stop()
        dead = asyncio.ensure_future(self._until_dead())
        await asyncio.wait([self.running, dead], return_when=asyncio.FIRST_COMPLETED)
        dead.cancel()
        if self.running.done():
            self.running.result()
        await self._crash()

    async def _until_dead(self) -> None:
        while not self.store.is_dead:
            await asyncio.sleep(0.01)

    async def _restart(self) -> None:
        await self._start()
        await self._settle()

    async def _reboot(self) -> None:
        await self._crash()
        self.world.reboot()
        self.world.is_reachable = True


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the engine does on a beat of real time, it does at once."""
    for module, name in ((mark, "BEAT"), (deliver, "BEAT"), (shelve, "PAUSE"), (shelve, "AGAIN"), (contact, "AGAIN")):
        monkeypatch.setattr(module, name, 0.001)


def test_no_order_of_events_breaks_a_promise(tmp_path: Path, quick: None) -> None:
    """WATCHKEEPER_MACHINE_EXAMPLES asks for more."""
    Machine.template = tmp_path / "template.db"
    create(Machine.template, {"zone": "UTC"})
    Machine.registry = Registry()
    Machine.registry.load([Folder(places.plugins(), is_bundled=True)])
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=int(os.environ.get("WATCHKEEPER_MACHINE_EXAMPLES", "20")),
            stateful_step_count=30,
            deadline=None,
            # Shrinking would run for minutes; the steps of a failure are printed as they were.
            phases=[Stage.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
