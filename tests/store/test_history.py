"""History: every filter takes what a plain look takes, in pages that meet without a gap; moments become numbers."""

import random
from datetime import timedelta
from typing import Any

import pytest

from tests.store.making import START, new, saved, spec
from watchkeeper.model.ids import JobId
from watchkeeper.model.instant import to_us
from watchkeeper.model.run import ENDINGS, Origin, Run, State
from watchkeeper.store import history, jobs, matching, runs
from watchkeeper.store.history import Filter, Span
from watchkeeper.store.moments import MADE, first_since
from watchkeeper.store.moves import NewRun
from watchkeeper.store.store import Store
from watchkeeper.store.tx import Tx

S = State
COUNT = 240
STATES = (S.SUCCEEDED, S.SUCCEEDED, S.FAILED, S.TIMED_OUT, S.SKIPPED, S.MISSED, S.QUEUED, S.UNKNOWN, S.EXPIRED)


@pytest.fixture
async def past(store: Store) -> list[Run]:
    """Runs of eight jobs in many states, one a minute; newest first."""
    chance = random.Random(7)

    def one(place: int) -> NewRun:
        at = to_us(START + place * timedelta(minutes=1))
        state = chance.choice(STATES)
        return new(
            state,
            job_id=f"j{chance.randrange(8)}",
            created_at=at,
            due_at=at,
            ended_at=at if state in ENDINGS else None,
            host=chance.choice(["local", "db-02", None]),
            origin=chance.choice(["fire", "manual"]),
        )

    assert await store.move([one(place) for place in range(COUNT)]) == []
    return await store.read(lambda tx: runs.page(tx, limit=1_000))


def takes(wanted: Filter, run: Run) -> bool:
    return (
        (wanted.jobs is None or run.job_id in wanted.jobs)
        and (not wanted.states or run.state in wanted.states)
        and (not wanted.origins or run.origin in wanted.origins)
        and wanted.host in (None, run.host)
    )


def chosen(chance: random.Random) -> Filter:
    ids = [JobId(f"j{place}") for place in range(9)]
    return Filter(
        jobs=chance.choice(
            [None, None, (), tuple(chance.sample(ids, 2)), (*ids, *(JobId(f"x{n}") for n in range(60)))]
        ),
        states=chance.choice(
            [(), (), (S.FAILED,), (S.SUCCEEDED,), (S.QUEUED, S.UNKNOWN), (S.FAILED, S.SUCCEEDED, S.MISSED)]
        ),
        origins=chance.choice([(), (), (Origin.FIRE,)]),
        host=chance.choice([None, None, "db-02", "nowhere"]),
    )


async def test_a_filter_takes_what_a_plain_look_takes_and_pages_meet(store: Store, past: list[Run]) -> None:
    chance = random.Random(11)
    for _count in range(60):
        wanted, size = chosen(chance), chance.choice([1, 7, 50])
        plain = [run for run in past if takes(wanted, run)]
        down = await turned(store, wanted, size, is_upwards=False)
        up = await turned(store, wanted, size, is_upwards=True)
        assert down == plain, wanted
        assert up == plain, wanted
        assert (await store.read(lambda tx, w=wanted: history.count(tx, w, Span(1, COUNT)))).number == len(plain)


async def turned(store: Store, wanted: Filter, size: int, *, is_upwards: bool) -> list[Run]:
    """All pages after each other."""
    found: list[Run] = []
    edge: int | None = 0 if is_upwards else None
    while True:
        given: dict[str, Any] = {"above": edge, "before": None} if is_upwards else {"before": edge, "above": None}
        rows = await store.read(lambda tx, g=given: history.page(tx, wanted, Span(1, COUNT), limit=size, **g))
        if not rows:
            return found
        found = rows + found if is_upwards else found + rows
        edge = rows[0 if is_upwards else -1].number


async def test_a_moment_becomes_the_number_of_the_first_run_made_then(store: Store, past: list[Run]) -> None:
    first, last = past[-1].number, past[0].number

    def look(tx: Tx, **spans: float) -> int:
        return first_since(tx, MADE, START + timedelta(**spans), first, last)

    for minutes in (0, 1, 17, 100, COUNT - 1):
        assert await store.read(lambda tx, m=minutes: look(tx, minutes=m)) == first + minutes
        assert await store.read(lambda tx, m=minutes: look(tx, minutes=m, seconds=-1)) == first + minutes
        assert await store.read(lambda tx, m=minutes: look(tx, minutes=m, seconds=1)) == first + minutes + 1
    assert await store.read(lambda tx: look(tx, days=-9)) == first
    assert await store.read(lambda tx: look(tx, days=9)) == last + 1


async def test_a_range_of_time_holds_its_beginning_and_not_its_end(store: Store, past: list[Run]) -> None:
    since, until = START + timedelta(minutes=10), START + timedelta(minutes=20)
    span = await store.read(lambda tx: history.span_of(tx, since, until))
    made = [run.created_at for run in past if span.first <= run.number <= span.last]
    assert (max(made), min(made), len(made)) == (until - timedelta(minutes=1), since, 10)


async def test_numbers_that_were_pruned_leave_no_hole_in_time(store: Store, past: list[Run]) -> None:
    await store.write(lambda tx: tx.run("DELETE FROM runs WHERE number % 3 <> 0 OR number < 40"))
    kept = [run for run in past if run.number % 3 == 0 and run.number >= 40]
    since = START + timedelta(minutes=100)
    span = await store.read(lambda tx: history.span_of(tx, since))
    rows = await store.read(lambda tx: history.page(tx, Filter(), span, before=None, above=None, limit=500))
    assert rows == [run for run in kept if run.created_at >= since]


async def test_an_empty_store_has_an_empty_history(store: Store) -> None:
    span = await store.read(lambda tx: history.span_of(tx, START, START + timedelta(days=1)))
    assert span.size == 0
    assert await store.read(lambda tx: history.page(tx, Filter(), span, before=None, above=None, limit=9)) == []
    assert await store.read(lambda tx: history.count(tx, Filter(), span)) == history.Count(0, is_exact=True)


async def test_many_are_told_about_and_not_counted(
    store: Store, past: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MOST_COUNTED", 30)
    monkeypatch.setattr(history, "SAMPLE", 120)

    async def count(**fields: Any) -> history.Count:
        return await store.read(lambda tx: history.count(tx, Filter(**fields), Span(1, COUNT)))

    assert await count() == history.Count(COUNT, is_exact=False)
    many = await count(states=(S.SUCCEEDED,))
    real = sum(run.state is S.SUCCEEDED for run in past)
    assert not many.is_exact and 0.6 * real < many.number < 1.6 * real
    few = await count(states=(S.UNKNOWN,), jobs=(JobId("j1"),))
    assert few.number <= 30


async def test_a_leap_in_the_numbers_is_not_taken_for_runs(store: Store) -> None:
    """After a restore the numbers go on far above those that may have been given meanwhile."""
    assert await store.move([new(S.SKIPPED) for _count in range(3)]) == []
    await store.write(lambda tx: tx.run("UPDATE runs SET number = 9000000 WHERE number = 3"))
    span = await store.read(history.span_of)
    assert await store.read(lambda tx: history.count(tx, Filter(), span)) == history.Count(3, is_exact=True)
    rows = await store.read(lambda tx: history.page(tx, Filter(), span, before=None, above=None, limit=9))
    assert [run.number for run in rows] == [9_000_000, 2, 1]


async def test_many_jobs_are_asked_together_and_few_each_for_themselves(store: Store) -> None:
    def conditions(tx: Tx, wanted: Filter) -> int:
        return len(list(history._branches(tx, wanted)))

    few, many = (tuple(JobId(f"j{n}") for n in range(count)) for count in (3, history.FEW_JOBS + 1))
    assert await store.read(lambda tx: conditions(tx, Filter(jobs=few))) == 3
    assert await store.read(lambda tx: conditions(tx, Filter(jobs=many))) == 1
    assert await store.read(lambda tx: conditions(tx, Filter(jobs=few, states=(S.FAILED, S.SKIPPED)))) == 6


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (Filter(states=(S.FAILED,)), "ix_runs_unsuccessful (state=?"),
        (Filter(states=(S.UNKNOWN,)), "ix_runs_live (state=?"),
        (Filter(jobs=(JobId("a"),)), "ix_runs_job_id (job_id=?"),
        (Filter(jobs=(JobId("a"),), states=(S.FAILED,)), "ix_runs_failed (job_id=?"),
        (Filter(), "INTEGER PRIMARY KEY (rowid>"),
        (Filter(states=(S.SUCCEEDED,)), "INTEGER PRIMARY KEY (rowid>"),
        (Filter(jobs=tuple(JobId(f"j{n}") for n in range(99))), "INTEGER PRIMARY KEY (rowid>"),
    ],
)
async def test_a_page_is_one_step_down_an_index(store: Store, on_sqlite: None, wanted: Filter, index: str) -> None:
    """And nothing has to be sorted."""

    def plan(tx: Tx) -> str:
        ((condition, values),) = history._branches(tx, wanted)
        sql = f"SELECT number FROM runs WHERE {condition} AND number BETWEEN 1 AND 9 ORDER BY number DESC LIMIT 9"
        return "\n".join(row.detail for row in tx.rows("EXPLAIN QUERY PLAN " + sql, **values))

    said = await store.read(plan)
    assert index in said and "TEMP B-TREE FOR ORDER BY" not in said


# Which jobs some words mean.


async def test_words_are_looked_for_in_names_as_they_stand(store: Store) -> None:
    named = {
        name: (await saved(store, spec(name))).id for name in ("ETL sales", "etl_orders", "50% off", "夜间备份", "a*b")
    }
    for words, found in {
        "etl": ["ETL sales", "etl_orders"],
        "L_O": ["etl_orders"],
        "l s": ["ETL sales"],
        "0%": ["50% off"],
        "备份": ["夜间备份"],
        "*": ["a*b"],
        "\\": [],
        "nothing": [],
    }.items():
        assert await store.read(lambda tx, w=words: matching.named_like(tx, w)) == {named[name] for name in found}


async def test_a_job_that_was_deleted_is_still_meant_by_its_last_name_and_tags(store: Store) -> None:
    gone = await saved(store, spec("before"))
    await saved(store, spec("after", tags=("night", "etl")), job_id=gone.id)
    await store.write(lambda tx: jobs.delete(tx, gone.id))
    assert await store.read(lambda tx: matching.named_like(tx, "AFTER")) == {gone.id}
    assert await store.read(lambda tx: matching.named_like(tx, "before")) == set()
    assert await store.read(lambda tx: matching.tagged(tx, "etl")) == {gone.id}


async def test_a_tag_is_the_whole_word_and_no_part_of_another_field(store: Store) -> None:
    one = await saved(store, spec("a", tags=("etl", 'odd"one', "100%")))
    await saved(store, spec("b", tags=("etl2",), description='the "etl" of it'))
    for tag in ("etl", 'odd"one', "100%"):
        assert await store.read(lambda tx, t=tag: matching.tagged(tx, t)) == {one.id}
