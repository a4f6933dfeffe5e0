"""What can be done with pools: one limit over many jobs."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action.door import Door
from watchkeeper.action.names import at, require_name
from watchkeeper.action.spec import Help, Values, action, query
from watchkeeper.model.job import Name
from watchkeeper.model.text import _
from watchkeeper.store import pools
from watchkeeper.store.pools import JobOfPool, Pool, Waiting
from watchkeeper.store.tx import Tx

Size = Annotated[int, Meta(ge=0, le=100_000), Help(_("so many runs of its jobs at once; 0 holds them all back"))]
PoolName = Annotated[Name, Help(_("the name of the pool"))]
FormerSize = Annotated[
    Annotated[int, Meta(ge=0, le=100_000)] | None, Help(_("its earlier size; without one it is removed"))
]

#: Waiting runs and jobs that are named of one pool.
_MOST_NAMED = 20


class PoolSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a file says of a pool."""

    name: Name
    #: How many runs of its jobs may be live at once; 0 holds them all back.
    size: Size


class PoolRow(msgspec.Struct, frozen=True):
    """A pool, and who is in it and before it."""

    name: str
    size: int
    #: Runs that hold a slot, and runs that wait.
    used: int
    waiting: int
    #: The first of those that wait, the next to start first.
    first_waiting: tuple[Waiting, ...]
    #: The first jobs that name it, by name, and how many do.
    jobs: tuple[JobOfPool, ...]
    job_count: int


class SavedPool(Pool, frozen=True):
    """A pool, and the size that it had before; None where it was not there."""

    former: int | None = None

    @property
    def undo(self) -> Mapping[str, Any]:
        """What `pool.restore` is to be given to take this back."""
        return {"name": self.name, "size": self.former}


class FormerPool(msgspec.Struct, frozen=True):
    """The size that a pool had; None where it was not there."""

    name: str
    size: int | None

    @property
    def undo(self) -> Mapping[str, Any]:
        """What `pool.restore` is to be given to take this back."""
        return {"name": self.name, "size": self.size}


def _checked(door: Door, values: Values) -> Values:
    with at("name"):
        require_name(values["name"])
    return values


@query("pool.list", title=_("List pools"))
def listed(tx: Tx, actor: Actor) -> list[Pool]:
    """Every pool, by name."""
    return pools.all(tx)


@query("pool.table", title=_("Show every pool with the runs in it and those that wait"))
def table(tx: Tx, actor: Actor) -> list[PoolRow]:
    """By name: slots, runs that hold one, runs that wait, and the jobs that name it."""
    lives, users = pools.lives(tx), pools.users(tx)
    return [
        PoolRow(
            pool.name,
            pool.size,
            lives.used.get(pool.name, 0),
            lives.waiting.get(pool.name, 0),
            tuple(pools.first_waiting(tx, pool.name, _MOST_NAMED)) if lives.waiting.get(pool.name) else (),
            tuple(users.get(pool.name, ())[:_MOST_NAMED]),
            len(users.get(pool.name, ())),
        )
        for pool in pools.all(tx)
    ]


@action(
    "pool.save", title=_("Save a pool"), permission=Permission.EDIT, on="name", undo="pool.restore", prepare=_checked
)
def save(tx: Tx, actor: Actor, *, name: PoolName, size: Size) -> SavedPool:
    """A new pool, or a new size for one that exists."""
    former = pools.size(tx, name)
    saved = pools.save(tx, name, size)
    return SavedPool(saved.name, saved.size, former)


@action("pool.delete", title=_("Delete a pool"), permission=Permission.EDIT, on="name", undo="pool.restore")
def delete(tx: Tx, actor: Actor, *, name: PoolName) -> FormerPool:
    """Remove a pool that no job names."""
    former = pools.size(tx, name)
    pools.delete(tx, name)
    return FormerPool(name, former)


@action(
    "pool.restore",
    title=_("Give a pool its earlier size back"),
    permission=Permission.EDIT,
    on="name",
    undo="pool.restore",
    prepare=_checked,
)
def restore(tx: Tx, actor: Actor, *, name: PoolName, size: FormerSize = None) -> FormerPool:
    """Let a pool be what it was before a save or a removal; one that was not there goes."""
    former = pools.size(tx, name)
    if size is None:
        pools.delete(tx, name)
    else:
        pools.save(tx, name, size)
    return FormerPool(name, former)
