"""A store on a server: it dies, is away, loses answers; and two machines, one of which freezes or is cut off."""

import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.checker import Endings, execution_id
from tests.faults.conftest import IS_LONG, SECONDS
from tests.faults.site import HOLD, Nursery, Site, site_in, until
from tests.faults.victim import REFUSED
from tests.postgresql import Server, bouncer, server
from tests.proxy import Proxy, Trap, running_proxy
from watchkeeper.hosts.keys import attempt_key

__all__ = ["bouncer", "server"]

MakeSite = Callable[..., Site]

SHORT_LEASE = 'engine.lease = "1s"'

#: Seconds for which a server is away for long; ten minutes when there is time for it.
AWAY = min(600.0, SECONDS / (20 if IS_LONG else 30))
#: How often something happens at random.
OFTEN = int(SECONDS / 30) if IS_LONG else 3

EVERY = [{"kind": "interval", "every": "200ms"}]


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    """The name of a fresh database."""
    with server.copied("template0") as name:
        yield name


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    with running_proxy(server) as proxy:
        yield proxy


@pytest.fixture
def make_site(tmp_path: Path, nursery: Nursery, server: Server, database: str) -> Iterator[MakeSite]:
    """Workspaces by name, all with one store; `way` to it is the server's own unless a proxy is named."""
    with ExitStack() as stack:

        def make(name: str, way: Server | Proxy = server, **more: Path) -> Site:
            site = site_in(tmp_path / name, nursery, SHORT_LEASE, store=way.url(database), **more)
            return stack.enter_context(site)

        yield make


def load(site: Site) -> None:
    """Jobs that fire often, and one that is always going on."""
    site.save("steady", triggers=EVERY, concurrency={"policy": "allow"})
    site.save("long", "sleep 0.7", triggers=EVERY, concurrency={"policy": "coalesce"})
    site.save("fails", "exit 3", triggers=EVERY, concurrency={"policy": "allow"}, retry={"max_attempts": 1})


def more_effects(site: Site, count: int = 8) -> None:
    begun = len(site.effects())
    until(lambda: len(site.effects()) > begun + count, "more runs", seen=site.events)


def wait_for_lease_end(site: Site) -> None:
    until(lambda: expired(site), "the lease's end")


def expired(site: Site) -> bool:
    sql = "SELECT expires_at < extract(epoch FROM clock_timestamp()) * 1000000 AS is_over FROM lease"
    return bool(site.rows(sql)[0]["is_over"])


def epoch(site: Site) -> int:
    return int(site.rows("SELECT epoch FROM lease")[0]["epoch"])


def started_on(site: Site) -> set[str]:
    """The keys of everything that was ever started on its host and is not cleared away, and of what was shelved."""
    return {folder.name for folder in site.host_root.glob("runs/*")}


def keys_of(site: Site) -> set[str]:
    """Where the host would have the runs that are live now."""
    return {attempt_key(site.identity(), execution_id(row), row["attempt"]) for row in site.live()}


# The server.


def test_a_server_that_is_killed_under_load_costs_nothing(make_site: MakeSite, server: Server) -> None:
    site, endings = make_site("here"), Endings()
    engine = site.start()
    load(site)
    site.save("waits", HOLD)
    held = site.run("waits")
    site.payload(held.id)
    for _time in range(OFTEN):
        more_effects(site)
        time.sleep(random.random() * 0.3)
        server.kill()
        time.sleep(random.random() * 0.5)
        server.start()
        assert endings.faults(site.rows("SELECT * FROM runs")) == []
    more_effects(site)
    site.release(held.id)
    assert site.ended(held.id)["state"] == "SUCCEEDED"
    site.rest()
    assert site.judged(endings) == []
    assert (epoch(site), engine.has_ended()) == (1, False), "it stepped down without need"


def test_while_the_server_is_away_for_long_runs_go_on_and_their_endings_follow(
    make_site: MakeSite, server: Server
) -> None:
    site = make_site("here")
    engine = site.start()
    load(site)
    site.save("waits", f"{HOLD}; exit 5", retry={"max_attempts": 1})
    held = site.run("waits")
    site.payload(held.id)
    exit_code = site.run_folder(held.id) / "rc"
    more_effects(site)
    server.stop()
    time.sleep(AWAY / 2)
    site.release(held.id)
    until(exit_code.exists, "the end")
    ended_at = exit_code.stat().st_mtime
    time.sleep(AWAY / 2)
    server.start()
    row = site.ended(held.id)
    assert (row["state"], row["exit_code"]) == ("FAILED", 5)
    assert abs(row["ended_at"] / 1e6 - ended_at) < AWAY / 4
    more_effects(site)
    site.rest()
    assert site.judged(Endings()) == []
    assert (epoch(site), engine.has_ended()) == (1, False), "it stepped down without need"


def test_commits_whose_fate_is_not_known_are_neither_doubled_nor_lost(make_site: MakeSite, proxy: Proxy) -> None:
    site, endings = make_site("here", proxy), Endings()
    engine = site.start()
    load(site)
    for _time in range(5 * OFTEN):
        proxy.trap = random.choice(list(Trap))
        until(lambda: proxy.trap is None, "a commit")
        time.sleep(random.random() * 0.1)
    more_effects(site)
    assert endings.faults(site.rows("SELECT * FROM runs")) == []
    site.rest()
    assert site.judged(endings) == []
    assert (epoch(site), engine.has_ended()) == (1, False), "it stepped down without need"


# Two machines.


def test_while_the_lease_lives_an_engine_on_another_machine_is_refused(make_site: MakeSite) -> None:
    here, there = make_site("here"), make_site("there")
    first = here.start()
    second = there.start(is_ready=False)
    assert second.exit_code() == REFUSED
    assert f":{first.pid} (engine)" in there.events() and "holds this workspace" in there.events()
    here.save("plain")
    assert here.ended(here.run("plain").id)["state"] == "SUCCEEDED"
    assert epoch(here) == 1


def test_an_engine_that_froze_past_its_lease_has_no_effect_beside_its_successor(make_site: MakeSite) -> None:
    """What it had started stays UNKNOWN elsewhere and is not run again, until an engine of its own machine asks."""
    here, there = make_site("here"), make_site("there")
    stale = here.start()
    load(here)
    here.save("waits", HOLD)
    held = here.run("waits")
    here.payload(held.id)
    here.reaches(held.id, "RUNNING")
    more_effects(here)
    stale.send(signal.SIGSTOP)
    wait_for_lease_end(here)
    known = started_on(here) | keys_of(here)
    there.start()
    assert there.reaches(held.id, "UNKNOWN")["attempt"] == 1
    more_effects(here)
    stale.send(signal.SIGCONT)
    assert stale.exit_code() == REFUSED
    assert "another engine" in here.events().rpartition("gave up")[2]
    more_effects(here)
    assert started_on(here) <= known, "the stale engine has started something"
    assert epoch(here) == 2
    for name in ("steady", "long", "fails"):
        there.do("job.disable", job=name)
    # What waits does so for the key of a run that is UNKNOWN.
    until(lambda: {row["state"] for row in there.live()} <= {"UNKNOWN", "QUEUED"}, "the end of what runs there")
    assert there.victims[0].stop() == 0
    here.start()
    here.release(held.id)
    assert here.ended(held.id)["state"] == "SUCCEEDED"
    assert here.noted(held.id) == [1]
    here.rest()
    assert here.judged(Endings()) == []


def test_an_engine_that_is_cut_from_its_server_starts_nothing_and_steps_down_for_its_successor(
    make_site: MakeSite, proxy: Proxy, tmp_path: Path
) -> None:
    """The successor sits on the same machine and adopts what runs there; the host turns the first one away."""
    disk = tmp_path / "disk"
    disk.mkdir()
    here, there = make_site("here", proxy, host_disk=disk), make_site("there", host_disk=disk)
    first = here.start()
    load(there)
    there.save("waits", HOLD)
    held = there.run("waits")
    there.payload(held.id)
    more_effects(there)
    proxy.cut()
    wait_for_lease_end(there)
    known = started_on(there)
    time.sleep(1)
    assert started_on(there) <= known, "it starts what it can't write down"
    assert not first.has_ended(), "nobody has taken its place yet"
    there.start()
    there.release(held.id)
    assert there.ended(held.id)["state"] == "SUCCEEDED"
    proxy.mend()
    assert first.exit_code() == REFUSED
    assert "another engine" in here.events().rpartition("gave up")[2]
    more_effects(there)
    there.rest()
    assert there.noted(held.id) == [1]
    assert there.judged(Endings()) == []
