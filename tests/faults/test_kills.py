"""The engine is killed at every named point in turn and at random moments; the checker judges what is left."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.faults.checker import Endings, Schedule, execution_id, judge, notice_faults
from tests.faults.conftest import SECONDS
from tests.faults.ledger import effects
from tests.faults.site import Nursery, Site, Victim, site_in, until
from watchkeeper.engine.logs import Logs
from watchkeeper.model.points import Point

#: The loop's share of the time; and how much longer a loaded machine may take to the fewest kills at every point.
SHARE, GRACE = 0.5, 5.0
#: Kills that every point must see.
FEWEST = 5
RANDOM = "random"
#: Workspaces that are tormented side by side.
SITES = 2
#: Seconds after which an engine that has not come to its point is killed where it is.
LONGEST_LIFE = 20.0

#: Name, milliseconds between two occurrences, what the payload does, and how the job is treated.
JOBS = (
    ("quick", 250, "", {"concurrency": {"policy": "allow"}}),
    (
        "flaky",
        400,
        '[ "$WATCHKEEPER_ATTEMPT" -ge 2 ]',
        {"concurrency": {"policy": "allow"}, "retry": {"delay": "80ms"}},
    ),
    ("failing", 700, "exit 3", {"concurrency": {"policy": "allow"}, "retry": {"max_attempts": 2, "delay": "50ms"}}),
    ("long", 900, "sleep 0.6", {}),
    ("exclusive", 300, "sleep 0.5", {"concurrency": {"policy": "forbid"}}),
    ("merged", 400, "sleep 0.7", {"concurrency": {"policy": "coalesce"}, "priority": 8}),
)
BY_MINUTE = "by the minute"


class Tally:
    """Kills by point; shared by all threads."""

    def __init__(self) -> None:
        self.kills: Counter[str] = Counter(dict.fromkeys((*Point, RANDOM), 0))
        self._aimed_at = Counter(self.kills)
        self._lock = threading.Lock()

    def aim(self) -> str:
        """The point that was aimed at least."""
        with self._lock:
            chosen = min(self._aimed_at, key=lambda point: (self._aimed_at[point], random.random()))
            self._aimed_at[chosen] += 1
            return chosen

    def count(self, point: str) -> None:
        with self._lock:
            self.kills[point] += 1

    @property
    def is_enough(self) -> bool:
        return min(self.kills.values()) >= FEWEST

    def __str__(self) -> str:
        return "\n".join(f"{count:6} kills at {point}" for point, count in self.kills.items())


def test_nothing_is_lost_and_nothing_runs_twice(tmp_path: Path) -> None:
    tally, begun = Tally(), time.monotonic()

    def has_time() -> bool:
        spent = time.monotonic() - begun
        return spent < SECONDS * SHARE or (not tally.is_enough and spent < SECONDS * SHARE * GRACE)

    with ExitStack() as stack:
        sites = [stack.enter_context(own_site(tmp_path / str(number))) for number in range(SITES)]
        schedules = [employ(site) for site in sites]
        threads = stack.enter_context(ThreadPoolExecutor(SITES))
        verdicts = list(threads.map(lambda site, due: torment(site, due, tally, has_time), sites, schedules))
    print(f"\n{tally}\n" + "\n".join(said for said, _faults in verdicts))
    assert [fault for _said, faults in verdicts for fault in faults] == []
    assert tally.is_enough, f"fewer than {FEWEST} kills:\n{tally}"


@contextmanager
def own_site(folder: Path) -> Iterator[Site]:
    """A site with a nursery of its own, so that the threads do not wait for each other."""
    nursery = Nursery()
    try:
        with site_in(folder, nursery) as site:
            yield site
    finally:
        nursery.close()


def torment(site: Site, schedules: list[Schedule], tally: Tally, has_time: Callable[[], bool]) -> tuple[str, list[str]]:
    """Kill engines of one workspace while there is time; what was done, and the faults that were found."""
    endings, faults, lives = Endings(), list[str](), 0
    while has_time():
        kill_once(site, tally)
        lives += 1
        faults += endings.faults(site.rows("SELECT * FROM runs"))
    faults += verdict(site, schedules, endings)
    runs = Counter(row["state"] for row in site.rows("SELECT state FROM runs"))
    return f"{lives} lives, {len(effects(site.ledger))} effects, runs: {dict(runs)}", faults


def employ(site: Site) -> list[Schedule]:
    """Save the jobs; when they are due."""
    periods = {}
    for name, every_ms, body, more in JOBS:
        said = f'echo "$WATCHKEEPER_RUN_ID $WATCHKEEPER_ATTEMPT"\n{body}'
        site.save(name, said, triggers=[{"kind": "interval", "every": f"{every_ms}ms"}], **more)
        periods[name] = every_ms * 1000
    site.save(BY_MINUTE, triggers=[{"kind": "cron", "cron": "* * * * *"}])
    periods[BY_MINUTE] = 60_000_000
    rows = site.rows("SELECT triggers.id, jobs.name, cursor_at FROM triggers JOIN jobs ON jobs.id = job_id")
    return [Schedule(row["id"], periods[row["name"]], row["cursor_at"]) for row in rows]


def kill_once(site: Site, tally: Tally) -> None:
    """One life and its end."""
    point = tally.aim()
    if point == RANDOM:
        victim = site.start(is_ready=False)
        victim.has_ended(random.uniform(0, 1.2))
        is_hit = True
    else:
        victim = site.start(is_ready=False, point=point, nth=random.randint(1, 3))
        is_hit = victim.has_ended(LONGEST_LIFE)
    code = left_with(site, victim)
    assert code is None, f"the engine left by itself with {code}: {site.events()[-3000:]}"
    if is_hit:
        tally.count(point)


def left_with(site: Site, victim: Victim) -> int | None:
    """Make sure that it is dead; its exit code if it was not killed."""
    victim.kill()
    code = victim.exit_code()
    site.bury(victim)
    return code


def verdict(site: Site, schedules: list[Schedule], endings: Endings) -> list[str]:
    """Let everything come to rest under a last engine, then judge it all."""
    last, started_us = site.start(), time.time_ns() // 1000
    until(lambda: min(cursors(site, "long").values()) >= started_us, "the schedule goes on after all kills")
    for name in (BY_MINUTE, *(job[0] for job in JOBS)):
        site.do("job.disable", job=name)
    until(lambda: not site.live(), "the end of all runs", 120)
    until(lambda: not site.rows("SELECT * FROM outbox"), "the delivery of all notices")
    until(lambda: not site.rows("SELECT * FROM shelf"), "the taking of all logs", 120)
    last.stop()
    runs = site.rows("SELECT * FROM runs")
    return [
        *endings.faults(runs),
        *judge(schedules, cursors(site), runs, site.rows("SELECT * FROM attempts"), effects(site.ledger)),
        *notice_faults(runs, site.notices()),
        *(f"{execution_id(row)} is UNKNOWN without a reason" for row in runs if row["state"] == "UNKNOWN"),
        *log_faults(site, runs),
        *spare_folder_faults(site),
    ]


def cursors(site: Site, job: str | None = None) -> dict[str, int]:
    """How far the triggers have been dealt with, of one job or of all."""
    where = "" if job is None else f"WHERE jobs.name = '{job}'"
    rows = site.rows(f"SELECT triggers.id, cursor_at FROM triggers JOIN jobs ON jobs.id = job_id {where}")
    return {row["id"]: row["cursor_at"] for row in rows}


def log_faults(site: Site, runs: list[Any]) -> Iterator[str]:
    """Every attempt that had an effect has its whole log, byte for byte."""
    logs, by_id = Logs(site.home / "logs"), {execution_id(row): row for row in runs}
    for effect in effects(site.ledger):
        row = by_id[effect.execution_id]
        wanted = b"" if row["job_name"] == BY_MINUTE else f"{row['id']} {effect.attempt}\n".encode()
        found = logs.read(row["id"], effect.attempt, 0, 10_000) or b""
        if found != wanted:
            yield f"the log of {row['job_name']} {row['id']} attempt {effect.attempt} is {found!r}"


def spare_folder_faults(site: Site) -> Iterator[str]:
    """Nothing lives on the host when all is over."""
    folders = [folder for folder in (site.host_root / "runs").iterdir() if (folder / "run").exists()]
    yield from (f"{folder.name} has no exit code" for folder in folders if not (folder / "rc").exists())
