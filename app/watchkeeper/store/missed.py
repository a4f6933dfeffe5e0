"""What was missed, and what a person chose to make up for."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from watchkeeper.model.codec import from_own
from watchkeeper.model.errors import Conflict, Known
from watchkeeper.model.events import RunQueued
from watchkeeper.model.ids import JobId, run_id
from watchkeeper.model.job import Job
from watchkeeper.model.run import MakeUp, Origin, Run, State
from watchkeeper.model.schedule import NO_CALENDARS, Calendars, next_after
from watchkeeper.model.text import Text, _
from watchkeeper.model.trigger import Trigger
from watchkeeper.store import runs
from watchkeeper.store.rows import moment, run_of
from watchkeeper.store.tx import Tx

#: Runs that one choice makes at the most.
MOST = 1000

_OPEN = "state = 'MISSED' AND made_up IS NULL"


class Missed(msgspec.Struct, frozen=True):
    """What one job has missed since a person last decided; newest reason."""

    job_id: JobId
    name: str
    count: int
    first_at: datetime
    last_at: datetime
    reason: Text | None


def of_jobs(tx: Tx, *, after: str = "", limit: int = 100) -> list[Missed]:
    """By job name, those that follow `after`; jobs that are gone have nothing to make up for."""
    rows = tx.rows(
        "SELECT runs.job_id, jobs.name, SUM(runs.missed_count) AS n, MIN(runs.due_at) AS first_at, "
        "MAX(COALESCE(runs.last_missed_at, runs.due_at)) AS last_at, MAX(runs.number) AS newest "
        "FROM runs JOIN jobs ON jobs.id = runs.job_id "
        f"WHERE {_OPEN} AND jobs.name > :after GROUP BY runs.job_id, jobs.name ORDER BY jobs.name LIMIT :limit",
        after=after,
        limit=limit,
    )
    return [
        Missed(
            JobId(row.job_id),
            row.name,
            int(row.n),
            moment(row.first_at),
            moment(row.last_at),
            reason_of_newest(tx, row),
        )
        for row in rows
    ]


def settle(tx: Tx, job: Job, choice: MakeUp, actor: str, calendars: Calendars = NO_CALENDARS) -> list[Run]:
    """Make up for what a job has missed, once, wholly or not at all; the new runs. Conflict when there is nothing."""
    gaps = [run_of(row) for row in tx.rows(f"SELECT * FROM runs WHERE {_OPEN} AND job_id = :id", id=job.id)]
    if not gaps:
        raise Conflict(_("{job} has missed nothing that is still open", job=job.name))
    made = [_made_up(tx, job, gap, instant, actor) for gap, instant in _wanted(tx, job, gaps, choice, calendars)]
    tx.run(f"UPDATE runs SET made_up = :choice WHERE {_OPEN} AND job_id = :id", choice=str(choice), id=job.id)
    return made


def _wanted(
    tx: Tx, job: Job, gaps: Sequence[Run], choice: MakeUp, calendars: Calendars
) -> list[tuple[Run, datetime | None]]:
    if choice is MakeUp.NONE:
        return []
    if choice is MakeUp.ONCE:
        newest = max(gaps, key=lambda gap: gap.last_missed_at or gap.due_at)
        return [(newest, newest.last_missed_at or newest.nominal_at)]
    count = sum(gap.missed_count for gap in gaps)
    if count > MOST:
        raise Known(
            _("{job} has missed {count}: more than {most} are not run at once", job=job.name, count=count, most=MOST)
        )
    return [(gap, instant) for gap in gaps for instant in _instants(tx, gap, calendars)]


def _instants(tx: Tx, gap: Run, calendars: Calendars) -> Iterator[datetime | None]:
    """Those of a gap, from the trigger as it is now; its two ends where the trigger is gone or has no instants."""
    spec = tx.value("SELECT spec FROM triggers WHERE id = :id", id=gap.trigger_id)
    first, last = gap.nominal_at, gap.last_missed_at
    yield first
    if first is None or last is None or last == first:
        return
    trigger = None if spec is None else from_own(spec, Trigger)
    step = None if trigger is None else next_after(trigger, first, calendars)
    while trigger is not None and step is not None and step < last:
        yield step
        step = next_after(trigger, step, calendars)
    yield last


def _made_up(tx: Tx, job: Job, gap: Run, instant: datetime | None, actor: str) -> Run:
    run = Run(
        id=run_id(),
        job_id=job.id,
        job_name=job.name,
        job_version=job.version,
        nominal_at=instant,
        origin=Origin.MADE_UP,
        rerun_of=gap.id,
        state=State.QUEUED,
        priority=job.spec.priority,
        concurrency_key=job.concurrency_key(None),
        pool=job.spec.pool,
        created_at=tx.now,
        due_at=tx.now,
        actor=actor,
    )
    tx.tell(RunQueued(run.id, job.name))
    return runs.insert(tx, run)


def reason_of_newest(tx: Tx, row: Any) -> Text | None:
    """Of the newest gap of a group."""
    newest = tx.row("SELECT * FROM runs WHERE number = :number", number=row.newest)
    return run_of(newest).reason
