"""The table of jobs: which rows, in which order, and what stands in them."""

from datetime import timedelta
from typing import Any

import pytest

from tests.store.making import START, brought_to, ended, intended, new, saved, spec
from watchkeeper.model.calendar import CalendarSpec, Weekly
from watchkeeper.model.ids import JobId
from watchkeeper.model.instant import to_us
from watchkeeper.model.job import Job
from watchkeeper.model.job_filter import read
from watchkeeper.model.job_table import GroupTally, Tally
from watchkeeper.model.run import State
from watchkeeper.model.text import _
from watchkeeper.model.trigger import Cron
from watchkeeper.store import calendars, job_table, pools
from watchkeeper.store.moves import NewRun
from watchkeeper.store.rows import stored
from watchkeeper.store.store import Store
from watchkeeper.store.tx import Tx

AT = to_us(START)
HOUR = 3_600_000_000
SUNDAYS = Cron(cron="0 3 * * *", zone="UTC", only_on=("sundays",))


@pytest.fixture
async def furnished(store: Store) -> dict[str, Job]:
    """Jobs of several kinds, with what their last runs came to."""
    await store.write(lambda tx: pools.save(tx, "db", 2))
    await store.write(lambda tx: calendars.save(tx, [CalendarSpec("sundays", holds=(Weekly(days="sun"),))], "test"))
    specs = (
        spec("Backup", description="of the database", tags=("etl", "night"), owner="li", group="finance"),
        spec("audit", description="50% done_", tags=("etl",), owner="chen", group="finance/daily", pool="db"),
        spec("load", group="financial", is_enabled=False, triggers=(SUNDAYS,)),
        spec("数据备份", description="每晚", tags=("夜间",), owner="me"),
        spec("stuck", tags=("ETL",)),
        spec("new"),
    )
    jobs = {each.name: await saved(store, each) for each in specs}
    await end(store, jobs["Backup"], State.FAILED, 5 * HOUR)
    await end(store, jobs["audit"], State.SUCCEEDED, HOUR, has_warning=1)
    await end(store, jobs["load"], State.SUCCEEDED, 50 * HOUR, took=9)
    await end(store, jobs["数据备份"], State.TIMED_OUT, 2 * HOUR)
    await brought_to(store, State.RUNNING, job_id=jobs["audit"].id)
    await brought_to(store, State.UNKNOWN, job_id=jobs["stuck"].id)
    return jobs


async def end(store: Store, job: Job, state: State, ago: int, took: int = 4, **fields: Any) -> NewRun:
    run = new(job_id=job.id, job_name=job.name)
    ending = ended(run, state, started_at=AT - ago - took, ended_at=AT - ago, **fields)
    for row in (run, intended(run), ending):
        assert await store.move([row]) == []
    return run


def names(tx: Tx, jobs: dict[str, Job], filter: str, **how: Any) -> list[str]:
    known = {job.id: name for name, job in jobs.items()}
    given = {"sort": "name", "is_down": False, "offset": 0, "limit": 200, **how}
    chosen = job_table.window(tx, read(filter, "li").clauses, **given)
    assert chosen.total == len(jobs) and (chosen.matches == len(chosen.ids) or given["offset"] or given["limit"] < 200)
    return [known[job_id] for job_id in chosen.ids]


ALL = ["Backup", "audit", "load", "new", "stuck", "数据备份"]


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        ("", ALL),
        ("backup", ["Backup"]),
        ("BACKUP DATABASE", ["Backup"]),
        ("备份", ["数据备份"]),
        ("-a", ["new", "stuck", "数据备份"]),
        ("50%", ["audit"]),
        ("5%d", []),
        ("done_", ["audit"]),
        ("done!", []),
        ("_", ["audit"]),
        ("status:failed", ["Backup", "数据备份"]),
        ("status:timed_out", ["数据备份"]),
        ("-status:failed", ["audit", "load", "new", "stuck"]),
        ("status:succeeded", ["audit", "load"]),
        ("status:warning", ["audit"]),
        ("-status:warning", ["Backup", "load", "new", "stuck", "数据备份"]),
        ("status:running", ["audit"]),
        ("status:unknown", ["stuck"]),
        ("status:waiting", []),
        ("status:never", ["new", "stuck"]),
        ("status:disabled", ["load"]),
        ("-status:disabled", ["Backup", "audit", "new", "stuck", "数据备份"]),
        ("is:enabled", ["Backup", "audit", "new", "stuck", "数据备份"]),
        ("is:enabled,disabled", ALL),
        ("status:failed,unknown", ["Backup", "stuck", "数据备份"]),
        ("tag:etl", ["Backup", "audit"]),
        ("tag:ETL", ["stuck"]),
        ("tag:et", []),
        ("tag:etl tag:night", ["Backup"]),
        ("tag:夜间,night", ["Backup", "数据备份"]),
        ('tag:""', ["load", "new"]),
        ('-tag:""', ["Backup", "audit", "stuck", "数据备份"]),
        ("owner:me", ["Backup"]),
        ('owner:"me"', ["数据备份"]),
        ('owner:""', ["load", "new", "stuck"]),
        ("group:finance", ["Backup", "audit"]),
        ("group:finance/", ["Backup", "audit"]),
        ("group:finance/daily", ["audit"]),
        ("-group:finance", ["load", "new", "stuck", "数据备份"]),
        ('group:""', ["new", "stuck", "数据备份"]),
        ("pool:db", ["audit"]),
        ("-pool:db", ["Backup", "load", "new", "stuck", "数据备份"]),
        ("handler:shell", ALL),
        ("handler:http", []),
        ("calendar:sundays", ["load"]),
        ("last:<3h", ["audit", "数据备份"]),
        ("last:>2d", ["load"]),
        ("-last:>2d", ["Backup", "audit", "new", "stuck", "数据备份"]),
        ("last:never", ["new", "stuck"]),
        ("-last:never", ["Backup", "audit", "load", "数据备份"]),
        ("tag:etl -status:failed owner:chen database", []),
        ("next:<1h", ALL),
    ],
)
async def test_a_filter_lets_through_what_it_says(
    store: Store, furnished: dict[str, Job], filter: str, found: list[str]
) -> None:
    assert await store.read(lambda tx: names(tx, furnished, filter)) == found


@pytest.mark.parametrize(
    ("sort", "up", "down"),
    [
        ("name", ALL, ALL[::-1]),
        (
            "owner",
            ["audit", "Backup", "数据备份", "load", "new", "stuck"],
            ["数据备份", "Backup", "audit", "load", "new", "stuck"],
        ),
        (
            "group",
            ["Backup", "audit", "load", "new", "stuck", "数据备份"],
            ["load", "audit", "Backup", "new", "stuck", "数据备份"],
        ),
        (
            "last",
            ["load", "Backup", "数据备份", "audit", "new", "stuck"],
            ["audit", "数据备份", "Backup", "load", "new", "stuck"],
        ),
        (
            "p50",
            ["audit", "load", "Backup", "new", "stuck", "数据备份"],
            ["load", "audit", "Backup", "new", "stuck", "数据备份"],
        ),
        (
            "status",
            ["Backup", "数据备份", "stuck", "audit", "load", "new"],
            ["load", "audit", "stuck", "数据备份", "Backup", "new"],
        ),
    ],
)
async def test_a_table_is_sorted_and_what_has_no_value_comes_last_both_ways(
    store: Store, furnished: dict[str, Job], sort: str, up: list[str], down: list[str]
) -> None:
    for is_down, wanted in ((False, up), (True, down)):
        found = await store.read(lambda tx, is_down=is_down: names(tx, furnished, "", sort=sort, is_down=is_down))
        assert found == wanted


@pytest.mark.parametrize("sort", job_table.SORTS)
@pytest.mark.parametrize("filter", ["", "tag:etl", "a"])
async def test_windows_laid_side_by_side_are_the_whole_table(
    store: Store, furnished: dict[str, Job], sort: str, filter: str
) -> None:
    def look(tx: Tx) -> None:
        whole = names(tx, furnished, filter, sort=sort)
        parts = [names(tx, furnished, filter, sort=sort, offset=offset, limit=2) for offset in range(0, 8, 2)]
        assert [name for part in parts for name in part] == whole
        for offset in (0, 2, len(whole), 50):
            chosen = job_table.window(tx, read(filter, "li").clauses, sort, False, offset, 2)
            assert (chosen.matches, chosen.total) == (len(whole), len(furnished))

    await store.read(look)


@pytest.mark.parametrize("sort", ["name", "last"])
async def test_a_grouped_table_has_the_jobs_of_each_group_where_the_tallies_say(
    store: Store, furnished: dict[str, Job], sort: str
) -> None:
    def look(tx: Tx) -> None:
        whole = names(tx, furnished, "", sort=sort, is_grouped=True)
        within, place = names(tx, furnished, "", sort=sort), 0
        for group in job_table.groups(tx, ()):
            own = [name for name in within if furnished[name].spec.group == group.path]
            assert whole[place : place + group.count] == own
            place += group.count
        assert place == len(whole)
        ids = [furnished[name].id for name in within]
        assert job_table.grouped(tx, ids) == [furnished[name].id for name in whole]

    await store.read(look)


async def test_only_some_jobs_can_be_asked_for(store: Store, furnished: dict[str, Job]) -> None:
    only = [furnished["load"].id, furnished["Backup"].id, JobId("none")]
    assert await store.read(lambda tx: names(tx, furnished, "", only=only)) == ["Backup", "load"]
    assert await store.read(lambda tx: names(tx, furnished, "status:failed", only=only)) == ["Backup"]
    assert await store.read(lambda tx: names(tx, furnished, "", only=[])) == []


async def test_of_more_candidates_than_wanted_there_are_none_but_their_number(
    store: Store, furnished: dict[str, Job]
) -> None:
    def look(tx: Tx) -> None:
        assert job_table.candidates(tx, (), 6).matches == len(job_table.candidates(tx, (), 6).ids) == 6
        assert job_table.candidates(tx, (), 5) == ([], 6, 6, ())

    await store.read(look)


async def test_a_row_tells_of_its_job(store: Store, furnished: dict[str, Job]) -> None:
    job = furnished["load"]
    (row,) = await store.read(lambda tx: job_table.found(tx, [job.id]))
    assert (row.id, row.name, row.group, row.owner, row.handler, row.pool) == (
        *(job.id, "load", "financial", "", "shell", ""),
    )
    assert (row.is_enabled, row.tags, [armed.trigger for armed in row.triggers]) == (False, (), [SUNDAYS])
    assert (row.p50, row.p95, row.live) == (timedelta(microseconds=9), timedelta(microseconds=9), None)
    assert row.last is not None and row.last.state is State.SUCCEEDED
    assert row.last.ended_at == START - timedelta(hours=50)
    (row,) = await store.read(lambda tx: job_table.found(tx, [furnished["Backup"].id]))
    assert row.tags == ("etl", "night") and row.p50 is None


async def test_rows_come_in_the_order_that_was_asked_for_and_without_what_is_gone(
    store: Store, furnished: dict[str, Job]
) -> None:
    ids = [furnished["new"].id, JobId("none"), furnished["audit"].id]
    assert [row.name for row in await store.read(lambda tx: job_table.found(tx, ids))] == ["new", "audit"]
    assert await store.read(lambda tx: job_table.found(tx, [])) == []


async def test_the_last_twenty_runs_are_bars_the_newest_last(store: Store) -> None:
    job = await saved(store)
    made = [await end(store, job, State.FAILED if n == 22 else State.SUCCEEDED, 100 - n, n) for n in range(23)]
    other = await saved(store, spec("other"))
    skipped = await brought_to(store, State.SKIPPED, job_id=other.id)
    live = await brought_to(store, State.RUNNING, job_id=other.id)
    row, beside = await store.read(lambda tx: job_table.found(tx, [job.id, other.id]))
    assert [bar.id for bar in row.runs] == [run.id for run in made[-20:]]
    assert [bar.took for bar in row.runs] == [timedelta(microseconds=n) for n in range(3, 23)]
    assert [bar.state for bar in row.runs[-2:]] == [State.SUCCEEDED, State.FAILED]
    assert [(bar.id, bar.state, bar.took) for bar in beside.runs] == [
        (skipped.id, State.SKIPPED, None),
        (live.id, State.RUNNING, None),
    ]
    assert row.p50 == timedelta(microseconds=11) and row.p95 == timedelta(microseconds=20)


async def test_of_live_runs_one_that_holds_its_place_is_told_before_one_that_waits(store: Store) -> None:
    job = await saved(store)
    first = await brought_to(store, State.RUNNING, job_id=job.id)
    await brought_to(store, State.QUEUED, job_id=job.id, reason=stored(_("it waits")))
    (row,) = await store.read(lambda tx: job_table.found(tx, [job.id]))
    assert row.live is not None and (row.live.id, row.live.state, row.live.count) == (first.id, State.RUNNING, 2)
    assert not row.live.is_stopping and row.last is None


async def test_a_last_run_that_was_pruned_is_told_as_far_as_it_is_known(store: Store) -> None:
    job = await saved(store)
    run = await end(store, job, State.FAILED, 5)
    await store.write(lambda tx: tx.run("DELETE FROM runs"))
    (row,) = await store.read(lambda tx: job_table.found(tx, [job.id]))
    assert row.last is not None and (row.last.id, row.last.state, row.last.number) == (run.id, State.FAILED, 0)
    assert row.last.started_at is None and row.runs == ()


async def test_values_are_counted_the_most_frequent_first(store: Store, furnished: dict[str, Job]) -> None:
    def look(tx: Tx) -> None:
        assert job_table.tallies(tx, "tags") == (
            *(Tally("etl", 2), Tally("ETL", 1), Tally("night", 1), Tally("夜间", 1)),
        )
        assert job_table.tallies(tx, "owner") == (Tally("chen", 1), Tally("li", 1), Tally("me", 1))
        assert job_table.tallies(tx, "pool") == (Tally("db", 1),)
        assert job_table.tallies(tx, "calendars") == (Tally("sundays", 1),)

    await store.read(look)


async def test_groups_are_counted_with_the_worst_of_their_jobs(store: Store, furnished: dict[str, Job]) -> None:
    found = {each.path: each for each in await store.read(lambda tx: job_table.groups(tx, ()))}
    assert list(found) == ["finance", "finance/daily", "financial", ""]
    assert found["finance"] == GroupTally("finance", 1, {State.FAILED: 1}, 0, {}, State.FAILED)
    assert found["finance/daily"] == GroupTally(
        "finance/daily", 1, {State.SUCCEEDED: 1}, 1, {State.RUNNING: 1}, State.RUNNING
    )
    assert found[""].count == 3 and found[""].worst is State.TIMED_OUT
    assert found[""].live == {State.UNKNOWN: 1}
    (only,) = await store.read(lambda tx: job_table.groups(tx, read("status:running", "li").clauses))
    assert only.path == "finance/daily"
