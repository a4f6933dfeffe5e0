"""Every result of an attempt in every state: what is written, and what stands when somebody else was first."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from tests.engine.house import House, eventually
from tests.store.making import brought_to
from watchkeeper.engine.book import Book
from watchkeeper.engine.finish import Finisher
from watchkeeper.engine.live import Live, live_of
from watchkeeper.engine.masks import Masks
from watchkeeper.engine.result import Result
from watchkeeper.engine.shelve import Shelver
from watchkeeper.model.events import RunEnded
from watchkeeper.model.ids import RunId
from watchkeeper.model.job import OnUnknown, Retry
from watchkeeper.model.run import HOLDING, Ground, State
from watchkeeper.model.span import Span
from watchkeeper.model.text import _, plural
from watchkeeper.store import runs
from watchkeeper.store.moves import NextSet

S = State
WHY = _("because")
SECRET = "hunter2-of-a-finish"
#: A sentence in a sentence, and a number that chooses the plural.
LEAKY = _("it said: {words}", words=plural("{n} {name}", "{n} {name}s", 2, name=f"<{SECRET}>"))


class Office:
    """A finisher at work, and runs that are brought to it."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.book = Book(house.clock, {"inside": 9, "local": 9})
        self.next: list[NextSet] = []
        shelver = Shelver(house.store, {}, house.logs)
        self.finisher = Finisher(house.store, self.book, shelver, Masks(lambda run_id: [SECRET]), self.next.append)

    async def bring(self, state: State, **fields: Any) -> Live:
        job = await self.house.save(**fields)
        made = await brought_to(self.house.store, state, job_id=job.id, job_name=job.name)
        run = await self.house.store.read(lambda tx: runs.get(tx, made.id))
        live = live_of(run, job, "inside")
        live.ground = Ground("boot", "folder") if live.is_on_host else None
        self.book.enter(live)
        return live

    async def state_of(self, live: Live) -> State:
        await self.finisher.drained()
        return (await self.house.store.read(lambda tx: runs.get(tx, live.id))).state


@pytest.fixture
async def office(house: House) -> AsyncIterator[Office]:
    office = Office(house)
    working = [asyncio.ensure_future(duty()) for duty in (office.finisher.run, office.book.timers.run)]
    yield office
    for each in working:
        each.cancel()
    await asyncio.gather(*working, return_exceptions=True)


@pytest.mark.parametrize("result", [S.SUCCEEDED, S.FAILED, S.TIMED_OUT, S.CANCELLED])
@pytest.mark.parametrize("state", sorted(HOLDING))
async def test_a_result_ends_what_was_under_way(office: Office, state: State, result: State) -> None:
    live = await office.bring(state)
    office.finisher.finish(live, Result(result, WHY, 3))
    assert await office.state_of(live) is result
    assert live.id not in office.book.runs
    assert office.book.limits.free_slots(live.place) == 9


@pytest.mark.parametrize("state", sorted(HOLDING))
async def test_a_failure_with_attempts_left_waits_and_gives_its_slot_back(office: Office, state: State) -> None:
    live = await office.bring(state, retry=Retry(max_attempts=2))
    office.finisher.finish(live, Result(S.FAILED, WHY))
    assert await office.state_of(live) is S.WAITING
    assert live.attempt == 2 and office.book.limits.free_slots(live.place) == 9


@pytest.mark.parametrize("state", [S.RUNNING, S.WAITING])
async def test_a_clock_that_is_set_while_a_wait_is_being_written_changes_nothing_of_it(
    office: Office, state: State
) -> None:
    live = await office.bring(S.RUNNING, retry=Retry(max_attempts=2, delay=Span(minutes=1)))
    office.finisher.finish(live, Result(S.FAILED, WHY))
    if state is S.WAITING:
        assert await office.state_of(live) is S.WAITING
        office.house.clock.move(timedelta(minutes=1))
        while not live.is_settled:
            await asyncio.sleep(0)
    office.house.clock.jump(-timedelta(hours=1))
    await office.finisher.drained()
    office.house.clock.move(timedelta(minutes=1))
    await eventually(lambda: office.book.queue.places() == [live.place], "a place in the queue")


@pytest.mark.parametrize("state", sorted(HOLDING))
async def test_what_was_to_be_stopped_is_not_tried_again(office: Office, state: State) -> None:
    live = await office.bring(state, retry=Retry(max_attempts=2))
    live.cancelled_by = "me"
    office.finisher.finish(live, Result(S.FAILED, WHY))
    assert await office.state_of(live) is S.FAILED


LOSSES = [
    ({}, S.UNKNOWN),
    ({"on_unknown": OnUnknown.FAIL}, S.FAILED),
    ({"on_unknown": OnUnknown.RETRY}, S.UNKNOWN),
    ({"on_unknown": OnUnknown.RETRY, "is_idempotent": True, "retry": Retry(max_attempts=2)}, S.WAITING),
    ({"on_unknown": OnUnknown.RETRY, "is_idempotent": True}, S.FAILED),
]


@pytest.mark.parametrize("state", sorted(HOLDING - {S.UNKNOWN}))
@pytest.mark.parametrize(("fields", "after"), LOSSES)
async def test_the_job_says_what_follows_when_nobody_knows(
    office: Office, state: State, fields: dict[str, Any], after: State
) -> None:
    live = await office.bring(state, **fields)
    office.finisher.lose(live, WHY)
    assert await office.state_of(live) is after
    assert office.book.limits.free_slots(live.place) == (8 if after is S.UNKNOWN else 9)


@pytest.mark.parametrize("word", [S.SKIPPED, S.EXPIRED, S.CANCELLED])
@pytest.mark.parametrize("state", sorted(HOLDING | {S.QUEUED, S.WAITING}))
async def test_only_what_waits_is_dropped(office: Office, state: State, word: State) -> None:
    live = await office.bring(state)
    office.finisher.drop(live, word, WHY)
    assert await office.state_of(live) is (word if state in (S.QUEUED, S.WAITING) else state)


@pytest.mark.parametrize("state", [S.DISPATCHING, S.ORPHANED])
async def test_what_has_not_started_goes_back_with_its_attempt(office: Office, state: State) -> None:
    live = await office.bring(state)
    office.finisher.requeue(live, WHY)
    assert await office.state_of(live) is S.QUEUED
    assert live.attempt == 1 and office.book.limits.free_slots(live.place) == 9


async def test_the_first_result_counts(office: Office) -> None:
    live = await office.bring(S.RUNNING)
    office.finisher.finish(live, Result(S.SUCCEEDED))
    office.finisher.finish(live, Result(S.FAILED, WHY))
    office.finisher.lose(live, WHY)
    assert await office.state_of(live) is S.SUCCEEDED
    assert len([event for event in office.house.heard if isinstance(event, RunEnded)]) == 1


async def test_what_a_person_has_resolved_stands(office: Office) -> None:
    live = await office.bring(S.UNKNOWN)
    await office.house.store.write(lambda tx: runs.resolve(tx, RunId(live.id), S.SUCCEEDED, "me", "I looked"))
    office.finisher.finish(live, Result(S.FAILED, WHY))
    assert await office.state_of(live) is S.SUCCEEDED
    assert live.id not in office.book.runs
    assert not [event for event in office.house.heard if isinstance(event, RunEnded)]


@pytest.mark.parametrize("way", ["finish", "retry", "lose", "requeue"])
async def test_whatever_way_a_reason_comes_it_is_kept_and_told_without_the_secret(office: Office, way: str) -> None:
    live = await office.bring(S.DISPATCHING, retry=Retry(max_attempts=2 if way == "retry" else 1))
    match way:
        case "lose":
            office.finisher.lose(live, LEAKY)
        case "requeue":
            office.finisher.requeue(live, LEAKY)
        case _:
            office.finisher.finish(live, Result(S.FAILED, LEAKY, outputs={"token": SECRET}))
    await office.finisher.drained()
    run = await office.house.store.read(lambda tx: runs.get(tx, live.id))
    attempts = await office.house.store.read(lambda tx: runs.attempts(tx, live.id))
    assert str(run.reason) == "it said: 2 <***>s"
    assert [str(each.reason) for each in attempts] == (["it said: 2 <***>s"] if way == "retry" else [])
    assert SECRET not in repr((run, attempts, office.house.heard))
