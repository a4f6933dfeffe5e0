"""`engine.lock`: whoever writes to a workspace on this machine holds it."""

import asyncio
import hashlib
import os
import socket
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from watchkeeper.model.errors import Conflict, Known
from watchkeeper.model.text import _

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_SEAT = "at seat "


def holder_name(purpose: str) -> str:
    """Who holds a lock or a lease: host, pid and what for."""
    return f"{socket.gethostname()}:{os.getpid()} ({purpose})"


def seated(holder: str, home: Path) -> str:
    """The holder's name with its seat: this start of this machine, and this workspace on it.

    Whoever holds `engine.lock` knows that an earlier holder from the same seat is dead.
    """
    place = home.stat()
    start = _BOOT_ID.read_text() if _BOOT_ID.exists() else uuid.uuid4().hex
    seat = hashlib.sha256(f"{start} {place.st_dev} {place.st_ino}".encode()).hexdigest()
    return f"{holder} {_SEAT}{seat[:12]}"


def seat_of(holder: str) -> str:
    """Where a holder sits; empty where nobody else could."""
    return holder.rpartition(f" {_SEAT}")[2] if f" {_SEAT}" in holder else ""


@contextmanager
def engine_lock(home: Path, purpose: str) -> Iterator[str]:
    """Hold the workspace's lock; gives the holder's name. Conflict, with the other's name, when it is held."""
    name = holder_name(purpose)
    if not home.is_dir():
        raise Known(_("there is no workspace at {place}: make one with `watchkeeper workspace init`", place=str(home)))
    with (home / "engine.lock").open("a+", encoding="utf-8") as file:
        os.chmod(file.name, 0o600)
        if not _try_lock(file.fileno()):
            file.seek(0)
            raise Conflict(
                _(
                    "the workspace {home} is held by {holder}: wait for it, stop it, or talk to it",
                    home=str(home),
                    holder=file.read(200).strip() or "?",
                )
            )
        file.truncate(0)
        file.write(name + "\n")
        file.flush()
        yield name


@asynccontextmanager
async def patient_lock(home: Path, purpose: str, seconds: float) -> AsyncIterator[str]:
    """The same, after waiting for up to `seconds` while another holds it."""
    deadline = time.monotonic() + seconds
    with ExitStack() as stack:
        while True:
            try:
                holder = stack.enter_context(engine_lock(home, purpose))
                break
            except Conflict:
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(0.05)
        yield holder


def _try_lock(descriptor: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]  # Windows only
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
