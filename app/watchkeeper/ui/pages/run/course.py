"""The course of a run in stretches of time: a wait in the queue, an attempt, a wait for the next, another one."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from watchkeeper.action.runs import Detail
from watchkeeper.model.run import Run, State

#: The shortest time that is shown.
SHORTEST = timedelta(seconds=1)
_STEPS = (
    *(timedelta(seconds=n) for n in (1, 2, 5, 10, 15, 30)),
    *(timedelta(minutes=n) for n in (1, 2, 5, 10, 15, 30)),
    *(timedelta(hours=n) for n in (1, 2, 3, 6, 12, 24, 48, 168)),
)


class Kind(StrEnum):
    """What a stretch is."""

    QUEUED = "queued"
    SUCCEEDED = "succeeded"
    RUNNING = "running"
    FAILED = "failed"
    RETRY = "retry"
    STOPPED = "stopped"
    LOST = "lost"


class Stretch(NamedTuple):
    """From when to when; `attempt` is 0 where none ran."""

    kind: Kind
    begin: datetime
    end: datetime
    attempt: int = 0


def course(detail: Detail, now: datetime) -> list[Stretch]:
    """In order; what goes on ends now, a wait whose end is known ends then."""
    return [stretch for stretch in _all(detail, now) if stretch.end > stretch.begin or stretch.attempt]


def bounds(stretches: list[Stretch], now: datetime) -> tuple[datetime, datetime]:
    """The time that is shown, with a little room at its end."""
    begin = stretches[0].begin if stretches else now
    end = max((stretch.end for stretch in stretches), default=now)
    span = max(end - begin, SHORTEST)
    return begin, begin + span * 1.04


def ticks(begin: datetime, end: datetime, most: int) -> tuple[timedelta, list[datetime]]:
    """At most so many moments at a round distance, and that distance."""
    span = end - begin
    step = next((step for step in _STEPS if span / step <= most), _STEPS[-1] * (1 + span // (_STEPS[-1] * most)))
    whole = step.total_seconds()
    first = begin + timedelta(seconds=-begin.timestamp() % whole)
    return step, [first + step * n for n in range(int((end - first) / step) + 1) if first <= end]


def _all(detail: Detail, now: datetime) -> Iterator[Stretch]:
    run, reached = detail.run, detail.run.created_at
    for attempt in detail.attempts:
        if attempt.started_at is not None:
            yield _wait(reached, attempt.started_at, attempt.number)
            yield Stretch(Kind.FAILED, attempt.started_at, attempt.ended_at, attempt.number)
        reached = attempt.ended_at
    if run.started_at is None:
        end = run.ended_at or (max(now, run.due_at) if run.is_live else reached)
        yield _wait(reached, end, run.attempt)
        return
    yield _wait(reached, run.started_at, run.attempt)
    yield Stretch(_kind(run), run.started_at, run.ended_at or now, run.attempt)


def _wait(begin: datetime, end: datetime, attempt: int) -> Stretch:
    return Stretch(Kind.QUEUED if attempt == 1 else Kind.RETRY, begin, end)


def _kind(run: Run) -> Kind:
    match run.state:
        case State.SUCCEEDED:
            return Kind.SUCCEEDED
        case State.DISPATCHING | State.RUNNING:
            return Kind.RUNNING
        case State.UNKNOWN | State.ORPHANED:
            return Kind.LOST
        case State.CANCELLED | State.SKIPPED:
            return Kind.STOPPED
        case _:
            return Kind.FAILED
