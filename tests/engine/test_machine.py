"""Crashes, jumps of the clock and cut lines in any order: after every step the promises of the engine hold.

The store and the engine are the real ones. What is random is the world: what people ask, what time does, when the
process dies, and how runs end.
"""

import os
from collections.abc import Set
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import Phase as Stage
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.engine.driver import Driver
from tests.engine.promises import EVERY, Promises
from watchkeeper.engine import contact, deliver, mark, shelve
from watchkeeper.hosts.host import Phase
from watchkeeper.model import points
from watchkeeper.model.job import Concurrency, JobSpec, OnUnknown, Policy, Retry
from watchkeeper.model.points import Point
from watchkeeper.model.run import LIVE, State
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import Interval, Pace
from watchkeeper.plugin.registry import Registry
from watchkeeper.store import jobs, retention

#: Which of those there are; no draw hangs on what the engine has done so far, for time is real in there.
PICK = st.integers(0, 99)


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
    spec("rate", Policy.FORBID, triggers=(Interval(every=Span(seconds=EVERY.total_seconds())),)),
    spec("delay", Policy.QUEUE, triggers=(Interval(every=Span(seconds=45), pace=Pace.FIXED_DELAY),)),
    spec("replace", Policy.REPLACE),
)

NUMBERS = st.lists(st.integers(0, len(SPECS) - 1), min_size=1, max_size=3)


class Machine(RuleBasedStateMachine):
    """What may happen, in any order."""

    template: ClassVar[Path]
    registry: ClassVar[Registry]

    def __init__(self) -> None:
        super().__init__()
        self.driver = Driver(self.template, self.registry, SPECS)
        self.world = self.driver.world
        self.promises = Promises(self.driver)

    @rule(numbers=NUMBERS)
    def submit(self, numbers: list[int]) -> None:
        """Also what brings a dead engine back: a machine in which nothing runs shows nothing."""
        self.restart()
        for number in numbers:
            if self.driver.engine is not None:
                self.driver.submit(self.driver.jobs[number])

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
        self.driver.move_clock(timedelta(seconds=seconds))

    @rule(minutes=st.sampled_from([-300, -90, -1, 45, 400]))
    def jump(self, minutes: int) -> None:
        self.driver.move_clock(timedelta(minutes=minutes))

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
            self.driver.mend_line()

    @rule(pick=PICK)
    def cancel(self, pick: int) -> None:
        live = self._runs_in(LIVE)
        if self.driver.engine is not None and live:
            self.driver.cancel(live[pick % len(live)])

    @rule(pick=PICK, state=st.sampled_from([State.SUCCEEDED, State.FAILED]))
    def resolve(self, pick: int, state: State) -> None:
        unknown = self._runs_in({State.UNKNOWN})
        if self.driver.engine is not None and unknown:
            self.driver.resolve(unknown[pick % len(unknown)], state)

    @rule()
    def prune(self) -> None:
        if self.driver.engine is not None:
            before = self.driver.clock.now() - timedelta(hours=1)
            self.driver.write(lambda tx: retention.prune(tx, before, 10))

    @rule()
    def crash(self) -> None:
        self.driver.crash()

    @rule(point=st.sampled_from(Point))
    def crash_when_next_at(self, point: Point) -> None:
        self.driver.crash_when_next_at(point)

    @rule()
    def stop(self) -> None:
        self.driver.stop()

    @rule()
    def restart(self) -> None:
        self.driver.restart()

    @rule()
    def reboot(self) -> None:
        self.driver.reboot()

    @invariant()
    def promises_hold(self) -> None:
        self.promises.require()

    def teardown(self) -> None:
        try:
            self._come_to_rest()
            self.promises.require_at_rest()
        finally:
            self.driver.close()

    def _runs_in(self, states: Set[State]) -> list[str]:
        return sorted(run_id for run_id, state in self.promises.states.items() if state in states)

    def _end_one(self, pick: int, phase: Phase, exit_code: int | None) -> None:
        running = self.world.running()
        if running:
            self.driver.end([running[pick % len(running)]], phase, exit_code)

    def _come_to_rest(self) -> None:
        points.observe(None)
        self.world.lost_answers, self.world.lost_calls = 0, 0
        self.mend_line()
        self.restart()
        for job in self.driver.jobs:
            self.driver.write(lambda tx, job=job: jobs.set_enabled(tx, job.id, False, "test"))
        for _round in range(100):
            live = self.driver.live()
            if not live and not self.promises.untold():
                return
            for run in live:
                if run.state is State.UNKNOWN:
                    self.driver.resolve(run.id, State.FAILED)
            self.driver.end(self.world.running(), Phase.EXITED, 0)
            self.driver.move_clock(timedelta(minutes=10))
            self.promises.require()
        left = [(run.job_name, run.state, run.reason) for run in live]
        raise AssertionError(f"still there: {left}, {self.promises.untold()}")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the engine does on a beat of real time, it does at once."""
    for module, name in ((mark, "BEAT"), (deliver, "BEAT"), (shelve, "PAUSE"), (shelve, "AGAIN"), (contact, "AGAIN")):
        monkeypatch.setattr(module, name, 0.001)


def test_no_order_of_events_breaks_a_promise(empty_store: Path, registry: Registry, quick: None) -> None:
    """WATCHKEEPER_MACHINE_EXAMPLES asks for more."""
    Machine.template, Machine.registry = empty_store, registry
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=int(os.environ.get("WATCHKEEPER_MACHINE_EXAMPLES", "12")),
            stateful_step_count=30,
            deadline=None,
            # Shrinking would run for minutes; the steps of a failure are printed as they were.
            phases=[Stage.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
