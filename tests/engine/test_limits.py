"""Room and queue: who may start, who goes first, and that nobody is forgotten."""

import itertools
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.clock import ManualClock
from watchkeeper.engine.book import Book
from watchkeeper.engine.dispatch import Dispatcher
from watchkeeper.engine.finish import Finisher
from watchkeeper.engine.live import Live
from watchkeeper.model.ids import JobId, RunId
from watchkeeper.model.job import Concurrency, Job, JobSpec, Policy
from watchkeeper.model.run import Ground, State
from watchkeeper.model.text import Text
from watchkeeper.store.store import Store

START = datetime(2026, 3, 1, tzinfo=UTC)
SLOTS = {"local": 2, "inside": 1}
POOLS = {"small": 1, "wide": 2, "closed": 0}
NUMBERS = itertools.count(1)


class Desk:
    """A book and a dispatcher whose choices are carried out at once, without store and host."""

    def __init__(self, slots: dict[str, int] = SLOTS, pools: dict[str, int] = POOLS) -> None:
        self.book = Book(ManualClock(START), slots)
        self.slots, self.pools = slots, dict(pools)
        self.book.limits.set_pools(pools)
        self.started: list[Live] = []
        self.dropped: dict[str, Text] = {}
        self.stopped: list[Live] = []
        self.dispatcher = Dispatcher(
            cast(Store, None),
            self.book,
            cast(Finisher, self),
            "w",
            lambda place, lives: None,
            self.stopped.append,
            lambda run_ids: None,
        )
        self.dispatcher.grounds = {place: Ground("boot", "folder") for place in slots}

    def drop(self, live: Live, state: State, reason: Text) -> None:
        """The Finisher's word, carried out at once."""
        self.dropped[live.id] = reason
        before, live.state = live.state, state
        self.book.strike(live)
        if before is State.QUEUED:
            self.book.offer_next(live)

    def submit(self, **fields: Any) -> Live:
        live = run(**fields)
        self.book.runs[live.id] = live
        self.book.enqueue(live)
        return live

    def work(self) -> list[Live]:
        """Choose as the dispatcher's loop does; what it chose."""
        chosen: list[Live] = []
        while self.book.room.is_set():
            self.book.room.clear()
            while more := self.dispatcher._choose():
                chosen += more
        self.started += chosen
        return chosen

    def end(self, live: Live) -> None:
        live.state = State.SUCCEEDED
        self.book.strike(live)
        self.book.room.set()

    def running(self) -> list[Live]:
        return [live for live in self.book.runs.values() if live.state is State.DISPATCHING]

    def waiting(self) -> list[Live]:
        return [live for live in self.book.runs.values() if live.state is State.QUEUED]


def run(
    *,
    place: str = "local",
    key: str | None = None,
    pool: str | None = None,
    priority: int = 5,
    policy: Policy = Policy.QUEUE,
    max_waiting: int = 100,
) -> Live:
    number = next(NUMBERS)
    concurrency = Concurrency(policy=policy, max_waiting=max_waiting)
    spec = JobSpec(name="n", handler="h", priority=priority, concurrency=concurrency)
    return Live(
        id=RunId(f"{number:08}"),
        job=Job(JobId("j"), 1, spec, START, "test"),
        place=place,
        state=State.QUEUED,
        attempt=1,
        priority=priority,
        created_us=number,
        due_us=number,
        key=key,
        pool=pool,
    )


def test_the_most_important_and_then_the_oldest_goes_first() -> None:
    desk = Desk(slots={"local": 1})
    runs = [desk.submit(priority=priority) for priority in (5, 9, 0, 9, 5)]
    order = []
    while chosen := desk.work():
        order += chosen
        desk.end(chosen[0])
    assert order == [runs[1], runs[3], runs[0], runs[4], runs[2]]


def test_a_full_pool_holds_back_its_own_runs_only() -> None:
    desk = Desk(slots={"local": 4})
    pooled = [desk.submit(pool="small", priority=9) for _ in range(3)]
    free = desk.submit()
    assert desk.work() == [pooled[0], free]
    desk.end(pooled[0])
    assert desk.work() == [pooled[1]]


def test_a_pool_of_zero_holds_everything_back_until_it_grows() -> None:
    desk = Desk()
    live = desk.submit(pool="closed")
    assert desk.work() == []
    desk.book.limits.set_pools({"closed": 1})
    desk.book.queue.unpark_all()
    desk.book.room.set()
    assert desk.work() == [live]


def test_a_run_whose_place_is_full_does_not_keep_a_pools_room_from_others() -> None:
    desk = Desk(slots={"local": 1, "inside": 2})
    holder = desk.submit(place="inside", pool="small")
    desk.work()
    first = desk.submit(pool="small", priority=9)
    desk.work()
    blocker = desk.submit()
    second = desk.submit(place="inside", pool="small", priority=1)
    assert desk.work() == [blocker]
    desk.end(holder)
    assert desk.work() == [second]
    assert first.state is State.QUEUED


def test_one_key_runs_once_at_a_time_in_the_order_of_the_queue() -> None:
    desk = Desk()
    runs = [desk.submit(key="k") for _ in range(3)]
    order = []
    while chosen := desk.work():
        assert len(desk.running()) == 1
        order += chosen
        desk.end(chosen[0])
    assert order == runs


def test_forbid_skips_what_comes_while_another_is_live() -> None:
    desk = Desk()
    first, second = desk.submit(key="k", policy=Policy.FORBID), desk.submit(key="k", policy=Policy.FORBID)
    assert desk.work() == [first]
    assert "another run of the same key was live" in str(desk.dropped[second.id])


def test_coalesce_lets_one_wait_and_the_rest_fall_together_with_it() -> None:
    desk = Desk()
    runs = [desk.submit(key="k", policy=Policy.COALESCE) for _ in range(4)]
    assert desk.work() == runs[:1]
    assert set(desk.dropped) == {runs[2].id, runs[3].id}
    desk.end(runs[0])
    assert desk.work() == [runs[1]]


def test_a_queue_takes_so_many_and_skips_the_next() -> None:
    desk = Desk()
    runs = [desk.submit(key="k", max_waiting=2) for _ in range(5)]
    assert desk.work() == runs[:1]
    assert set(desk.dropped) == {runs[3].id, runs[4].id}


def test_replace_stops_the_holder_and_lets_the_newest_wait() -> None:
    desk = Desk()
    runs = [desk.submit(key="k", policy=Policy.REPLACE) for _ in range(3)]
    assert desk.work() == runs[:1]
    assert desk.stopped == [runs[0]] and runs[0].cancelled_by == "replace"
    assert set(desk.dropped) == {runs[1].id}
    desk.end(runs[0])
    assert desk.work() == [runs[2]]


def test_replace_ends_a_holder_that_only_waits_for_its_next_attempt() -> None:
    desk = Desk()
    holder = desk.submit(key="k", policy=Policy.REPLACE)
    desk.work()
    holder.state = State.WAITING
    desk.book.step_back(holder)
    newest = desk.submit(key="k", policy=Policy.REPLACE)
    assert desk.work() == [newest]
    assert set(desk.dropped) == {holder.id} and holder.state is State.CANCELLED


def test_a_retry_wait_holds_its_key_and_nothing_else() -> None:
    desk = Desk(slots={"local": 1})
    holder = desk.submit(key="k", pool="small")
    desk.work()
    holder.state = State.WAITING
    desk.book.step_back(holder)
    same, other = desk.submit(key="k"), desk.submit(pool="small")
    desk.book.room.set()
    assert desk.work() == [other]
    assert same.state is State.QUEUED


SHAPES = st.fixed_dictionaries(
    {
        "place": st.sampled_from(sorted(SLOTS)),
        "key": st.sampled_from([None, "a", "b"]),
        "pool": st.sampled_from([None, "small", "wide"]),
        "priority": st.integers(0, 9),
    }
)


def require_within_limits(desk: Desk) -> None:
    running = desk.running()
    used = Counter(live.place for live in running)
    pooled = Counter(live.pool for live in running if live.pool)
    keys = Counter(live.key for live in running if live.key)
    assert all(used[place] <= size for place, size in desk.slots.items())
    assert all(pooled[pool] <= size for pool, size in desk.pools.items())
    assert all(count == 1 for count in keys.values())


def require_no_stall(desk: Desk) -> None:
    """Nobody waits for whom there is room."""
    stalled = [live for live in desk.waiting() if desk.book.limits.bar(live) is None]
    assert not stalled, [(live.id, live.place, live.key, live.pool) for live in stalled]


@settings(max_examples=200)
@given(st.lists(SHAPES, min_size=1, max_size=25), st.data())
def test_whenever_there_is_room_a_candidate_takes_it_and_limits_hold(
    shapes: Sequence[dict[str, Any]], data: st.DataObject
) -> None:
    desk = Desk()
    pending = [run(**shape) for shape in shapes]
    while pending or desk.running():
        choices = (["submit"] if pending else []) + (["end"] if desk.running() else [])
        if data.draw(st.sampled_from(choices)) == "submit":
            live = pending.pop()
            desk.book.runs[live.id] = live
            desk.book.enqueue(live)
        else:
            running = sorted(desk.running(), key=lambda live: live.id)
            desk.end(running[data.draw(st.integers(0, len(running) - 1))])
        desk.work()
        require_within_limits(desk)
        require_no_stall(desk)
    assert len(desk.started) == len(shapes), "everybody has had a turn"


def test_nothing_starts_on_a_host_that_has_not_answered_yet() -> None:
    desk = Desk()
    desk.dispatcher.grounds = {}
    waiting, inside = desk.submit(place="local"), desk.submit(place="inside")
    assert desk.work() == [inside]
    desk.dispatcher.grounds = {"local": Ground("boot", "folder")}
    desk.book.room.set()
    assert desk.work() == [waiting]
