"""Sleeps until the earliest trigger is due; fires first and plans after."""

import asyncio
import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from watchkeeper.engine.book import Book
from watchkeeper.engine.fire import Firer, Occurrence
from watchkeeper.engine.jobs import Jobs
from watchkeeper.engine.misfire import Due, due_between
from watchkeeper.model.ids import JobId
from watchkeeper.model.instant import from_us, span_us, to_us
from watchkeeper.model.schedule import next_after
from watchkeeper.model.text import Text, _
from watchkeeper.model.trigger import ByClock, Interval, Pace, Trigger
from watchkeeper.store import triggers
from watchkeeper.store.moves import NextSet
from watchkeeper.store.store import Store
from watchkeeper.store.triggers import Armed

#: Occurrences of one commit at the most.
BATCH = 500


@dataclass(slots=True, eq=False)
class Plan:
    """One armed trigger; moments in microseconds since 1970."""

    armed: Armed
    cursor_us: int
    #: When it is due next; a heap entry with another moment is an old one.
    due_us: int = 0
    is_gone: bool = False


class Planner:
    """The heap of all triggers of enabled jobs."""

    def __init__(self, store: Store, book: Book, jobs: Jobs, firer: Firer) -> None:
        self._store = store
        self._book = book
        self._jobs = jobs
        self._firer = firer
        self._heap: list[tuple[int, int, Plan]] = []
        self._plans: dict[JobId, list[Plan]] = {}
        self._by_trigger: dict[str, Plan] = {}
        self._order = count()
        self._wake = asyncio.Event()
        self._firing = asyncio.Lock()
        #: Why occurrences that are found late now were missed.
        self.gap_reason: Text = _("the engine was not running")

    async def load(self) -> None:
        """Plan every trigger of every enabled job."""
        for armed in await self._store.read(triggers.armed):
            self._arm(armed)

    async def reload(self, job_id: JobId) -> None:
        """A job was saved or removed: plan its triggers anew."""
        async with self._firing:
            self._jobs.forget(job_id)
            found = await self._store.read(lambda tx: triggers.armed(tx, job_id))
            for plan in self._plans.pop(job_id, ()):
                plan.is_gone = True
                self._by_trigger.pop(plan.armed.id, None)
                self._book.fixed_delays.pop(plan.armed.id, None)
            for armed in found:
                self._arm(armed)
        self._wake.set()

    def set_next(self, row: NextSet) -> None:
        """A fixed delay's run has ended: it is due again."""
        plan = self._by_trigger.get(row.trigger_id)
        if plan is not None and row.next_at is not None:
            self._push(plan, max(row.next_at, plan.cursor_us + 1))
            self._wake.set()

    async def run(self) -> None:
        """Fire what is due, until cancelled."""
        while True:
            while plans := self._take_due():
                await asyncio.shield(self._fire(plans))
            self.gap_reason = _("the engine was too busy to fire in time")
            await self._book.clock.wait(self._heap[0][0] if self._heap else None, self._wake)

    def _take_due(self) -> list[Plan]:
        now_us, taken = self._book.clock.now_us(), list[Plan]()
        while self._heap and self._heap[0][0] <= now_us and len(taken) < BATCH:
            due_us, _order, plan = heapq.heappop(self._heap)
            if not plan.is_gone and plan.due_us == due_us > plan.cursor_us:
                taken.append(plan)
        return taken

    async def _fire(self, plans: Sequence[Plan]) -> None:
        async with self._firing:
            now = from_us(self._book.clock.now_us())
            jobs = await self._jobs.current(plan.armed.job_id for plan in plans)
            owed = [(plan, _owed(plan, now)) for plan in plans if not plan.is_gone and plan.armed.job_id in jobs]
            await self._firer.fire(
                [Occurrence(plan.armed.id, jobs[plan.armed.job_id], due) for plan, due in owed], self.gap_reason
            )
            for plan, due in owed:
                self._plan_after(plan, due)

    def _arm(self, armed: Armed) -> None:
        plan = Plan(armed, armed.cursor_us)
        self._plans.setdefault(armed.job_id, []).append(plan)
        self._by_trigger[armed.id] = plan
        if _is_fixed_delay(armed.trigger):
            self._arm_fixed_delay(plan, armed.trigger)
        else:
            self._plan_next(plan)

    def _arm_fixed_delay(self, plan: Plan, trigger: Trigger) -> None:
        assert isinstance(trigger, Interval)
        every_us = self._book.fixed_delays[plan.armed.id] = span_us(trigger.every)
        if plan.armed.next_us is not None:
            self._push(plan, plan.armed.next_us)
        elif not any(live.trigger_id == plan.armed.id for live in self._book.runs.values()):
            self._push(plan, plan.cursor_us + every_us)

    def _plan_after(self, plan: Plan, due: Due) -> None:
        if due.last is not None:
            plan.cursor_us = to_us(due.last)
        if not _is_fixed_delay(plan.armed.trigger):
            self._plan_next(plan)

    def _plan_next(self, plan: Plan) -> None:
        instant = next_after(plan.armed.trigger, from_us(plan.cursor_us))
        if instant is not None and not plan.is_gone:
            self._push(plan, to_us(instant))

    def _push(self, plan: Plan, due_us: int) -> None:
        plan.due_us = due_us
        heapq.heappush(self._heap, (due_us, next(self._order), plan))


def _owed(plan: Plan, now: datetime) -> Due:
    first = from_us(plan.due_us)
    trigger = plan.armed.trigger
    if _is_fixed_delay(trigger) or not isinstance(trigger, ByClock):
        return Due((first,))
    return due_between(trigger, first, now)


def _is_fixed_delay(trigger: Trigger) -> bool:
    return isinstance(trigger, Interval) and trigger.pace is Pace.FIXED_DELAY
