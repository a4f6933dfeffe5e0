"""Filters of jobs where they meet the clock: who asks, and when jobs fire next.

Decision: when a job fires next is reckoned for the rows of a window; by it no more than 5,000 jobs are filtered or
sorted, of more it is refused with a sentence.
Question: how does `next:<24h` hold at 100,000 jobs?
Why: nobody has these moments in a column. Every fire moves a cursor, and what follows is found by the planner when it
has time; to write it down would be one more write for each fire, of every job, for a question that is seldom asked.
Reckoned it is always right, also with calendars and without an engine, and 5,000 take some 0.1 s.
Alternatives: a column `next_at` kept by the planner (stale while no engine runs, written at each fire), the planner's
heap through a port (only where the engine is in the same process).
State: in force.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Annotated

from watchkeeper.access.actor import Actor
from watchkeeper.action.fires import calendars_of, next_of
from watchkeeper.action.names import at
from watchkeeper.action.spec import Help
from watchkeeper.model.errors import Known
from watchkeeper.model.ids import JobId
from watchkeeper.model.job_filter import Clause, Time, read
from watchkeeper.model.text import _
from watchkeeper.store import job_table, jobs, triggers
from watchkeeper.store.tx import Tx

#: Jobs of which it is reckoned when they fire next, to filter or sort by it.
MOST_RECKONED = 5_000

Filter = Annotated[str, Help(_("only such jobs: status:failed tag:etl owner:me, or words of their names"))]


def clauses_of(filter: str, actor: Actor) -> tuple[Clause, ...]:
    """What a filter asks for; Known with its place."""
    with at("filter"):
        return read(filter, actor.name).clauses


def needs_clock(clauses: Sequence[Clause]) -> bool:
    """Whether there is something in it that SQL can't tell."""
    return any(map(_is_next, clauses))


def by_clock(tx: Tx, clauses: Sequence[Clause]) -> dict[JobId, datetime | None]:
    """The jobs that fulfil the clauses, with their next moments, the soonest first; Known when there are too many."""
    chosen = job_table.candidates(tx, clauses, MOST_RECKONED)
    if chosen.matches > MOST_RECKONED:
        raise Known(
            _(
                "when they fire next is reckoned for {most} jobs at most, and these are {count}: say more of them, "
                "like group:finance or tag:etl",
                most=MOST_RECKONED,
                count=chosen.matches,
            )
        )
    moments = _moments(tx, chosen.ids)
    fitting = [job_id for job_id in chosen.ids if all(_lets(each, moments[job_id], tx.now) for each in clauses)]
    fitting.sort(key=lambda job_id: (moments[job_id] is None, moments[job_id] or tx.now))
    return {job_id: moments[job_id] for job_id in fitting}


def only_by_clock(tx: Tx, clauses: Sequence[Clause]) -> list[JobId] | None:
    """The jobs that fulfil the clauses; None when SQL can tell them."""
    return list(by_clock(tx, clauses)) if needs_clock(clauses) else None


def _moments(tx: Tx, ids: Sequence[JobId]) -> Mapping[JobId, datetime | None]:
    known, enabled = triggers.of_jobs(tx, ids), jobs.enabled(tx, ids)
    calendars = calendars_of(tx, list(chain.from_iterable(known.values())))
    return {job_id: next_of(tx, known.get(job_id, ()), calendars) if job_id in enabled else None for job_id in ids}


def _is_next(clause: Clause) -> bool:
    return isinstance(clause, Time) and clause.field == "next"


def _lets(clause: Clause, moment: datetime | None, now: datetime) -> bool:
    if not isinstance(clause, Time) or clause.field != "next":
        return True
    if clause.span is None or moment is None:
        is_so = clause.span is None and moment is None
    else:
        is_so = (moment - now > clause.span) is clause.is_farther
    return is_so is not clause.is_not
