"""The table of legal moves, move by move, against the table as it is written in words."""

from datetime import UTC, datetime

import pytest

from watchkeeper.model.ids import JobId, RunId, TriggerId
from watchkeeper.model.run import ENDINGS, HOLDING, LIVE, MOVES, Run, State, may_move, sources

#: Written out a second time, by the words of the rule and not by the code.
LEGAL = {
    None: "WAITING QUEUED DISPATCHING SKIPPED MISSED",
    State.WAITING: "QUEUED SUCCEEDED FAILED SKIPPED UPSTREAM_FAILED EXPIRED CANCELLED",
    State.QUEUED: "DISPATCHING SKIPPED EXPIRED CANCELLED",
    State.DISPATCHING: "RUNNING SUCCEEDED FAILED TIMED_OUT CANCELLED WAITING ORPHANED QUEUED UNKNOWN",
    State.RUNNING: "SUCCEEDED FAILED TIMED_OUT CANCELLED WAITING ORPHANED",
    State.ORPHANED: "RUNNING SUCCEEDED FAILED TIMED_OUT CANCELLED WAITING QUEUED UNKNOWN",
    State.UNKNOWN: "RUNNING SUCCEEDED FAILED TIMED_OUT CANCELLED WAITING",
}
EVERY_MOVE = [(before, after) for before in (None, *State) for after in State]


@pytest.mark.parametrize(("before", "after"), EVERY_MOVE, ids=lambda state: state or "new")
def test_a_move_is_legal_exactly_when_the_rule_says_so(before: State | None, after: State) -> None:
    assert may_move(before, after) == (after in LEGAL.get(before, "").split())


def test_an_ending_never_moves() -> None:
    named = "SUCCEEDED FAILED TIMED_OUT CANCELLED SKIPPED UPSTREAM_FAILED EXPIRED MISSED"
    assert sorted(ENDINGS) == sorted(named.split())
    assert not any(may_move(ending, after) for ending in ENDINGS for after in State)


def test_every_state_is_live_or_an_ending_and_can_be_reached() -> None:
    assert set(State) == LIVE | ENDINGS
    assert not LIVE & ENDINGS
    assert set().union(*MOVES.values()) == set(State)


def test_every_live_state_leads_to_an_ending() -> None:
    for state in LIVE:
        seen, pending = set[State](), [state]
        while pending:
            here = pending.pop()
            seen.add(here)
            pending.extend(MOVES.get(here, frozenset()) - seen)
        assert seen & ENDINGS, state


def test_only_what_may_have_a_process_holds_a_slot() -> None:
    assert {State.DISPATCHING, State.RUNNING, State.ORPHANED, State.UNKNOWN} == HOLDING


def test_sources_is_the_table_read_backwards() -> None:
    for after in State:
        assert sources(after) == {before for before in State if may_move(before, after)}


def run(**fields: object) -> Run:
    at = datetime(2026, 3, 1, 4, tzinfo=UTC)
    known = {"id": RunId("r1"), "job_id": JobId("j1"), "job_version": 1, "state": State.QUEUED}
    return Run(**{**known, "created_at": at, "due_at": at, **fields})  # type: ignore[arg-type]


def test_an_execution_id_is_the_callers_else_the_occurrence_else_the_run() -> None:
    fire = {"trigger_id": TriggerId("t1"), "nominal_at": datetime(2026, 3, 1, 4, tzinfo=UTC)}
    assert run(caller_execution_id="order-7", **fire).execution_id == "order-7"
    assert run(**fire).execution_id == "cron:t1:2026-03-01T04:00:00+00:00"
    assert run().execution_id == "r1"


def test_a_run_is_live_until_its_ending() -> None:
    assert run().is_live
    assert not run(state=State.MISSED).is_live
