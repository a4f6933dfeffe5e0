"""The pause: no trigger fires while it lasts, and what was due in it is accounted for."""

from datetime import timedelta

from tests.engine.house import House, eventually
from tests.engine.test_planner import MINUTE, MINUTELY, fired, marker
from watchkeeper.model.events import OccurrencesMissed
from watchkeeper.model.run import Run, State
from watchkeeper.model.text import _
from watchkeeper.store import pause, runs
from watchkeeper.store.blockers import why

WHY = _("maintenance")


async def pause_for(house: House, span: timedelta | None = None) -> None:
    until = None if span is None else house.clock.now() + span
    await house.store.write(lambda tx: pause.pause(tx, WHY, "me", until))


async def test_while_it_lasts_no_trigger_fires_and_what_is_asked_for_by_hand_does(house: House) -> None:
    job = await house.save(triggers=(MINUTELY,))
    await house.start()
    await pause_for(house)
    await marker(house, "seen to")
    house.clock.move(MINUTE)
    await marker(house, "by hand")
    assert [run for run in await house.all_runs() if run.job_id == job.id] == []


async def test_after_it_a_gap_says_that_there_was_a_pause(house: House) -> None:
    await house.save(triggers=(MINUTELY,))
    await house.start()
    await pause_for(house)
    await marker(house, "seen to")
    house.clock.move(10 * MINUTE + timedelta(seconds=1))
    await marker(house, "passed")
    await house.store.write(pause.resume)
    await eventually(lambda: len(house.effects()) == 1, "the one that is caught up on")
    gap = next(event for event in house.heard if isinstance(event, OccurrencesMissed))
    assert (gap.count, gap.reason) == (9, WHY)


async def test_it_ends_by_itself_when_its_time_has_come(house: House) -> None:
    await house.save(triggers=(MINUTELY,))
    await house.start()
    await pause_for(house, timedelta(seconds=90))
    await marker(house, "seen to")
    house.clock.move(MINUTE)
    await marker(house, "passed")
    assert house.effects() == []
    house.clock.move(timedelta(seconds=31))
    await fired(house, 1)


async def hold_older_runs(house: House, span: timedelta | None = None) -> None:
    """As a restore does."""
    now = house.clock.now()
    until = None if span is None else now + span
    await house.store.write(lambda tx: pause.pause(tx, WHY, "me", until, holds_before=now))


async def held_run(house: House) -> Run:
    """One from before the pause that holds it; the engine runs, and a younger run has ended."""
    job = await house.save()
    held = await house.submit(job)
    house.clock.move(timedelta(seconds=1))
    await hold_older_runs(house)
    await house.start()
    by_hand = await house.submit(job)
    await house.becomes(by_hand, State.SUCCEEDED)
    return held


async def test_runs_from_before_a_restore_wait_for_a_word_and_newer_ones_do_not(house: House) -> None:
    held = await held_run(house)
    assert (await house.look(held)).state is State.QUEUED
    assert (await house.store.read(lambda tx: why(tx, runs.get(tx, held.id)))).blocker == "pause"
    await pause_for(house)
    await marker(house, "seen to")
    assert (await house.look(held)).state is State.QUEUED
    await house.store.write(pause.resume)
    await house.becomes(held, State.SUCCEEDED)


async def test_runs_that_a_pause_holds_start_when_it_ends_by_itself(house: House) -> None:
    held = await held_run(house)
    await pause_for(house, timedelta(seconds=90))
    await marker(house, "seen to")
    house.clock.move(timedelta(seconds=91))
    await house.becomes(held, State.SUCCEEDED)


async def test_an_engine_that_starts_under_a_pause_fires_nothing(house: House) -> None:
    job = await house.save(triggers=(MINUTELY,))
    await pause_for(house)
    house.clock.move(10 * MINUTE)
    await house.start()
    await marker(house, "passed")
    assert [run.state for run in await house.all_runs() if run.job_id == job.id] == []
    await house.store.write(pause.resume)
    found = [run for run in await fired(house, 1) if run.job_id == job.id]
    assert {run.state for run in found} <= {State.MISSED, State.SUCCEEDED}
