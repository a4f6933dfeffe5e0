"""Whether and when another attempt follows: a pure function of the policy and the result."""

from collections.abc import Callable
from datetime import timedelta

from watchkeeper.engine.result import Result
from watchkeeper.model.instant import span_us
from watchkeeper.model.job import Retry
from watchkeeper.model.run import State


def next_due_us(
    policy: Retry, attempt: int, result: Result, *, first_due_us: int, now_us: int, random: Callable[[], float]
) -> int | None:
    """When attempt + 1 is due, in microseconds since 1970; None when the result stands.

    `random` gives a number in [0, 1) for the jitter.
    """
    if not _is_wanted(policy, attempt, result):
        return None
    due_us = now_us + span_us(_wait(policy, attempt, result, random))
    if policy.total_deadline is not None and due_us > first_due_us + span_us(policy.total_deadline):
        return None
    return due_us


def _is_wanted(policy: Retry, attempt: int, result: Result) -> bool:
    if result.is_final or result.state not in (State.FAILED, State.TIMED_OUT) or attempt >= policy.max_attempts:
        return False
    if result.is_retry_asked:
        return True
    names = {result.kind, *(() if result.exit_code is None else (result.exit_code,))}
    if names & set(policy.no_retry_on):
        return False
    return not policy.retry_on or bool(names & set(policy.retry_on))


def _wait(policy: Retry, attempt: int, result: Result, random: Callable[[], float]) -> timedelta:
    if result.retry_after is not None:
        return min(result.retry_after, policy.max_delay)
    longest = policy.max_delay.total_seconds()
    try:
        seconds = min(policy.delay.total_seconds() * policy.factor ** (attempt - 1), longest)
    except OverflowError:
        seconds = longest
    return timedelta(seconds=min(seconds * _spread(policy.jitter, random), longest))


def _spread(jitter: float | str, random: Callable[[], float]) -> float:
    if jitter == "full":
        return random()
    if isinstance(jitter, str):
        return 1.0
    return 1.0 + jitter * (2 * random() - 1)
