"""Nothing is changed unless it is asked for, and then all of it or nothing."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.mariadb import MariaDb
from tests.plugins.sql.asking import Asking
from tests.plugins.sql.conftest import KINDS, Look
from tests.postgresql import Server
from watchkeeper.model.errors import Known
from watchkeeper.plugin.contract import Spec
from watchkeeper.plugin.schema import params_of

COUNT = "SELECT count(*) FROM orders"


async def test_a_write_is_committed_and_its_rows_are_counted(shop: Asking, look: Look) -> None:
    outputs = await shop.outputs("UPDATE orders SET item = :item WHERE id < 3", values={"item": "mate"}, write=True)
    assert outputs == {"row_count": 2}
    assert look("SELECT count(*) FROM orders WHERE item = 'mate'") == [(2,)]
    assert shop.log == ["committed", "rows: 2"]


async def test_rows_that_a_write_returns_are_its_result(shop: Asking, look: Look) -> None:
    outputs = await shop.outputs("INSERT INTO orders VALUES (8, 'a', 1), (9, 'b', 2) RETURNING id", write=True)
    assert (outputs["row_count"], outputs["rows"]) == (2, [[8], [9]])
    assert look(COUNT) == [(5,)]


async def test_a_write_whose_rows_are_cut_is_done_whole(shop: Asking, look: Look) -> None:
    insert = "INSERT INTO orders VALUES (7, 'a', 1), (8, 'a', 1), (9, 'b', 2) RETURNING id"
    outputs = await shop.outputs(insert, write=True, max_rows=1, beyond="cut")
    assert (outputs["row_count"], outputs["rows"], outputs["is_cut"]) == (3, [[7]], True)
    assert look(COUNT) == [(6,)]


async def test_a_check_that_fails_takes_the_change_back(shop: Asking, look: Look) -> None:
    told = await shop.refusal("DELETE FROM orders", write=True, check="at most", check_rows=2)
    assert told == "3 rows, where at most 2 are expected"
    assert look(COUNT) == [(3,)]
    assert shop.log == ["rolled back, nothing is changed"]


async def test_too_many_rows_take_the_change_back(shop: Asking, look: Look) -> None:
    await shop.refusal("DELETE FROM orders RETURNING id", write=True, max_rows=1)
    assert look(COUNT) == [(3,)]


async def test_a_script_is_one_transaction(shop: Asking, look: Look, tmp_path: Path) -> None:
    script = tmp_path / "two.sql"
    script.write_text("DELETE FROM orders WHERE id = 1;\nINSERT INTO orders VALUES (2, 'twice', 1);")
    assert "line 2" in await shop.refusal(script=str(script), write=True)
    assert look(COUNT) == [(3,)]
    script.write_text("DELETE FROM orders WHERE id = 1;\nINSERT INTO orders VALUES (7, 'once', 1);")
    assert await shop.outputs(script=str(script), write=True) == {"row_count": 1}
    assert look("SELECT min(id), max(id) FROM orders") == [(2, 7)]


async def test_a_result_that_cannot_be_written_takes_the_change_back(shop: Asking, look: Look) -> None:
    await shop.refusal("DELETE FROM orders RETURNING id", write=True, result="csv", path="/proc/nowhere/x.csv")
    assert look(COUNT) == [(3,)]


#: Writes that begin like a read: only the database itself can refuse them.
HIDDEN = {
    "sqlite": ["WITH x AS (SELECT 1) INSERT INTO orders SELECT 9, 'x', 1", "PRAGMA user_version = 7"],
    "postgresql": [
        "WITH gone AS (DELETE FROM orders RETURNING id) SELECT * FROM gone",
        "EXPLAIN ANALYZE DELETE FROM orders",
        "SELECT nextval('ticket')",
        "SELECT id INTO copied FROM orders",
        "SELECT set_config('transaction_read_only', 'off', false)",
        "SELECT change_orders()",
    ],
    "mysql": ["WITH x AS (SELECT 1) DELETE FROM orders", "SELECT change_orders()"],
}  # fmt: skip


async def test_the_database_itself_refuses_to_write_unasked(
    shop: Asking, look: Look, request: pytest.FixtureRequest
) -> None:
    if shop.kind == "postgresql":
        server: Server = request.getfixturevalue("server")
        server.sql("CREATE SEQUENCE IF NOT EXISTS ticket")
        server.sql(
            "CREATE OR REPLACE FUNCTION change_orders() RETURNS int LANGUAGE sql AS 'DELETE FROM orders RETURNING 1'"
        )
    elif shop.kind == "mysql":
        mariadb: MariaDb = request.getfixturevalue("mariadb")
        mariadb.sql("DROP FUNCTION IF EXISTS change_orders", "shop")
        body = "CREATE FUNCTION change_orders() RETURNS INT MODIFIES SQL DATA BEGIN DELETE FROM orders; RETURN 1; END"
        mariadb.sql(body, "shop")
    for statement in HIDDEN[shop.kind]:
        assert await shop.refusal(statement)
    assert look(COUNT) == [(3,)]


CHANGES = (
    "DELETE FROM orders",
    "DROP TABLE orders",
    "TRUNCATE orders",
    "COPY orders TO '/tmp/x'",
    "CALL x()",
    "SET x = 1",
)
OWN = (
    "COMMIT",
    "ROLLBACK",
    "BEGIN",
    "START TRANSACTION",
    "SAVEPOINT a",
    "SET TRANSACTION READ WRITE",
    "SET autocommit = 1",
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_statement_that_changes_wants_to_be_allowed(sql: Spec, kind: str) -> None:
    for statement in CHANGES:
        with pytest.raises(Known, match="may change data: set write if it is meant to"):
            params_of(sql, {"database": kind, "name": "/shop", "statement": statement})


@pytest.mark.parametrize("kind", KINDS)
def test_the_transaction_is_not_the_statements_own(sql: Spec, kind: str) -> None:
    for statement in OWN:
        with pytest.raises(Known, match="everything runs in one transaction"):
            params_of(sql, {"database": kind, "name": "/shop", "statement": statement, "write": True})


REACHING = (
    "ATTACH DATABASE '{other}' AS other",
    "SELECT load_extension('/tmp/evil')",
    "PRAGMA writable_schema = ON",
    "PRAGMA temp_store_directory = '/tmp'",
    "PRAGMA wal_checkpoint",
    "VACUUM INTO '{other}'",
)


async def test_sqlite_reaches_no_other_file_and_no_setting(lite: Asking, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    for statement in REACHING:
        told = await lite.refusal(statement.format(other=other), write=True)
        assert "not authorized" in told or "cannot VACUUM from within a transaction" in told
        if statement.startswith(("SELECT", "PRAGMA")):
            assert "not authorized" in await lite.refusal(statement)
    assert not other.exists()


async def test_sqlite_answers_pragmas_that_only_look(lite: Asking) -> None:
    assert (await lite.outputs("PRAGMA table_info(orders)"))["row_count"] == 3
    assert (await lite.outputs("PRAGMA user_version"))["rows"] == [[0]]


async def test_a_trigger_of_sqlite_is_one_statement(lite: Asking) -> None:
    body = (
        "CREATE TRIGGER t AFTER DELETE ON orders BEGIN SELECT 1; UPDATE orders SET item = CASE WHEN 1 THEN 'x' END; END"
    )
    await lite.outputs(f"{body};", write=True)
    await lite.outputs("DELETE FROM orders WHERE id = 1", write=True)
    assert (await lite.outputs("SELECT DISTINCT item FROM orders"))["rows"] == [["x"]]


async def test_a_routine_of_mysql_is_one_statement(maria: Asking, mariadb: MariaDb) -> None:
    await maria.outputs("DROP PROCEDURE IF EXISTS double_price", write=True)
    body = "CREATE PROCEDURE double_price() BEGIN UPDATE orders SET price = price * 2; SELECT 'done'; END"
    await maria.outputs(body, write=True)
    assert mariadb.sql("SELECT routine_name FROM information_schema.routines", "shop").count(("double_price",)) == 1


STORE = [f"CREATE TABLE {name} (x INTEGER)" for name in ("execution_ids", "facts", "job_versions", "lease", "outbox")]


async def test_a_store_of_watchkeeper_is_refused_even_by_another_name(
    sql: Spec, tmp_path: Path, server: Server
) -> None:
    path, sentence = tmp_path / "innocent.db", "this is a store of Watchkeeper itself: no job may touch it"
    with closing(sqlite3.connect(path)) as line:
        line.executescript(";".join(STORE))
    (tmp_path / "link.db").symlink_to(path)
    lite = Asking(sql, {"database": "sqlite", "name": str(tmp_path / "link.db")})
    server.sql("CREATE DATABASE kept TEMPLATE template0 STRATEGY FILE_COPY")
    server.sql(";".join(STORE), "kept")
    served = Asking(sql, {"database": "postgresql", "host": str(server.folder), "user": "keeper", "name": "kept"})
    for asking in (lite, served):
        for may_write in (False, True):
            assert await asking.refusal("SELECT 1", write=may_write) == sentence
