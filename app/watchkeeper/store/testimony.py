"""What the store that a restore replaces says of the runs that were live when the copy was made.

Decision: it is believed where it is sound, of this schema, and has gone on from the copy.
Question: must every run that waited in a copy be in doubt, when the store it was copied from is still there?
Why: an intent is in it before anything is asked of the outside, so a run that it has in the queue was never started,
and an ending in it is one; it is what the next engine would have believed.
Alternatives: to ask hosts only (a directory that was cleared away proves nothing), to believe a torn store (a page that
was lost may be an intent).
State: in force. Runs that it does not know any more have ended and were pruned: how is not known.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from watchkeeper.model.errors import Known
from watchkeeper.store import last_runs
from watchkeeper.store.driver import sqlite_module
from watchkeeper.store.file import reading
from watchkeeper.store.head import HEAD
from watchkeeper.store.tx import Tx

#: Ids in one question.
_BATCH = 500

_KEPT = ("number", "id")

Row = dict[str, Any]


class Testimony(NamedTuple):
    """Rows as they stand in the replaced store."""

    runs: list[Row]
    attempts: list[Row]
    shelf: list[Row]
    #: Ids of notices that are still to be delivered.
    outbox: frozenset[str]


NONE = Testimony([], [], [], frozenset())


class Copied(NamedTuple):
    """What a copy has, by which the replaced store shows that it has gone on from there."""

    epoch: int
    number: int
    #: The live runs' attempts by id.
    live: dict[str, int]


def copied(tx: Tx, live: Iterable[Any]) -> Copied:
    """Of the copy that is to be the store."""
    return Copied(
        tx.value("SELECT max(epoch) FROM lease") or 0,
        tx.value("SELECT max(number) FROM runs") or 0,
        {run.id: run.attempt for run in live},
    )


def heard(database: Path, copy: Copied) -> Testimony:
    """What the store at `database` says of the copy's live runs; NONE where it is not to be believed."""
    if not database.exists():
        return NONE
    with suppress(Known, TypeError), reading(database) as connection:
        connection.row_factory = sqlite_module().Row
        if _is_believed(connection, copy):
            return _testimony(connection, copy)
    return NONE


def take(tx: Tx, said: Testimony) -> None:
    """Let the runs be what was said of them; a key has the holder that it has there."""
    tx.run_many("UPDATE runs SET held_key = NULL WHERE id = :id", said.runs)
    keys = [{"key": row["held_key"]} for row in said.runs if row["held_key"] is not None]
    tx.run_many("UPDATE runs SET held_key = NULL WHERE held_key = :key", keys)
    for row in said.runs:
        told = ", ".join(f"{name} = :{name}" for name in row if name not in _KEPT)
        tx.run(f"UPDATE runs SET {told} WHERE id = :id", **row)
    for table, rows in (("attempts", said.attempts), ("shelf", said.shelf)):
        for row in rows:
            names = ", ".join(row)
            tx.run(f"INSERT INTO {table} ({names}) VALUES (:{', :'.join(row)}) ON CONFLICT DO NOTHING", **row)
    for job_id in {row["job_id"]: None for row in said.runs if row["ended_at"] is not None}:
        last_runs.recall(tx, job_id)


def _is_believed(connection: Any, copy: Copied) -> bool:
    def found(sql: str) -> Any:
        return connection.execute(sql).fetchone()[0]

    return bool(
        found("SELECT version_num FROM alembic_version") == HEAD
        and (found("SELECT max(epoch) FROM lease") or 0) >= copy.epoch
        and (found("SELECT max(number) FROM runs") or 0) >= copy.number
        and found("PRAGMA quick_check(1)") == "ok"
    )


def _testimony(connection: Any, copy: Copied) -> Testimony:
    ids = list(copy.live)
    told = [row for row in _rows(connection, "runs", "id", ids) if row["attempt"] >= copy.live[row["id"]]]
    ids = [row["id"] for row in told]
    outbox = connection.execute("SELECT id FROM outbox").fetchall()
    return Testimony(
        told,
        list(_rows(connection, "attempts", "run_id", ids)),
        list(_rows(connection, "shelf", "run_id", ids)),
        frozenset(row["id"] for row in outbox),
    )


def _rows(connection: Any, table: str, column: str, ids: Sequence[str]) -> Iterator[Row]:
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        marks = ", ".join("?" * len(batch))
        yield from map(dict, connection.execute(f"SELECT * FROM {table} WHERE {column} IN ({marks})", batch))
