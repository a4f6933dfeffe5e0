"""Waiting on the window's loop."""

import asyncio
from collections.abc import Callable
from typing import Any

from watchkeeper.action.desk import Desk
from watchkeeper.model.job import Concurrency, JobSpec, Policy, Retry
from watchkeeper.model.run import Run
from watchkeeper.ui.pages.page import Page

#: How long anything may take on a loaded machine.
PATIENCE = 30.0


async def eventually(is_so: Callable[[], object], what: str) -> None:
    """Wait until it is so."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while not is_so():
        assert asyncio.get_running_loop().time() < deadline, f"waited in vain: {what}"
        await asyncio.sleep(0.02)


async def read(page: Page) -> None:
    """Wait until a page has read what it shows."""
    await eventually(lambda: page.read_at is not None, f"{page.place} is read")
    await page.tasks.idle()


async def saved(desk: Desk, name: str = "job", script: str = "true", **fields: Any) -> Any:
    """A shell job."""
    fields.setdefault("retry", Retry(max_attempts=1))
    fields.setdefault("concurrency", Concurrency(policy=Policy.ALLOW))
    return await desk.do("job.save", spec=JobSpec(name=name, handler="shell", params={"script": script}, **fields))


async def ran(desk: Desk, job: str = "job") -> Run:
    """A run of the job, once it has ended."""
    started = await desk.do("run.start", job=job)
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while (run := (await desk.ask("run.show", run=started.run.id)).run).is_live:
        assert asyncio.get_running_loop().time() < deadline, f"{job} does not end"
        await asyncio.sleep(0.02)
    return run
