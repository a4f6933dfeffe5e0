"""Pools: one limit over many jobs."""

import difflib
from typing import NamedTuple

import msgspec

from watchkeeper.model.errors import Conflict, NotFound
from watchkeeper.model.events import PoolsChanged
from watchkeeper.model.ids import JobId, RunId
from watchkeeper.model.run import HOLDING
from watchkeeper.model.text import _
from watchkeeper.store.conditions import IS_LIVE, listed
from watchkeeper.store.tx import Tx

_IS_HOLDING = f"{IS_LIVE} AND state IN ({listed(HOLDING)})"
#: What waits for another attempt does not wait for a slot before that is due.
_WAITS = f"{IS_LIVE} AND state IN ('QUEUED', 'WAITING') AND due_at <= :now"


class Pool(msgspec.Struct, frozen=True):
    """At most `size` runs of the jobs that name this pool are live at once; 0 holds them all back."""

    name: str
    size: int


class Waiting(msgspec.Struct, frozen=True):
    """A run that waits for a slot."""

    run_id: RunId
    number: int
    job: str


class JobOfPool(msgspec.Struct, frozen=True):
    """A job that names a pool."""

    job_id: JobId
    name: str


class Lives(NamedTuple):
    """How many runs hold a slot of each pool, and how many wait."""

    used: dict[str, int]
    waiting: dict[str, int]


def save(tx: Tx, name: str, size: int) -> Pool:
    """A new pool, or a new size for one that exists."""
    tx.run(
        "INSERT INTO pools (name, size) VALUES (:name, :size) ON CONFLICT (name) DO UPDATE SET size = excluded.size",
        name=name,
        size=size,
    )
    tx.tell(PoolsChanged())
    return Pool(name, size)


def all(tx: Tx) -> list[Pool]:
    """Every pool, by name."""
    return [Pool(row.name, row.size) for row in tx.rows("SELECT * FROM pools ORDER BY name")]


def size(tx: Tx, name: str) -> int | None:
    """The size of a pool; None when it is not there."""
    found = tx.value("SELECT size FROM pools WHERE name = :name", name=name)
    return None if found is None else int(found)


def lives(tx: Tx) -> Lives:
    """What goes on in every pool now."""
    used, waiting = (
        tx.rows(f"SELECT pool, count(*) AS n FROM runs WHERE {which} AND pool IS NOT NULL GROUP BY pool", **given)
        for which, given in ((_IS_HOLDING, {}), (_WAITS, {"now": tx.now_us}))
    )
    return Lives({row.pool: row.n for row in used}, {row.pool: row.n for row in waiting})


def first_waiting(tx: Tx, name: str, limit: int) -> list[Waiting]:
    """The runs that wait for a slot of a pool, the next to start first."""
    rows = tx.rows(
        f"SELECT id, number, job_name FROM runs WHERE {_WAITS} AND pool = :name "
        "ORDER BY priority DESC, number LIMIT :limit",
        now=tx.now_us,
        name=name,
        limit=limit,
    )
    return [Waiting(RunId(row.id), row.number, row.job_name) for row in rows]


def users(tx: Tx) -> dict[str, list[JobOfPool]]:
    """The jobs that name each pool, by name."""
    found: dict[str, list[JobOfPool]] = {}
    for row in tx.rows("SELECT job_id, name, pool FROM job_list WHERE pool <> '' ORDER BY name"):
        found.setdefault(row.pool, []).append(JobOfPool(JobId(row.job_id), row.name))
    return found


def require(tx: Tx, name: str) -> Pool:
    """The pool called `name`; NotFound with the nearest name."""
    pools = {pool.name: pool for pool in all(tx)}
    if name in pools:
        return pools[name]
    near = difflib.get_close_matches(name, list(pools), n=1)
    if near:
        raise NotFound(_("there is no pool {pool}: did you mean {near}?", pool=name[:60], near=near[0]))
    raise NotFound(_("there is no pool {pool}: make it with `watchkeeper pool save`", pool=name[:60]))


def delete(tx: Tx, name: str) -> None:
    """Remove a pool; Conflict while a job names it."""
    require(tx, name)
    user = tx.value("SELECT name FROM jobs WHERE pool = :name LIMIT 1", name=name)
    if user is not None:
        raise Conflict(_("pool {pool} is used by the job {job}: take it out there first", pool=name, job=user))
    tx.run("DELETE FROM pools WHERE name = :name", name=name)
    tx.tell(PoolsChanged())
