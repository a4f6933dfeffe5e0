"""`engine.lock`: whoever writes to a workspace on this machine holds it."""

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from watchkeeper.model.errors import Conflict, Known
from watchkeeper.model.text import _


def holder_name(purpose: str) -> str:
    """Who holds a lock or a lease: host, pid and what for."""
    return f"{socket.gethostname()}:{os.getpid()} ({purpose})"


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
