"""Rows and specs for tests: everything has a default, so that a test names only what it is about."""

from datetime import UTC, datetime, timedelta
from typing import Any

from watchkeeper.model.ids import JobId, run_id
from watchkeeper.model.instant import to_us
from watchkeeper.model.job import Job, JobSpec
from watchkeeper.model.run import ENDINGS, State
from watchkeeper.store import jobs
from watchkeeper.store.head import HEAD
from watchkeeper.store.moves import (
    AttemptEnded,
    Dropped,
    Ended,
    Intended,
    Lost,
    NewRun,
    Orphaned,
    Requeued,
    RetryPlanned,
    Running,
)
from watchkeeper.store.store import Store
from watchkeeper.store.tx import Tx

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Wall:
    """A clock for the store that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> None:
        self.now += timedelta(**span)


def new(state: State = State.QUEUED, **fields: Any) -> NewRun:
    """A run as it is born in `state`."""
    born = {
        "id": run_id(),
        "job_id": "j1",
        "job_name": "nightly",
        "job_version": 1,
        "origin": "manual",
        "state": state,
        "priority": 5,
        "created_at": to_us(START),
        "due_at": to_us(START),
        "ended_at": to_us(START) if state in ENDINGS else None,
        "actor": "test",
    }
    return NewRun(**{**born, **fields})


def intended(run: NewRun, attempt: int = 1, **fields: Any) -> Intended:
    return Intended(
        **{
            "id": run.id,
            "attempt": attempt,
            "started_at": to_us(START),
            "held_key": None,
            "host": "local",
            "ground": None,
            **fields,
        }
    )


def running(run: NewRun, attempt: int = 1) -> Running:
    return Running(run.id, attempt, to_us(START))


def orphaned(run: NewRun, attempt: int = 1) -> Orphaned:
    return Orphaned(run.id, attempt, None)


def lost(run: NewRun, attempt: int = 1) -> Lost:
    return Lost(run.id, attempt, None)


def requeued(run: NewRun, attempt: int = 1) -> Requeued:
    return Requeued(run.id, attempt, to_us(START), None)


def retry(run: NewRun, attempt: int = 1) -> RetryPlanned:
    return RetryPlanned(run.id, attempt, attempt + 1, to_us(START), None)


def attempt_ended(run: NewRun, attempt: int = 1) -> AttemptEnded:
    return AttemptEnded(run.id, attempt, to_us(START), to_us(START), 1, None, "local")


def ended(run: NewRun, state: State = State.SUCCEEDED, attempt: int = 1, **fields: Any) -> Ended:
    known = {
        "id": run.id,
        "job_id": run.job_id,
        "attempt": attempt,
        "state": state,
        "reason": None,
        "started_at": None,
        "ended_at": to_us(START),
        "exit_code": 0,
        "has_warning": 0,
        "outputs": None,
        "log_size": 0,
        "log_dropped": 0,
    }
    return Ended(**{**known, **fields})


def dropped(run: NewRun, state: State = State.SKIPPED, attempt: int = 1) -> Dropped:
    return Dropped(run.id, run.job_id, attempt, state, None, to_us(START))


#: How a run comes into each live state, move by move.
WAYS: dict[State, tuple[Any, ...]] = {
    State.QUEUED: (),
    State.DISPATCHING: (intended,),
    State.RUNNING: (intended, running),
    State.ORPHANED: (intended, orphaned),
    State.UNKNOWN: (intended, orphaned, lost),
}


async def brought_to(store: Store, state: State, **fields: Any) -> NewRun:
    """A new run that has come into `state` by legal moves."""
    if state in (State.WAITING, State.SKIPPED, State.MISSED):
        run = new(state, **fields)
        assert await store.move([run]) == []
        return run
    run = new(**fields)
    assert await store.move([run]) == []
    if state in (State.SUCCEEDED, State.FAILED, State.TIMED_OUT):
        ways: tuple[Any, ...] = (intended, lambda run: ended(run, state))
    elif state in (State.EXPIRED, State.CANCELLED):
        ways = (lambda run: dropped(run, state),)
    else:
        ways = WAYS[state]
    for way in ways:
        assert await store.move([way(run)]) == []
    return run


def spec(name: str = "nightly", **fields: Any) -> JobSpec:
    return JobSpec(**{"name": name, "handler": "shell", "params": {"script": "true"}, **fields})


async def saved(store: Store, wanted: JobSpec | None = None, job_id: JobId | None = None) -> Job:
    return await store.write(lambda tx: jobs.save(tx, wanted or spec(), "test", job_id=job_id))


async def pass_time(store: Store, wall: Wall, seconds: float) -> None:
    """Move the clock that leases go by: the wall's, or a server's own."""
    wall.move(seconds=seconds)

    def age(tx: Tx) -> None:
        if not tx.is_sqlite:
            tx.run("UPDATE lease SET expires_at = expires_at - :passed", passed=int(seconds * 1_000_000))

    await store.write(age)


def state_of(tx: Tx, run_id: str) -> str:
    return str(tx.value("SELECT state FROM runs WHERE id = :id", id=run_id))


#: The version of the next program.
NEXT = f"{int(HEAD) + 1:04}"


def migration(body: str) -> str:
    head = f'import sqlalchemy as sa\nfrom alembic import op\nrevision = "{NEXT}"\ndown_revision = "{HEAD}"\n\n\n'
    return head + "def upgrade() -> None:\n" + body


WITH_A_NOTE = '    op.add_column("pools", sa.Column("note", sa.Text()))\n'
