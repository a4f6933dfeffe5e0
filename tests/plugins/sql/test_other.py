"""Any other database by its SQLAlchemy URL: here SQLite's own dialect under a name that the handler does not know."""

from pathlib import Path

import pytest
from sqlalchemy.dialects import registry

from tests.plugins.sql.asking import Asking
from watchkeeper.plugin.contract import Spec
from watchkeeper.plugin.outcome import Cancelled

ALL = "SELECT id, item FROM orders ORDER BY id"


@pytest.fixture
def other(sql: Spec, file: Path) -> Asking:
    registry.register("unheard", "sqlalchemy.dialects.sqlite.pysqlite", "SQLiteDialect_pysqlite")
    return Asking(sql, {"connection": "url"}, {"url": f"unheard:///{file}"})


async def test_it_reads_with_bound_values(other: Asking) -> None:
    outputs = await other.outputs("SELECT item, ':x' AS a FROM orders WHERE id = :id", values={"id": 1})
    assert outputs == {"row_count": 1, "columns": ["item", "a"], "rows": [["tea", ":x"]]}


async def test_it_writes_when_asked_and_takes_back_otherwise(other: Asking) -> None:
    assert "set write" in await other.refusal("DELETE FROM orders")
    assert "DELETE may change data" in await other.refusal("WITH x AS (SELECT 1) DELETE FROM orders")
    assert (await other.outputs(ALL))["row_count"] == 3
    assert await other.outputs("DELETE FROM orders WHERE id = 1", write=True) == {"row_count": 1}
    assert (await other.outputs(ALL))["row_count"] == 2


async def test_errors_limits_and_the_number_of_statements_hold(other: Asking) -> None:
    assert "no such table: nosuch" in await other.refusal("SELECT * FROM nosuch")
    assert "2 statements" in await other.refusal("SELECT 1; SELECT 2")
    assert "more than 2 rows" in await other.refusal(ALL, max_rows=2)
    assert (await other.outputs(ALL, max_rows=2, beyond="cut"))["is_cut"]


async def test_a_stop_and_a_timeout_use_what_its_driver_has(other: Asking) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    assert "took longer than 0.2 s" in await other.refusal(endless, timeout="200ms")
    other.flag.set()
    assert isinstance(await other.answer(endless), Cancelled)
