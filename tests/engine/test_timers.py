"""Things to do at a moment: spans are kept, whatever happens to the clock on the wall."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.engine.clock import ManualClock
from tests.engine.house import House
from watchkeeper.engine.clock import SystemClock
from watchkeeper.engine.timers import Timers
from watchkeeper.model.job import Retry, Timeouts
from watchkeeper.model.run import Run, State
from watchkeeper.model.span import Span
from watchkeeper.store import pools

S = State
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Watched:
    """Timers that run, and what they have called."""

    def __init__(self) -> None:
        self.clock = ManualClock(datetime(2026, 3, 1, tzinfo=UTC))
        self.timers = Timers(self.clock)
        self.called: list[str] = []

    def after(self, span: timedelta, name: str) -> None:
        due_us = self.clock.now_us() + span // timedelta(microseconds=1)
        self.timers.at(self.timers.moment(due_us), lambda: self.called.append(name))

    async def settle(self) -> None:
        """Time for the loop of the timers to look at the clock and to wait again."""
        for _ in range(10):
            await asyncio.sleep(0)


@pytest.fixture
async def watched() -> AsyncIterator[Watched]:
    watched = Watched()
    running = asyncio.ensure_future(watched.timers.run())
    yield watched
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_what_is_due_is_called_in_the_order_of_the_moments(watched: Watched) -> None:
    watched.after(2 * MINUTE, "second")
    watched.after(MINUTE, "first")
    await watched.settle()
    assert watched.called == []
    watched.clock.move(2 * MINUTE)
    await watched.settle()
    assert watched.called == ["first", "second"]


@pytest.mark.parametrize("jump", [-HOUR, HOUR, 365 * 24 * HOUR])
async def test_a_clock_that_is_set_neither_hurries_a_span_nor_holds_it_up(watched: Watched, jump: timedelta) -> None:
    watched.after(MINUTE, "a")
    await watched.settle()
    watched.clock.jump(jump)
    await watched.settle()
    watched.clock.move(MINUTE - timedelta(microseconds=1))
    await watched.settle()
    assert watched.called == []
    watched.clock.move(timedelta(microseconds=1))
    await watched.settle()
    assert watched.called == ["a"]


async def test_what_comes_after_a_jump_is_counted_by_the_new_clock(watched: Watched) -> None:
    watched.clock.jump(-HOUR)
    watched.after(MINUTE, "a")
    watched.clock.move(MINUTE)
    await watched.settle()
    assert watched.called == ["a"]


async def test_a_real_clock_waits_for_a_real_span() -> None:
    clock, called = SystemClock(), asyncio.Event()
    timers, begun_us = Timers(clock), clock.elapsed_us()
    timers.at(timers.moment(clock.now_us() + 50_000), called.set)
    running = asyncio.ensure_future(timers.run())
    async with asyncio.timeout(30):
        await called.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert clock.elapsed_us() - begun_us >= 49_000


async def queued(house: House) -> Run:
    """A run that may wait in the queue for half a minute, and has nothing else to wait for but a pool without room."""
    await house.store.write(lambda tx: pools.save(tx, "db", 0))
    return await house.submit(await house.save(pool="db", timeouts=Timeouts(queue=Span(seconds=30))))


@pytest.mark.parametrize("jump", [-HOUR, HOUR])
async def test_a_retry_comes_when_its_delay_is_over_although_the_clock_was_set(house: House, jump: timedelta) -> None:
    await house.start()
    run = await house.submit(await house.save("act.retry", retry=Retry(max_attempts=3)))
    await house.becomes(run, S.WAITING)
    house.clock.jump(jump)
    house.clock.move(timedelta(seconds=30))
    await house.until(lambda now: now.attempt == 3, run, "the third attempt planned")


async def test_a_clock_set_forward_lets_nothing_expire_in_the_queue(house: House) -> None:
    await house.start()
    run = await queued(house)
    await house.until(lambda now: now.id in house.engine._book.runs, run, "in the book")  # type: ignore[union-attr]
    house.clock.jump(HOUR)
    other = await house.submit(await house.save(name="other"))
    await house.becomes(other, S.SUCCEEDED)
    assert (await house.look(run)).state is S.QUEUED


async def test_what_was_queued_before_the_clock_was_set_back_expires_in_time_after_a_restart(house: House) -> None:
    run = await queued(house)
    house.clock.jump(-HOUR)
    await house.start()
    house.clock.move(timedelta(seconds=30))
    await house.becomes(run, S.EXPIRED)
