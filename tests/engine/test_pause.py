"""The pause: no trigger fires while it lasts, and what was due in it is accounted for."""

from datetime import timedelta

from tests.engine.house import House, eventually
from tests.engine.test_planner import MINUTE, MINUTELY, fired, marker
from watchkeeper.model.events import OccurrencesMissed
from watchkeeper.model.run import State
from watchkeeper.model.text import _
from watchkeeper.store import pause

WHY = _("maintenance")


async def pause_for(house: House, span: timedelta | None = None) -> None:
    until = None if span is None else house.clock.now() + span
    await house.store.write(lambda tx: pause.pause(tx, WHY, "me", until))


async def test_while_it_lasts_no_trigger_fires_and_what_is_asked_for_by_hand_does(house: House) -> None:
    job = await house.save(triggers=(MINUTELY,))
    await house.start()
    await pause_for(house)
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
    house.clock.move(MINUTE)
    await marker(house, "passed")
    assert house.effects() == []
    house.clock.move(timedelta(seconds=31))
    await fired(house, 1)


async def test_an_engine_that_starts_under_a_pause_fires_nothing(house: House) -> None:
    job = await house.save(triggers=(MINUTELY,))
    await pause_for(house)
    house.clock.move(10 * MINUTE)
    await house.start()
    await marker(house, "passed")
    assert [run.state for run in await house.all_runs() if run.job_id == job.id] == []
    await house.store.write(pause.resume)
    runs = [run for run in await fired(house, 1) if run.job_id == job.id]
    assert {run.state for run in runs} <= {State.MISSED, State.SUCCEEDED}
