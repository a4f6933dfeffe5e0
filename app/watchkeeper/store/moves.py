"""The hot lane: changes of runs as rows of data, one statement per kind (how drivers get it: see compiled.py).

Every kind is a NamedTuple whose fields are the statement's values, in any order; its guard is in the WHERE.
"""

from typing import Any, NamedTuple

from watchkeeper.model.run import State, sources


class NewRun(NamedTuple):
    """A run as it is born; an occurrence that is there already stays as it is (a loser)."""

    id: str
    job_id: str
    job_name: str
    job_version: int
    origin: str
    state: str
    priority: int
    created_at: int
    due_at: int
    actor: str
    trigger_id: str | None = None
    nominal_at: int | None = None
    caller_execution_id: str | None = None
    rerun_of: str | None = None
    reason: str | None = None
    attempt: int = 1
    params: str | None = None
    concurrency_key: str | None = None
    held_key: str | None = None
    pool: str | None = None
    started_at: int | None = None
    ended_at: int | None = None
    exit_code: int | None = None
    has_warning: int = 0
    outputs: str | None = None
    host: str | None = None
    ground: str | None = None
    log_size: int = 0
    log_dropped: int = 0
    last_missed_at: int | None = None
    missed_count: int = 0
    after_run: str | None = None
    file: str | None = None


class CursorMoved(NamedTuple):
    """A trigger's last nominal instant; it never goes back."""

    trigger_id: str
    cursor_at: int


class NextSet(NamedTuple):
    """When a fixed delay fires next; None while its run lives."""

    trigger_id: str
    next_at: int | None


class Requeued(NamedTuple):
    """Back to the queue: a retry is due, or it is proved that nothing started."""

    id: str
    attempt: int
    due_at: int
    reason: str | None


class Intended(NamedTuple):
    """The intent, on disk before the outside call."""

    id: str
    attempt: int
    started_at: int
    held_key: str | None
    host: str | None
    ground: str | None


class Withheld(NamedTuple):
    """Why a run in the queue is not given its secrets; None when it is again."""

    id: str
    attempt: int
    reason: str | None


class Running(NamedTuple):
    """Evidence that the attempt runs; written, never waited for."""

    id: str
    attempt: int
    started_at: int | None


class Orphaned(NamedTuple):
    """The engine lost sight of the attempt."""

    id: str
    attempt: int
    reason: str | None


class Lost(NamedTuple):
    """UNKNOWN: nobody can say whether the attempt happened."""

    id: str
    attempt: int
    reason: str | None


class RetryPlanned(NamedTuple):
    """The attempt failed, `next_attempt` waits until `due_at`; the key is kept, the slot is not."""

    id: str
    attempt: int
    next_attempt: int
    due_at: int
    reason: str | None


class AttemptEnded(NamedTuple):
    """The record of an attempt that another follows."""

    run_id: str
    number: int
    started_at: int | None
    ended_at: int
    exit_code: int | None
    reason: str | None
    host: str | None


class Ended(NamedTuple):
    """An ending of what had been dispatched. The ending steps of the same transaction get these rows."""

    id: str
    #: For the ending steps; not written.
    job_id: str
    attempt: int
    state: str
    reason: str | None
    started_at: int | None
    ended_at: int
    exit_code: int | None
    has_warning: int
    outputs: str | None
    log_size: int
    log_dropped: int


class Dropped(NamedTuple):
    """An ending of what never started: SKIPPED, EXPIRED or CANCELLED. The ending steps get these rows too."""

    id: str
    #: For the ending steps; not written.
    job_id: str
    attempt: int
    state: str
    reason: str | None
    ended_at: int


class Remembered(NamedTuple):
    """Beside a job: what its last run came to, and how long its runs take (None: as before). See last_runs.py."""

    job_id: str
    last_run: str
    last_state: str
    last_warning: int
    last_ended_at: int
    took: str | None
    p50_us: int | None


class Shelved(NamedTuple):
    """A finished attempt whose log and run directory still lie on the host."""

    run_id: str
    attempt: int
    host: str
    key: str


class Unshelved(NamedTuple):
    """Its log is in the workspace and its directory may go."""

    run_id: str
    attempt: int


def _from(*targets: State) -> str:
    """The states from which every one of `targets` may be reached."""
    return ", ".join(f"'{source}'" for source in sorted(frozenset.intersection(*map(sources, targets))))


_HERE = "WHERE id = :id AND attempt = :attempt AND state IN"

#: In the order in which one round carries them out: what is only evidence comes before what ends.
STATEMENTS: dict[type[Any], str] = {
    NewRun: f"INSERT INTO runs ({', '.join(NewRun._fields)}) VALUES (:{', :'.join(NewRun._fields)}) "
    "ON CONFLICT (trigger_id, nominal_at) WHERE trigger_id IS NOT NULL DO NOTHING",
    CursorMoved: "UPDATE triggers SET cursor_at = :cursor_at, next_at = NULL "
    "WHERE id = :trigger_id AND cursor_at < :cursor_at",
    Requeued: "UPDATE runs SET state = 'QUEUED', due_at = :due_at, reason = :reason, started_at = NULL, host = NULL, "
    f"ground = NULL {_HERE} ({_from(State.QUEUED)})",
    Intended: "UPDATE runs SET state = 'DISPATCHING', started_at = :started_at, held_key = :held_key, host = :host, "
    f"ground = :ground, reason = NULL {_HERE} ('QUEUED')",
    Withheld: f"UPDATE runs SET reason = :reason {_HERE} ('QUEUED')",
    Running: "UPDATE runs SET state = 'RUNNING', reason = NULL, started_at = COALESCE(:started_at, started_at) "
    f"{_HERE} ({_from(State.RUNNING)})",
    Orphaned: f"UPDATE runs SET state = 'ORPHANED', reason = :reason {_HERE} ({_from(State.ORPHANED)})",
    Lost: f"UPDATE runs SET state = 'UNKNOWN', reason = :reason {_HERE} ({_from(State.UNKNOWN)})",
    RetryPlanned: "UPDATE runs SET state = 'WAITING', attempt = :next_attempt, due_at = :due_at, reason = :reason, "
    f"started_at = NULL, host = NULL, ground = NULL {_HERE} ({_from(State.WAITING)})",
    AttemptEnded: "INSERT INTO attempts (run_id, number, started_at, ended_at, exit_code, reason, host) "
    "VALUES (:run_id, :number, :started_at, :ended_at, :exit_code, :reason, :host)",
    Ended: "UPDATE runs SET state = :state, reason = :reason, started_at = COALESCE(:started_at, started_at), "
    "ended_at = :ended_at, exit_code = :exit_code, has_warning = :has_warning, outputs = :outputs, "
    f"log_size = :log_size, log_dropped = :log_dropped, held_key = NULL "
    f"{_HERE} ({_from(State.SUCCEEDED, State.FAILED, State.TIMED_OUT, State.CANCELLED)})",
    Dropped: "UPDATE runs SET state = :state, reason = :reason, ended_at = :ended_at, held_key = NULL "
    f"{_HERE} ({_from(State.SKIPPED, State.EXPIRED, State.CANCELLED)})",
    Remembered: "UPDATE job_list SET last_run = :last_run, last_state = :last_state, last_warning = :last_warning, "
    "last_ended_at = :last_ended_at, took = COALESCE(:took, took), p50_us = COALESCE(:p50_us, p50_us) "
    "WHERE job_id = :job_id",
    NextSet: "UPDATE triggers SET next_at = :next_at WHERE id = :trigger_id",
    Shelved: "INSERT INTO shelf (run_id, attempt, host, key) VALUES (:run_id, :attempt, :host, :key) "
    "ON CONFLICT DO NOTHING",
    Unshelved: "DELETE FROM shelf WHERE run_id = :run_id AND attempt = :attempt",
}

#: Kinds whose rows may touch nothing without anybody having lost.
UNGUARDED = frozenset({NextSet, Remembered, Shelved, Unshelved, CursorMoved, Orphaned, Withheld})
