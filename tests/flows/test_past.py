"""The past is let go of in small batches, and what must not happen twice stays known."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.faults.site import Site, until
from watchkeeper.engine import prune
from watchkeeper.model.errors import Known

#: Two batches and a rest.
RUNS = 2 * prune.BATCH + 60


def test_old_runs_go_in_batches_and_an_old_execution_id_is_still_known(make_site: Callable[..., Site]) -> None:
    site = make_site('retention.runs = "1s"\nengine.local_slots = 32')
    spec = {"name": "brief", "handler": "shell", "params": {"argv": ["true"]}, "concurrency": {"policy": "allow"}}
    site.do("job.save", spec=spec)
    site.save("effective")
    first = site.run("effective", execution_id="order-17")
    site.ended(first.id)

    async def start_all(desk: Any) -> None:
        await desk.do_many("run.start", [{"job": "brief"}] * RUNS)

    site.with_desk(start_all)
    until(lambda: not site.live(), "the end of all runs")
    until(lambda: not site.rows("SELECT * FROM shelf"), "the taking of all logs")
    site.victims[0].stop()
    site.bury(site.victims[0])
    until(lambda: not site.rows("SELECT * FROM runs WHERE ended_at > ?", now_us() - 1_000_000), "the end's age")
    site.start()
    seen = [RUNS + 1]
    while seen[-1] > 1:
        seen.append(until(lambda: counted_below(site, seen[-1]), "the pruning")[0])
    left = [RUNS + 1 - prune.BATCH, RUNS + 1 - 2 * prune.BATCH]
    assert seen[1:-1] and set(seen[1:-1]) <= set(left), f"not a batch at a time: {seen}"
    with pytest.raises(Known):
        site.run("effective", execution_id="order-17")
    assert site.noted("order-17") == [1]
    assert [row["number"] for row in site.rows("SELECT number FROM runs")] == [RUNS + 1], "the newest keeps its number"


def counted_below(site: Site, number: int) -> list[int]:
    """How many runs there are, once it is fewer than `number`."""
    count = len(site.rows("SELECT id FROM runs"))
    return [count] if count < number else []


def now_us() -> int:
    return time.time_ns() // 1000
