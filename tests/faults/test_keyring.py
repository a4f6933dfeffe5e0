"""What may happen to the keyring: locked, crashed, silent, its session ended; runs wait for it and start once."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.faults import ledger
from tests.faults.site import HOLD, Site, until
from tests.keyring_session import KeyringSession, keyring_session

VALUE = "correct-horse-battery"
#: Fails unless it was given that value.
DIGEST = hashlib.sha256(VALUE.encode()).hexdigest()
READS = f'echo "{DIGEST}  $WATCHKEEPER_SECRET_KEY_FILE" | sha256sum --check || exit 9'


@pytest.fixture
def keyring() -> Iterator[KeyringSession]:
    with keyring_session() as session:
        session.start()
        yield session


@pytest.fixture
def begun(site: Site, keyring: KeyringSession) -> Site:
    """An engine with its vault in the keyring, a secret, and a job that needs it."""
    site.start(env=keyring.env)
    site.do("vault.init", place="keyring")
    site.do("secret.add", name="team/key", value=VALUE)
    save(site, "needs", READS)
    site.save("plain")
    return site


def save(site: Site, name: str, body: str) -> None:
    params = {"script": ledger.script(body), "secrets": {"KEY": "team/key"}}
    site.save(name, params=params, concurrency={"policy": "allow"})


def state(site: Site) -> str:
    return str(site.ask("vault.status").state)


def waits(site: Site, run: Any, blocker: str = "vault") -> str:
    """Why it waits, once that has been written down."""
    until(lambda: site.row(run.id)["reason"], "the reason why it waits")
    assert site.state(run.id) == "QUEUED"
    why = site.ask("run.why", run=run.id)
    assert why.blocker == blocker
    return str(why.sentence)


def all_went_well_once(site: Site, *runs: Any) -> None:
    for run in runs:
        row = site.ended(run.id)
        assert (row["state"], row["attempt"], row["reason"]) == ("SUCCEEDED", 1, None)
        assert site.noted(run.id) == [1]


def test_runs_wait_for_a_locked_keyring_the_others_go_on_and_unlocked_they_start_once(
    begun: Site, keyring: KeyringSession
) -> None:
    keyring.lock()
    until(lambda: state(begun) == "locked", "the engine sees it")
    runs = [begun.run("needs") for _time in range(5)]
    plain = begun.run("plain")
    all_went_well_once(begun, plain)
    assert {waits(begun, run) for run in runs} == {waits(begun, runs[0])}
    assert "the keyring is locked" in waits(begun, runs[0])
    keyring.unlock()
    all_went_well_once(begun, *runs)
    assert begun.events().count("the vault is ready") >= 1


def test_an_engine_that_is_killed_while_runs_wait_loses_none_and_starts_none_twice(
    begun: Site, keyring: KeyringSession
) -> None:
    keyring.lock()
    until(lambda: state(begun) == "locked", "the engine sees it")
    runs = [begun.run("needs") for _time in range(3)]
    waits(begun, runs[-1])
    begun.victims[-1].kill()
    begun.start(env=keyring.env)
    waits(begun, runs[0])
    keyring.unlock()
    all_went_well_once(begun, *runs)


def test_a_run_that_ends_while_the_keyring_is_locked_and_the_engine_away_is_recorded_without_it(
    begun: Site, keyring: KeyringSession
) -> None:
    save(begun, "long", f"{READS}; {HOLD}")
    run = begun.run("long")
    begun.payload(run.id)
    begun.victims[-1].kill()
    keyring.lock()
    begun.release(run.id)
    begun.start(env=keyring.env)
    all_went_well_once(begun, run)


def test_a_keyring_that_crashes_ends_no_run_and_comes_back(begun: Site, keyring: KeyringSession) -> None:
    save(begun, "long", f"{READS}; {HOLD}")
    long = begun.run("long")
    begun.payload(long.id)
    keyring.end_daemon()
    until(lambda: state(begun) == "gone", "the engine sees it")
    run = begun.run("needs")
    assert "no keyring runs" in waits(begun, run)
    begun.release(long.id)
    all_went_well_once(begun, long)
    keyring.start_locked()
    until(lambda: "keyring is locked" in json.dumps(begun.row(run.id)["reason"]), "it is told of the new reason")
    keyring.unlock()
    all_went_well_once(begun, run)


def test_a_keyring_that_answers_nothing_delays_only_what_needs_it(begun: Site, keyring: KeyringSession) -> None:
    keyring.hang()
    until(lambda: "does not answer" in begun.events(), "the engine sees it")
    run, plain = begun.run("needs"), begun.run("plain")
    all_went_well_once(begun, plain)
    waits(begun, run)
    keyring.go_on()
    all_went_well_once(begun, run)


def test_a_machine_without_a_desktop_has_runs_wait_until_an_engine_with_one_comes(
    begun: Site, keyring: KeyringSession
) -> None:
    begun.victims[-1].stop()
    begun.start(env={"DBUS_SESSION_BUS_ADDRESS": ""})
    run = begun.run("needs")
    assert "there is no keyring" in waits(begun, run)
    begun.victims[-1].stop()
    begun.start(env=keyring.env)
    all_went_well_once(begun, run)


def test_while_its_run_is_alive_a_value_is_in_one_file_and_afterwards_in_none(
    begun: Site, keyring: KeyringSession
) -> None:
    body = f'sha256sum < "$WATCHKEEPER_SECRET_KEY_FILE"; {HOLD}'
    save(begun, "long", body)
    run = begun.run("long")
    begun.payload(run.id)
    (secret,) = begun.host_root.glob("runs/*/secret-KEY")
    assert (secret.read_text(), secret.stat().st_mode & 0o777) == (VALUE, 0o600)
    assert files_with(VALUE, begun.folder) == [secret]
    assert processes_that_show(VALUE) == []
    begun.release(run.id)
    all_went_well_once(begun, run)
    until(lambda: files_with(VALUE, begun.folder) == [], "the file goes with its run")
    assert DIGEST.encode() in begun.log(run.id)


def files_with(words: str, folder: Path) -> list[Path]:
    """Database, journal, logs, copies, run directories: all that lies there."""
    return [file for file in folder.rglob("*") if file.is_file() and words.encode() in file.read_bytes()]


def processes_that_show(words: str) -> list[str]:
    """Whose command line or environment everybody, or every process of the same account, could read."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if words.encode() in (place / "cmdline").read_bytes() + (place / "environ").read_bytes():
                found.append(place.name)
    return found
