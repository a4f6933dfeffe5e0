"""The table of jobs: a window of rows under a filter, and what the jobs can be told apart by."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Annotated

from msgspec import Meta

from watchkeeper.access.actor import Actor
from watchkeeper.action.fires import calendars_of, next_of
from watchkeeper.action.job_filter import Filter, by_clock, clauses_of, only_by_clock
from watchkeeper.action.names import at
from watchkeeper.action.spec import Help, query
from watchkeeper.model.errors import Known
from watchkeeper.model.ids import JobId
from watchkeeper.model.job_table import JobFacets, JobRow, JobTable
from watchkeeper.model.schedule import Calendars
from watchkeeper.model.text import Text, _
from watchkeeper.model.trigger import Trigger
from watchkeeper.model.words import words_of
from watchkeeper.store import job_table
from watchkeeper.store.job_table import Found, Slice
from watchkeeper.store.tx import Tx

SORTS = (*job_table.SORTS, "next")

Sort = Annotated[str, Help(_("name, owner, group, status, last, p50 or next; with - before it downwards"))]
Offset = Annotated[int, Meta(ge=0, le=10_000_000), Help(_("leave out so many at the beginning"))]
Grouped = Annotated[bool, Help(_("by their groups first, which are told as well"))]
Window = Annotated[int, Meta(ge=1, le=200), Help(_("so many at most, 1 to 200"))]


@query("job.table", title=_("Show jobs with their last runs"))
def table(
    tx: Tx,
    actor: Actor,
    *,
    filter: Filter = "",
    sort: Sort = "name",
    is_grouped: Grouped = False,
    offset: Offset = 0,
    limit: Window = 200,
) -> JobTable:
    """A window of the jobs that the filter lets through, each with its last runs and its next moment."""
    clauses = clauses_of(filter, actor)
    by, is_down = _sort(sort)
    if by == "next":
        in_order = _by_next(by_clock(tx, clauses), is_down)
        in_order = job_table.grouped(tx, in_order) if is_grouped else in_order
        groups = job_table.groups(tx, clauses, in_order) if is_grouped else ()
        chosen = Slice(in_order[offset : offset + limit], len(in_order), job_table.total(tx), groups)
    else:
        only = only_by_clock(tx, clauses)
        chosen = job_table.window(tx, clauses, by, is_down, offset, limit, only, is_grouped=is_grouped)
    found = job_table.found(tx, chosen.ids)
    calendars = calendars_of(tx, [armed for each in found for armed in each.triggers])
    rows = tuple(_row(tx, each, calendars) for each in found)
    return JobTable(chosen.total, chosen.matches, rows, chosen.groups)


@query("job.facets", title=_("Show what jobs can be told apart by"))
def facets(tx: Tx, actor: Actor, *, filter: Filter = "") -> JobFacets:
    """The values of all jobs, with how many have each; the groups of those that the filter lets through."""
    clauses = clauses_of(filter, actor)
    return JobFacets(
        tags=job_table.tallies(tx, "tags"),
        owners=job_table.tallies(tx, "owner"),
        handlers=job_table.tallies(tx, "handler"),
        pools=job_table.tallies(tx, "pool"),
        calendars=job_table.tallies(tx, "calendars"),
        groups=job_table.groups(tx, clauses, only_by_clock(tx, clauses)),
    )


def _sort(given: str) -> tuple[str, bool]:
    by = given.removeprefix("-")
    if by not in SORTS:
        with at("sort"):
            raise Known(_("{sort} is none of these: {known}", sort=by[:40] or '""', known=", ".join(SORTS)))
    return by, given.startswith("-")


def _by_next(moments: Mapping[JobId, datetime | None], is_down: bool) -> list[JobId]:
    """The jobs of `by_clock` from either end; those that never fire come last both ways."""
    known = [job_id for job_id, moment in moments.items() if moment is not None]
    never = [job_id for job_id, moment in moments.items() if moment is None]
    return (known[::-1] if is_down else known) + never


def _row(tx: Tx, found: Found, calendars: Calendars) -> JobRow:
    return JobRow(
        id=found.id,
        name=found.name,
        group=found.group,
        owner=found.owner,
        tags=found.tags,
        handler=found.handler,
        pool=found.pool,
        is_enabled=found.is_enabled,
        triggers=tuple(_words(armed.trigger) for armed in found.triggers),
        next_at=next_of(tx, found.triggers, calendars) if found.is_enabled else None,
        last=found.last,
        live=found.live,
        runs=found.runs,
        p50=found.p50,
        p95=found.p95,
    )


@lru_cache(maxsize=20_000)
def _words(trigger: Trigger) -> Text:
    return words_of(trigger)
