"""Guards: every kind of move against a run in every state, through the real store."""

import random
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tests.store.making import (
    START,
    attempt_ended,
    brought_to,
    dropped,
    ended,
    intended,
    lost,
    new,
    orphaned,
    requeued,
    retry,
    running,
    saved,
    spec,
    state_of,
)
from watchkeeper.model.errors import Stale
from watchkeeper.model.instant import to_us
from watchkeeper.model.run import ENDINGS, HOLDING, State, may_move
from watchkeeper.model.trigger import Once
from watchkeeper.store import runs, triggers
from watchkeeper.store.compiled import compile_moves
from watchkeeper.store.moves import STATEMENTS, CursorMoved, Dropped, Ended, NextSet, Shelved, Unshelved
from watchkeeper.store.store import Store

pytestmark = pytest.mark.usefixtures("pooled")

S = State
ANY = frozenset(S)
WAITS = frozenset({S.WAITING, S.QUEUED})

#: A kind of move, where it leads, and the states for which this kind is meant.
KINDS: list[tuple[Callable[..., Any], State, frozenset[State]]] = [
    (requeued, S.QUEUED, ANY),
    (intended, S.DISPATCHING, ANY),
    (running, S.RUNNING, ANY),
    (orphaned, S.ORPHANED, ANY),
    (lost, S.UNKNOWN, ANY),
    (retry, S.WAITING, ANY),
    *((partial(ended, state=after), after, HOLDING) for after in (S.SUCCEEDED, S.FAILED, S.TIMED_OUT, S.CANCELLED)),
    *((partial(dropped, state=after), after, WAITS) for after in (S.SKIPPED, S.EXPIRED, S.CANCELLED)),
]


@pytest.mark.parametrize(("make", "after", "meant_for"), KINDS, ids=lambda value: getattr(value, "value", None))
async def test_a_move_happens_exactly_when_the_table_allows_it(
    store: Store, make: Callable[..., Any], after: State, meant_for: frozenset[State]
) -> None:
    for before in State:
        run = await brought_to(store, before) if before is not S.UPSTREAM_FAILED else new(before)
        if before is S.UPSTREAM_FAILED:
            await store.move([run])
        row = make(run)
        losers = await store.move([row])
        is_legal = may_move(before, after) and before in meant_for
        expected = after if is_legal else before
        assert await store.read(lambda tx, run=run: state_of(tx, run.id)) == expected, (before, after)
        # Losing sight of what is not under way is no news to anybody, and so no loser either.
        assert losers == ([] if is_legal or make is orphaned else [row]), (before, after)


@pytest.mark.parametrize("before", sorted(HOLDING))
async def test_a_move_of_another_attempt_loses(store: Store, before: State) -> None:
    run = await brought_to(store, before)
    stale = [running(run, 2), ended(run, attempt=2), retry(run, 2), lost(run, 2)]
    for row in stale:
        assert await store.move([row]) == [row]
    assert await store.read(lambda tx: state_of(tx, run.id)) == before


@pytest.mark.parametrize("ending", sorted(ENDINGS - {S.UPSTREAM_FAILED}))
async def test_an_ending_stays_as_it_was_written(store: Store, ending: State) -> None:
    run = await brought_to(store, ending)
    before = await store.read(lambda tx: runs.get(tx, run.id))
    rows = [make(run) for make, _after, _meant in KINDS]
    for row in rows:
        await store.move([row])
    assert await store.read(lambda tx: runs.get(tx, run.id)) == before


async def test_an_occurrence_becomes_a_run_only_once(store: Store) -> None:
    first = new(trigger_id="t1", nominal_at=to_us(START))
    second = new(trigger_id="t1", nominal_at=to_us(START))
    other = new(trigger_id="t1", nominal_at=to_us(START) + 1)
    assert await store.move([first]) == []
    assert await store.move([second, other]) == [second]
    assert {run.id for run in await store.read(runs.live)} == {first.id, other.id}


async def test_runs_without_a_trigger_are_no_occurrences(store: Store) -> None:
    assert await store.move([new(), new(), new(nominal_at=to_us(START))]) == []


async def test_a_key_is_held_by_one_run_at_a_time(store: Store) -> None:
    holder, other = await brought_to(store, S.QUEUED), await brought_to(store, S.QUEUED)
    await store.move([intended(holder, held_key="k")])
    with pytest.raises(Stale, match="another run was first"):
        await store.move([intended(other, held_key="k")])
    assert await store.read(lambda tx: state_of(tx, other.id)) == S.QUEUED
    await store.move([ended(holder)])
    assert await store.move([intended(other, held_key="k")]) == []


@pytest.mark.parametrize("way", [orphaned, retry, requeued], ids=lambda way: way.__name__)
async def test_a_key_is_kept_until_the_ending(store: Store, way: Callable[..., Any]) -> None:
    holder, other = await brought_to(store, S.QUEUED), await brought_to(store, S.QUEUED)
    await store.move([intended(holder, held_key="k")])
    await store.move([way(holder)])
    with pytest.raises(Stale):
        await store.move([intended(other, held_key="k")])


async def test_a_retry_spends_an_attempt_and_forgets_where_it_was(store: Store) -> None:
    run = await brought_to(store, S.RUNNING)
    await store.move([retry(run)], [attempt_ended(run)])
    kept = await store.read(lambda tx: runs.get(tx, run.id))
    assert (kept.attempt, kept.host, kept.started_at) == (2, None, None)
    (first,) = await store.read(lambda tx: runs.attempts(tx, run.id))
    assert (first.number, first.exit_code, first.host) == (1, 1, "local")


async def test_a_requeued_run_keeps_its_attempt(store: Store) -> None:
    run = await brought_to(store, S.ORPHANED)
    await store.move([requeued(run)])
    kept = await store.read(lambda tx: runs.get(tx, run.id))
    assert (kept.state, kept.attempt, kept.host) == (S.QUEUED, 1, None)


async def test_evidence_and_ending_of_one_round_go_in_their_order(store: Store) -> None:
    run = await brought_to(store, S.DISPATCHING)
    assert await store.move([ended(run)], [running(run)]) == []
    assert await store.read(lambda tx: state_of(tx, run.id)) == S.SUCCEEDED


async def test_a_cursor_never_goes_back(store: Store) -> None:
    job = await saved(store, spec(triggers=(Once(at=START),)))
    (armed,) = await store.read(lambda tx: triggers.armed(tx, job.id))
    for moment in (1_000, -1_000, 500):
        assert await store.move([CursorMoved(armed.id, armed.cursor_us + moment)]) == []
    (moved,) = await store.read(lambda tx: triggers.armed(tx, job.id))
    assert moved.cursor_us == armed.cursor_us + 1_000


async def test_a_moved_cursor_forgets_the_fixed_delay_that_was_set(store: Store) -> None:
    job = await saved(store, spec(triggers=(Once(at=START),)))
    (armed,) = await store.read(lambda tx: triggers.armed(tx, job.id))
    await store.move([NextSet(armed.id, 7)])
    assert [found.next_us for found in await store.read(triggers.armed)] == [7]
    await store.move([CursorMoved(armed.id, armed.cursor_us + 1)])
    assert [found.next_us for found in await store.read(triggers.armed)] == [None]


async def test_shelving_twice_is_shelving_once(store: Store) -> None:
    row = Shelved("r1", 1, "local", "k.1")
    assert await store.move([row, row]) == []
    assert await store.move([Unshelved("r1", 1), Unshelved("r1", 1)]) == []


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"state": "SLEEPING"}, "ck_runs_state"),
        ({"ended_at": 1}, "ck_runs_ended_at"),
        ({"state": "FAILED", "ended_at": None}, "ck_runs_ended_at"),
        ({"state": "FAILED", "ended_at": 1, "held_key": "k"}, "ck_runs_held_key"),
        ({"attempt": 0}, "ck_runs_attempt"),
    ],
)
async def test_the_schema_itself_refuses_an_impossible_run(store: Store, fields: dict[str, Any], rule: str) -> None:
    run = new()._replace(**fields)
    with pytest.raises(IntegrityError, match=rule):
        await store.write(lambda tx: tx.run(STATEMENTS[type(run)], **run._asdict()))


async def test_of_two_rows_for_one_run_in_a_group_one_loses(store: Store) -> None:
    first, second = new(), new()
    assert await store.move([first, second]) == []
    assert await store.move([intended(first), intended(second), intended(first)]) == [intended(first)]
    assert await store.read(lambda tx: {state_of(tx, run.id) for run in (first, second)}) == {State.DISPATCHING}


async def test_runs_that_are_born_in_a_group_are_numbered_in_its_order(store: Store) -> None:
    born = [new() for _ in range(300)]
    random.shuffle(born)
    assert await store.move(born) == []
    numbers = {run.id: run.number for run in await store.read(lambda tx: runs.page(tx, limit=300))}
    assert [numbers[run.id] for run in born] == sorted(numbers.values())


@pytest.mark.parametrize("name", ["sqlite", "postgresql+psycopg"])
def test_every_move_compiles_for_every_dialect(name: str) -> None:
    """Each value of the row is bound once, and nothing else is; an ending's job is for the ending steps."""
    dialect = sa.make_url(f"{name}://").get_dialect()()
    for kind, compiled in compile_moves(dialect).items():
        assert ":" not in compiled.sql, kind
        if compiled.columns:
            bound = {field for field in compiled.columns if compiled.sql.count(f"%({field})s") == 1}
        elif compiled.is_mapping:
            bound = {field for field in kind._fields if f"%({field})s" in compiled.sql}
        else:
            bound = {kind._fields[i] for i in compiled.order or range(len(kind._fields))}
        assert bound == set(kind._fields) - ({"job_id"} if kind in (Ended, Dropped) else set()), kind
