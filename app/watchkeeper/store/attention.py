"""Which runs need a person, and which of them one has seen."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from watchkeeper.model.errors import Conflict
from watchkeeper.model.events import RunAcknowledged, RunReopened
from watchkeeper.model.ids import JobId, RunId
from watchkeeper.model.instant import from_us, span_us
from watchkeeper.model.run import FAILURES, NAMES, Run, State
from watchkeeper.model.text import _
from watchkeeper.store import chains
from watchkeeper.store.conditions import HAS_FAILED, IS_LIVE, listed
from watchkeeper.store.rows import run_of
from watchkeeper.store.tx import Tx

#: Jobs that one failure keeps from running, at the most.
MOST_KEPT = 1_000

_OUTCOMES = listed(FAILURES | {State.SUCCEEDED})
_IS_WAITING = f"{IS_LIVE} AND state IN ('QUEUED', 'WAITING')"
_IS_UNSEEN = "NOT EXISTS (SELECT 1 FROM acknowledgements WHERE acknowledgements.run_id = runs.id)"

#: Every job of which a run has failed, found by one step of the index for each.
FAILING = (
    f"WITH RECURSIVE failing(job_id) AS (SELECT min(job_id) FROM runs WHERE {HAS_FAILED} UNION ALL "
    f"SELECT (SELECT min(job_id) FROM runs WHERE ({HAS_FAILED}) AND job_id > failing.job_id) "
    "FROM failing WHERE failing.job_id IS NOT NULL)"
)
_NEWEST = (
    "JOIN runs ON runs.number = (SELECT number FROM runs outcome "
    f"WHERE outcome.job_id = failing.job_id AND outcome.state IN ({_OUTCOMES}) ORDER BY number DESC LIMIT 1) "
)


class Acknowledgement(msgspec.Struct, frozen=True):
    """Who has seen a run, when, and what they noted."""

    run_id: RunId
    at: datetime
    actor: str
    note: str


def failures(tx: Tx, limit: int) -> list[Run]:
    """Of each job that exists the newest outcome, if it is a failure that nobody has seen; the newest first.

    A person's verdict counts before the state.
    """
    rows = tx.rows(
        f"{FAILING} SELECT runs.* FROM failing JOIN jobs ON jobs.id = failing.job_id {_NEWEST} "
        f"WHERE COALESCE(runs.verdict, runs.state) IN ({listed(FAILURES)}) AND {_IS_UNSEEN} "
        "ORDER BY runs.number DESC LIMIT :limit",
        limit=limit,
    )
    return [run_of(row) for row in rows]


def unknown(tx: Tx, limit: int) -> list[Run]:
    """Runs of which nobody can say whether they happened, and which nobody has seen; the oldest first."""
    rows = tx.rows(
        f"SELECT * FROM runs WHERE {IS_LIVE} AND state = 'UNKNOWN' AND {_IS_UNSEEN} ORDER BY number LIMIT :limit",
        limit=limit,
    )
    return [run_of(row) for row in rows]


def late(tx: Tx, grace: timedelta, limit: int) -> list[Run]:
    """Runs that should have started more than `grace` ago, and which nobody has seen; the oldest first."""
    rows = tx.rows(
        f"SELECT * FROM runs WHERE {_IS_WAITING} AND due_at < :limit_us AND {_IS_UNSEEN} ORDER BY number LIMIT :limit",
        limit_us=tx.now_us - span_us(grace),
        limit=limit,
    )
    return [run_of(row) for row in rows]


def kept_back(tx: Tx, failed: Run) -> list[str]:
    """The names of the jobs that would have run, one after the other, if this run had succeeded, and have not since."""
    found, frontier = dict[JobId, str](), [failed.job_id]
    while frontier and len(found) < MOST_KEPT:
        for job_id, name in chains.after_success(tx, frontier.pop()):
            if job_id not in found and job_id != failed.job_id and not _has_run_since(tx, job_id, failed.number):
                found[job_id] = name
                frontier.append(job_id)
    return sorted(found.values())


def acknowledge(tx: Tx, run: Run, actor: str, note: str) -> Acknowledgement:
    """A person has seen it; Conflict when it needs nobody, or somebody was first."""
    if run.outcome not in FAILURES | {State.UNKNOWN, State.QUEUED, State.WAITING}:
        raise Conflict(
            _(
                "run #{number} is {state}: there is nothing to acknowledge",
                number=run.number,
                state=NAMES[run.outcome],
            )
        )
    is_first = tx.run(
        "INSERT INTO acknowledgements (run_id, at, actor, note) VALUES (:run, :now, :actor, :note) "
        "ON CONFLICT (run_id) DO NOTHING",
        run=run.id,
        now=tx.now_us,
        actor=actor,
        note=note,
    )
    if not is_first:
        seen = acknowledged(tx, [run.id])[run.id]
        raise Conflict(_("run #{number} was acknowledged by {actor} already", number=run.number, actor=seen.actor))
    tx.tell(RunAcknowledged(run.id, run.job_name, actor))
    return acknowledged(tx, [run.id])[run.id]


def reopen(tx: Tx, run: Run, actor: str) -> None:
    """It needs a person again; Conflict when nobody had acknowledged it."""
    if not tx.run("DELETE FROM acknowledgements WHERE run_id = :run", run=run.id):
        raise Conflict(_("run #{number} was not acknowledged", number=run.number))
    tx.tell(RunReopened(run.id, run.job_name, actor))


def acknowledged(tx: Tx, run_ids: Sequence[RunId]) -> dict[RunId, Acknowledgement]:
    """Those of these runs that somebody has seen."""
    rows = (tx.row("SELECT * FROM acknowledgements WHERE run_id = :run", run=run_id) for run_id in run_ids)
    found = (Acknowledgement(RunId(row.run_id), from_us(row.at), row.actor, row.note) for row in rows if row)
    return {each.run_id: each for each in found}


def _has_run_since(tx: Tx, job_id: JobId, number: int) -> bool:
    newest = tx.value("SELECT max(number) FROM runs WHERE job_id = :id", id=job_id)
    return newest is not None and newest > number
