"""Whether and when another attempt follows."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchkeeper.engine.result import Result, cancelled, misconfigured
from watchkeeper.engine.retry import next_due_us
from watchkeeper.model.instant import span_us
from watchkeeper.model.job import Retry
from watchkeeper.model.run import ENDINGS, State
from watchkeeper.model.span import Span
from watchkeeper.model.text import _

MINUTE = 60_000_000
NOW = 1_800_000_000_000_000
FAILED = Result(State.FAILED, kind="exit", exit_code=7)
TIMED_OUT = Result(State.TIMED_OUT, kind="timeout")


def wait_of(policy: Retry, attempt: int = 1, result: Result = FAILED, *, first_due_us: int = NOW, random: float = 0.5):
    due_us = next_due_us(policy, attempt, result, first_due_us=first_due_us, now_us=NOW, random=lambda: random)
    return None if due_us is None else due_us - NOW


@pytest.mark.parametrize(
    ("fields", "attempt", "minutes"),
    [
        ({}, 1, 1),
        ({}, 3, 1),
        ({}, 4, None),
        ({"max_attempts": 1}, 1, None),
        ({"factor": 2.0}, 1, 1),
        ({"factor": 2.0}, 3, 4),
        ({"factor": 2.0, "max_delay": Span(minutes=3)}, 3, 3),
        ({"factor": 100.0, "max_attempts": 1000}, 999, 60),
        ({"delay": Span(0)}, 1, 0),
        ({"delay": Span(hours=2)}, 1, 60),
    ],
)
def test_the_wait_grows_by_its_factor_up_to_its_limit(
    fields: Mapping[str, Any], attempt: int, minutes: int | None
) -> None:
    assert wait_of(Retry(**fields), attempt) == (None if minutes is None else minutes * MINUTE)


@pytest.mark.parametrize(
    ("fields", "result", "is_retried"),
    [
        ({}, FAILED, True),
        ({}, TIMED_OUT, True),
        ({"retry_on": (7,)}, FAILED, True),
        ({"retry_on": (8,)}, FAILED, False),
        ({"retry_on": ("exit",)}, FAILED, True),
        ({"retry_on": ("timeout",)}, FAILED, False),
        ({"retry_on": ("timeout",)}, TIMED_OUT, True),
        ({"no_retry_on": (7,)}, FAILED, False),
        ({"no_retry_on": (8,)}, FAILED, True),
        ({"no_retry_on": ("timeout",)}, TIMED_OUT, False),
        ({"retry_on": (7,), "no_retry_on": ("exit",)}, FAILED, False),
        ({"retry_on": ("ValueError",)}, Result(State.FAILED, kind="ValueError"), True),
        ({"retry_on": ("ValueError",)}, Result(State.FAILED, kind="KeyError"), False),
        ({"no_retry_on": ("Retry",)}, Result(State.FAILED, kind="Retry", is_retry_asked=True), True),
        ({"max_attempts": 1}, Result(State.FAILED, kind="Retry", is_retry_asked=True), False),
        ({}, misconfigured(_("wrong")), False),
        ({}, cancelled("me"), False),
    ],
)
def test_the_policy_chooses_by_exit_code_and_kind(fields: Mapping[str, Any], result: Result, is_retried: bool) -> None:
    assert (wait_of(Retry(**fields), result=result) is not None) == is_retried


@pytest.mark.parametrize("state", sorted(ENDINGS - {State.FAILED, State.TIMED_OUT}))
def test_only_a_failure_is_tried_again(state: State) -> None:
    assert wait_of(Retry(), result=Result(state)) is None


def test_the_handlers_own_wait_is_obeyed_up_to_the_limit() -> None:
    asked = Result(State.FAILED, kind="Retry", is_retry_asked=True, retry_after=timedelta(minutes=7))
    assert wait_of(Retry(), result=asked) == 7 * MINUTE
    assert wait_of(Retry(max_delay=Span(minutes=2)), result=asked) == 2 * MINUTE


def test_no_attempt_starts_later_than_the_total_deadline() -> None:
    policy = Retry(total_deadline=Span(minutes=10))
    assert wait_of(policy, first_due_us=NOW - 9 * MINUTE) == MINUTE
    assert wait_of(policy, first_due_us=NOW - 9 * MINUTE - 1) is None


spans = st.integers(0, 10_000_000).map(lambda ms: Span(milliseconds=ms))
policies = st.builds(
    Retry,
    max_attempts=st.integers(1, 1000),
    delay=spans,
    factor=st.floats(1, 100),
    max_delay=spans,
    jitter=st.one_of(st.sampled_from(["none", "full"]), st.floats(0, 1)),
    total_deadline=st.none() | spans,
)


@given(
    policies,
    st.integers(1, 1001),
    st.floats(0, 1, exclude_max=True),
    st.integers(0, 10**10),
    st.none() | st.timedeltas(timedelta(0), timedelta(days=100)),
)
def test_a_retry_is_never_beyond_its_limits(
    policy: Retry, attempt: int, random: float, age_us: int, retry_after: timedelta | None
) -> None:
    result = Result(State.FAILED, kind="exit", exit_code=1, retry_after=retry_after)
    wait_us = wait_of(policy, attempt, result, first_due_us=NOW - age_us, random=random)
    if attempt >= policy.max_attempts:
        assert wait_us is None
    if wait_us is None:
        return
    assert 0 <= wait_us <= span_us(policy.max_delay)
    if policy.total_deadline is not None:
        assert wait_us + age_us <= span_us(policy.total_deadline)


@given(st.floats(0, 1), st.floats(0, 1, exclude_max=True), st.integers(1, 20))
def test_jitter_stays_within_its_share_of_the_plain_wait(jitter: float, random: float, attempt: int) -> None:
    fields = {"factor": 1.5, "max_attempts": 1000, "max_delay": Span(days=10)}
    plain = wait_of(Retry(**fields), attempt)
    spread = wait_of(Retry(**fields, jitter=jitter), attempt, random=random)
    full = wait_of(Retry(**fields, jitter="full"), attempt, random=random)
    assert abs(spread - plain) <= jitter * plain + 2
    assert 0 <= full <= plain
