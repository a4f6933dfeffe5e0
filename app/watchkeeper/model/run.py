"""What a run is, its states, and the one table of its legal moves."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from watchkeeper.model.ids import JobId, RunId, TriggerId
from watchkeeper.model.text import Text, _


class State(StrEnum):
    """Where a run stands."""

    WAITING = "WAITING"
    QUEUED = "QUEUED"
    DISPATCHING = "DISPATCHING"
    RUNNING = "RUNNING"
    ORPHANED = "ORPHANED"
    UNKNOWN = "UNKNOWN"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    TIMED_OUT = "TIMED_OUT"
    CANCELLED = "CANCELLED"
    SKIPPED = "SKIPPED"
    UPSTREAM_FAILED = "UPSTREAM_FAILED"
    EXPIRED = "EXPIRED"
    MISSED = "MISSED"


S = State
#: What a state is called before people.
NAMES: Mapping[State, Text] = {
    State.WAITING: _("WAITING"),
    State.QUEUED: _("QUEUED"),
    State.DISPATCHING: _("DISPATCHING"),
    State.RUNNING: _("RUNNING"),
    State.ORPHANED: _("ORPHANED"),
    State.UNKNOWN: _("UNKNOWN"),
    State.SUCCEEDED: _("SUCCEEDED"),
    State.FAILED: _("FAILED"),
    State.TIMED_OUT: _("TIMED_OUT"),
    State.CANCELLED: _("CANCELLED"),
    State.SKIPPED: _("SKIPPED"),
    State.UPSTREAM_FAILED: _("UPSTREAM_FAILED"),
    State.EXPIRED: _("EXPIRED"),
    State.MISSED: _("MISSED"),
}

#: From (None is a new run) to every state that may follow. The schema's CHECK, the guarded UPDATE and the table test
#: are made from this mapping.
MOVES: Mapping[State | None, frozenset[State]] = {
    None: frozenset({S.WAITING, S.QUEUED, S.DISPATCHING, S.SKIPPED, S.MISSED}),
    S.WAITING: frozenset({S.QUEUED, S.SUCCEEDED, S.FAILED, S.SKIPPED, S.UPSTREAM_FAILED, S.EXPIRED, S.CANCELLED}),
    S.QUEUED: frozenset({S.DISPATCHING, S.SKIPPED, S.EXPIRED, S.CANCELLED}),
    S.DISPATCHING: frozenset(
        {
            S.RUNNING,
            S.SUCCEEDED,
            S.FAILED,
            S.TIMED_OUT,
            S.CANCELLED,
            S.WAITING,
            S.ORPHANED,
            S.QUEUED,
            S.UNKNOWN,
        }
    ),
    S.RUNNING: frozenset({S.SUCCEEDED, S.FAILED, S.TIMED_OUT, S.CANCELLED, S.WAITING, S.ORPHANED}),
    S.ORPHANED: frozenset({S.RUNNING, S.SUCCEEDED, S.FAILED, S.TIMED_OUT, S.CANCELLED, S.WAITING, S.QUEUED, S.UNKNOWN}),
    S.UNKNOWN: frozenset({S.RUNNING, S.SUCCEEDED, S.FAILED, S.TIMED_OUT, S.CANCELLED, S.WAITING}),
}

ENDINGS = frozenset(State) - {state for state in MOVES if state is not None}

#: States that hold a slot, the pool and the concurrency key.
HOLDING = frozenset({S.DISPATCHING, S.RUNNING, S.ORPHANED, S.UNKNOWN})

#: States that are not an ending.
LIVE = frozenset(State) - ENDINGS


#: Endings that somebody has to look at; a run that was SKIPPED or CANCELLED says nothing of its job.
FAILURES = frozenset({S.FAILED, S.TIMED_OUT, S.EXPIRED})


def may_move(before: State | None, after: State) -> bool:
    """Whether the table allows the move."""
    return after in MOVES.get(before, frozenset())


def sources(after: State) -> frozenset[State]:
    """The states from which `after` may be reached."""
    return frozenset(before for before, targets in MOVES.items() if before is not None and after in targets)


class Origin(StrEnum):
    """Where a run came from."""

    FIRE = "fire"
    MANUAL = "manual"
    RERUN = "rerun"
    #: The ending of another job's run.
    AFTER = "after"
    #: A person made up for a missed occurrence.
    MADE_UP = "made_up"


class MakeUp(StrEnum):
    """What a person wants to be made up for of what was missed."""

    ONCE = "once"
    ALL = "all"
    NONE = "none"


def execution_id_of(
    run_id: RunId,
    caller_execution_id: str | None,
    trigger_id: TriggerId | None,
    nominal_at: datetime | None,
    after: tuple[RunId, JobId] | None = None,
) -> str:
    """The id under which a run's effects are idempotent: the same over all its attempts.

    `after` is the run whose ending started it, and its own job.
    """
    if caller_execution_id is not None:
        return caller_execution_id
    if after is not None:
        return f"after:{after[0]}:{after[1]}"
    if trigger_id is not None and nominal_at is not None:
        return f"cron:{trigger_id}:{nominal_at.isoformat()}"
    return run_id


class Ground(msgspec.Struct, frozen=True):
    """What a host stands on; ABSENT proves "never started" only while both ids stay the same."""

    boot_id: str
    folder_id: str


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One logical run, over all its attempts."""

    id: RunId
    #: Short number for people, given by the store.
    number: int = 0
    job_id: JobId
    job_name: str = ""
    job_version: int
    trigger_id: TriggerId | None = None
    #: The instant for which a trigger fired it.
    nominal_at: datetime | None = None
    #: As the caller gave it; None means the derived one (see `execution_id`).
    caller_execution_id: str | None = None
    origin: Origin = Origin.MANUAL
    rerun_of: RunId | None = None
    state: State
    #: Why it waits, or why it ended so.
    reason: Text | None = None
    attempt: int = 1
    priority: int = 5
    params: Mapping[str, Any] | None = None
    #: Runs with one key exclude each other; None under `allow`.
    concurrency_key: str | None = None
    #: Whether this run is the one that holds its key.
    holds_key: bool = False
    pool: str | None = None
    created_at: datetime
    #: When the next attempt is due.
    due_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    exit_code: int | None = None
    has_warning: bool = False
    outputs: Mapping[str, Any] = {}
    #: The host whose keeper has it; None for a handler without a process.
    host: str | None = None
    #: What the host stood on when the intent was written.
    ground: Ground | None = None
    #: Bytes of output kept and dropped.
    log_size: int = 0
    log_dropped: int = 0
    cancel_requested_at: datetime | None = None
    cancel_requested_by: str | None = None
    #: A person's judgement beside the ending.
    verdict: State | None = None
    verdict_by: str | None = None
    verdict_reason: str | None = None
    #: With MISSED: the last occurrence of the gap and how many it covers.
    last_missed_at: datetime | None = None
    missed_count: int = 0
    actor: str = ""
    #: The run whose ending started this one.
    after_run: RunId | None = None
    #: The file whose arrival started this one.
    file: str | None = None
    #: With MISSED: what a person chose to be made up for; None while nobody has.
    made_up: MakeUp | None = None

    @property
    def execution_id(self) -> str:
        """The caller's own id, else `after:<run>:<job>`, `cron:<trigger>:<instant>`, or the run's id."""
        after = None if self.after_run is None else (self.after_run, self.job_id)
        return execution_id_of(self.id, self.caller_execution_id, self.trigger_id, self.nominal_at, after)

    @property
    def outcome(self) -> State:
        """A person's verdict, else the state."""
        return self.verdict or self.state

    @property
    def is_live(self) -> bool:
        return self.state in LIVE


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt that was followed by another."""

    number: int
    started_at: datetime | None
    ended_at: datetime
    exit_code: int | None
    reason: Text | None
    host: str | None = None
