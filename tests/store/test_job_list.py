"""The list of jobs says what is saved, also where the store was made before there was a list."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.exc import IntegrityError

from tests.store.making import START, ended, intended, new, saved, spec
from watchkeeper.model.calendar import CalendarSpec, Weekly
from watchkeeper.model.instant import to_us
from watchkeeper.model.run import State
from watchkeeper.model.trigger import Cron
from watchkeeper.store import calendars, check, jobs, pools, schema
from watchkeeper.store.driver import url_of, writing_engine
from watchkeeper.store.job_list import line, lines_of
from watchkeeper.store.store import Store
from watchkeeper.store.tx import Tx

AT = to_us(START)
NIGHTLY = Cron(cron="0 3 * * *", zone="UTC", not_on=("holidays",), only_on=("workdays",))
DAYS = [CalendarSpec("holidays", holds=(Weekly(days="sun"),)), CalendarSpec("workdays", holds=(Weekly(days="mon"),))]


def listed(tx: Tx) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in tx.rows("SELECT * FROM job_list ORDER BY name")]


async def furnish(store: Store) -> None:
    await store.write(lambda tx: pools.save(tx, "db", 2))
    await store.write(lambda tx: calendars.save(tx, DAYS, "test"))


async def test_what_jobs_are_filtered_by_is_written_with_every_save(store: Store) -> None:
    await furnish(store)
    wanted = spec(
        "Ünï\u0301 Nightly", description="ＡＢＣ des Ä", tags=("b", "a", "b"), owner="li", group="fin/daily", pool="db",
        triggers=(NIGHTLY, NIGHTLY),
    )  # fmt: skip
    job = await saved(store, wanted)
    row = await store.read(lambda tx: tx.row("SELECT * FROM job_list"))
    assert (row.job_id, row.name, row.is_enabled, row.handler) == (job.id, wanted.name, 1, "shell")
    assert (row.pool, row.owner, row.grp) == ("db", "li", "fin/daily")
    assert (row.tags, row.calendars) == ("\nb\na\n", "\nworkdays\nholidays\n")
    assert row.words == "ünḯ nightly\nabc des ä"
    await saved(store, spec("plain", is_enabled=False), job_id=job.id)
    row = await store.read(lambda tx: tx.row("SELECT * FROM job_list"))
    assert (row.name, row.is_enabled, row.pool, row.owner, row.grp) == ("plain", 0, "", "", "")
    assert (row.tags, row.calendars, row.words) == ("", "", "plain\n")


async def test_a_save_that_fails_leaves_the_list(store: Store) -> None:
    await saved(store, spec("a"))
    other = await saved(store, spec("b"))
    before = await store.read(listed)
    with pytest.raises(IntegrityError):
        await saved(store, spec("a", owner="li"), job_id=other.id)
    assert await store.read(listed) == before


async def test_a_job_that_is_gone_is_not_in_the_list(store: Store) -> None:
    job = await saved(store)
    await store.write(lambda tx: jobs.delete(tx, job.id))
    assert await store.read(listed) == []


@pytest.mark.usefixtures("on_sqlite")
async def test_a_list_that_is_not_that_of_the_jobs_is_told(store: Store) -> None:
    await saved(store, spec("a"))
    await saved(store, spec("b"))
    assert await store.read(check.contradictions) == []
    await store.write(lambda tx: tx.run("DELETE FROM job_list WHERE name = 'a'"))
    await store.write(lambda tx: tx.run("UPDATE job_list SET name = 'c'"))
    told = sorted(str(fault) for fault in await store.read(check.contradictions))
    assert told == ["the job a stands in the list of jobs as -", "the job b stands in the list of jobs as c"]


@pytest.fixture
def older(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    """A place for a store as it was made before there was a list."""
    if database == "sqlite":
        yield tmp_path / "older.db"
        return
    server = request.getfixturevalue("server")
    with server.copied("template0") as name:
        yield server.url(name)


async def test_the_jobs_of_an_older_store_are_listed_as_if_they_were_saved_now(
    place: Path | str, older: Path | str, store: Store
) -> None:
    await furnish(store)
    every = spec(
        "每日 Nightly", description="Ä\nb", tags=("x", "y", "x"), pool="db", triggers=(NIGHTLY,), is_enabled=False
    )
    made = [await saved(store, each) for each in (spec("never run"), every, spec("failing"))]
    for took, state in ((5, State.SUCCEEDED), (9, State.SUCCEEDED), (-1, State.SUCCEEDED), (2, State.FAILED)):
        for job in made[1:]:
            run = new(job_id=job.id)
            ending = ended(run, state, started_at=AT, ended_at=AT + took, has_warning=int(took == 2))
            for move in (run, intended(run), ending):
                assert await store.move([move]) == []
    await store.move([new(job_id=made[2].id)])
    make_older(place, older)
    schema.migrate(url_of(older))
    migrated = await Store.open(older)
    assert await migrated.read(listed) == await store.read(listed)
    await migrated.close()


def make_older(place: Path | str, older: Path | str) -> None:
    """Put what is in a store into one of the version before the list."""
    old, new_one = writing_engine(url_of(older)), writing_engine(url_of(place))
    config = Config()
    config.set_main_option("script_location", str(schema._MIGRATIONS).replace("%", "%%"))
    with old.begin() as connection, new_one.connect() as source:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        known = sa.MetaData()
        known.reflect(connection)
        assert "job_list" not in known.tables
        for table in known.sorted_tables:
            rows = [row._asdict() for row in source.execute(sa.select(table))]
            if rows and table.name != "alembic_version":
                connection.execute(sa.insert(table), rows)
    old.dispose()
    new_one.dispose()


def test_lines_come_back_as_they_were_written() -> None:
    assert lines_of("") == () and lines_of(line("a")) == ("a",) and lines_of(line("a b\n备份")) == ("a b", "备份")
