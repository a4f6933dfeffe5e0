"""What people have said to plugin files: a verdict on a path and a hash."""

from datetime import datetime

import msgspec

from watchkeeper.model.events import PluginDecided
from watchkeeper.model.instant import from_us
from watchkeeper.store.tx import Tx


class Verdict(msgspec.Struct, frozen=True):
    """Whether a file of this path and hash may be loaded."""

    path: str
    hash: str
    is_allowed: bool
    at: datetime
    actor: str
    #: The text that was looked at, perhaps cut.
    source: str = ""


def decide(tx: Tx, path: str, hash: str, is_allowed: bool | None, actor: str, source: str = "") -> bool | None:
    """Let a verdict hold from now on, None: none; what held before."""
    before: bool | None = _held(tx, path, hash)
    tx.run("DELETE FROM plugin_verdicts WHERE path = :path AND hash = :hash", path=path, hash=hash)
    if is_allowed is not None:
        tx.run(
            "INSERT INTO plugin_verdicts (path, hash, is_allowed, decided_at, actor, source) "
            "VALUES (:path, :hash, :is_allowed, :at, :actor, :source)",
            path=path, hash=hash, is_allowed=int(is_allowed), at=tx.now_us, actor=actor, source=source,
        )  # fmt: skip
    tx.tell(PluginDecided(path))
    return before


def verdicts(tx: Tx) -> dict[tuple[str, str], bool]:
    """All verdicts by path and hash."""
    rows = tx.rows("SELECT path, hash, is_allowed FROM plugin_verdicts")
    return {(row.path, row.hash): bool(row.is_allowed) for row in rows}


def last_allowed(tx: Tx, path: str) -> Verdict | None:
    """The newest version of a file that was allowed; None."""
    row = tx.row(
        "SELECT * FROM plugin_verdicts WHERE path = :path AND is_allowed = 1 ORDER BY decided_at DESC LIMIT 1",
        path=path,
    )
    if row is None:
        return None
    return Verdict(row.path, row.hash, True, from_us(row.decided_at), row.actor, row.source)


def _held(tx: Tx, path: str, hash: str) -> bool | None:
    found = tx.value("SELECT is_allowed FROM plugin_verdicts WHERE path = :path AND hash = :hash", path=path, hash=hash)
    return None if found is None else bool(found)
