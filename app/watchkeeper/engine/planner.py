"""Sleeps until the earliest trigger is due; fires first and plans after."""

import asyncio
import gc
import heapq
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, islice
from typing import NamedTuple

from watchkeeper.engine.arrivals import Arrivals
from watchkeeper.engine.book import Book
from watchkeeper.engine.fire import Firer, Occurrence
from watchkeeper.engine.hold import Hold
from watchkeeper.engine.jobs import Jobs
from watchkeeper.engine.lapse import Lapse
from watchkeeper.engine.misfire import Due, due_between
from watchkeeper.model.days import opened
from watchkeeper.model.fire import Fire
from watchkeeper.model.ids import JobId
from watchkeeper.model.instant import from_us, span_us, to_us
from watchkeeper.model.schedule import NO_CALENDARS, Calendars, lateness, next_after
from watchkeeper.model.span import written
from watchkeeper.model.text import Text, _
from watchkeeper.model.trigger import ByClock, FileArrival, Interval, Pace, Startup, Timed, Trigger
from watchkeeper.store import calendars, triggers
from watchkeeper.store.moves import NextSet
from watchkeeper.store.store import Store
from watchkeeper.store.triggers import Armed

#: Occurrences of one commit at the most.
BATCH = 10_000
#: Triggers of which the next instant is remembered.
MOST_ANSWERS = 20_000
#: The jobs that are due within so many microseconds are read while there is time, so many at once.
FORESIGHT_US = 20_000_000
FORESEEN_AT_ONCE = 500


class Begin(NamedTuple):
    """When the engine started, and when it first saw this boot of its machine; in microseconds since 1970."""

    engine_us: int
    machine_us: int


@dataclass(slots=True, eq=False)
class Plan:
    """One armed trigger; moments in microseconds since 1970."""

    armed: Armed
    cursor_us: int
    #: How much later than its nominal instants it starts.
    late_us: int = 0
    #: Its next nominal instant; a heap entry with another one is old.
    due_us: int = 0
    is_gone: bool = False


#: When it is to start, its place among equals, the nominal instant, and the plan.
Entry = tuple[int, int, int, Plan]


class Planner:
    """The heap of all triggers of enabled jobs."""

    def __init__(
        self,
        store: Store,
        book: Book,
        jobs: Jobs,
        firer: Firer,
        hold: Hold,
        arrivals: Arrivals,
        on_lapse: Callable[[Lapse], Awaitable[None]],
    ) -> None:
        """`on_lapse` is called when the machine slept or its clock was set, before anything fires."""
        self._store = store
        self._book = book
        self._jobs = jobs
        self._firer = firer
        self._hold = hold
        self._arrivals = arrivals
        self._on_lapse = on_lapse
        self._calendars: Calendars = NO_CALENDARS
        #: Triggers that say the same are due at the same instants.
        self._answers: dict[Trigger, tuple[int, int | None]] = {}
        self._heap: list[Entry] = []
        self._plans: dict[JobId, list[Plan]] = {}
        self._by_trigger: dict[str, Plan] = {}
        self._order = count()
        #: Until when the jobs that are due have been read.
        self._foreseen_us = 0
        self._wake = asyncio.Event()
        self._firing = asyncio.Lock()
        #: Why occurrences that are found late now were missed.
        self._gap_reason: Text = _("the engine was not running")

    async def load(self, begin: Begin | None = None) -> None:
        """Plan every trigger of every enabled job; those of a start-up only with its `begin`."""
        for plans in list(self._plans.values()):
            self._forget(plans)
        self._plans.clear()
        self._foreseen_us = 0
        await self._read_calendars()
        with _no_collection():
            for armed in await self._store.read(triggers.armed):
                self._arm(armed, begin)

    async def reload(self, job_id: JobId) -> None:
        """A job was saved or removed: plan its triggers anew."""
        async with self._firing:
            self._jobs.forget(job_id)
            found = await self._store.read(lambda tx: triggers.armed(tx, job_id))
            self._forget(self._plans.pop(job_id, ()))
            for armed in found:
                self._arm(armed, None)
        self._wake.set()

    async def take_pause(self) -> None:
        """A pause began, changed or ended."""
        await self._hold.read()
        self._wake.set()

    async def take_calendars(self) -> None:
        """Calendars have changed: plan the triggers that follow one anew."""
        async with self._firing:
            await self._read_calendars()
            for plan in self._by_trigger.values():
                if _follows_calendars(plan.armed.trigger):
                    plan.due_us = 0
                    self._plan_next(plan)
        self._wake.set()

    async def _read_calendars(self) -> None:
        specs, year = await self._store.read(calendars.all), from_us(self._book.clock.now_us()).year
        self._calendars = await asyncio.to_thread(opened, specs, (year, year + 1))
        self._answers.clear()

    def set_next(self, row: NextSet) -> None:
        """A fixed delay's run has ended: it is due again."""
        plan = self._by_trigger.get(row.trigger_id)
        if plan is not None and row.next_at is not None:
            self._push(plan, max(row.next_at, plan.cursor_us + 1))
            self._wake.set()

    def soonest(self, most: int) -> list[Fire]:
        """What fires next, the earliest first; each trigger's next occurrence and no later one."""
        plans = islice(self._in_order(), most)
        return [Fire(plan.armed.job_id, plan.armed.trigger, from_us(plan.due_us + plan.late_us)) for plan in plans]

    def _in_order(self) -> Iterator[Plan]:
        """The plans by the moment of their start; of the heap only as much is looked at as is asked for."""
        seen, fringe = set[Plan](), [(self._heap[0], 0)] if self._heap else []
        while fringe:
            (_at_us, _order, due_us, plan), place = heapq.heappop(fringe)
            for below in (2 * place + 1, 2 * place + 2):
                if below < len(self._heap):
                    heapq.heappush(fringe, (self._heap[below], below))
            if not plan.is_gone and plan.due_us == due_us > plan.cursor_us and plan not in seen:
                seen.add(plan)
                yield plan

    async def run(self) -> None:
        """Fire what is due, until cancelled."""
        while True:
            while plans := self._take_due():
                await asyncio.shield(self._fire(plans))
            await self._foresee()
            self._gap_reason = self._hold.reason or _("the engine was too busy to fire in time")
            lapse = Lapse(self._book.clock)
            await self._book.clock.wait(self._next_us(), self._wake)
            await self._notice(lapse)

    async def _foresee(self) -> None:
        """Read the jobs that will be due soon, until something is due: ten thousand at once take half a second."""
        now_us = self._book.clock.now_us()
        if now_us + FORESIGHT_US // 2 < self._foreseen_us < now_us + 2 * FORESIGHT_US:
            return
        job_ids = [plan.armed.job_id for plan in _due_until(self._heap, now_us + FORESIGHT_US)]
        for start in range(0, len(job_ids), FORESEEN_AT_ONCE):
            if self._heap[0][0] <= self._book.clock.now_us():
                return
            await self._jobs.current(job_ids[start : start + FORESEEN_AT_ONCE])
        self._foreseen_us = now_us + FORESIGHT_US

    def _next_us(self) -> int | None:
        if self._hold.reason is not None:
            return self._hold.until_us
        return self._heap[0][0] if self._heap else None

    async def _notice(self, lapse: Lapse) -> None:
        """Let the engine recover before anything fires, and know the reason of what was missed."""
        if not lapse.is_sleep and not lapse.set_by:
            return
        if self._hold.reason is None:
            self._gap_reason = _("the machine was asleep") if lapse.is_sleep else _set(lapse)
        await self._on_lapse(lapse)

    def _take_due(self) -> list[Plan]:
        now_us, taken = self._book.clock.now_us(), list[Plan]()
        while self._hold.reason is None and self._heap and self._heap[0][0] <= now_us and len(taken) < BATCH:
            _at_us, _order, due_us, plan = heapq.heappop(self._heap)
            if not plan.is_gone and plan.due_us == due_us > plan.cursor_us:
                taken.append(plan)
        return taken

    async def _fire(self, plans: Sequence[Plan]) -> None:
        async with self._firing:
            jobs = await self._jobs.current(plan.armed.job_id for plan in plans)
            owed = [(plan, self._owed(plan)) for plan in plans if self._is_due(plan) and plan.armed.job_id in jobs]
            await self._firer.fire(
                [Occurrence(plan.armed.id, jobs[plan.armed.job_id], due, plan.late_us) for plan, due in owed],
                self._gap_reason,
            )
            for plan, due in owed:
                self._plan_after(plan, due)

    def _is_due(self, plan: Plan) -> bool:
        """Still: a calendar or the job may have changed since it was taken."""
        now_us = self._book.clock.now_us()
        return not plan.is_gone and plan.cursor_us < plan.due_us <= now_us - plan.late_us

    def _owed(self, plan: Plan) -> Due:
        first, trigger = from_us(plan.due_us), plan.armed.trigger
        now_us = self._book.clock.now_us() - plan.late_us
        if not isinstance(trigger, ByClock) or _is_fixed_delay(trigger) or self._is_on_time(trigger, plan, now_us):
            return Due((first,))
        return due_between(trigger, first, from_us(now_us), self._calendars)

    def _is_on_time(self, trigger: ByClock, plan: Plan, now_us: int) -> bool:
        """Whether this instant alone is owed, as it nearly always is: within its grace, and the next is yet to come."""
        following = self._next_after(trigger, plan.due_us)
        return now_us - plan.due_us <= span_us(trigger.grace) and (following is None or now_us < following)

    def _forget(self, plans: Sequence[Plan]) -> None:
        for plan in plans:
            plan.is_gone = True
            self._by_trigger.pop(plan.armed.id, None)
            self._book.fixed_delays.pop(plan.armed.id, None)
            self._arrivals.forget(plan.armed.id)

    def _arm(self, armed: Armed, begin: Begin | None) -> None:
        plan = Plan(armed, armed.cursor_us, span_us(lateness(armed.trigger, armed.id)))
        self._plans.setdefault(armed.job_id, []).append(plan)
        self._by_trigger[armed.id] = plan
        match armed.trigger:
            case Interval(pace=Pace.FIXED_DELAY) as trigger:
                self._arm_fixed_delay(plan, trigger)
            case Startup() as trigger:
                self._arm_startup(plan, trigger, begin)
            case FileArrival():
                self._arrivals.watch(armed)
            case _:
                self._plan_next(plan)

    def _arm_fixed_delay(self, plan: Plan, trigger: Interval) -> None:
        every_us = self._book.fixed_delays[plan.armed.id] = span_us(trigger.every)
        if plan.armed.next_us is not None:
            self._push(plan, plan.armed.next_us)
        elif not any(live.trigger_id == plan.armed.id for live in self._book.runs.values()):
            self._push(plan, plan.cursor_us + every_us)

    def _arm_startup(self, plan: Plan, trigger: Startup, begin: Begin | None) -> None:
        if begin is None:
            return
        plan.late_us = span_us(trigger.delay)
        self._push(plan, begin.machine_us if trigger.once_a_boot else max(begin.engine_us, plan.cursor_us + 1))

    def _plan_after(self, plan: Plan, due: Due) -> None:
        if due.last is not None:
            plan.cursor_us = to_us(due.last)
        if isinstance(plan.armed.trigger, ByClock) and not _is_fixed_delay(plan.armed.trigger):
            self._plan_next(plan)

    def _plan_next(self, plan: Plan) -> None:
        instant_us = self._next_after(plan.armed.trigger, plan.cursor_us)
        if instant_us is not None and not plan.is_gone:
            self._push(plan, instant_us)

    def _next_after(self, trigger: Trigger, cursor_us: int) -> int | None:
        """The next instant; from any moment between the last one asked for and its answer the answer is the same."""
        since_us, answer = self._answers.get(trigger, (0, None))
        if answer is not None and since_us <= cursor_us < answer:
            return answer
        instant = next_after(trigger, from_us(cursor_us), self._calendars)
        answer = None if instant is None else to_us(instant)
        if len(self._answers) >= MOST_ANSWERS:
            self._answers.clear()
        self._answers[trigger] = (cursor_us, answer)
        return answer

    def _push(self, plan: Plan, due_us: int) -> None:
        plan.due_us = due_us
        heapq.heappush(self._heap, (due_us + plan.late_us, next(self._order), due_us, plan))


def _due_until(heap: Sequence[Entry], until_us: int) -> Iterator[Plan]:
    """The plans that are due until then, in no order; of the rest of the heap only the fringe is looked at."""
    places = [0]
    while places:
        place = places.pop()
        if place < len(heap) and heap[place][0] <= until_us:
            yield heap[place][3]
            places += (2 * place + 1, 2 * place + 2)


@contextmanager
def _no_collection() -> Iterator[None]:
    """All that is made in here stays: looking for garbage in it takes a third of the time.

    In the console nobody but the window looks at all (ui/garbage.py), and so it has to remain.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _set(lapse: Lapse) -> Text:
    return _("the clock was set forward by {span}", span=written(abs(lapse.set_by)))


def _is_fixed_delay(trigger: Trigger) -> bool:
    return isinstance(trigger, Interval) and trigger.pace is Pace.FIXED_DELAY


def _follows_calendars(trigger: Trigger) -> bool:
    return isinstance(trigger, Timed) and bool(trigger.only_on or trigger.not_on) and not _is_fixed_delay(trigger)
