"""The workspace itself."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec

from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action.checks import checked
from watchkeeper.action.door import Door
from watchkeeper.action.spec import Help, query
from watchkeeper.action.system import reason_of
from watchkeeper.model.backup import Backup, Copying
from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text, _
from watchkeeper.store import audit, jobs, leases, workspace
from watchkeeper.store import check as integrity
from watchkeeper.store.tx import Tx


class Health(msgspec.Struct, frozen=True):
    """What a look at the workspace found."""

    id: str
    home: str
    zone: str
    #: Where its store is: a path, or a server's URL.
    store: str
    #: Who runs the engine behind this door, or the one elsewhere that has a server's store; empty where there is none.
    engine: str
    engine_started_at: datetime | None
    job_count: int
    #: A sentence for each thing that needs a hand.
    faults: list[Text]


@query("workspace.check", title=_("Check the workspace"))
def check(tx: Tx, actor: Actor, door: Door) -> Health:
    """Id, engine, and a sentence for each fault of the store and each job or plugin file that can't be used."""
    names = jobs.names(tx)
    return Health(
        id=workspace.identity(tx),
        home=str(door.home),
        zone=door.zone,
        store=door.store,
        engine=door.engine.holder if door.engine else _engine_elsewhere(tx),
        engine_started_at=door.engine.started_at if door.engine else None,
        job_count=len(names),
        faults=[*_store_faults(tx), *_plugin_faults(door), *_job_faults(tx, door)],
    )


@query("workspace.backup", title=_("Copy the store while it is in use"), permission=Permission.ADMIN)
async def backup(
    door: Door,
    actor: Actor,
    *,
    file: Annotated[str | None, Help(_("where to; a file in the workspace's backups if none is named"))] = None,
) -> AsyncIterator[Copying]:
    """Make a copy that is whole, checked and sealed by its SHA-256; the last step has it. Leaving early undoes it."""
    steps: asyncio.Queue[Copying] = asyncio.Queue()
    gone = threading.Event()
    loop = asyncio.get_running_loop()

    def told(copied: int, total: int) -> None:
        if gone.is_set():
            raise _Left
        loop.call_soon_threadsafe(steps.put_nowait, Copying(copied, total))

    copying = asyncio.ensure_future(asyncio.to_thread(_copied, door, file, told))
    copying.add_done_callback(lambda _done: steps.put_nowait(_END))
    try:
        while (step := await steps.get()) is not _END:
            yield step
        made = await copying
    finally:
        gone.set()
        await asyncio.gather(copying, return_exceptions=True)
    detail = {"sha256": made.sha256, "size": made.size}
    await door.write(lambda tx: audit.record(tx, actor.name, "workspace.backup", made.file, "ok", detail))
    yield Copying(made.size, made.size, made)


class _Left(Exception):
    """Nobody waits for the copy any more."""


_END = Copying(-1, -1)


def _copied(door: Door, file: str | None, told: Callable[[int, int], None]) -> Backup:
    if door.copy is None:
        raise Known(_("the store is a server's: back it up with the server's own means, like pg_dump"))
    if file is not None and not Path(file).is_absolute():
        raise Known(_("{file} is no absolute path: write it from the root of the disk", file=file[:200]))
    try:
        return door.copy(None if file is None else Path(file), told)
    except (OSError, ValueError) as error:
        name = ascii(file or "")[1:-1][:200]
        raise Known(_("{file} can't be written: {why}", file=name, why=reason_of(error))) from None


def _engine_elsewhere(tx: Tx) -> str:
    lease = None if tx.is_sqlite else leases.living(tx)
    return lease.holder if lease else ""


def _store_faults(tx: Tx) -> list[Text]:
    damage = [_("the store is damaged, restore a backup: {what}", what=line) for line in integrity.damage(tx)]
    return damage or integrity.contradictions(tx)


def _plugin_faults(door: Door) -> list[Text]:
    return [_("{path}: {what}", path=file.path, what=file.error) for file in door.registry.files if file.error]


def _job_faults(tx: Tx, door: Door) -> list[Text]:
    faults: list[Text] = []
    after = ""
    while page := jobs.page(tx, after=after, limit=1_000):
        for job in page:
            try:
                checked(door, job.spec)
            except Known as error:
                faults.append(_("{job}: {what}", job=job.name, what=error.text))
        after = page[-1].name
    return faults[:1_000]
