"""Finished attempts whose log and run directory still lie on a host."""

from typing import Any

from watchkeeper.store.moves import Shelved
from watchkeeper.store.tx import Tx


def waiting(tx: Tx, limit: int) -> list[Shelved]:
    """Some of them, oldest run first."""
    rows: list[Any] = tx.rows("SELECT run_id, attempt, host, key FROM shelf ORDER BY run_id LIMIT :limit", limit=limit)
    return [Shelved(*row) for row in rows]


def is_waiting(tx: Tx, run_id: str, attempt: int) -> bool:
    """Whether an attempt's log is still on its host."""
    found = tx.value("SELECT 1 FROM shelf WHERE run_id = :run_id AND attempt = :n", run_id=run_id, n=attempt)
    return found is not None
