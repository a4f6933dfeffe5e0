"""The system under an engine: what it is, and what it says no with in words that exist in every language."""

import asyncio
import errno
import os
import platform
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from watchkeeper import __version__
from watchkeeper.access.actor import Actor
from watchkeeper.action import machine
from watchkeeper.action.door import Door
from watchkeeper.action.spec import query
from watchkeeper.model.secret import VaultStatus
from watchkeeper.model.text import Text, _
from watchkeeper.store.about import About, about

_REASONS = {
    errno.ENOENT: _("there is no such file or folder"),
    errno.EACCES: _("permission denied"),
    errno.EPERM: _("this is not permitted"),
    errno.EEXIST: _("it exists already"),
    errno.EISDIR: _("it is a folder"),
    errno.ENOTDIR: _("a part of its path is no folder"),
    errno.ENAMETOOLONG: _("its name is too long"),
    errno.ENOSPC: _("the disk is full"),
    errno.EDQUOT: _("your share of the disk is used up"),
    errno.EROFS: _("the disk can only be read"),
    errno.EIO: _("the disk reports an error"),
    errno.EMFILE: _("too many files are open"),
    errno.ECONNREFUSED: _("nobody answers there"),
}


def reason_of(error: OSError | ValueError) -> Text | str:
    """Why it was refused; as the system says it where we have no words of our own."""
    known = _REASONS.get(getattr(error, "errno", None) or 0)
    return known or getattr(error, "strerror", None) or str(error)[:300]


class Facts(msgspec.Struct, frozen=True):
    """What an engine runs on; nothing of it is secret."""

    #: The moment of this answer, by the clock of the engine's machine.
    now: datetime
    zone: str
    #: Whether something like NTP keeps that clock right; None where the system does not tell.
    is_clock_synchronised: bool | None
    version: str
    python: str
    machine: str
    pid: int
    #: Bytes of memory that this process holds; None where the system does not tell.
    memory: int | None
    #: The longest that the engine's loop kept somebody waiting, of late; None where no engine runs here.
    lag: timedelta | None
    #: The folder of the workspace, and where its store is, without a password.
    home: str
    place: str
    store: About
    #: When the newest copy of the store was made; None where there is none, or where a server has copies of its own.
    copied_at: datetime | None
    #: How it stands with what keeps secrets.
    vault: VaultStatus


@query("system.facts", title=_("Show what the engine runs on"))
async def facts(door: Door, actor: Actor) -> Facts:
    """Versions, clock, memory, store and its newest copy; where no engine runs here, of this process."""
    store = await door.read(about)
    # An engine looks at its vault all the time.
    vault = door.vault.status if door.engine is not None else await asyncio.to_thread(door.vault.look)
    pulse = None if door.engine is None else door.engine.memory.pulse()
    return Facts(
        now=datetime.now(UTC),
        zone=door.zone,
        is_clock_synchronised=machine.is_clock_synchronised(),
        version=__version__,
        python=platform.python_version(),
        machine=await asyncio.to_thread(platform.platform),
        pid=os.getpid(),
        memory=machine.memory(),
        lag=None if pulse is None else pulse.lag,
        home=str(door.home),
        place=door.store,
        store=store,
        copied_at=None if door.copy is None else await asyncio.to_thread(_copied_at, door.home),
        vault=vault,
    )


def _copied_at(home: Path) -> datetime | None:
    # It loads the drivers of the store, which commands beside a running engine do without.
    from watchkeeper.store import backup

    newest = backup.newest(home)
    return None if newest is None else datetime.fromtimestamp(newest.stat().st_mtime, UTC)
