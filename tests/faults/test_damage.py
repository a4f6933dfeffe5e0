"""A page of the store's file is torn: it is found, nothing is scheduled, and the copy that mends it is named."""

import re
import shlex
import signal
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.site import Site, until
from tests.faults.victim import REFUSED
from watchkeeper import boot
from watchkeeper.model.errors import Damaged
from watchkeeper.store import backup
from watchkeeper.store.driver import sqlite_module

PAGE = 4096
EVERY = [{"kind": "interval", "every": "200ms"}]


def tear(site: Site, *objects: str) -> None:
    """Write over the first page of tables and indexes."""
    file = site.home / "watchkeeper.db"
    with closing(sqlite_module().connect(f"file:{file}?mode=ro", uri=True)) as connection:
        found = dict(connection.execute("SELECT name, rootpage FROM sqlite_master"))
    with file.open("r+b") as content:
        for name in objects:
            content.seek(PAGE * (found[name] - 1))
            content.write(b"\xff" * PAGE)


def employ(site: Site) -> None:
    site.save("steady", triggers=EVERY, concurrency={"policy": "allow"})
    until(lambda: len(site.effects()) > 5, "some runs")


def mended(site: Site, sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Type the command that the sentence names."""
    found = re.search(r"`watchkeeper workspace restore (.*?)`", sentence)
    assert found is not None, sentence
    (copy,) = shlex.split(found[1])
    monkeypatch.setenv("WATCHKEEPER_HOST_ROOT", str(site.host_root))
    boot.restore_workspace(site.home, Path(copy))


@pytest.mark.parametrize("place", ["attempts", "audit", "ix_runs_job_id"])
def test_a_page_that_was_torn_while_no_engine_ran_is_found_before_anything_is_scheduled(
    place: str, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = site.start()
    employ(site)
    assert engine.stop() == 0
    backup.copy_of(site.home / "watchkeeper.db", None, lambda copied, total: None)
    tear(site, place)
    begun, lines = len(site.effects()), site.events().count("\n")
    broken = site.start(is_ready=False)
    assert broken.exit_code() == REFUSED
    said = site.events_after(lines)
    assert "is damaged (" in said and "nothing is scheduled" in said and "engine started" not in said
    assert len(site.effects()) == begun
    mended(site, said, monkeypatch)
    site.start()
    assert site.ended(site.run("steady").id)["state"] == "SUCCEEDED"


def test_a_page_that_is_torn_under_a_running_engine_ends_it_when_anybody_comes_upon_it(site: Site) -> None:
    """Here a person does, who asks for the audit trail."""
    engine = site.start()
    employ(site)
    engine.send(signal.SIGSTOP)
    with closing(sqlite_module().connect(site.home / "watchkeeper.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
    tear(site, "audit")
    engine.send(signal.SIGCONT)
    with pytest.raises(Damaged, match="nothing is scheduled"):
        until(lambda: site.ask("audit.list") and None, "the torn page")
    assert engine.exit_code() == REFUSED
    assert "is damaged (" in site.events().rpartition("gave up")[2]
    begun = len(site.effects())
    assert site.start(is_ready=False).exit_code() == REFUSED
    assert len(site.effects()) == begun


def test_without_any_copy_the_damage_is_told_too(site: Site) -> None:
    engine = site.start()
    employ(site)
    assert engine.stop() == 0
    tear(site, "runs")
    assert site.start(is_ready=False).exit_code() == REFUSED
    assert "There is no copy in" in site.events()
