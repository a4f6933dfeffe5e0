"""An engine whose store is on a PostgreSQL server, with a PgBouncer between as well."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.checker import Endings
from tests.faults.site import HOLD, PATIENCE, Nursery, Site, site_in, until
from tests.postgresql import Bouncer, Server
from watchkeeper.cli.exits import Exit

MakeSite = Callable[..., Site]


@pytest.fixture(params=["server", "bouncer"])
def url(request: pytest.FixtureRequest, server: Server) -> Iterator[str]:
    """A fresh database, at the server or behind PgBouncer."""
    way: Server | Bouncer = request.getfixturevalue(request.param)
    with server.copied("template0") as name:
        yield way.url(name)


@pytest.fixture
def make_site(tmp_path: Path, nursery: Nursery, url: str) -> Iterator[MakeSite]:
    """Workspaces by name, all with one store."""
    with ExitStack() as stack:
        yield lambda name="here", settings="": stack.enter_context(
            site_in(tmp_path / name, nursery, settings, store=url)
        )


def typed(site: Site, *words: str) -> str:
    """What a command of the site's workspace prints."""
    command = [sys.executable, "-m", "watchkeeper", "--home", str(site.home), *words]
    env = {**os.environ, "WATCHKEEPER_HOST_ROOT": str(site.host_root), "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (Exit.OK, "")
    return done.stdout


def test_an_engine_that_is_killed_again_and_again_loses_nothing_and_runs_nothing_twice(make_site: MakeSite) -> None:
    site, endings = make_site(), Endings()
    engine = site.start()
    site.save("often", triggers=[{"kind": "interval", "every": "200ms"}], concurrency={"policy": "allow"})
    site.save("minutely", triggers=[{"kind": "cron", "cron": "* * * * *"}])
    site.save("long", "sleep 0.5", triggers=[{"kind": "interval", "every": "500ms"}], concurrency={"policy": "queue"})
    site.save("fails", "exit 3", retry={"max_attempts": 2, "delay": "100ms"})
    site.save("waits", HOLD)
    failing, held = site.run("fails"), site.run("waits")
    for _life in range(3):
        begun = len(site.effects())
        until(lambda before=begun: len(site.effects()) > before + 5, "some runs")
        site.bury(engine)
        assert endings.faults(site.rows("SELECT * FROM runs")) == []
        engine = site.start()
    site.release(held.id)
    assert site.ended(held.id)["state"] == "SUCCEEDED"
    assert (site.ended(failing.id)["state"], site.noted(failing.id)) == ("FAILED", [1, 2])
    site.rest()
    assert site.judged(endings) == []
    assert [notice["run_id"] for notice in site.notices()] == [failing.id]


def test_what_is_written_elsewhere_reaches_the_engine(make_site: MakeSite) -> None:
    """New jobs, runs and wishes of a workspace without an engine are carried out by the engine of another one."""
    here, elsewhere = make_site("here"), make_site("elsewhere")
    here.start()
    elsewhere.save("late", f"note ready; {HOLD}", triggers=[{"kind": "interval", "every": "1s"}])
    until(lambda: elsewhere.effects("ready"), "the schedule that was saved elsewhere")
    elsewhere.do("job.disable", job="late")
    elsewhere.save("plain")
    assert elsewhere.ended(elsewhere.run("plain").id)["state"] == "SUCCEEDED"
    left = [row["id"] for row in elsewhere.live()]
    for run_id in left:
        elsewhere.do("run.cancel", run=run_id)
    assert left and {elsewhere.ended(run_id)["state"] for run_id in left} <= {"CANCELLED", "SKIPPED"}
    assert here.processes() == []


def test_a_command_waits_for_a_run_that_an_engine_elsewhere_carries_out(make_site: MakeSite) -> None:
    here, elsewhere = make_site("here"), make_site("elsewhere")
    here.start()
    elsewhere.save("plain")
    assert "SUCCEEDED" in typed(elsewhere, "run", "start", "plain", "--wait")
    assert len(elsewhere.effects()) == 1
    assert here.keepers() and not elsewhere.keepers()


def test_one_run_is_run_without_an_engine_anywhere(make_site: MakeSite) -> None:
    site = make_site()
    site.save("plain")
    assert "SUCCEEDED" in typed(site, "run", "start", "plain", "--wait")
    assert len(site.effects()) == 1


def test_an_engine_that_left_makes_room_at_once(make_site: MakeSite) -> None:
    here, elsewhere = make_site("here"), make_site("elsewhere")
    first = here.start()
    first.send(signal.SIGTERM)
    assert first.exit_code() == 0
    elsewhere.start()
    assert elsewhere.rows("SELECT epoch FROM lease")[0]["epoch"] == 2
