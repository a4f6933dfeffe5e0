"""Whole files of jobs and pools: applied together or not at all, compared before, and taken out again."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from enum import StrEnum
from functools import partial
from typing import Annotated

import msgspec

from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action.checks import checked
from watchkeeper.action.door import Door
from watchkeeper.action.names import at, require_name
from watchkeeper.action.pages import page
from watchkeeper.action.pools import PoolSpec
from watchkeeper.action.spec import Help, Values, action, query
from watchkeeper.model.errors import Known
from watchkeeper.model.job import JobSpec
from watchkeeper.model.text import _
from watchkeeper.store import chains
from watchkeeper.store import jobs as saved_jobs
from watchkeeper.store import pools as saved_pools
from watchkeeper.store.tx import Tx

#: Jobs in one step of an export.
_PAGE = 100

Jobs = Annotated[tuple[JobSpec, ...], Help(_("the jobs"))]
Pools = Annotated[tuple[PoolSpec, ...], Help(_("the pools"))]


class What(StrEnum):
    """What applying does to a thing."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class Change(msgspec.Struct, frozen=True):
    """What applying did, or would do, to one job or pool."""

    #: job or pool
    kind: str
    name: str
    what: What


class Part(msgspec.Struct, frozen=True):
    """Some of the pools and jobs of a workspace."""

    pools: list[PoolSpec]
    jobs: list[JobSpec]


def _checked(door: Door, values: Values) -> Values:
    for field in ("pools", "jobs"):
        _require_unique(field, [each.name for each in values[field]])
    for i, pool in enumerate(values["pools"]):
        with at(f"pools[{i}].name"):
            require_name(pool.name)
    return {**values, "jobs": tuple(_checked_job(door, i, spec) for i, spec in enumerate(values["jobs"]))}


def _checked_job(door: Door, position: int, spec: JobSpec) -> JobSpec:
    with at(f"jobs[{position}]"):
        return checked(door, spec)


def _require_unique(field: str, names: Sequence[str]) -> None:
    name, count = next(iter(Counter(names).most_common(1)), ("", 0))
    if count > 1:
        raise Known(_("{field}: the name {name} is there {count} times", field=field, name=name, count=count))


@action(
    "jobs.apply",
    title=_("Apply jobs and pools from files"),
    permission=Permission.EDIT,
    preview="jobs.compare",
    prepare=_checked,
)
def apply(tx: Tx, actor: Actor, *, jobs: Jobs, pools: Pools = ()) -> list[Change]:
    """Save all of them in one transaction; the same again changes nothing."""
    changes = _changes(tx, jobs, pools)
    for pool in pools:
        if Change("pool", pool.name, What.UNCHANGED) not in changes:
            saved_pools.save(tx, pool.name, pool.size)
    for spec in jobs:
        actor.require(Permission.EDIT, spec.name)
    saved_jobs.save_all(tx, jobs, actor.name)
    return changes


@query("jobs.compare", title=_("What applying files would change"), permission=Permission.EDIT)
async def compare(door: Door, actor: Actor, *, jobs: Jobs, pools: Pools = ()) -> list[Change]:
    """What applying would do, after the same checks; nothing is changed."""
    values = await asyncio.to_thread(_checked, door, {"jobs": jobs, "pools": pools})
    return await door.read(lambda tx: _changes(tx, values["jobs"], values["pools"]))


@query("jobs.export", title=_("Export jobs and pools"))
async def export(door: Door, actor: Actor) -> AsyncIterator[Part]:
    """All pools, then all jobs by name, some in each step."""
    found = await door.read(saved_pools.all)
    yield Part([PoolSpec(pool.name, pool.size) for pool in found], [])
    after = ""
    while jobs := page(await door.read(partial(saved_jobs.page, after=after, limit=_PAGE))):
        yield Part([], [job.spec for job in jobs])
        after = jobs[-1].name


def _changes(tx: Tx, jobs: Sequence[JobSpec], pools: Sequence[PoolSpec]) -> list[Change]:
    sizes = {pool.name: pool.size for pool in saved_pools.all(tx)}
    told = [Change("pool", pool.name, _what(sizes.get(pool.name), pool.size)) for pool in pools]
    new_pools = {pool.name for pool in pools}
    for position, spec in enumerate(jobs):
        if spec.pool is not None and spec.pool not in new_pools:
            with at(f"jobs[{position}].pool"):
                saved_pools.require(tx, spec.pool)
        before = saved_jobs.by_name(tx, spec.name)
        told.append(Change("job", spec.name, _what(before.spec if before else None, spec)))
    chains.require_sound(tx, jobs)
    return told


def _what(before: object, after: object) -> What:
    if before is None:
        return What.CREATED
    return What.UNCHANGED if before == after else What.CHANGED
