"""The output of a real run, followed through the desk of a real engine."""

import asyncio

import pytest

from tests.ui.log.conftest import until
from watchkeeper.action.desk import Desk
from watchkeeper.model.job import JobSpec
from watchkeeper.model.run import Run
from watchkeeper.ui.log.log import Log
from watchkeeper.ui.log.run_source import RunSource
from watchkeeper.ui.log.view import LogView
from watchkeeper.ui.memory import Memory


async def started(desk: Desk, script: str) -> Run:
    job = await desk.do("job.save", spec=JobSpec(name="talker", handler="shell", params={"script": script}))
    return (await desk.do("run.start", job=job.id)).run


async def test_a_run_is_followed_to_its_end(desk: Desk) -> None:
    run = await started(desk, "echo first; sleep 1; echo second; echo ERROR it broke; exit 3")
    source = RunSource(desk, run.id, 1)
    log = Log()
    log.add(source)
    view = LogView(log, Memory(None))
    view.show()
    source.start()
    await until(lambda: view.sheet.shown_text() == "first")
    assert not log.is_closed
    await until(lambda: log.is_closed)
    await until(lambda: view.sheet.shown_text() == "first\nsecond\nERROR it broke")
    await until(view.pinned.isVisible)
    view.close_log()
    source.close()
    view.close()
    view.deleteLater()


@pytest.mark.parametrize("size", [0, 1, 65_536, 65_537, 3_000_001])
async def test_the_size_of_what_is_there_is_found(desk: Desk, size: int) -> None:
    run = await started(desk, f"head -c {size} /dev/zero; sleep 60")
    source = RunSource(desk, run.id, 1)
    async with asyncio.timeout(20):
        while len((await desk.ask("run.log", run=run.id, attempt=1, offset=max(0, size - 1), length=1)).data) < min(
            1, size
        ):
            await asyncio.sleep(0.05)
    await source.measure()
    assert (source.size(), source.is_closed) == (size, False)
    if size:
        assert await source.read(size - 1, 1) == b"\0"


async def test_what_has_ended_is_known_to_be_all(desk: Desk) -> None:
    run = await started(desk, "echo done")
    async with asyncio.timeout(20):
        while (await desk.ask("run.show", run=run.id)).run.is_live:
            await asyncio.sleep(0.05)
    source = RunSource(desk, run.id, 1)
    await source.measure()
    assert (source.size(), source.is_closed) == (5, True)
