"""The course of a run is told in stretches that follow each other, on an axis with round moments."""

from datetime import UTC, datetime, timedelta

import pytest

from watchkeeper.action.runs import Detail
from watchkeeper.model.run import Attempt, Run, State
from watchkeeper.ui.pages.run.course import Kind, bounds, course, ticks

MADE = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return MADE + timedelta(seconds=seconds)


def detail(state: State, started: float | None, ended: float | None, *attempts: tuple[float, float]) -> Detail:
    before = [
        Attempt(number=n, started_at=after(begin), ended_at=after(end), exit_code=1, reason=None)
        for n, (begin, end) in enumerate(attempts, 1)
    ]
    run = Run(
        id="r", job_id="j", job_version=1, state=state, attempt=len(attempts) + 1, created_at=MADE,
        due_at=after(900 if started is None else 0),
        started_at=None if started is None else after(started), ended_at=None if ended is None else after(ended),
    )  # fmt: skip
    return Detail(run, before)


def kinds(found: Detail, now: float) -> list[tuple[str, float, float]]:
    return [
        (str(each.kind), (each.begin - MADE).total_seconds(), (each.end - MADE).total_seconds())
        for each in course(found, after(now))
    ]


def test_attempts_and_the_waits_between_them_follow_each_other() -> None:
    assert kinds(detail(State.FAILED, 90, 120, (5, 60)), 500) == [
        ("queued", 0, 5),
        ("failed", 5, 60),
        ("retry", 60, 90),
        ("failed", 90, 120),
    ]


def test_what_goes_on_ends_now_and_a_wait_ends_when_the_next_attempt_is_due() -> None:
    assert kinds(detail(State.RUNNING, 5, None), 65) == [("queued", 0, 5), ("running", 5, 65)]
    assert kinds(detail(State.WAITING, None, None, (0, 60)), 65) == [("failed", 0, 60), ("retry", 60, 900)]
    assert kinds(detail(State.QUEUED, None, None), 1000) == [("queued", 0, 1000)]


def test_an_attempt_of_no_length_is_shown_all_the_same() -> None:
    assert kinds(detail(State.SUCCEEDED, 0, 0), 9) == [("succeeded", 0, 0)]


@pytest.mark.parametrize("seconds", [0, 1, 7, 59, 61, 3_599, 86_400, 9_000_000])
def test_an_axis_has_a_few_round_moments_within_its_bounds(seconds: int) -> None:
    found = detail(State.SUCCEEDED, 0, seconds)
    begin, end = bounds(course(found, after(0)), after(0))
    step, moments = ticks(begin, end, 5)
    assert len(moments) <= 6
    assert all(begin <= moment <= end and moment.timestamp() % step.total_seconds() == 0 for moment in moments)


def test_only_what_there_is_has_a_bar() -> None:
    assert {each.kind for each in course(detail(State.UNKNOWN, 3, None), after(9))} == {Kind.QUEUED, Kind.LOST}
