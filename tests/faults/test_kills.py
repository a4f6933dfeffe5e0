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

from tests.faults.checker import Endings, execution_id, notice_faults
from tests.faults.conftest import IS_LONG, SECONDS
from tests.faults.ledger import effects
from tests.faults.site import EVERY_MINUTE, Nursery, Site, Victim, site_in, until
from watchkeeper.engine.logs import Logs
from watchkeeper.model.points import Point

#: The loop's share of the time; and how much longer a loaded machine may take to the fewest kills at every point.
SHARE, GRACE = (0.45, 5.0) if IS_LONG else (0.1, 22.5)
#: The share of the time in which keepers are killed too.
KEEPERS_SHARE = 0.1 if IS_LONG else 0.03
#: Kills that every point must see.
FEWEST = 5
RANDOM = "random moments"
#: Workspaces that are tormented side by side.
SITES = 2
#: Seconds after which an engine that has not come to its point is killed where it is.
LONGEST_LIFE = 20.0

#: Name, the time between two occurrences, what the payload does, and how the job is treated.
JOBS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("quick", "250ms", "", {"concurrency": {"policy": "allow"}}),
    (
        "flaky",
        "400ms",
        '[ "$WATCHKEEPER_ATTEMPT" -ge 2 ]',
        {"concurrency": {"policy": "allow"}, "retry": {"delay": "80ms"}},
    ),
    ("failing", "700ms", "exit 3", {"concurrency": {"policy": "allow"}, "retry": {"max_attempts": 2, "delay": "50ms"}}),
    ("long", "900ms", "sleep 0.6", {}),
    ("exclusive", "300ms", "sleep 0.5", {"concurrency": {"policy": "forbid"}}),
    ("merged", "400ms", "sleep 0.7", {"concurrency": {"policy": "coalesce"}, "priority": 8}),
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
        threads = stack.enter_context(ThreadPoolExecutor(SITES))
        verdicts = list(threads.map(lambda site: torment(site, tally, has_time), sites))
    print(f"\n{tally}\n" + "\n".join(said for said, _faults in verdicts))
    assert [fault for _said, faults in verdicts for fault in faults] == []
    assert tally.is_enough, f"fewer than {FEWEST} kills:\n{tally}"


def test_keepers_that_are_killed_with_their_engines_lose_no_run(tmp_path: Path) -> None:
    kills, endings, faults, deadline = 0, Endings(), list[str](), time.monotonic() + SECONDS * KEEPERS_SHARE
    with own_site(tmp_path / "site") as site:
        while time.monotonic() < deadline or kills < FEWEST:
            victim = site.start(is_ready=False)
            victim.has_ended(random.uniform(0.3, 1.2))
            assert left_with(site, victim) is None, site.events()[-3000:]
            site.kill_keepers()
            kills += 1
            faults += endings.faults(site.rows("SELECT * FROM runs"))
        faults += verdict(site, endings)
    print(f"\n{kills:6} kills of engine and keeper together")
    assert faults == []


@contextmanager
def own_site(folder: Path) -> Iterator[Site]:
    """A site with jobs and a nursery of its own, so that the threads do not wait for each other."""
    nursery = Nursery()
    try:
        with site_in(folder, nursery) as site:
            employ(site)
            yield site
    finally:
        nursery.close()


def torment(site: Site, tally: Tally, has_time: Callable[[], bool]) -> tuple[str, list[str]]:
    """Kill engines of one workspace while there is time; what was done, and the faults that were found."""
    endings, faults, lives = Endings(), list[str](), 0
    while has_time():
        kill_once(site, tally)
        lives += 1
        faults += endings.faults(site.rows("SELECT * FROM runs"))
    faults += verdict(site, endings)
    runs = Counter(row["state"] for row in site.rows("SELECT state FROM runs"))
    return f"{lives} lives, {len(effects(site.ledger))} effects, runs: {dict(runs)}", faults


def employ(site: Site) -> None:
    """Save the jobs."""
    for name, every, body, more in JOBS:
        said = f'echo "$WATCHKEEPER_RUN_ID $WATCHKEEPER_ATTEMPT"\n{body}'
        site.save(name, said, triggers=[{"kind": "interval", "every": every}], **more)
    site.save(BY_MINUTE, triggers=[{"kind": "cron", "cron": EVERY_MINUTE}])


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


def verdict(site: Site, endings: Endings) -> list[str]:
    """Let everything come to rest under a last engine, then judge it all."""
    last, begun = site.start(), len(site.effects())
    until(lambda: len(site.effects()) > begun + 10, "the schedule goes on after all kills")
    site.rest()
    until(lambda: not site.rows("SELECT * FROM outbox"), "the delivery of all notices")
    until(lambda: not site.rows("SELECT * FROM shelf"), "the taking of all logs", 120)
    last.stop()
    runs = site.rows("SELECT * FROM runs")
    found = [
        *site.judged(endings),
        *notice_faults(runs, site.notices()),
        *log_faults(site, runs),
    ]
    return found + [f"the run directory {key} has no exit code" for key in site.unfinished()]


def log_faults(site: Site, runs: list[Any]) -> Iterator[str]:
    """Every attempt that had an effect has its whole log, byte for byte."""
    logs, by_id = Logs(site.home / "logs"), {execution_id(row): row for row in runs}
    for effect in effects(site.ledger):
        row = by_id[effect.execution_id]
        wanted = b"" if row["job_name"] == BY_MINUTE else f"{row['id']} {effect.attempt}\n".encode()
        found = logs.read(row["id"], effect.attempt, 0, 10_000) or b""
        if found != wanted:
            yield f"the log of {row['job_name']} {row['id']} attempt {effect.attempt} is {found!r}"
