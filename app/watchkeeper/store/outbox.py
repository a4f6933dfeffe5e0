"""What must be told to the outside once its ending is on disk."""

from datetime import timedelta

import msgspec

from watchkeeper.model.instant import span_us
from watchkeeper.store.tx import Tx


class Parcel(msgspec.Struct, frozen=True):
    """Something to be delivered; the receiver knows by `id` what it has had already."""

    id: str
    topic: str
    run_id: str
    #: JSON.
    body: str
    attempts: int


def add(tx: Tx, parcels: list[Parcel]) -> None:
    """Put parcels in, in the transaction of what they tell of."""
    rows = [{"id": p.id, "topic": p.topic, "run_id": p.run_id, "body": p.body, "now": tx.now_us} for p in parcels]
    tx.run_many(
        "INSERT INTO outbox (id, topic, run_id, body, created_at, attempts, due_at) "
        "VALUES (:id, :topic, :run_id, :body, :now, 0, :now)",
        rows,
    )


def due(tx: Tx, limit: int) -> list[Parcel]:
    """Parcels whose time has come, oldest first."""
    rows = tx.rows(
        "SELECT * FROM outbox WHERE due_at <= :now ORDER BY due_at, id LIMIT :limit", now=tx.now_us, limit=limit
    )
    return [Parcel(row.id, row.topic, row.run_id, row.body, row.attempts) for row in rows]


def delivered(tx: Tx, ids: list[str]) -> None:
    """Take parcels out."""
    tx.run_many("DELETE FROM outbox WHERE id = :id", [{"id": id} for id in ids])


def postpone(tx: Tx, id: str, wait: timedelta) -> None:
    """Try a parcel again after `wait`."""
    tx.run(
        "UPDATE outbox SET attempts = attempts + 1, due_at = :due_at WHERE id = :id",
        due_at=tx.now_us + span_us(wait),
        id=id,
    )
