"""Pools: one limit over many jobs."""

import difflib

import msgspec

from watchkeeper.model.errors import Conflict, NotFound
from watchkeeper.model.events import PoolsChanged
from watchkeeper.model.text import _
from watchkeeper.store.tx import Tx


class Pool(msgspec.Struct, frozen=True):
    """At most `size` runs of the jobs that name this pool are live at once; 0 holds them all back."""

    name: str
    size: int


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
