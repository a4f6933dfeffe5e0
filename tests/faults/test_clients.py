"""Clients that repeat themselves, lose answers and change their minds."""

import asyncio
import random
from collections import Counter
from typing import Any

import pytest

from tests.faults.site import Site, proof_of, until
from watchkeeper import boot
from watchkeeper.model.errors import Conflict, Known

STARTS = 50
LOST_REPLIES = 10
RACES = 200
RACER: Any = {"concurrency": {"policy": "allow"}, "timeouts": {"grace": "200ms"}}


def test_fifty_starts_with_one_execution_id_are_one_run(site: Site) -> None:
    site.start()
    site.save("once", "sleep 0.2")

    async def start_once() -> Any:
        async with boot.open_desk(site.home, is_writing=True) as desk:
            return await desk.do("run.start", job="once", execution_id="order-17")

    async def start_all() -> list[Any]:
        return await asyncio.gather(*(start_once() for _ in range(STARTS)))

    started = asyncio.run(start_all())
    assert len({each.run.id for each in started}) == 1
    assert Counter(each.is_deduplicated for each in started) == {True: STARTS - 1, False: 1}
    assert site.ended(started[0].run.id)["state"] == "SUCCEEDED"
    assert site.noted("order-17") == [1]
    assert len(site.rows("SELECT * FROM runs")) == 1


def test_an_execution_id_with_another_payload_is_refused(site: Site) -> None:
    site.start()
    site.save("once")
    site.save("other")
    site.run("once", execution_id="order-17")
    with pytest.raises(Conflict, match="order-17"):
        site.run("other", execution_id="order-17")


def test_a_start_whose_reply_was_lost_can_be_repeated(site: Site) -> None:
    """The engine dies right after the commit, before any answer is sent."""
    site.start()
    site.save("once")
    for number in range(LOST_REPLIES):
        site.bury(site.victims[0])
        site.start(last_words="once queued, attempt 1")
        with pytest.raises(Known, match="the engine went away before it answered"):
            site.run("once", execution_id=f"order-{number}")
        site.bury(site.victims[0])
        site.start()
        again = site.do("run.start", job="once", execution_id=f"order-{number}")
        assert again.is_deduplicated
        assert site.ended(again.run.id)["state"] == "SUCCEEDED"
        assert site.noted(f"order-{number}") == [1]
    assert len(site.rows("SELECT * FROM runs")) == LOST_REPLIES


def raced(site: Site, job: str, longest: float) -> list[Any]:
    """The endings of runs that were cancelled at random moments up to `longest` seconds after their start."""

    async def race(desk: Any) -> str:
        run = (await desk.do("run.start", job=job)).run
        await asyncio.sleep(random.uniform(0, longest))
        try:
            await desk.do("run.cancel", run=run.id)
        except Conflict:
            assert site.state(run.id) == "SUCCEEDED"
        return str(run.id)

    async def race_all(desk: Any) -> list[str]:
        lanes = asyncio.Semaphore(16)

        async def in_lane() -> str:
            async with lanes:
                return await race(desk)

        return await asyncio.gather(*(in_lane() for _ in range(RACES)))

    return [site.ended(run_id) for run_id in site.with_desk(race_all)]


def test_when_cancel_and_finish_race_the_ending_tells_what_happened(site: Site) -> None:
    site.start()
    site.save("racer", "sleep 0.0$(($$ % 10)); note end", **RACER)
    rows = raced(site, "racer", 0.15)
    starts, ends = (Counter(effect.execution_id for effect in site.effects(what)) for what in ("start", "end"))
    assert not [row["id"] for row in rows if starts[row["id"]] > 1 or ends[row["id"]] > 1]
    for row in rows:
        assert row["state"] in ("SUCCEEDED", "CANCELLED"), dict(row)
        # A payload that was asked to end while it was ending anyway may have said its last word.
        is_whole = ends[row["id"]] == 1 and (row["state"] == "SUCCEEDED" or killed(row) > 0)
        assert is_whole or (row["state"] == "CANCELLED" and not ends[row["id"]]), dict(row)
    assert {row["state"] for row in rows} == {"SUCCEEDED", "CANCELLED"}, "there was no race"


def test_when_cancel_and_start_race_the_wish_is_never_lost(site: Site) -> None:
    site.start()
    site.save("racer", "exec sleep 600", **RACER)
    rows = raced(site, "racer", 0.05)
    assert Counter(row["state"] for row in rows) == {"CANCELLED": RACES}
    assert site.processes() == []


#: A handler that takes its time to say what it wants to be started.
SLOW_PLUGIN = '''"""Starts late."""

import asyncio

from watchkeeper.plugin import Command, Context, handler


@handler("late.start", title="Late")
async def late(ctx: Context) -> Command:
    ctx.log.info("thinking")
    await asyncio.sleep(1)
    return Command(argv=("sleep", "600"))
'''


def test_a_wish_that_comes_before_the_host_was_asked_is_not_lost(site: Site) -> None:
    (site.home / "plugins" / "late.py").write_text(SLOW_PLUGIN)
    (site.home / "settings.toml").write_text('[plugins]\nown = "plugins"\n')
    site.start()
    site.do("job.save", spec={"name": "late", "handler": "late.start", "timeouts": {"grace": "200ms"}})
    run = site.run("late")
    until(lambda: site.log(run.id) == b"thinking\n", "the handler's call")
    site.do("run.cancel", run=run.id)
    assert site.ended(run.id)["state"] == "CANCELLED"
    assert site.processes() == []


def killed(row: Any) -> int:
    """How many processes a kill found, by the run's own words."""
    return proof_of(row["reason"])[0] if "gone" in row["reason"] else 0
