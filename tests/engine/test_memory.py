"""What the engine tells of itself from memory: room, queue, what fires next, and how late its loop is."""

import asyncio
import time
from datetime import timedelta

from tests.engine.house import House, eventually
from watchkeeper.engine.pulse import BEAT, Lag
from watchkeeper.model.job import Concurrency, Policy
from watchkeeper.model.pulse import Slots
from watchkeeper.model.run import State
from watchkeeper.model.span import Span
from watchkeeper.model.text import _
from watchkeeper.model.trigger import Cron, Interval, Once, Pace
from watchkeeper.store import jobs, pause

HOURLY, DAILY = Interval(every=Span(hours=1)), Cron(cron="0 3 * * *", zone="UTC")


async def end(house: House) -> None:
    """Let every run end, so that the engine need not wait for any."""
    for run in await house.all_runs():
        await house.cancel(run)
    for run in await house.all_runs():
        await house.becomes(run, State.CANCELLED)


async def test_what_fires_next_comes_in_its_order_and_no_further_than_asked(house: House) -> None:
    for minutes in (50, 10, 40, 20, 30, 60, 5):
        await house.save(name=f"in {minutes}", triggers=(Once(at=house.clock.now() + timedelta(minutes=minutes)),))
    engine = await house.start()
    start = house.clock.now()
    assert [(fire.at - start) // timedelta(minutes=1) for fire in engine.soonest(4)] == [5, 10, 20, 30]
    assert len(engine.soonest(100)) == 7


async def test_a_job_that_was_saved_anew_or_removed_is_told_once_or_not_at_all(house: House) -> None:
    changed = await house.save(name="changed", triggers=(HOURLY,))
    gone = await house.save(name="gone", triggers=(HOURLY,))
    engine = await house.start()
    for hours in (2, 3):
        await house.save(name="changed", triggers=(Interval(every=Span(hours=hours)),))
    await house.store.write(lambda tx: jobs.delete(tx, gone.id))
    await eventually(lambda: [fire.job_id for fire in engine.soonest(9)] == [changed.id], "one fire")
    assert engine.soonest(9)[0].trigger == Interval(every=Span(hours=3))


async def test_calendars_that_were_read_again_do_not_double_what_fires_next(house: House) -> None:
    await house.save(name="plain", triggers=(HOURLY, DAILY))
    engine = await house.start()
    await engine._planner.take_calendars()
    assert len(engine.soonest(9)) == 2


async def test_a_fixed_delay_has_no_next_fire_while_its_run_lives(house: House) -> None:
    delayed = Interval(every=Span(minutes=5), pace=Pace.FIXED_DELAY)
    await house.save("act.polite", name="slow", triggers=(delayed,))
    engine = await house.start()
    assert len(engine.soonest(9)) == 1
    house.clock.move(timedelta(minutes=5))
    await eventually(lambda: engine.soonest(9) == [], "its run lives")
    await end(house)


async def test_what_is_due_in_a_pause_stays_the_next(house: House) -> None:
    await house.save(triggers=(HOURLY,))
    engine = await house.start()
    (before,) = engine.soonest(9)
    await house.store.write(lambda tx: pause.pause(tx, _("upgrade"), "me"))
    await eventually(lambda: engine._planner._hold.reason is not None, "paused")
    house.clock.move(timedelta(hours=2))
    assert engine.soonest(9) == [before]


async def test_the_pulse_counts_what_holds_room_and_what_waits_for_it(house: House) -> None:
    job = await house.save("act.polite", concurrency=Concurrency(policy=Policy.ALLOW))
    engine = await house.start(inside_slots=2)
    for _number in range(5):
        await house.submit(job)
    slots = (Slots("local", 0, 4), Slots("inside", 2, 2))
    await eventually(lambda: (engine.pulse().slots, engine.pulse().queued) == (slots, 3), "two run, three wait")
    assert engine.pulse().waiting == 0
    await end(house)


async def test_a_loop_that_was_held_up_is_known_to_be_late() -> None:
    lag = Lag()
    assert lag.longest == timedelta()
    looking = asyncio.ensure_future(lag.run())
    await asyncio.sleep(0)
    time.sleep(BEAT + 0.3)
    await asyncio.sleep(0.05)
    looking.cancel()
    assert timedelta(seconds=0.25) < lag.longest < timedelta(seconds=2)
