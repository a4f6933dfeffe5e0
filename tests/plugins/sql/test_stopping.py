"""A stop and a timeout end the work on the server: seen in its own list of statements, before and after."""

import asyncio
import time
from collections.abc import Callable
from contextlib import closing

import pytest

from tests.engine.house import eventually
from tests.mariadb import MariaDb
from tests.plugins.sql.asking import Asking
from tests.plugins.sql.conftest import Look
from tests.postgresql import Server
from watchkeeper.plugin.outcome import Cancelled
from watchkeeper.store.driver import sqlite_module

#: Goes on for minutes, each in another way: asleep, at work, and in the midst of its rows.
ENDLESS = {
    "sqlite": {
        "work": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) /*{}*/ FROM n",
        "rows": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i /*{}*/ FROM n",
    },
    "postgresql": {
        "sleep": "SELECT pg_sleep(600) AS {}",
        "work": "SELECT count(*) AS {} FROM generate_series(1, 10000000000)",
        "rows": "SELECT g AS {} FROM generate_series(1, 10000000000) g",
    },
    "mysql": {
        "sleep": "SELECT sleep(600) AS {}",
        "work": "SELECT sum(length(md5(a.seq + b.seq))) AS {} FROM seq_1_to_100000 a, seq_1_to_100000 b",
        "rows": "SELECT seq AS {} FROM seq_1_to_10000000000",
    },
}
CASES = [(kind, how) for kind in ("postgresql", "mysql") for how in ENDLESS[kind]]


@pytest.fixture
def working(request: pytest.FixtureRequest) -> Callable[[str, str], list[str]]:
    """The statements with a mark in them that a server is at, by its own list."""

    def look(kind: str, mark: str) -> list[str]:
        if kind == "mysql":
            mariadb: MariaDb = request.getfixturevalue("mariadb")
            return mariadb.working(mark)
        server: Server = request.getfixturevalue("server")
        rows = server.sql("SELECT query FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()")
        return [query for (query,) in rows if mark in query]

    return look


@pytest.mark.parametrize(("kind", "how"), CASES)
async def test_a_stop_ends_the_statement_on_the_server(
    kind: str, how: str, request: pytest.FixtureRequest, working: Callable[[str, str], list[str]]
) -> None:
    asking: Asking = request.getfixturevalue({"postgresql": "postgres", "mysql": "maria"}[kind])
    mark = f"stopped_{how}"
    run = asyncio.ensure_future(asking.answer(ENDLESS[kind][how].format(mark), max_rows=100_000_000, result="none"))
    await eventually(lambda: working(kind, mark), "the server is at it")
    asking.flag.set()
    asked = time.monotonic()
    outcome = await run
    assert outcome == Cancelled(outcome.text) and str(outcome.text) == "it was stopped, and the server with it"  # type: ignore[union-attr]
    assert working(kind, mark) == []
    assert time.monotonic() - asked < 5


@pytest.mark.parametrize(("kind", "how"), CASES)
async def test_a_timeout_ends_the_statement_on_the_server(
    kind: str, how: str, request: pytest.FixtureRequest, working: Callable[[str, str], list[str]]
) -> None:
    asking: Asking = request.getfixturevalue({"postgresql": "postgres", "mysql": "maria"}[kind])
    mark = f"late_{how}"
    text, begun = ENDLESS[kind][how].format(mark), time.monotonic()
    told = await asking.refusal(text, timeout="500ms", max_rows=100_000_000, result="none")
    assert "the statement took longer than 0.5 s and was stopped" in told
    assert working(kind, mark) == []
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("how", ENDLESS["sqlite"])
async def test_sqlite_is_stopped_and_held_to_its_time(lite: Asking, how: str) -> None:
    text = ENDLESS["sqlite"][how].format("")
    begun = time.monotonic()
    told = await lite.refusal(text, timeout="300ms", max_rows=100_000_000, result="none")
    assert "the statement took longer than 0.3 s and was stopped" in told
    run = asyncio.ensure_future(lite.answer(text, max_rows=100_000_000, result="none"))
    asyncio.get_running_loop().call_later(0.3, lite.flag.set)
    assert isinstance(await run, Cancelled)
    assert time.monotonic() - begun < 5


async def test_a_stop_takes_the_change_back(shop: Asking, look: Look) -> None:
    slow = {
        "sqlite": "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n)",
        "postgresql": "(SELECT count(*) FROM generate_series(1, 10000000000))",
        "mysql": "(SELECT sum(length(md5(a.seq + b.seq))) FROM seq_1_to_100000 a, seq_1_to_100000 b)",
    }[shop.kind]
    run = asyncio.ensure_future(shop.answer(f"UPDATE orders SET price = {slow}", write=True))
    asyncio.get_running_loop().call_later(0.5, shop.flag.set)
    assert isinstance(await run, Cancelled)
    assert look("SELECT count(*) FROM orders WHERE price > 100") == [(0,)]
    assert "rolled back, nothing is changed" in shop.log


async def test_a_statement_between_two_of_a_script_does_not_escape_a_stop(postgres: Asking, tmp_path: object) -> None:
    postgres.flag.set()
    assert isinstance(await postgres.answer("SELECT pg_sleep(600)"), Cancelled)


async def test_who_waits_for_a_lock_is_held_to_its_time(lite: Asking) -> None:
    with closing(sqlite_module().connect(lite.params["name"], isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        told = await lite.refusal("UPDATE orders SET item = 'x'", write=True, timeout="300ms")
        assert "database is locked" in told
        run = asyncio.ensure_future(lite.answer("UPDATE orders SET item = 'x'", write=True))
        asyncio.get_running_loop().call_later(0.2, lite.flag.set)
        assert isinstance(await run, Cancelled)


async def test_a_task_that_is_cut_ends_the_statement_too(
    postgres: Asking, working: Callable[[str, str], list[str]]
) -> None:
    run = asyncio.ensure_future(postgres.answer("SELECT pg_sleep(600) AS cut_off"))
    await eventually(lambda: working("postgresql", "cut_off"), "the server is at it")
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    await eventually(lambda: not working("postgresql", "cut_off"), "the server is at rest")
