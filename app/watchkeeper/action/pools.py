"""What can be done with pools: one limit over many jobs."""

from typing import Annotated

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
from watchkeeper.store.pools import Pool
from watchkeeper.store.tx import Tx

Size = Annotated[int, Meta(ge=0, le=100_000), Help(_("so many runs of its jobs at once; 0 holds them all back"))]
PoolName = Annotated[Name, Help(_("the name of the pool"))]


class PoolSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a file says of a pool."""

    name: Name
    #: How many runs of its jobs may be live at once; 0 holds them all back.
    size: Size


def _checked(door: Door, values: Values) -> Values:
    with at("name"):
        require_name(values["name"])
    return values


@query("pool.list", title=_("List pools"))
def listed(tx: Tx, actor: Actor) -> list[Pool]:
    """Every pool, by name."""
    return pools.all(tx)


@action("pool.save", title=_("Save a pool"), permission=Permission.EDIT, on="name", prepare=_checked)
def save(tx: Tx, actor: Actor, *, name: PoolName, size: Size) -> Pool:
    """A new pool, or a new size for one that exists."""
    return pools.save(tx, name, size)


@action("pool.delete", title=_("Delete a pool"), permission=Permission.EDIT, on="name")
def delete(tx: Tx, actor: Actor, *, name: PoolName) -> None:
    """Remove a pool that no job names."""
    pools.delete(tx, name)
