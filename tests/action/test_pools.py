"""Pools: who is in them, who waits, and changes that can be taken back."""

from tests.action.conftest import job
from watchkeeper.action.desk import Desk


async def test_a_table_tells_of_every_pool_its_slots_and_the_jobs_that_name_it(desk: Desk) -> None:
    await desk.do("pool.save", name="database", size=2)
    await desk.do("pool.save", name="empty", size=0)
    await desk.do("job.save", spec=job("nightly", pool="database"))
    first, second = await desk.ask("pool.table")
    assert (first.name, first.size, first.used, first.waiting) == ("database", 2, 0, 0)
    assert ([each.name for each in first.jobs], first.job_count, second.jobs) == (["nightly"], 1, ())


async def test_the_runs_that_wait_for_a_slot_are_named(desk: Desk) -> None:
    await desk.do("pool.save", name="closed", size=0)
    await desk.do("job.save", spec=job("nightly", pool="closed", concurrency={"policy": "queue"}))
    numbers = [(await desk.do("run.start", job="nightly")).run.number for _count in range(2)]
    (row,) = await desk.ask("pool.table")
    assert (row.used, row.waiting) == (0, 2)
    assert [(each.number, each.job) for each in row.first_waiting] == [(number, "nightly") for number in numbers]


async def test_a_size_and_a_removal_can_be_taken_back(desk: Desk) -> None:
    made = await desk.do("pool.save", name="database", size=2)
    resized = await desk.do("pool.save", name="database", size=5)
    assert (made.former, resized.former) == (None, 2)
    await desk.do("pool.restore", **resized.undo)
    assert [pool.size for pool in await desk.ask("pool.list")] == [2]
    gone = await desk.do("pool.delete", name="database")
    back = await desk.do("pool.restore", **gone.undo)
    assert [pool.size for pool in await desk.ask("pool.list")] == [2]
    await desk.do("pool.restore", **back.undo)
    assert await desk.ask("pool.list") == []
