"""The runs of the past, by filter and in pages."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from watchkeeper.access.actor import Actor
from watchkeeper.action.names import at, require_storable
from watchkeeper.action.runs import Before, JobOnly, States
from watchkeeper.action.spec import Help, query
from watchkeeper.model.errors import Known
from watchkeeper.model.ids import JobId
from watchkeeper.model.job import Job
from watchkeeper.model.run import Origin, Run
from watchkeeper.model.text import _
from watchkeeper.model.trigger import Moment
from watchkeeper.store import history, matching
from watchkeeper.store.history import Filter, Span
from watchkeeper.store.tx import Tx

Words = Annotated[str, Meta(max_length=200), Help(_("what the job's name holds, or a run's number like #7"))]
Tag = Annotated[Annotated[str, Meta(max_length=200)] | None, Help(_("only jobs that have this tag"))]
HostName = Annotated[Annotated[str, Meta(max_length=200)] | None, Help(_("only runs on this host"))]
Origins = Annotated[tuple[Origin, ...], Help(_("fire, manual, rerun, after or made_up; may be repeated"))]
Since = Annotated[Moment | None, Help(_("made at this moment or later: 2026-12-24T18:00+01:00"))]
Until = Annotated[Moment | None, Help(_("made before this moment: 2026-12-24T18:00+01:00"))]
Above = Annotated[int | None, Help(_("the next ones with a higher number; 0 for the oldest of all"))]
Rows = Annotated[int, Meta(ge=1, le=500), Help(_("so many at most, 1 to 500"))]


class RunPage(msgspec.Struct, frozen=True):
    """Some runs, newest first, and where they stand among all that the filter takes."""

    rows: list[Run]
    #: How many the filter takes.
    total: int
    #: False where more than 10,000 were not counted, and `total` is about so many.
    is_exact: bool
    has_newer: bool
    has_older: bool


@query("run.table", title=_("Look through the history of runs"))
def table(
    tx: Tx,
    actor: Actor,
    *,
    job: JobOnly = None,
    text: Words = "",
    tag: Tag = None,
    states: States = (),
    origins: Origins = (),
    host: HostName = None,
    since: Since = None,
    until: Until = None,
    before: Before = None,
    above: Above = None,
    limit: Rows = 100,
) -> RunPage:
    """The newest that the filter takes; those next below the number `before`, or those next above the number `above`.

    A page lies where it lies: whatever is added or pruned meanwhile, the next one begins where this one ended.
    """
    require_storable({"text": text, "tag": tag, "host": host})
    require_range(since, until, before, above)
    number = _number(tx, text)
    wanted = Filter(
        jobs=_jobs(tx, job, "" if number is not None else text, tag),
        states=tuple(dict.fromkeys(states)),
        origins=tuple(dict.fromkeys(origins)),
        host=host,
    )
    span = history.span_of(tx, since, until)
    if number is not None:
        span = span.within(Span(number, number))
    rows = history.page(tx, wanted, span, before=before, above=above, limit=limit)
    count = history.count(tx, wanted, span)
    newest, oldest = (rows[0].number, rows[-1].number) if rows else _edges(before, above)
    return RunPage(
        rows,
        count.number,
        count.is_exact,
        has_newer=_has_any(tx, wanted, Span(max(span.first, newest + 1), span.last)),
        has_older=_has_any(tx, wanted, Span(span.first, min(span.last, oldest - 1))),
    )


def _jobs(tx: Tx, job: Job | None, text: str, tag: str | None) -> tuple[JobId, ...] | None:
    """Those that job, text and tag all mean; None where none of them is given."""
    sets: list[set[JobId]] = [] if job is None else [{job.id}]
    if text.strip():
        sets.append(matching.named_like(tx, text.strip()))
    if tag is not None:
        sets.append(matching.tagged(tx, tag))
    return tuple(sorted(set.intersection(*sets))) if sets else None


def _number(tx: Tx, text: str) -> int | None:
    """The run that is meant by #7; by a bare 7 as well, if there is one."""
    digits = text.strip().removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 18):
        return None
    number = int(digits)
    is_there = _has_any(tx, Filter(), Span(number, number))
    return number if is_there or text.strip().startswith("#") else None


def _edges(before: int | None, above: int | None) -> tuple[int, int]:
    """Between which numbers an empty page lies."""
    if above is not None:
        return 2**62, above + 1
    return (0, 0) if before is None else (before - 1, 0)


def _has_any(tx: Tx, wanted: Filter, span: Span) -> bool:
    return bool(span.size and history.page(tx, wanted, span, before=None, above=None, limit=1))


def require_range(since: datetime | None, until: datetime | None, before: int | None, above: int | None) -> None:
    """Known unless a range has a beginning before its end, and a page lies on one side of a number."""
    require_storable({"before": before, "above": above})
    if before is not None and above is not None:
        raise Known(_("give either before or above, not both"))
    if since is not None and until is not None and until <= since:
        with at("until"):
            raise Known(_("{until} is not after {since}", until=until.isoformat(), since=since.isoformat()))
