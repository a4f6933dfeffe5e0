"""What firing puts into the store, and what it tells of it."""

from datetime import timedelta

import pytest

from tests.engine.house import House, eventually
from tests.store.making import ended
from watchkeeper.engine import recover
from watchkeeper.model.events import RunEnded, RunQueued, RunStarted
from watchkeeper.model.job import Concurrency, Policy
from watchkeeper.model.run import Run, State
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import Interval

MINUTELY = Interval(every=Span(seconds=60))


def told(house: House, run: Run) -> list[type]:
    """What was told of a run, in order."""
    return [type(event) for event in house.heard if getattr(event, "run_id", "") == run.id]


async def test_a_run_whose_key_turns_out_to_be_held_is_told_to_wait_and_starts_once_it_is_free(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recover, "BREATH", 0.01)
    job = await house.save(triggers=(MINUTELY,), concurrency=Concurrency(policy=Policy.QUEUE))
    await house.start()
    holder = await house.left(job)  # in the store alone: nothing of it was told
    house.clock.move(timedelta(minutes=1))
    await eventually(lambda: any(isinstance(event, RunQueued | RunStarted) for event in house.heard), "the firing")
    (fired,) = [run for run in await house.all_runs() if run.trigger_id]
    assert fired.state is State.QUEUED
    assert told(house, fired) == [RunQueued]
    assert await house.store.move([ended(holder)]) == []
    await house.becomes(fired, State.SUCCEEDED)
    assert told(house, fired) == [RunQueued, RunStarted, RunEnded]
