"""A workspace on disk: made, put back from a copy, and where its store is."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from watchkeeper import settings as settings_file
from watchkeeper.access.actor import local_operator
from watchkeeper.engine.restore import restore
from watchkeeper.model import places
from watchkeeper.model.backup import Restored
from watchkeeper.model.errors import Conflict, Known
from watchkeeper.model.text import _
from watchkeeper.model.zone import system_zone
from watchkeeper.store import restore as copies
from watchkeeper.store import schema, workspace
from watchkeeper.store.driver import require_server, said, url_of
from watchkeeper.store.lock import engine_lock
from watchkeeper.store.store import Store

if TYPE_CHECKING:
    pass


def init_workspace(home: Path, store: str = "", zone: str = "") -> str:
    """Make a workspace at `home`, or leave the one that is there as it is; its id.

    `store`: the URL of a PostgreSQL database, which other workspaces may have for their store as well. `zone`: the time
    zone of triggers that name none; this machine's if empty.
    """
    _make_folders(home)
    with engine_lock(home, "workspace init"):
        place = _chosen(home, store)
        clear_up(place)
        schema.create(place, {"zone": zone or system_zone()})
        schema.bring_up_to_date(url_of(place))
        if isinstance(place, Path):
            place.chmod(0o600)
        else:
            settings_file.keep(home, "store.url", place)
    return asyncio.run(_identity(home))


def restore_workspace(home: Path, copy: Path) -> Restored:
    """Let the workspace's store be what `copy` holds; Conflict while an engine runs, Known when it can't be."""
    _make_folders(home)
    with engine_lock(home, "workspace restore"):
        _require_file(home)
        return asyncio.run(restore(database_of(home), copy, places.host_root(), local_operator().name))


def database_of(home: Path) -> Path:
    """The workspace's SQLite file, if its store is not on a server."""
    return home / "watchkeeper.db"


def store_of(home: Path) -> Path | str:
    """Where the workspace has its store: a file, or the URL of a server's database."""
    url = settings_file.load(home).store.url
    if url:
        require_server(url)
    return url or database_of(home)


def clear_up(place: Path | str) -> None:
    """Before anybody opens a file that a restore may have left when it was killed."""
    if isinstance(place, Path):
        copies.clear(place)


def _require_file(home: Path) -> None:
    place = store_of(home)
    if isinstance(place, str):
        raise Known(_("the store is a server's, at {place}: restore it with pg_restore", place=said(url_of(place))))


def _chosen(home: Path, store: str) -> Path | str:
    """Where a new workspace is to have its store; Conflict when it has another one already."""
    kept = store_of(home)
    if store in ("", kept):
        return kept
    require_server(store)
    if isinstance(kept, str) or kept.exists():
        raise Conflict(
            _(
                "the workspace {home} has its store at {kept} already: name another workspace with --home",
                home=str(home),
                kept=said(url_of(kept)),
            )
        )
    return store


async def _identity(home: Path) -> str:
    store = await Store.open(store_of(home))
    try:
        return await store.read(workspace.identity)
    finally:
        await store.close()


def _make_folders(home: Path) -> None:
    for folder in (home, home / "plugins", home / "logs"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
