"""A server's crontab, imported whole, over a month of compressed time with real processes.

The engine dies once a day and comes back some time later, the clocks change to summer time, the machine sleeps for two
days, and somebody sets the clock an hour forward. At the end every occurrence that cron(8) would have known is one run
or is told as missed, and every run had its effect once.
"""

import asyncio
import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.engine.driver import Driver
from tests.model.cron_reference import Expression, Field, fires
from tests.processes import is_alive, keepers
from watchkeeper.action.imports import crontab
from watchkeeper.action.imports.found import Machine
from watchkeeper.hosts.local import LocalHost
from watchkeeper.model import places
from watchkeeper.model.instant import from_us
from watchkeeper.model.job import Job
from watchkeeper.model.points import Point
from watchkeeper.model.trigger import Cron
from watchkeeper.plugin.loader import Folder
from watchkeeper.plugin.registry import Registry
from watchkeeper.settings import EngineSettings
from watchkeeper.store import jobs, runs
from watchkeeper.store.schema import create

BERLIN = "Europe/Berlin"
#: A little before the clocks change in Berlin, at 01:00 UTC on 29 March.
START, END = datetime(2026, 3, 11, 12, tzinfo=UTC), datetime(2026, 4, 11, 12, tzinfo=UTC)
SLEEPS_AT, SLEEPS = START + timedelta(days=9, hours=3), timedelta(days=2)
IS_SET_AT, IS_SET_BY = START + timedelta(days=21, minutes=7), timedelta(hours=1)
#: Seconds for whatever is under way at the end.
PATIENCE = 60.0
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)

CRONTAB = """
# The server's own jobs.
SHELL=/bin/sh
CRON_TZ={zone}
LEDGER={ledger}

# every half hour
*/30 * * * *      {note}
0 * * * *         {note}
# in the hour that is skipped in spring
30 2 * * *        {note}
15 1 * * *        {note}
5 4 * * 1-5       {note}
0 9-17/2 * * mon-fri  {note}
0 0 1,15 * 1      {note}
17 3 * * sun      {note}
@daily            {note}
@weekly           {note}
@monthly          {note}
20,50 */3 * * *   {note}
45 23 * * *       read word; test "$word" = hello && {note}%hello
"""
NOTE = 'echo "$WATCHKEEPER_RUN_ID" >> "$LEDGER"'


NAMES = {"@daily": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *"}
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
#: How long nobody starts it again.
DOWN = (timedelta(0), 5 * MINUTE, 50 * MINUTE, timedelta(hours=5))


class Server(Driver):
    """A real host under the driver's engine."""

    SLOTS = EngineSettings(local_slots=32, inside_slots=1)

    def _new_host(self) -> Any:
        host = LocalHost(self.home / "host")
        self.hosts = [*getattr(self, "hosts", ()), host]
        return host

    @property
    def ledger(self) -> Path:
        return self.home / "ledger"

    def import_whole(self, text: str) -> list[Job]:
        """Take a crontab as `import crontab` does."""
        found = crontab.read(text, "crontab", Machine("root", lambda word: False, lambda word: True))
        assert [str(remark.told) for remark in found.refusals] == []
        self.write(lambda tx: jobs.save_all(tx, found.jobs, "test"))
        return self.loop.run_until_complete(self.store.read(lambda tx: jobs.page(tx, limit=100)))

    def go_to(self, moment: datetime) -> None:
        self.move_clock(moment - self.clock.now())

    def set_clock(self, span: timedelta) -> None:
        self._do(self._set_clock(span))

    def rest(self) -> None:
        """Until every run has ended."""
        self.loop.run_until_complete(self._rest())

    async def _set_clock(self, span: timedelta) -> None:
        self.clock.jump(span)
        await self._settle()

    async def _settle(self) -> None:
        """Time stands still until everything that is due has been fired, as it does not in the world."""
        await super()._settle()
        async with asyncio.timeout(PATIENCE):
            while self.engine is not None and not self.store.is_dead and self._is_firing(self.engine._planner):
                await asyncio.sleep(0.001)

    def _is_firing(self, planner: Any) -> bool:
        is_due = planner._heap and planner._heap[0][0] <= self.clock.now_us()
        return bool(is_due or planner._firing.locked())

    async def _rest(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while await self.store.read(runs.live):
                await asyncio.sleep(0.02)

    def close(self) -> None:
        self.crash()
        for host in self.hosts:
            self.loop.run_until_complete(host.close())
        for pid in keepers(self.home / "host"):
            os.kill(pid, signal.SIGKILL)
            while is_alive(pid):
                time.sleep(0.01)
        super().close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    registry = Registry()
    registry.load([Folder(places.plugins(), is_bundled=True)])
    create(tmp_path / "empty.db", {"zone": BERLIN})
    server = Server(tmp_path / "empty.db", registry, ())
    yield server
    server.close()


def test_every_occurrence_of_a_month_with_a_crash_a_day_is_accounted_for(server: Server) -> None:
    dice = random.Random(2026)
    server.clock.set(START)
    employed = server.import_whole(CRONTAB.format(zone=BERLIN, ledger=server.ledger, note=NOTE))
    due = {job.name: expected(job, START, END + DAY) for job in employed}
    moments = sorted({moment for moments in due.values() for moment in moments})
    to_come = [(SLEEPS_AT, sleep), (IS_SET_AT, set_the_clock)]
    for day in range((END - START) // DAY):
        live_through(server, START + day * DAY, moments, dice, to_come)
    assert to_come == []
    server.rest()
    rows = server.rows("SELECT * FROM runs")
    print(f"{len(rows)} rows, {Counter(row['state'] for row in rows)}")
    for job in employed:
        own = [row for row in rows if row["job_id"] == job.id]
        wanted = [moment for moment in due[job.name] if moment <= server.clock.now()]
        assert Counter(covered(own, wanted)) == Counter(wanted), job.name
    run_ids = [row["id"] for row in rows if row["state"] != "MISSED"]
    assert Counter(server.ledger.read_text().split()) == Counter(run_ids)
    assert {row["state"] for row in rows} == {"SUCCEEDED", "MISSED"}
    told = {json.loads(row["reason"])["message"] for row in rows if row["state"] == "MISSED"}
    assert {"the engine was not running", "the machine was asleep", "the clock was set forward by {span}"} <= told


def sleep(server: Server) -> None:
    server.move_clock(SLEEPS)


def set_the_clock(server: Server) -> None:
    server.set_clock(IS_SET_BY)


def live_through(
    server: Server, begin: datetime, moments: list[datetime], dice: random.Random, to_come: list[Any]
) -> None:
    """One day, with one crash of the engine in it, and what is to come by its end."""
    dies_at, end = begin + dice.random() * DAY, begin + DAY
    while (now := server.clock.now()) < end:
        following = next((moment for moment in moments if moment > now), end)
        if now >= dies_at:
            die(server, dice)
            dies_at = end + DAY
        elif to_come and now >= to_come[0][0]:
            to_come.pop(0)[1](server)
        else:
            server.go_to(min(following, end))


def die(server: Server, dice: random.Random) -> None:
    """Now, or at the next commit or call of the host; somebody starts it again a while later."""
    if dice.random() < 0.7:
        server.crash_when_next_at(dice.choice(list(Point)))
        server.move_clock(30 * MINUTE)
    server.crash()
    server.clock.move(dice.choice(DOWN))
    server.restart()


def covered(rows: list[Any], wanted: list[datetime]) -> Iterator[datetime]:
    """The occurrences that a job's rows account for."""
    for row in rows:
        first, last = from_us(row["nominal_at"]), from_us(row["last_missed_at"] or row["nominal_at"])
        gap = [moment for moment in wanted if first <= moment <= last]
        if row["state"] == "MISSED":
            assert len(gap) == row["missed_count"], dict(row)
        yield from gap or [first]


def expected(job: Job, start: datetime, end: datetime) -> list[datetime]:
    """When cron(8) would run it."""
    (trigger,) = job.spec.triggers
    assert isinstance(trigger, Cron)
    texts = NAMES.get(trigger.cron, trigger.cron).split()
    fields = [Field(text, _values(text, *bounds)) for text, bounds in zip(texts, RANGES, strict=True)]
    return list(fires(Expression(*fields), ZoneInfo(BERLIN), start, end))


def _values(text: str, low: int, high: int) -> frozenset[int]:
    return frozenset(value for item in text.split(",") for value in _item(item, low, high))


def _item(item: str, low: int, high: int) -> range:
    span, _, step = item.partition("/")
    first, _, last = span.partition("-")
    begin, end = (low, high) if span == "*" else (_number(first), _number(last or first))
    return range(begin, end + 1, int(step or 1))


def _number(word: str) -> int:
    return WEEKDAYS.index(word) if word in WEEKDAYS else int(word)
