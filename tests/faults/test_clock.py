"""The clock is set under a living engine, by libfaketime: forward, back, by a year, another way every second.

Whoever sets the clock of a machine sets it for all of it: engine, keeper and payloads inherit the library, and the
time since boot stays true, as it does in the world. The same once more with the engine's clock alone, so that the
engine and what it reads of its host are apart.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice, product
from pathlib import Path
from typing import Any

import pytest

from tests.faults.checker import Endings, Schedule, judge
from tests.faults.conftest import IS_LONG
from tests.faults.site import EVERY_MINUTE, HOLD, Nursery, Site, site_in, until
from watchkeeper.engine.misfire import MOST_COUNTED
from watchkeeper.hosts.local import LocalHost
from watchkeeper.model.instant import from_us

HOUR, YEAR = 3600, 365 * 86400
#: Whose clock is set.
MACHINE, ENGINE = "machine", "engine-alone"
#: Whose clock is set forward, and by how much; in a sample both clocks and both spans have their turn once.
FORWARD = list(product((MACHINE, ENGINE), (HOUR, YEAR))) if IS_LONG else [(MACHINE, HOUR), (ENGINE, YEAR)]
#: Renewed every second, so that renewals meet every jump.
LEASE = 'engine.lease = "3s"'
ALLOW = {"policy": "allow"}
#: Longer than any of these tests, and shorter than any jump.
LONG = "10m"
FLAPS = 8


@dataclass(frozen=True)
class Wall:
    """A clock that a file moves."""

    file: Path
    library: Path

    def hang(self, patch: pytest.MonkeyPatch) -> None:
        """Let whatever is started from now on see it."""
        patch.setenv("LD_PRELOAD", str(self.library))
        patch.setenv("FAKETIME_TIMESTAMP_FILE", str(self.file))
        patch.setenv("FAKETIME_NO_CACHE", "1")
        patch.setenv("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        # Without this, threads that wait for Python's lock wake at once, again and again: forty times slower.
        patch.setenv("FAKETIME_FORCE_MONOTONIC_FIX", "0")

    def set(self, seconds: int) -> None:
        """Let it be so many seconds ahead of the truth."""
        new = self.file.with_suffix(".new")
        new.write_text(f"{seconds:+d}\n")
        new.replace(self.file)


@pytest.fixture
def wall(tmp_path: Path) -> Iterator[Wall]:
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not found:
        pytest.skip("libfaketime is not installed")
    wall, before = Wall(tmp_path / "wall", found[0]), shared()
    wall.set(0)
    yield wall
    for file in shared() - before:
        file.unlink(missing_ok=True)


def shared() -> set[Path]:
    """What the library leaves of processes that were killed."""
    return {file for kind in ("faketime_shm", "sem.faketime_sem") for file in Path("/dev/shm").glob(f"{kind}_*")}


@contextmanager
def nursery_by(wall: Wall) -> Iterator[Nursery]:
    """A nursery whose engines live by the wall's clock."""
    with pytest.MonkeyPatch.context() as patch:
        wall.hang(patch)
        nursery = Nursery()
    try:
        yield nursery
    finally:
        nursery.close()


async def start_keeper(site: Site) -> None:
    """Let the host's keeper be there before the engine.

    The library's release 0.9.10 breaks Python's `time.sleep`, which an engine needs for nothing but the start of one.
    """
    host = LocalHost(site.host_root)
    await host.connect(site.identity(), 0)
    await host.close()


@pytest.fixture(params=[MACHINE, ENGINE] if IS_LONG else [MACHINE])
def site(request: pytest.FixtureRequest, tmp_path: Path, wall: Wall) -> Iterator[Site]:
    with nursery_by(wall) as nursery, site_in(tmp_path / "site", nursery, LEASE) as site:
        with pytest.MonkeyPatch.context() as patch:
            if request.param == MACHINE:
                wall.hang(patch)
            asyncio.run(start_keeper(site))
        site.start()
        yield site


class Watch:
    """The work of a site over its jumps: jobs that fire, and runs that are live when the clock is set."""

    def __init__(self, site: Site) -> None:
        self.site, self.endings = site, Endings()
        site.save("steady", triggers=[{"kind": "interval", "every": "200ms"}], concurrency=ALLOW)
        site.save("by the minute", triggers=[{"kind": "cron", "cron": EVERY_MINUTE}], concurrency=ALLOW)
        limits = {"soft": LONG, "hard": LONG, "silence": LONG, "queue": LONG}
        site.save("flaky", '[ "$WATCHKEEPER_ATTEMPT" -ge 2 ]', retry={"delay": "3s"})
        site.save("patient", HOLD, timeouts=limits)
        self.held, self.queued, self.flaky = (site.run(name).id for name in ("patient", "patient", "flaky"))
        site.payload(self.held)
        until(lambda: self.fired("steady") > 5, "some runs")
        until(lambda: site.row(self.flaky)["attempt"] == 2, "a retry that is planned")
        self.endings.faults(site.rows("SELECT * FROM runs"))

    def fired(self, name: str) -> int:
        """How many runs of a job have ended well after a fire."""
        sql = "SELECT count(*) AS n FROM runs WHERE job_name = ? AND state = 'SUCCEEDED' AND trigger_id IS NOT NULL"
        return int(self.site.rows(sql, name)[0]["n"])

    def goes_on(self, name: str = "steady") -> None:
        """The schedule fires again."""
        begun = self.fired(name)
        until(lambda: self.fired(name) > begun + 5, f"fires of {name}", seen=lambda: self.site.events()[-2000:])

    def is_punctual(self) -> None:
        """What hangs on elapsed time neither hurries nor waits for the clock to come round."""
        site = self.site
        assert site.ended(self.flaky)["state"] == "SUCCEEDED", "its retry waits three seconds, not an hour"
        assert site.state(self.queued) == "QUEUED", "its time in the queue is not over"
        assert site.row(self.held)["ended_at"] is None, "its timeouts are not over"
        site.release(self.held)
        assert site.ended(self.held)["state"] == "SUCCEEDED"
        site.release(self.queued)
        assert site.ended(self.queued)["state"] == "SUCCEEDED"
        assert site.noted(self.held) == site.noted(self.queued) == [1]

    def faults(self) -> list[str]:
        """Everything that is wrong once all has come to rest."""
        self.site.rest()
        runs, attempts = self.site.rows("SELECT * FROM runs"), self.site.rows("SELECT * FROM attempts")
        found = [*self.endings.faults(runs), *judge([], {}, runs, attempts, self.site.effects())]
        cursors = {row["id"]: row["cursor_at"] for row in self.site.rows("SELECT id, cursor_at FROM triggers")}
        for schedule in self.site.schedules():
            own = [row for row in runs if row["trigger_id"] == schedule.trigger_id]
            found += untold(schedule, sorted(own, key=lambda row: row["nominal_at"]), cursors[schedule.trigger_id])
        return found


def untold(schedule: Schedule, rows: list[Any], cursor: int) -> Iterator[str]:
    """Runs and gaps must lie end to end; a year of fifths of a second is too long to be counted one by one."""
    every = schedule.every_us
    wanted = (schedule.saved_us // every + 1) * every
    for row in rows:
        first, last = row["nominal_at"], row["last_missed_at"] or row["nominal_at"]
        if first != wanted:
            yield f"{from_us(first)} follows where {from_us(wanted)} was due: {dict(row)}"
        count = (last - first) // every + 1
        if row["state"] == "MISSED" and row["missed_count"] not in (count, min(count, MOST_COUNTED)):
            yield f"the gap from {from_us(first)} to {from_us(last)} says {row['missed_count']}"
        wanted = last + every
    if not wanted - every <= cursor < wanted:
        yield f"{from_us(wanted)} and what follows was lost, the cursor stands at {from_us(cursor)}"


def gaps(site: Site, seconds: int) -> list[str]:
    """The jobs of the gaps that are longer than half a jump."""
    rows = site.rows("SELECT * FROM runs WHERE state = 'MISSED'")
    return sorted(row["job_name"] for row in rows if row["last_missed_at"] - row["nominal_at"] > seconds * 500_000)


def holds_its_lease(site: Site, ahead: int) -> None:
    """It was never taken anew, and by the clock that is now it ends soon."""
    row = until(lambda: [row for row in site.rows("SELECT * FROM lease") if _is_fresh(row, ahead)], "a renewal")[0]
    assert row["epoch"] == 1
    assert not site.victims[0].has_ended(), site.events()[-2000:]


def _is_fresh(row: Any, ahead: int) -> bool:
    return bool(0 < row["expires_at"] / 1e6 - (time.time() + ahead) < 60)


@pytest.mark.parametrize(("site", "seconds"), FORWARD, indirect=["site"])
def test_a_clock_set_forward_leaves_one_gap_and_the_schedule_goes_on(site: Site, wall: Wall, seconds: int) -> None:
    watch = Watch(site)
    wall.set(seconds)
    watch.goes_on()
    until(lambda: gaps(site, seconds) == ["by the minute", "steady"], "the gaps", seen=lambda: gaps(site, seconds))
    holds_its_lease(site, seconds)
    watch.is_punctual()
    assert gaps(site, seconds) == ["by the minute", "steady"]
    assert watch.faults() == []


def test_a_clock_set_back_repeats_nothing_and_holds_up_nothing_else(site: Site, wall: Wall) -> None:
    site.save("impatient", HOLD, timeouts={"hard": "3s"}, retry={"max_attempts": 1})
    site.save("hurried", HOLD, timeouts={"queue": "3s"})
    watch = Watch(site)
    impatient, hurried, expires = (site.run(name).id for name in ("impatient", "hurried", "hurried"))
    site.payload(impatient)
    wall.set(-HOUR)
    assert site.ended(impatient)["state"] == "TIMED_OUT"
    assert site.ended(expires)["state"] == "EXPIRED"
    site.release(hurried)
    site.save("fresh", triggers=[{"kind": "interval", "every": "200ms"}], concurrency=ALLOW)
    watch.goes_on("fresh")
    holds_its_lease(site, -HOUR)
    fired = watch.fired("steady")
    watch.goes_on("fresh")
    assert watch.fired("steady") == fired, "an instant that has been is not made again"
    wall.set(0)
    watch.goes_on()
    watch.is_punctual()
    assert watch.faults() == []


def test_a_clock_that_flaps_loses_and_doubles_nothing(site: Site, wall: Wall) -> None:
    watch = Watch(site)
    for seconds in islice(cycle([HOUR, -HOUR, 2 * HOUR, 0]), FLAPS):
        wall.set(seconds)
        time.sleep(1)
    wall.set(2 * HOUR)
    watch.goes_on()
    holds_its_lease(site, 2 * HOUR)
    watch.is_punctual()
    assert watch.faults() == []
