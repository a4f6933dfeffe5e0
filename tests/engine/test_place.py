"""A line to a host that breaks at the worst moment; only a scripted host can be cut so exactly."""

import pytest

from tests.engine.house import House, eventually
from tests.engine.world import ScriptedHost, World
from watchkeeper.hosts.host import Phase
from watchkeeper.model.run import State

S = State


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def host(house: House, world: World) -> ScriptedHost:
    """A scripted host at which an engine is ready."""
    host = ScriptedHost(world)
    await house.start(scripted=host)
    return host


async def finished(house: House, world: World, host: ScriptedHost) -> None:
    """The one run is started once and ends as its process does."""
    await eventually(world.running, "its start")
    (key,) = world.running()
    world.folders[key].phase, world.folders[key].exit_code = Phase.EXITED, 0
    host.push(key)
    (run,) = await house.all_runs()
    await house.becomes(run, S.SUCCEEDED)
    assert list(world.starts.values()) == [1]
    assert run.attempt == 1


async def test_a_start_that_never_arrived_is_made_again_when_the_line_is_back_at_once(
    house: House, world: World, host: ScriptedHost
) -> None:
    world.lost_calls = 1
    await house.submit(await house.save("shell"))
    await finished(house, world, host)


async def test_a_start_whose_answer_was_lost_is_not_made_twice(house: House, world: World, host: ScriptedHost) -> None:
    world.lost_answers = 1
    await house.submit(await house.save("shell"))
    await finished(house, world, host)


async def test_a_host_that_is_away_keeps_its_run_orphaned_until_it_is_back(
    house: House, world: World, host: ScriptedHost
) -> None:
    world.is_reachable = False
    run = await house.submit(await house.save("shell"))
    orphaned = await house.becomes(run, S.ORPHANED)
    assert "its host does not answer" in str(orphaned.reason)
    world.is_reachable = True
    host.on_reconnected(world.ground())
    await finished(house, world, host)


async def test_a_wish_to_stop_is_carried_out_when_the_host_is_back(
    house: House, world: World, host: ScriptedHost
) -> None:
    run = await house.submit(await house.save("shell"))
    await house.becomes(run, S.RUNNING)
    world.is_reachable = False
    await house.cancel(run)
    other = await house.submit(await house.save(name="other"))
    await house.becomes(other, S.SUCCEEDED)
    assert (await house.look(run)).state is S.RUNNING
    world.is_reachable = True
    host.on_reconnected(world.ground())
    await house.becomes(run, S.CANCELLED)
