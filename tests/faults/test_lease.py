"""Two engines on one workspace: the lock refuses the second, and the lease fences one that was thought dead."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

from tests.faults.checker import Endings
from tests.faults.site import PATIENCE, Site, Victim, until
from tests.faults.victim import REFUSED
from watchkeeper.boot import database_of
from watchkeeper.cli.exits import Exit
from watchkeeper.store.driver import sqlite_module
from watchkeeper.store.lock import holder_name

SQLITE: Any = sqlite_module()
SHORT_LEASE = 'engine.lease = "1s"'


def lease(site: Site) -> tuple[int, int]:
    """Its epoch, and microseconds until it expires."""
    row = site.rows("SELECT epoch, expires_at FROM lease")[0]
    return row["epoch"], row["expires_at"] - time.time_ns() // 1000


def freeze(site: Site, engine: Victim) -> None:
    """Stop an engine outside of any transaction: within one, SQLite's lock keeps everybody from writing."""
    while True:
        engine.send(signal.SIGSTOP)
        with closing(SQLITE.connect(database_of(site.home), timeout=0)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
                return
            except SQLITE.OperationalError:
                engine.send(signal.SIGCONT)


def test_a_second_engine_is_refused_with_the_name_of_the_first(site: Site) -> None:
    first = site.start()
    second = site.start(is_ready=False)
    assert second.exit_code() == REFUSED
    assert f"is held by {holder_of(first.pid)}" in site.events()
    site.save("plain")
    assert site.ended(site.run("plain").id)["state"] == "SUCCEEDED", "the first goes on"


def test_the_command_for_a_second_engine_says_one_sentence_and_the_code_of_a_conflict(site: Site) -> None:
    first = site.start()
    command = [sys.executable, "-m", "watchkeeper", "--home", str(site.home), "engine"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == Exit.CONFLICT
    assert done.stderr.count("\n") == 1
    assert holder_of(first.pid) in done.stderr
    assert not first.has_ended()


def holder_of(pid: int) -> str:
    return f"{holder_name('').split(':')[0]}:{pid} (engine)"


def test_while_the_lease_holds_an_engine_that_sees_no_lock_is_refused(site: Site) -> None:
    first = site.start()
    rival = site.start(is_ready=False, is_locking=False)
    assert rival.exit_code() == REFUSED
    assert f"the engine {holder_of(first.pid)} holds this workspace" in site.events()
    assert lease(site)[0] == 1


def test_an_engine_that_slept_past_its_lease_and_found_nobody_in_its_place_goes_on(
    make_site: Callable[..., Site],
) -> None:
    site = make_site(settings=SHORT_LEASE)
    engine = site.start()
    every = [{"kind": "interval", "every": "200ms", "grace": "0s"}]
    site.save("steady", triggers=every, concurrency={"policy": "allow"})
    until(lambda: len(site.effects()) > 5, "some runs")
    freeze(site, engine)
    until(lambda: lease(site)[1] < 0, "the lease's end")
    begun = len(site.effects())
    engine.send(signal.SIGCONT)
    until(lambda: len(site.effects()) > begun + 5, "runs after the sleep")
    assert (lease(site)[0], engine.has_ended()) == (1, False)
    site.rest()
    assert site.judged(Endings()) == []
    assert site.rows("SELECT missed_count FROM runs WHERE state = 'MISSED'"), "the sleep left no gap"


def test_an_engine_that_was_stopped_past_its_lease_writes_nothing_more_and_leaves(
    make_site: Callable[..., Site],
) -> None:
    site = make_site(settings=SHORT_LEASE)
    stale = site.start()
    every = [{"kind": "interval", "every": "200ms"}]
    site.save("steady", triggers=every, concurrency={"policy": "allow"})
    site.save("long", "sleep 0.7", triggers=every, concurrency={"policy": "coalesce"})
    until(lambda: len(site.effects()) > 10, "some runs")
    freeze(site, stale)
    until(lambda: lease(site)[1] < 0, "the lease's end")
    successor = site.start(is_locking=False)
    begun = len(site.effects())
    stale.send(signal.SIGCONT)
    assert stale.exit_code() == REFUSED
    assert "another engine" in site.events().rpartition("gave up")[2]
    until(lambda: len(site.effects()) > begun + 10, "the successor's runs")
    assert lease(site)[0] == 2
    site.rest()
    assert site.judged(Endings()) == []
    assert not successor.has_ended()
