"""The workspace that pictures are taken of: an engine filled it, and time stands still in it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from watchkeeper.action.desk import Desk
from watchkeeper.boot.showcase import NOW, Showcase
from watchkeeper.model.run import Run, State


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("WATCHKEEPER_HOST_ROOT", str(tmp_path / "host"))
    showcase = Showcase(tmp_path / "home", days=0.1)
    try:
        yield showcase.start()
    finally:
        showcase.stop()


def test_it_holds_what_the_engine_did_until_its_moment_and_nothing_after(desk: Desk) -> None:
    found: list[Run] = asyncio.run(desk.ask("run.list", limit=200))
    assert {State.SUCCEEDED, State.FAILED, State.RUNNING, State.WAITING} <= {run.state for run in found}
    assert all(run.due_at <= NOW or run.state is State.WAITING for run in found)
    again: list[Run] = asyncio.run(desk.ask("run.list", limit=200))
    assert again == found


def test_work_takes_the_time_that_it_says(desk: Desk) -> None:
    found: list[Run] = asyncio.run(desk.ask("run.list", limit=200))
    spans = [run.ended_at - run.started_at for run in found if run.job_name == "sync_inventory" and run.ended_at]
    assert spans
    assert all(260 < span.total_seconds() < 400 for span in spans)
