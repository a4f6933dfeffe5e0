"""Callers' own ids: the same id with the same payload is the same run."""

from datetime import datetime

from watchkeeper.model.errors import Conflict
from watchkeeper.model.ids import RunId
from watchkeeper.model.instant import to_us
from watchkeeper.model.text import _
from watchkeeper.store.tx import Tx


def claim(tx: Tx, execution_id: str, payload_hash: str, run_id: RunId, expires_at: datetime) -> RunId | None:
    """Take `execution_id` for a new run: None. Taken before, it gives the first run; Conflict for other payload."""
    tx.run("DELETE FROM execution_ids WHERE execution_id = :id AND expires_at < :now", id=execution_id, now=tx.now_us)
    claimed = tx.run(
        "INSERT INTO execution_ids (execution_id, payload_hash, run_id, expires_at) "
        "VALUES (:id, :hash, :run_id, :expires_at) ON CONFLICT (execution_id) DO NOTHING",
        id=execution_id,
        hash=payload_hash,
        run_id=run_id,
        expires_at=to_us(expires_at),
    )
    if claimed:
        return None
    first = tx.row("SELECT payload_hash, run_id FROM execution_ids WHERE execution_id = :id", id=execution_id)
    if first.payload_hash != payload_hash:
        raise Conflict(
            _(
                "the execution id {id} was used for another job or other parameters (run {run}): choose a new id",
                id=execution_id[:60],
                run=first.run_id,
            )
        )
    return RunId(first.run_id)


def forget_expired(tx: Tx, limit: int) -> int:
    """Remove up to `limit` ids whose window is over; how many went."""
    return tx.run(
        "DELETE FROM execution_ids WHERE execution_id IN "
        "(SELECT execution_id FROM execution_ids WHERE expires_at < :now LIMIT :limit)",
        now=tx.now_us,
        limit=limit,
    )
