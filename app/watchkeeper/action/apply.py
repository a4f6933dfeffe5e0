"""Whole files of jobs, pools and calendars: applied together or not at all, compared before, and taken out again."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from enum import StrEnum
from functools import partial
from typing import Annotated

import msgspec

from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action.calendars import checked as checked_calendar
from watchkeeper.action.checks import checked
from watchkeeper.action.differences import Difference, differences
from watchkeeper.action.door import Door
from watchkeeper.action.held import words_of_rule
from watchkeeper.action.names import at, require_name
from watchkeeper.action.pages import page
from watchkeeper.action.pools import PoolSpec
from watchkeeper.action.spec import Help, Values, action, query
from watchkeeper.model.calendar import CalendarSpec
from watchkeeper.model.days import require_whole
from watchkeeper.model.errors import Conflict, Known
from watchkeeper.model.job import JobSpec
from watchkeeper.model.job import Name as Tag
from watchkeeper.model.text import _
from watchkeeper.store import calendars as saved_calendars
from watchkeeper.store import chains
from watchkeeper.store import jobs as saved_jobs
from watchkeeper.store import pools as saved_pools
from watchkeeper.store.tx import Tx

#: Jobs in one step of an export.
_PAGE = 100

Jobs = Annotated[tuple[JobSpec, ...], Help(_("the jobs"))]
Pools = Annotated[tuple[PoolSpec, ...], Help(_("the pools"))]
Calendars = Annotated[tuple[CalendarSpec, ...], Help(_("the calendars"))]
OverTag = Annotated[Tag | None, Help(_("take the place of a job only if it has this tag"))]


class What(StrEnum):
    """What applying does to a thing."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class Change(msgspec.Struct, frozen=True):
    """What applying did, or would do, to one job, pool or calendar."""

    #: job, pool or calendar
    kind: str
    name: str
    what: What
    #: Of what is changed, each field.
    differences: tuple[Difference, ...] = ()


class Part(msgspec.Struct, frozen=True):
    """Some of the pools, jobs and calendars of a workspace."""

    pools: list[PoolSpec] = []
    jobs: list[JobSpec] = []
    calendars: list[CalendarSpec] = []


def _checked(door: Door, values: Values) -> Values:
    for field in ("pools", "jobs", "calendars"):
        _require_unique(field, [each.name for each in values[field]])
    for i, pool in enumerate(values["pools"]):
        with at(f"pools[{i}].name"):
            require_name(pool.name)
    return {
        **values,
        "jobs": tuple(_checked_job(door, i, spec) for i, spec in enumerate(values["jobs"])),
        "calendars": tuple(_checked_calendar(door, i, spec) for i, spec in enumerate(values["calendars"])),
    }


def _checked_job(door: Door, position: int, spec: JobSpec) -> JobSpec:
    with at(f"jobs[{position}]"):
        return checked(door, spec)


def _checked_calendar(door: Door, position: int, spec: CalendarSpec) -> CalendarSpec:
    with at(f"calendars[{position}]"):
        return checked_calendar(door, spec)


def _require_unique(field: str, names: Sequence[str]) -> None:
    name, count = next(iter(Counter(names).most_common(1)), ("", 0))
    if count > 1:
        raise Known(_("{field}: the name {name} is there {count} times", field=field, name=name, count=count))


@action(
    "jobs.apply",
    title=_("Apply jobs, pools and calendars from files"),
    permission=Permission.EDIT,
    preview="jobs.compare",
    prepare=_checked,
)
def apply(
    tx: Tx,
    actor: Actor,
    *,
    jobs: Jobs,
    pools: Pools = (),
    calendars: Calendars = (),
    over_tag: OverTag = None,
) -> list[Change]:
    """Save all of them in one transaction; the same again changes nothing."""
    changes = _changes(tx, jobs, pools, calendars, over_tag)
    for pool in pools:
        if Change("pool", pool.name, What.UNCHANGED) not in changes:
            saved_pools.save(tx, pool.name, pool.size)
    saved_calendars.save(tx, calendars, actor.name)
    for spec in jobs:
        actor.require(Permission.EDIT, spec.name)
    saved_jobs.save_all(tx, jobs, actor.name)
    return changes


@query("jobs.compare", title=_("What applying files would change"), permission=Permission.EDIT)
async def compare(
    door: Door,
    actor: Actor,
    *,
    jobs: Jobs,
    pools: Pools = (),
    calendars: Calendars = (),
    over_tag: OverTag = None,
) -> list[Change]:
    """What applying would do, after the same checks; nothing is changed."""
    values = await asyncio.to_thread(_checked, door, {"jobs": jobs, "pools": pools, "calendars": calendars})
    return await door.read(lambda tx: _changes(tx, values["jobs"], values["pools"], values["calendars"], over_tag))


@query("jobs.export", title=_("Export jobs, pools and calendars"))
async def export(door: Door, actor: Actor) -> AsyncIterator[Part]:
    """All pools, then all calendars, then all jobs by name, some in each step."""
    found = await door.read(saved_pools.all)
    yield Part(pools=[PoolSpec(pool.name, pool.size) for pool in found])
    after = ""
    while calendars := page(await door.read(partial(saved_calendars.page, after=after, limit=_PAGE))):
        yield Part(calendars=[calendar.spec for calendar in calendars])
        after = calendars[-1].name
    after = ""
    while jobs := page(await door.read(partial(saved_jobs.page, after=after, limit=_PAGE))):
        yield Part(jobs=[job.spec for job in jobs])
        after = jobs[-1].name


def _changes(
    tx: Tx,
    jobs: Sequence[JobSpec],
    pools: Sequence[PoolSpec],
    calendars: Sequence[CalendarSpec],
    over_tag: str | None,
) -> list[Change]:
    sizes = {pool.name: pool.size for pool in saved_pools.all(tx)}
    told = [_pool_change(pool, sizes.get(pool.name)) for pool in pools]
    old = saved_calendars.all(tx)
    specs = {**old, **{spec.name: spec for spec in calendars}}
    for position, calendar in enumerate(calendars):
        with at(f"calendars[{position}]"):
            require_whole(specs, [calendar.name])
        told.append(_calendar_change(calendar, old.get(calendar.name)))
    new_pools = {pool.name for pool in pools}
    for position, spec in enumerate(jobs):
        with at(f"jobs[{position}]"):
            saved_calendars.require(spec, specs)
            told.append(_job_change(tx, spec, new_pools, over_tag))
    chains.require_sound(tx, jobs)
    return told


def _pool_change(pool: PoolSpec, size: int | None) -> Change:
    if size is None or size == pool.size:
        return Change("pool", pool.name, What.CREATED if size is None else What.UNCHANGED)
    return Change("pool", pool.name, What.CHANGED, (Difference("size", str(size), str(pool.size)),))


def _calendar_change(spec: CalendarSpec, before: CalendarSpec | None) -> Change:
    if before is None or before == spec:
        return Change("calendar", spec.name, What.CREATED if before is None else What.UNCHANGED)
    return Change("calendar", spec.name, What.CHANGED, tuple(_calendar_differences(before, spec)))


def _calendar_differences(before: CalendarSpec, after: CalendarSpec) -> Iterator[Difference]:
    for field in ("description", "zone"):
        if getattr(before, field) != getattr(after, field):
            yield Difference(field, getattr(before, field) or None, getattr(after, field) or None)
    for field in ("holds", "but_not"):
        old, new = getattr(before, field), getattr(after, field)
        yield from (Difference(field, before=words_of_rule(rule)) for rule in old if rule not in new)
        yield from (Difference(field, after=words_of_rule(rule)) for rule in new if rule not in old)


def _job_change(tx: Tx, spec: JobSpec, new_pools: Collection[str], over_tag: str | None) -> Change:
    if spec.pool is not None and spec.pool not in new_pools:
        with at("pool"):
            saved_pools.require(tx, spec.pool)
    before = saved_jobs.by_name(tx, spec.name)
    if before is None:
        return Change("job", spec.name, What.CREATED)
    if over_tag is not None and over_tag not in before.spec.tags:
        raise Conflict(
            _("the job {name} is there already and has no tag {tag}: give a prefix", name=spec.name, tag=over_tag)
        )
    if before.spec == spec:
        return Change("job", spec.name, What.UNCHANGED)
    return Change("job", spec.name, What.CHANGED, differences(before.spec, spec))
