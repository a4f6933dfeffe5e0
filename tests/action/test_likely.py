"""When a run that waits is likely to start is told by how long what it waits for usually takes."""

from datetime import timedelta

import pytest

from tests.action.conftest import job
from watchkeeper.action.desk import LocalDesk
from watchkeeper.action.likely import likely
from watchkeeper.model.ids import run_id
from watchkeeper.model.instant import to_us
from watchkeeper.model.run import Run
from watchkeeper.model.text import Text
from watchkeeper.store.blockers import Why
from watchkeeper.store.moves import Intended, NewRun
from watchkeeper.store.store import Store


class World:
    """A job whose runs took 60 s and once 100 s, a run of it that holds room, and one that waits."""

    def __init__(self, local: LocalDesk, store: Store) -> None:
        self._local, self._store = local, store

    async def begin(self, running_for: float) -> None:
        """So many seconds ago the first one started."""
        saved = await self._local.do("job.save", spec=job(concurrency={"policy": "allow"}, pool="net"))
        for seconds in (60, 60, 100):
            at = to_us(saved.saved_at)
            row = NewRun(run_id(), saved.id, "nightly", 1, "fire", "SUCCEEDED", 5, at, at, "scheduler")
            done = row._replace(started_at=at, ended_at=at + seconds * 1_000_000, host="local")
            assert await self._store.move([done]) == []
        self.holder, self.waits = [(await self._local.do("run.start", job="nightly")).run for _n in range(2)]
        self.began = self.waits.created_at - timedelta(seconds=running_for)
        intent = Intended(self.holder.id, 1, to_us(self.began), None, "local", None)
        assert await self._store.move([intent]) == []

    async def starts_in(self, blocker: str, blocker_id: str, run: Run | None = None) -> timedelta | None:
        """After the holder's start."""
        found = Why(Text("it waits"), blocker, blocker_id)
        at = await self._store.read(lambda tx: likely(tx, run or self.waits, found))
        return None if at is None else at - self.began


@pytest.fixture
async def world(local: LocalDesk, store: Store) -> World:
    await local.do("pool.save", name="net", size=1)
    return World(local, store)


@pytest.mark.parametrize(("ran_for", "expected"), [(10, 60), (80, 100), (300, None)])
async def test_by_half_of_the_runs_then_by_nearly_all_then_not_at_all(
    world: World, ran_for: float, expected: float | None
) -> None:
    await world.begin(ran_for)
    span = None if expected is None else timedelta(seconds=expected)
    for blocker, blocker_id in (("run", world.holder.id), ("pool", "net"), ("slots", "local")):
        assert await world.starts_in(blocker, blocker_id) == span


async def test_nothing_tells_when_an_engine_or_another_place_is_waited_for(world: World) -> None:
    await world.begin(10)
    for blocker, blocker_id in (("engine", ""), ("pause", ""), ("slots", "inside"), ("pool", "other")):
        assert await world.starts_in(blocker, blocker_id) is None


async def test_a_run_that_holds_room_waits_for_nothing(world: World, local: LocalDesk) -> None:
    await world.begin(10)
    running = (await local.ask("run.show", run=world.holder.id)).run
    assert await world.starts_in("", "", running) is None
