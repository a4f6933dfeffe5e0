"""The machine sleeps or its clock is set: the engine recovers first, and gaps say why."""

from datetime import timedelta

from tests.engine.house import House, eventually
from tests.engine.test_planner import MINUTE, MINUTELY, fired, marker
from watchkeeper.model.events import ClockSet, OccurrencesMissed

HOUR = timedelta(hours=1)
YEAR = timedelta(days=365)


def gaps(house: House) -> list[OccurrencesMissed]:
    return [event for event in house.heard if isinstance(event, OccurrencesMissed)]


async def test_a_gap_after_a_sleep_says_so(house: House) -> None:
    await house.save(triggers=(MINUTELY,))
    await house.start()
    house.clock.move(2 * HOUR + timedelta(seconds=1))
    await fired(house, 1)
    assert [str(gap.reason) for gap in gaps(house)] == ["the machine was asleep"]


async def test_a_gap_of_a_clock_set_forward_says_so(house: House) -> None:
    await house.save(triggers=(MINUTELY,))
    await house.start()
    house.clock.jump(HOUR + timedelta(seconds=1))
    await fired(house, 1)
    assert [str(gap.reason) for gap in gaps(house)] == ["the clock was set forward by 1h1s"]
    (told,) = [event for event in house.heard if isinstance(event, ClockSet)]
    assert (told.seconds, told.is_correction) == (3601, False)


async def test_a_clock_set_back_is_told_and_repeats_nothing(house: House) -> None:
    await house.save(triggers=(MINUTELY,))
    await house.start()
    house.clock.move(MINUTE)
    await fired(house, 1)
    house.clock.jump(-HOUR)
    await eventually(lambda: [e for e in house.heard if isinstance(e, ClockSet)], "the word of it")
    house.clock.move(MINUTE)
    await marker(house, "passed")
    assert len(house.effects()) == 1


async def test_a_clock_that_was_a_year_ahead_for_a_while_does_not_silence_the_schedule_for_a_year(house: House) -> None:
    await house.save(triggers=(MINUTELY,))
    await house.start()
    start = house.clock.now()
    house.clock.jump(YEAR)
    await eventually(lambda: len(house.effects()) >= 1, "a fire in the wrong year")
    house.clock.jump(-YEAR)
    await eventually(lambda: len([e for e in house.heard if isinstance(e, ClockSet)]) == 2, "the return")
    seen = len(house.effects())
    house.clock.move(3 * MINUTE)
    await eventually(lambda: len(house.effects()) > seen, "a fire in the right year")
    runs = [run for run in await house.all_runs() if run.trigger_id]
    assert len({run.nominal_at for run in runs}) == len(runs)
    assert any(run.nominal_at is not None and start < run.nominal_at < start + HOUR for run in runs)


async def test_the_same_over_a_restart_in_the_wrong_year(house: House) -> None:
    await house.save(triggers=(MINUTELY,))
    await house.start()
    house.clock.jump(YEAR)
    await eventually(lambda: len(house.effects()) >= 1, "a fire in the wrong year")
    await house.stop()
    house.clock.jump(-YEAR)
    await house.start()
    seen = len(house.effects())
    house.clock.move(3 * MINUTE)
    await eventually(lambda: len(house.effects()) > seen, "a fire in the right year")
