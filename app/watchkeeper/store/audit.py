"""Who did what, when, and what came of it; appended to, never changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from watchkeeper.model.instant import from_us
from watchkeeper.store.rows import stored
from watchkeeper.store.tx import Tx


class Entry(msgspec.Struct, frozen=True):
    """One line of the audit trail."""

    number: int
    at: datetime
    actor: str
    action: str
    object: str | None
    #: `ok`, `refused` or `failed`.
    outcome: str
    detail: Mapping[str, Any]


def record(tx: Tx, actor: str, action: str, object: str | None, outcome: str, detail: Mapping[str, Any]) -> None:
    """Append one entry, in the transaction of what it tells of."""
    tx.run(
        "INSERT INTO audit (at, actor, action, object, outcome, detail) "
        "VALUES (:at, :actor, :action, :object, :outcome, :detail)",
        at=tx.now_us,
        actor=actor,
        action=action,
        object=object,
        outcome=outcome,
        detail=stored(detail),
    )


def page(
    tx: Tx, *, before: int | None = None, limit: int = 100, action: str | None = None, actor: str | None = None
) -> list[Entry]:
    """Entries, newest first, those with a number below `before`."""
    given = {name: value for name, value in {"before": before, "action": action, "actor": actor}.items() if value}
    wheres = {"before": "number < :before", "action": "action = :action", "actor": "actor = :actor"}
    where = " AND ".join(["1 = 1", *(wheres[name] for name in given)])
    rows = tx.rows(f"SELECT * FROM audit WHERE {where} ORDER BY number DESC LIMIT :limit", limit=limit, **given)
    return [_entry(row) for row in rows]


def _entry(row: Any) -> Entry:
    detail = msgspec.json.decode(row.detail) if row.detail else {}
    return Entry(row.number, from_us(row.at), row.actor, row.action, row.object, row.outcome, detail)
