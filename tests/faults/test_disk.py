"""The disk of the workspace is full, or broken."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.faults.checker import Endings
from tests.faults.site import HOLD, Site, Victim, until
from tests.faults.victim import REFUSED
from watchkeeper.action.wire import Unreachable
from watchkeeper.model.errors import Known

EVERY = "200ms"
#: Room for the workspace; small, so that it is soon full.
SIZE = "8m"
#: Neither a floor nor a ballast: the disk becomes full at once.
BARE = "disk = {floor_mib = 0, ballast_mib = 0}"
#: On a disk of 8 MiB.
FLOOR, BALLAST = 3, 2
GUARDED = f"disk = {{floor_mib = {FLOOR}, ballast_mib = {BALLAST}}}"
#: Seconds of a sync on the slow disk.
SYNC_TIME = 1


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A tmpfs of its own; root alone can mount one."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0700", "watchkeeper-test", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    with small_disk(tmp_path / "disk") as folder:
        yield folder


def fill(folder: Path, leaving: int = 0) -> Path:
    """A file that leaves no more of the disk than so many bytes."""
    filling = folder / "filling"
    with suppress(OSError), filling.open("ab", buffering=0) as file:
        if leaving:
            file.write(b"\0" * max(0, shutil.disk_usage(folder).free - leaving))
            return filling
        for size in (1 << 16, 1 << 12, 1):
            with suppress(OSError):
                while file.write(b"\0" * size):
                    pass
    return filling


def size_of(file: Path) -> int:
    with suppress(FileNotFoundError):
        return file.stat().st_size
    return 0


def employ(site: Site) -> None:
    every = [{"kind": "interval", "every": EVERY}]
    site.save("steady", "echo x", triggers=every, concurrency={"policy": "allow"})
    site.save("failing", "exit 3", triggers=every, retry={"max_attempts": 2, "delay": "50ms"})


def filled_at_work(site: Site, disk: Path, endings: Endings) -> Path:
    """The file that leaves no byte of the disk, once the working engine has told of it."""
    employ(site)
    until(lambda: len(site.effects()) > 10, "some runs")
    ballast = fill(disk)
    until(lambda: "can't be written: the disk" in site.events(), "the sentence about the full disk")
    endings.faults(site.rows("SELECT * FROM runs"))
    return ballast


def verdict(site: Site, endings: Endings) -> list[str]:
    site.rest()
    return site.judged(endings)


def test_a_full_disk_stops_nothing_for_good_and_loses_nothing(disk: Path, make_site: Callable[..., Site]) -> None:
    site, endings = make_site(disk=disk, settings=BARE), Endings()
    engine = site.start()
    ballast = filled_at_work(site, disk, endings)
    with pytest.raises(Known, match="the disk of the workspace is full"):
        until(lambda: site.run("steady") and None, "a refusal")
    assert not engine.has_ended(), site.events()[-2000:]
    begun = len(site.effects())
    ballast.unlink()
    until(lambda: "the store can be written again" in site.events(), "the sentence about the freed disk")
    until(lambda: len(site.effects()) > begun + 10, "runs after the disk was freed")
    assert not engine.has_ended(), site.events()[-2000:]
    assert verdict(site, endings) == []


def test_an_engine_killed_on_a_full_disk_goes_on_when_there_is_room(disk: Path, make_site: Callable[..., Site]) -> None:
    site, endings = make_site(disk=disk, settings=BARE), Endings()
    engine = site.start()
    ballast = filled_at_work(site, disk, endings)
    engine.kill()
    ballast.unlink()
    begun = len(site.effects())
    site.start()
    until(lambda: len(site.effects()) > begun + 10, "runs of the next engine")
    assert verdict(site, endings) == []


def failing_disk(victim: Victim, after: int) -> AbstractContextManager[None]:
    """Every write of pages and every sync of the engine fails with EIO, from the `after`-th on."""
    return injected(victim, "fdatasync,fsync,pwrite64", f"error=EIO:when={after}+")


def slow_disk(victim: Victim) -> AbstractContextManager[None]:
    """Every sync takes SYNC_TIME."""
    return injected(victim, "fdatasync,fsync", f"delay_enter={SYNC_TIME}s")


@contextmanager
def injected(victim: Victim, calls: str, what: str) -> Iterator[None]:
    """Let something befall these system calls of the engine."""
    command = ["strace", "-q", "-f", "-p", str(victim.pid), "-e", f"trace={calls}", "-e", f"inject={calls}:{what}"]
    tracer = subprocess.Popen([*command, "-o", "/dev/null"], stderr=subprocess.DEVNULL)
    try:
        until(lambda: tracer.poll() is not None or _is_traced(victim.pid), "the tracer")
        yield
    finally:
        tracer.send_signal(signal.SIGTERM)
        tracer.wait()


def _is_traced(pid: int) -> bool:
    with suppress(FileNotFoundError):
        return "TracerPid:\t0\n" not in Path(f"/proc/{pid}/status").read_text()
    return True


@pytest.mark.parametrize("after", [1, 2, 7, 30])
def test_a_broken_disk_ends_the_engine_with_nothing_acknowledged_that_is_not_there(site: Site, after: int) -> None:
    engine, endings = site.start(), Endings()
    employ(site)
    until(lambda: len(site.effects()) > 4, "some runs")
    acknowledged = site.with_desk(lambda desk: submit_until_it_breaks(desk, engine, after))
    assert engine.exit_code() == REFUSED
    assert "nothing was acknowledged; check the disk" in site.events()
    endings.faults(site.rows("SELECT * FROM runs"))
    site.start()
    for run_id in acknowledged:
        assert site.ended(run_id)["state"] == "SUCCEEDED"
    assert verdict(site, endings) == []
    assert site.rows("PRAGMA integrity_check")[0][0] == "ok"


def test_below_the_floor_no_run_starts_and_what_runs_ends(disk: Path, make_site: Callable[..., Site]) -> None:
    site = make_site(disk=disk, settings=GUARDED)
    engine = site.start()
    site.save("plain")
    site.save("held", HOLD)
    held = site.run("held")
    site.payload(held.id)
    ballast = fill(disk, leaving=(FLOOR << 20) - (1 << 19))
    until(lambda: "the disk is low" in site.events(), "the sentence about the low disk")
    run = site.run("plain")
    until(lambda: site.ask("run.why", run=run.id).blocker == "disk", "the reason")
    assert "at least 3 MiB" in str(site.ask("run.why", run=run.id).sentence)
    site.release(held.id)
    assert site.ended(held.id)["state"] == "SUCCEEDED"
    assert (site.state(run.id), site.noted(run.id)) == ("QUEUED", [])
    engine.kill()
    site.start()
    assert (site.state(run.id), site.noted(run.id)) == ("QUEUED", [])
    ballast.unlink()
    assert site.ended(run.id)["state"] == "SUCCEEDED"
    assert "the disk has room again" in site.events()
    assert site.rows("SELECT * FROM facts WHERE name = 'disk_is_low'") == []


def test_on_a_full_disk_the_ballast_lets_endings_be_written(disk: Path, make_site: Callable[..., Site]) -> None:
    site, endings = make_site(disk=disk, settings=GUARDED), Endings()
    site.start()
    employ(site)
    site.save("held", HOLD, concurrency={"policy": "allow"})
    held = [site.run("held").id for _ in range(5)]
    for run_id in held:
        site.payload(run_id)
    ballast = site.home / "ballast"
    assert ballast.stat().st_blocks * 512 >= BALLAST << 20
    filling = fill(disk)
    site.release(*held)
    until(lambda: not ballast.exists(), "the ballast's end")
    for run_id in held:
        assert site.ended(run_id)["state"] == "SUCCEEDED"
    until(lambda: "can be written again" in site.events() or "can't be written" not in site.events(), "recovery")
    begun = len(site.effects())
    filling.unlink()
    until(lambda: len(site.effects()) > begun + 10, "runs after the disk was freed")
    until(ballast.exists, "the ballast")
    assert verdict(site, endings) == []


def test_an_engine_starts_on_a_full_disk_by_throwing_off_the_ballast(
    disk: Path, make_site: Callable[..., Site]
) -> None:
    site = make_site(disk=disk, settings=GUARDED)
    engine = site.start()
    until((site.home / "ballast").exists, "the ballast")
    engine.kill()
    filling = fill(disk)
    site.start()
    assert not (site.home / "ballast").exists()
    filling.unlink()
    site.save("plain")
    assert site.ended(site.run("plain").id)["state"] == "SUCCEEDED"


def test_a_full_disk_of_the_host_holds_runs_back_until_there_is_room(
    disk: Path, make_site: Callable[..., Site]
) -> None:
    site = make_site(host_disk=disk)
    site.start()
    site.save("plain", "echo x")
    first = site.run("plain")
    site.ended(first.id)
    until(lambda: not site.run_folder(first.id).exists(), "the end of the run directory")
    until(lambda: not [file for file in site.host_root.glob("trash/*/*/*") if size_of(file)], "the room that it took")
    ballast = fill(disk)
    run = site.run("plain")
    until(lambda: site.row(run.id)["reason"], "the host's refusal")
    assert site.state(run.id) == "QUEUED"
    assert site.noted(run.id) == []
    ballast.unlink()
    assert site.ended(run.id)["state"] == "SUCCEEDED"
    assert (site.noted(run.id), site.row(run.id)["attempt"], site.log(run.id)) == ([1], 1, b"x\n")


def test_no_answer_is_given_before_the_disk_has_it(site: Site) -> None:
    engine = site.start()
    site.save("plain")
    with slow_disk(engine):
        begun = time.monotonic()
        run = site.run("plain")
        assert time.monotonic() - begun >= SYNC_TIME
    assert site.ended(run.id)["state"] == "SUCCEEDED"


async def submit_until_it_breaks(desk: Any, engine: Victim, after: int) -> list[str]:
    """The runs that an engine on a failing disk said were written."""
    acknowledged = []
    with failing_disk(engine, after), suppress(Known, Unreachable):
        while True:
            acknowledged.append((await desk.do("run.start", job="steady")).run.id)
    return acknowledged
