"""Old runs go, a few at a time, so that nothing else has to wait."""

from datetime import datetime

from watchkeeper.model.instant import to_us
from watchkeeper.model.run import ENDINGS
from watchkeeper.store.tx import Tx

_ENDINGS = ", ".join(f"'{state}'" for state in sorted(ENDINGS))


def prune(tx: Tx, before: datetime, limit: int) -> list[str]:
    """Remove up to `limit` runs that ended before `before`, oldest first; their ids.

    Caller's execution ids live in a table of their own and stay. What still waits on the shelf stays too, and so does
    the newest run of all: a file of SQLite numbers runs from it.
    """
    rows = tx.rows(
        f"SELECT id FROM runs WHERE state IN ({_ENDINGS}) AND ended_at < :before "
        "AND number < (SELECT max(number) FROM runs) "
        "AND NOT EXISTS (SELECT 1 FROM shelf WHERE shelf.run_id = runs.id) ORDER BY number LIMIT :limit",
        before=to_us(before),
        limit=limit,
    )
    gone = [{"id": row.id} for row in rows]
    tx.run_many("DELETE FROM attempts WHERE run_id = :id", gone)
    tx.run_many("DELETE FROM acknowledgements WHERE run_id = :id", gone)
    tx.run_many("DELETE FROM runs WHERE id = :id", gone)
    return [row["id"] for row in gone]
