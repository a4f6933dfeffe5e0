"""A payload that never stops talking: gigabytes through the keeper harm nobody and are counted to the byte."""

from contextlib import suppress
from pathlib import Path

from tests.faults.conftest import IS_LONG
from tests.faults.site import PATIENCE, Site, until
from watchkeeper.engine.logs import Logs
from watchkeeper.hosts.keeper import HEAD, TAIL

#: Ten gigabytes; three in a sample, which no signed count of 32 bits holds either.
FLOOD = (10 if IS_LONG else 3) << 30
BEGUN, DONE = b"begun\n", b"done\n"
#: What the flood may cost in memory; a keeper that gathered it would need thousands.
MEMORY = 64 << 20
#: The most that a run directory ever holds: at the end the tail stands there twice; a little of other files.
ROOM = HEAD + 2 * TAIL + (1 << 20)
#: The fewest runs that must pass by while it lasts.
PASSING = 3


def most_memory(pid: int) -> int:
    """The most bytes that a process ever had in memory."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM:"))


def on_disk(folder: Path) -> int:
    """Bytes of everything in a folder that is still there, however long its files say they are."""
    taken = 0
    for file in folder.glob("*"):
        with suppress(FileNotFoundError):
            taken += file.stat().st_blocks * 512
    return taken


def pass_by(site: Site, flood: str) -> tuple[int, int]:
    """How many runs began and ended while the flood was live, and the most that it took of the host's disk."""
    passed = most = 0
    while not site.row(flood)["ended_at"]:
        assert site.ended(site.run("brief").id)["state"] == "SUCCEEDED"
        if not site.row(flood)["ended_at"]:
            passed, most = passed + 1, max(most, on_disk(site.run_folder(flood)))
    return passed, most


def test_gigabytes_of_output_are_drained_and_counted_and_hold_up_nobody(site: Site) -> None:
    engine = site.start()
    site.save("brief", "echo x")
    site.save("flood", f"echo begun; head -c {FLOOD} /dev/zero; echo done")
    site.ended(site.run("brief").id)
    before = most_memory(engine.pid)
    flood = site.run("flood").id
    site.payload(flood)
    passed, most = pass_by(site, flood)
    row = site.ended(flood)
    assert (row["state"], row["exit_code"], row["attempt"]) == ("SUCCEEDED", 0, 1)
    assert row["log_size"] == HEAD + TAIL
    assert row["log_size"] + row["log_dropped"] == len(BEGUN) + FLOOD + len(DONE)
    assert passed >= PASSING
    assert most <= ROOM
    assert max(most_memory(pid) for pid in site.keepers()) < MEMORY
    assert most_memory(engine.pid) < before + MEMORY
    file = Logs(site.home / "logs").path(flood, 1)
    until(file.exists, "the taking of the log", PATIENCE)
    with file.open("rb") as log:
        assert log.read(len(BEGUN)) == BEGUN
        log.seek(HEAD + TAIL - len(DONE))
        assert log.read() == DONE
