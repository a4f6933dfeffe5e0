"""Yesterday's backup is restored: the store is paused, asks the hosts for what they know, and runs nothing again."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.faults.checker import execution_id, judge
from tests.faults.ledger import effects
from tests.faults.site import HOLD, Site, until
from tests.faults.test_damage import tear
from watchkeeper import boot
from watchkeeper.model.backup import Backup, Restored
from watchkeeper.model.errors import Conflict
from watchkeeper.model.points import Upkeep
from watchkeeper.store import backup
from watchkeeper.store import restore as copies
from watchkeeper.store.driver import sqlite_module

HELD = f"{HOLD}; note end"
EVERY = [{"kind": "interval", "every": "200ms"}]


@pytest.fixture
def site(make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch) -> Site:
    """Nothing else is done with its host by this process than what a restore does."""
    made = make_site()
    monkeypatch.setenv("WATCHKEEPER_HOST_ROOT", str(made.host_root))
    return made


def backup_of(site: Site) -> Backup:
    """A copy made by the running engine."""

    async def watched(desk: Any) -> Backup:
        steps = [step async for step in desk.watch("workspace.backup")]
        return steps[-1].backup  # type: ignore[no-any-return]

    return site.with_desk(watched)  # type: ignore[no-any-return]


def restored(site: Site, made: Backup) -> Restored:
    return boot.restore_workspace(site.home, Path(made.file))


def is_forgotten(site: Site, run_id: str) -> bool:
    """Whether its run directory has been cleared away."""
    return not site.run_folder(run_id).exists()


def faults(site: Site) -> list[str]:
    """What the ledger checker finds, except that it hears of effects of which the restored store can't know."""
    runs = site.rows("SELECT * FROM runs")
    known = {execution_id(row) for row in runs if row["state"] != "MISSED"}
    noted = effects(site.ledger)
    cursors = {row["id"]: row["cursor_at"] for row in site.rows("SELECT id, cursor_at FROM triggers")}
    attempts = site.rows("SELECT * FROM attempts")
    twice = [fault for fault in judge([], {}, [], [], noted) if "times" in fault]
    return twice + judge(
        site.schedules(), cursors, runs, attempts, [each for each in noted if each.execution_id in known]
    )


@pytest.mark.parametrize("is_torn", [False, True])
def test_a_restored_store_is_paused_and_reconciled_and_replays_nothing(site: Site, is_torn: bool) -> None:
    """A sound store tells what became of the runs; a torn one proves nothing."""
    engine = site.start()
    site.save("steady", triggers=EVERY, concurrency={"policy": "allow"})
    site.save("held", HELD)
    site.save("long", HELD)
    site.save("plain")
    site.save("last", HELD)
    done, queued, going = site.run("held").id, site.run("held").id, site.run("long").id
    before_last, last = site.run("last").id, site.run("last").id
    for run_id in (done, going, before_last):
        site.payload(run_id)
    until(lambda: len(site.effects()) > 10, "some runs")
    made = backup_of(site)
    # What comes now will be forgotten.
    site.release(done, queued)
    for run_id in (done, queued):
        assert site.ended(run_id)["state"] == "SUCCEEDED"
        until(lambda run_id=run_id: is_forgotten(site, run_id), "the end of the run directory")
    begun = len(site.effects())
    until(lambda: len(site.effects()) > begun + 10, "more runs")
    stranger = site.run("held", execution_id="order-7")
    site.payload("order-7")
    engine.kill()
    if is_torn:
        tear_store(site)
    answer = restored(site, made)
    assert (answer.kept, answer.held, answer.missed > 10) == (str(kept(site)), 0 if is_torn else 1, True)
    assert answer.doubted >= 5 if is_torn else answer.doubted == 0
    assert [found.is_over for found in answer.strangers if found.key == site.run_folder("order-7").name] == [False]
    before = fired(site)
    # Paused: what a host knows is told by it, what none knows is left to people.
    site.start()
    assert site.reaches(going, "RUNNING")["attempt"] == 1
    site.release(going)
    assert site.ended(going)["state"] == "SUCCEEDED"
    site.release(before_last)
    assert site.ended(before_last)["state"] == "SUCCEEDED"
    for run_id in (done, queued):
        assert site.state(run_id) == ("UNKNOWN" if is_torn else "SUCCEEDED")
    if is_torn:
        for run_id, state in ((done, "SUCCEEDED"), (queued, "SUCCEEDED"), (last, "FAILED")):
            site.do("run.resolve", run=run_id, state=state, reason="I looked")
    assert site.ended(site.run("plain").id)["state"] == "SUCCEEDED", "what is asked for by hand is run"
    # The same caller's id means the same run directory: it is attached to, not run again.
    again = site.run("held", execution_id="order-7")
    assert again.id != stranger.id
    site.reaches(again.id, "RUNNING")
    site.release(stranger.id)
    assert site.ended(again.id)["state"] == "SUCCEEDED"
    assert site.noted("order-7") == site.noted("order-7", "end") == [1]
    assert fired(site) == before, "a trigger fired under the pause"
    if not is_torn:
        assert (site.state(last), site.ask("run.why", run=last).blocker) == ("QUEUED", "pause")
    site.do("schedule.resume")
    if not is_torn:
        site.release(last)
        assert site.ended(last)["state"] == "SUCCEEDED"
    until(lambda: fired(site) > before + 5, "runs after the pause")
    settle(site)
    assert len(site.noted(last)) == (0 if is_torn else 1)
    assert [fault for fault in faults(site) if not (is_torn and fault.startswith(last))] == []
    assert "restored from a backup of {at}: what ran since then is not known" in missed_reasons(site)


def tear_store(site: Site) -> None:
    with closing(sqlite_module().connect(site.home / "watchkeeper.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    tear(site, "audit")


def fired(site: Site) -> int:
    """Runs that a trigger has made, as far as the store knows."""
    sql = "SELECT count(*) AS n FROM runs WHERE trigger_id IS NOT NULL AND state != 'MISSED'"
    return int(site.rows(sql)[0]["n"])


def kept(site: Site) -> Path:
    (found,) = site.home.glob("*.before-restore-*.db")
    return found


def settle(site: Site) -> None:
    """Every run of a trigger that was under way at the backup is what its host says, or what a person says."""
    for row in site.rows("SELECT id FROM runs WHERE state = 'UNKNOWN'"):
        site.do("run.resolve", run=row["id"], state="SUCCEEDED", reason="I looked")
    site.rest()


def missed_reasons(site: Site) -> list[str]:
    rows = site.rows("SELECT DISTINCT reason FROM runs WHERE state = 'MISSED' AND reason LIKE '%backup%'")
    return sorted({json.loads(row["reason"])["message"] for row in rows})


RESTORE = """
import sys
from pathlib import Path
from tests.faults.victim import arm
from watchkeeper import boot
arm(sys.argv[1], 1)
boot.restore_workspace(Path(sys.argv[2]), Path(sys.argv[3]))
"""

KILLS = [
    (Upkeep.AFTER_COPY_DRAWN, False),
    (Upkeep.AFTER_MIGRATION_COMMIT, False),
    (Upkeep.AFTER_STORE_NAMED, False),
    (Upkeep.BEFORE_STORE_REPLACED, False),
    (Upkeep.AFTER_STORE_REPLACED, True),
]


def kill_restore(site: Site, copy: Path, point: str) -> None:
    """Begin a restore that dies at a point."""
    words = [sys.executable, "-c", RESTORE, point, str(site.home), str(copy)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run(words, env=env, stderr=subprocess.PIPE).returncode == -signal.SIGKILL


@pytest.mark.parametrize(("point", "is_restored"), KILLS)
def test_a_restore_that_is_killed_has_been_or_has_not_been_and_leaves_nothing_about(
    site: Site, point: str, is_restored: bool
) -> None:
    engine = site.start()
    site.save("plain")
    copy = Path(backup_of(site).file)
    site.save("later")
    assert engine.stop() == 0
    kill_restore(site, copy, point)
    site.start()
    assert [row["name"] for row in site.rows("SELECT name FROM jobs WHERE name = 'later'")] == ["later"] * (
        not is_restored
    )
    assert site.ended(site.run("plain").id)["state"] == "SUCCEEDED"
    assert not list(site.home.glob("*.restoring*"))
    assert len(list(site.home.glob("*.before-restore-*"))) == is_restored


def test_a_damaged_store_whose_restore_is_killed_has_its_log_again(site: Site) -> None:
    engine = site.start()
    site.save("plain")
    copy = Path(backup_of(site).file)
    engine.kill()
    database, log = site.home / "watchkeeper.db", site.home / "watchkeeper.db-wal"
    database.write_bytes(b"\xa5" * 50_000)
    before = log.read_bytes()
    kill_restore(site, copy, Upkeep.BEFORE_STORE_REPLACED)
    assert not log.exists()
    copies.clear(database)
    assert (database.read_bytes(), log.read_bytes()) == (b"\xa5" * 50_000, before)
    assert not list(site.home.glob("*restor*"))
    restored(site, backup.inspected(copy))
    site.start()
    assert site.ended(site.run("plain").id)["state"] == "SUCCEEDED"


def test_a_copy_can_be_restored_again_and_hosts_follow_the_last_one(site: Site) -> None:
    engine = site.start()
    site.save("plain")
    made = backup_of(site)
    for _life in range(2):
        engine.kill()
        restored(site, made)
        engine = site.start()
        assert site.ended(site.run("plain").id)["state"] == "SUCCEEDED"
    assert engine.stop() == 0


def test_a_store_is_not_replaced_under_a_running_engine(site: Site) -> None:
    site.start()
    site.save("plain")
    made = backup_of(site)
    site.save("later")
    with pytest.raises(Conflict, match="is held by"):
        restored(site, made)
    assert [row["name"] for row in site.rows("SELECT name FROM jobs ORDER BY name")] == ["later", "plain"]
    assert not list(site.home.glob("*restor*"))
