"""Start-up triggers: at each start of the engine, or at the first one after the machine's."""

import pytest

from tests.engine.house import House
from tests.engine.test_planner import MINUTE, fired, marker
from watchkeeper.engine import engine
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import Startup


async def test_a_job_runs_at_each_start_of_the_engine(house: House) -> None:
    await house.save(triggers=(Startup(),))
    for number in (1, 2):
        house.clock.move(MINUTE)
        await house.start()
        await fired(house, number)
        await house.stop()


async def test_a_job_that_is_saved_later_waits_for_the_next_start(house: House) -> None:
    await house.start()
    await house.save(triggers=(Startup(),))
    await marker(house, "a")
    assert house.effects() == []


async def test_a_delay_lets_it_run_so_much_later(house: House) -> None:
    await house.save(triggers=(Startup(delay=Span(seconds=30)),))
    house.clock.move(MINUTE)
    await house.start()
    await marker(house, "a")
    assert house.effects() == []
    house.clock.move(MINUTE / 2)
    await fired(house, 1)


async def test_once_a_boot_means_the_machine(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.start()
    await house.stop()
    house.clock.move(MINUTE)
    await house.save(triggers=(Startup(once_a_boot=True),))
    for boot, effects in (("boot-2", 1), ("boot-2", 1), ("boot-3", 2)):
        house.clock.move(MINUTE)
        monkeypatch.setattr(engine, "boot_id", lambda boot=boot: boot)
        await house.start()
        await fired(house, effects)
        await marker(house, f"{boot} {effects}")
        await house.stop()
        assert len(house.effects()) == effects


async def test_it_does_not_run_at_a_boot_before_it_was_saved(house: House) -> None:
    await house.start()
    await house.stop()
    house.clock.move(MINUTE)
    await house.save(triggers=(Startup(once_a_boot=True),))
    await house.start()
    await marker(house, "a")
    assert house.effects() == []
