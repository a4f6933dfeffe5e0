"""The checker finds what it is there to find, and nothing in a clean history."""

from typing import Any

import pytest

from tests.faults.checker import Endings, Schedule, execution_id, judge, notice_faults
from tests.faults.ledger import Effect

SECOND = 1_000_000
SCHEDULE = Schedule("t", SECOND, saved_us=100 * SECOND + 1)


def row(number: int, state: str = "SUCCEEDED", **more: Any) -> dict[str, Any]:
    """A run of the occurrence at second 100 + `number`."""
    at = (100 + number) * SECOND
    plain = {
        "id": f"r{number}", "trigger_id": "t", "nominal_at": at, "caller_execution_id": None, "state": state,
        "attempt": 1, "exit_code": 0, "reason": None, "started_at": at, "ended_at": at, "outputs": None,
        "last_missed_at": None, "missed_count": 0, "log_size": 0,
    }  # fmt: skip
    return {**plain, **more}


def effect(of: dict[str, Any], attempt: int = 1) -> Effect:
    return Effect("start", execution_id(of), attempt, 1, 0.0)


#: Four occurrences: one ran, one ran at its second attempt, two were missed as one gap.
RUNS = [row(1), row(2, attempt=2), row(3, "MISSED", last_missed_at=104 * SECOND, missed_count=2)]
ATTEMPTS = [{"run_id": "r2", "number": 1}]
EFFECTS = [effect(RUNS[0]), effect(RUNS[1]), effect(RUNS[1], 2)]


def faults(
    runs: Any = RUNS, attempts: Any = ATTEMPTS, effects: Any = EFFECTS, cursor: int = 104 * SECOND + 1
) -> list[str]:
    return judge([SCHEDULE], {"t": cursor}, runs, attempts, effects)


def test_a_clean_history_has_no_faults() -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("what", "found"),
    [
        ({"runs": RUNS[:1] + RUNS[2:], "attempts": [], "effects": EFFECTS[:1]}, "was lost"),
        ({"cursor": 105 * SECOND}, "was lost"),
        ({"runs": [*RUNS, row(4)], "effects": [*EFFECTS, effect(row(4))]}, "was dealt with 2 times"),
        ({"runs": [*RUNS, row(1, id="r1b")]}, "was dealt with 2 times"),
        ({"runs": [*RUNS, row(-5)], "effects": [*EFFECTS, effect(row(-5))]}, "was never due"),
        ({"runs": [*RUNS[:2], {**RUNS[2], "missed_count": 1}]}, "covers 2 occurrences and says 1"),
        ({"effects": [*EFFECTS, effect(RUNS[0])]}, "ran 2 times"),
        ({"effects": EFFECTS[1:]}, "had effects of []"),
        ({"effects": EFFECTS[:2]}, "had effects of [1]"),
        ({"effects": [*EFFECTS, effect(RUNS[0], 2)]}, "had an effect of 2"),
        ({"effects": [*EFFECTS, effect(RUNS[2])]}, "is MISSED and had effects"),
        ({"effects": [*EFFECTS, Effect("start", "x", 1, 1, 0.0)]}, "had an effect and is no run"),
        ({"attempts": []}, "has records of []"),
        ({"attempts": ATTEMPTS * 2}, "has records of [1, 1]"),
        ({"runs": [row(1, "RUNNING"), *RUNS[1:]]}, "is still RUNNING"),
    ],
)
def test_a_planted_fault_is_found(what: dict[str, Any], found: str) -> None:
    assert any(found in fault for fault in faults(**what)), faults(**what)


@pytest.mark.parametrize("change", [{"state": "FAILED"}, {"ended_at": 1}, {"exit_code": 7}, {"attempt": 3}])
def test_an_ending_that_changed_is_found(change: dict[str, Any]) -> None:
    endings = Endings()
    assert endings.faults(RUNS) == []
    assert endings.faults(RUNS) == []
    assert "changed" in endings.faults([{**RUNS[0], **change}, *RUNS[1:]])[0]


def test_an_ending_that_went_is_found() -> None:
    endings = Endings()
    assert endings.faults(RUNS) == []
    assert "the ending of r1 changed" in endings.faults(RUNS[1:])[0]


def test_a_live_run_may_change() -> None:
    endings = Endings()
    assert endings.faults([row(1, "RUNNING")]) == []
    assert endings.faults([row(1)]) == []


def test_a_failure_that_was_told_twice_or_never_is_found() -> None:
    failed, told = [row(1, "FAILED"), row(2)], {"run_id": "r1"}
    assert notice_faults(failed, [told]) == []
    assert notice_faults(failed, []) == ["the failure of r1 was told 0 times"]
    assert notice_faults(failed, [told, told]) == ["the failure of r1 was told 2 times"]
    assert notice_faults(failed, [told, {"run_id": "r2"}]) == ["r2 did not fail and was told of"]
