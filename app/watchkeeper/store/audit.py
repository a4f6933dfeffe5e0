"""Who did what, when, and what came of it; appended to, never changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from watchkeeper.model.audit import Entry
from watchkeeper.model.instant import from_us
from watchkeeper.store.matching import holding
from watchkeeper.store.moments import NOTED, first_since
from watchkeeper.store.rows import stored
from watchkeeper.store.tx import Tx


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


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries; what is not given takes all."""

    #: Any of these: `job.save`.
    actions: tuple[str, ...] = ()
    actor: str | None = None
    object: str | None = None
    outcome: str | None = None
    #: What action, object, actor or detail hold, in large or small letters.
    text: str = ""
    #: At or after this moment, and before that one.
    since: datetime | None = None
    until: datetime | None = None


ALL = Filter()


def page(
    tx: Tx, wanted: Filter = ALL, *, before: int | None = None, above: int | None = None, limit: int = 100
) -> list[Entry]:
    """Entries, newest first: those next below the number `before`, or those next above the number `above`."""
    first, last = _span(tx, wanted)
    first = first if above is None else max(first, min(above, last) + 1)
    last = last if before is None else min(last, max(before, 1) - 1)
    condition, values = _condition(wanted)
    order = "DESC" if above is None else "ASC"
    sql = f"SELECT * FROM audit WHERE number BETWEEN :first AND :last{condition} ORDER BY number {order} LIMIT :limit"
    entries = [_entry(row) for row in tx.rows(sql, first=first, last=last, limit=limit, **values)]
    return entries if above is None else entries[::-1]


def _span(tx: Tx, wanted: Filter) -> tuple[int, int]:
    """The first and the last number of the time that is meant."""
    last = tx.value("SELECT max(number) FROM audit") or 0
    first = 1 if wanted.since is None else first_since(tx, NOTED, wanted.since, 1, last)
    return first, last if wanted.until is None else first_since(tx, NOTED, wanted.until, 1, last) - 1


def _condition(wanted: Filter) -> tuple[str, dict[str, Any]]:
    values: dict[str, Any] = {f"action{place}": name for place, name in enumerate(wanted.actions)}
    sql = f" AND action IN (:{', :'.join(values)})" if values else ""
    for column in ("actor", "object", "outcome"):
        if (value := getattr(wanted, column)) is not None:
            sql, values[column] = f"{sql} AND {column} = :{column}", value
    if wanted.text:
        columns = "actor || ' ' || action || ' ' || COALESCE(object, '') || ' ' || COALESCE(detail, '')"
        sql += f" AND lower({columns}) LIKE :text ESCAPE '\\'"
        values["text"] = holding(wanted.text.lower())
    return sql, values


def _entry(row: Any) -> Entry:
    detail = msgspec.json.decode(row.detail) if row.detail else {}
    return Entry(row.number, from_us(row.at), row.actor, row.action, row.object, row.outcome, detail)
