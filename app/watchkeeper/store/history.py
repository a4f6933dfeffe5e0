"""History: runs by filter, in pages that are found as quickly at the end of five million as at the beginning.

Decision: the number is the order in time; a moment is turned into a number by halving.
Question: how is a range of time found, and a page, without an index that every run would have to be written into?
Why: numbers grow with the moments at which runs are made. A moment costs some twenty steps down the table (1 ms of
5,000,000 runs), a page one step down an index: of a job, of a state that is not SUCCEEDED, or of the table itself.
Alternatives: an index of moments (written with each run, and the filter still has to be put in order by it).
State: in force. Where the clock was set back, the runs of that hour lie to one or the other side of a range's end.
"""

from collections.abc import Iterator
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any

import msgspec

from watchkeeper.model.codec import encode
from watchkeeper.model.ids import JobId
from watchkeeper.model.run import FAILURES, LIVE, Origin, Run, State
from watchkeeper.store.conditions import HAS_FAILED, IS_LIVE, IS_UNSUCCESSFUL
from watchkeeper.store.moments import MADE, first_since
from watchkeeper.store.rows import run_of
from watchkeeper.store.tx import Tx

#: Runs are counted up to here; of more it is told how many they are about.
MOST_COUNTED = 10_000
#: The newest runs of a range, by which the share of those that a filter takes is judged.
SAMPLE = 20_000
#: With more jobs than this each run is asked whether it is one of theirs; with fewer each job for its runs.
FEW_JOBS = 40

_ROWS = "SELECT * FROM runs WHERE number IN ({numbers}) ORDER BY number DESC"


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which runs; empty takes all."""

    #: Any of these jobs; None for all, empty for none.
    jobs: tuple[JobId, ...] | None = None
    states: tuple[State, ...] = ()
    origins: tuple[Origin, ...] = ()
    host: str | None = None

    @property
    def is_of_few_jobs(self) -> bool:
        """Each of its jobs can be asked for its runs."""
        return self.jobs is not None and len(self.jobs) <= FEW_JOBS


class Span(msgspec.Struct, frozen=True):
    """Numbers, both ends included; empty when the last is below the first."""

    first: int
    last: int

    @property
    def size(self) -> int:
        return max(0, self.last - self.first + 1)

    def within(self, other: "Span") -> "Span":
        """What the two have in common."""
        return Span(max(self.first, other.first), min(self.last, other.last))


class Count(msgspec.Struct, frozen=True):
    """How many there are; about so many where they were not counted."""

    number: int
    is_exact: bool


def page(tx: Tx, wanted: Filter, span: Span, *, before: int | None, above: int | None, limit: int) -> list[Run]:
    """Up to `limit` runs within `span`, newest first: those next below `before`, or those next above `above`."""
    is_upwards = above is not None
    first = span.first if above is None else max(span.first, min(above, span.last) + 1)
    span = Span(first, span.last if before is None else min(span.last, max(before, 1) - 1))
    branches = list(_branches(tx, wanted))
    if len(branches) == 1:
        rows = _selected(tx, "*", *branches[0], span, limit, is_upwards)
        return [run_of(row) for row in (reversed(rows) if is_upwards else rows)]
    each = ([row.number for row in _selected(tx, "number", *branch, span, limit, is_upwards)] for branch in branches)
    numbers = list(islice(merge(*each, reverse=not is_upwards), limit))
    if not numbers:
        return []
    return [run_of(row) for row in tx.rows(_ROWS.format(numbers=", ".join(map(str, numbers))))]


def count(tx: Tx, wanted: Filter, span: Span) -> Count:
    """How many runs of `span` the filter takes, in no more time than a page takes."""
    if _is_quick(wanted):
        counted = count_up_to(tx, wanted, span, MOST_COUNTED + 1)
        if counted <= MOST_COUNTED:
            return Count(counted, is_exact=True)
    newest = Span(max(span.first, span.last - SAMPLE + 1), span.last)
    found = sum(_all_of(tx, sql, values, newest) for sql, values in _branches(tx, wanted))
    if newest == span:
        return Count(found, is_exact=True)
    least = MOST_COUNTED + 1 if _is_quick(wanted) else found
    return Count(max(least, found * span.size // SAMPLE), is_exact=False)


def count_up_to(tx: Tx, wanted: Filter, span: Span, most: int) -> int:
    """How many runs of `span` the filter takes; `most` stands for as many or more."""
    found = 0
    for condition, values in _branches(tx, wanted):
        within = f"SELECT 1 FROM runs WHERE {condition} AND number BETWEEN :first AND :last LIMIT :most"
        sql = f"SELECT count(*) FROM ({within}) AS found"
        found += int(tx.value(sql, first=span.first, last=span.last, most=most - found, **values))
    return found


def span_of(tx: Tx, since: datetime | None = None, until: datetime | None = None) -> Span:
    """The numbers of the runs that were made at or after `since` and before `until`."""
    ends = tx.row("SELECT (SELECT min(number) FROM runs) AS first, (SELECT max(number) FROM runs) AS last")
    if ends.first is None:
        return Span(1, 0)
    first = ends.first if since is None else first_since(tx, MADE, since, ends.first, ends.last)
    last = ends.last if until is None else first_since(tx, MADE, until, ends.first, ends.last) - 1
    return Span(first, last)


#: A condition, and the values that it names.
_Branch = tuple[str, dict[str, Any]]


def _branches(tx: Tx, wanted: Filter) -> Iterator[_Branch]:
    """Conditions of which no run meets two, each of them met by a step down one index."""
    rest, values = _rest(wanted)
    for state in _states(wanted, of_job=wanted.is_of_few_jobs):
        if wanted.jobs is None:
            yield f"{state}{rest}", values
        elif wanted.is_of_few_jobs:
            yield from ((f"job_id = :job AND {state}{rest}", {**values, "job": job_id}) for job_id in wanted.jobs)
        else:
            yield f"{state} AND {_among(tx)}{rest}", {**values, "jobs": encode(wanted.jobs).decode()}


def _states(wanted: Filter, *, of_job: bool) -> Iterator[str]:
    """A condition for each state; SQLite takes the index of unusual runs only when it is told in the index's words."""
    for state in wanted.states:
        if of_job and state in FAILURES:
            yield f"({HAS_FAILED}) AND state = '{State(state)}'"
        elif of_job or state is State.SUCCEEDED:
            yield f"state = '{State(state)}'"
        else:
            yield f"{IS_LIVE if state in LIVE else IS_UNSUCCESSFUL} AND state = '{State(state)}'"
    if not wanted.states:
        yield "1 = 1"


def _among(tx: Tx) -> str:
    """The run is of one of many jobs; said so that no database asks each of these jobs for all its runs."""
    each = "json_each(:jobs)" if tx.is_sqlite else "jsonb_array_elements_text(CAST(:jobs AS jsonb)) AS each(value)"
    return f"job_id || '' IN (SELECT value FROM {each})"


def _rest(wanted: Filter) -> _Branch:
    sql, values = "", dict[str, Any]()
    if wanted.origins:
        sql += " AND origin IN (" + ", ".join(f"'{Origin(origin)}'" for origin in wanted.origins) + ")"
    if wanted.host is not None:
        sql, values = sql + " AND host = :host", {"host": wanted.host}
    return sql, values


def _selected(
    tx: Tx, columns: str, condition: str, values: dict[str, Any], span: Span, limit: int, is_upwards: bool
) -> list[Any]:
    order = "ASC" if is_upwards else "DESC"
    sql = (
        f"SELECT {columns} FROM runs WHERE {condition} AND number BETWEEN :first AND :last "
        f"ORDER BY number {order} LIMIT :limit"
    )
    return tx.rows(sql, first=span.first, last=span.last, limit=limit, **values)


def _is_quick(wanted: Filter) -> bool:
    """Whether an index alone tells which runs are taken."""
    if wanted.origins or wanted.host:
        return False
    states = frozenset(wanted.states)
    if wanted.is_of_few_jobs:
        return states <= FAILURES
    return wanted.jobs is None and State.SUCCEEDED not in states


def _all_of(tx: Tx, condition: str, values: dict[str, Any], span: Span) -> int:
    sql = f"SELECT count(*) FROM runs WHERE {condition} AND number BETWEEN :first AND :last"
    return int(tx.value(sql, first=span.first, last=span.last, **values))
