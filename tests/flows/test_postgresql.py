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


def attempted(home: Path, host_root: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """A command, whatever comes of it."""
    command = [sys.executable, "-m", "watchkeeper", "--home", str(home), *words]
    env = {**os.environ, "WATCHKEEPER_HOST_ROOT": str(host_root), "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=PATIENCE)


def typed(site: Site, *words: str) -> str:
    """What a command of the site's workspace prints."""
    done = attempted(site.home, site.host_root, *words)
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
    engine = here.start()
    health = elsewhere.ask("workspace.check")
    assert f":{engine.pid} (engine)" in health.engine and health.store.startswith("postgresql://keeper@/")
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


def test_a_password_is_taken_from_no_command_line_and_no_settings(
    make_site: MakeSite, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It comes by libpq's own ways, of which the environment is one."""
    site = make_site()
    monkeypatch.setenv("PGPASSWORD", "secret")
    assert "all is well" in typed(site, "workspace", "check")
    for address in ("postgresql://keeper:secret@db/watch", "postgresql://keeper@db/watch?password=secret"):
        done = attempted(tmp_path / "new", site.host_root, "workspace", "init", "--store", address)
        assert done.returncode == Exit.REFUSED
        assert "~/.pgpass" in done.stderr and "secret" not in done.stderr
    (site.home / "settings.toml").write_text('[store]\nurl = "postgresql://keeper:secret@db/watch"\n')
    done = attempted(site.home, site.host_root, "job", "list")
    assert done.returncode == Exit.REFUSED
    assert "~/.pgpass" in done.stderr and "secret" not in done.stderr


def test_a_workspace_keeps_the_store_that_it_was_made_with(make_site: MakeSite, url: str) -> None:
    site = make_site()
    assert "is ready" in typed(site, "workspace", "init")
    assert "is ready" in typed(site, "workspace", "init", "--store", url)
    done = attempted(site.home, site.host_root, "workspace", "init", "--store", "postgresql://keeper@db/other")
    assert done.returncode == Exit.CONFLICT and "has its store at" in done.stderr
    assert not (site.home / "watchkeeper.db").exists()


def test_a_copy_of_a_server_is_the_servers_own_matter(make_site: MakeSite, tmp_path: Path) -> None:
    site = make_site()
    for words in (("workspace", "restore", str(tmp_path / "copy.db")), ("workspace", "backup")):
        done = attempted(site.home, site.host_root, *words)
        assert done.returncode == Exit.REFUSED and done.stderr.count("\n") == 1
        assert "pg_restore" in done.stderr or "pg_dump" in done.stderr, done.stderr
