"""The handler, and a small shop in a database of each kind."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.mariadb import MariaDb, mariadb
from tests.plugins.sql.asking import Asking
from tests.postgresql import Server, server
from watchkeeper.model import places
from watchkeeper.plugin.contract import Spec
from watchkeeper.plugin.loader import load

__all__ = ["mariadb", "server"]

SHOP = (
    "CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, item VARCHAR(40), price DECIMAL(10, 2))",
    "DELETE FROM orders",
    "INSERT INTO orders VALUES (1, 'tea', 2.50), (2, '=1+1', 10), (3, NULL, 0.05)",
)
KINDS = ("sqlite", "postgresql", "mysql")

Look = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def sql() -> Spec:
    loaded = load(places.plugins() / "sql", is_bundled=True)
    assert loaded.file.error is None, loaded.file.traceback
    return loaded.specs[0]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An SQLite shop."""
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as line:
        line.executescript(";".join(SHOP))
    return path


@pytest.fixture
def lite(sql: Spec, file: Path) -> Asking:
    return Asking(sql, {"database": "sqlite", "name": str(file)})


@pytest.fixture
def postgres(sql: Spec, server: Server) -> Asking:
    server.sql(";".join(SHOP))
    return Asking(
        sql, {"database": "postgresql", "host": str(server.folder), "user": "keeper", "name": "postgres", "tls": "off"}
    )


@pytest.fixture
def maria(sql: Spec, mariadb: MariaDb) -> Asking:
    mariadb.sql(";".join(SHOP), "shop")
    return Asking(sql, {"database": "mysql", "host": str(mariadb.socket), "user": "keeper", "name": "shop"})


@pytest.fixture(params=KINDS)
def shop(request: pytest.FixtureRequest) -> Asking:
    """A shop on each."""
    asking = request.getfixturevalue({"sqlite": "lite", "postgresql": "postgres", "mysql": "maria"}[request.param])
    assert isinstance(asking, Asking)
    return asking


@pytest.fixture
def look(shop: Asking, request: pytest.FixtureRequest) -> Look:
    """Looks into the same database past the handler."""
    if shop.kind == "postgresql":
        found: Look = request.getfixturevalue("server").sql
        return found
    if shop.kind == "mysql":
        mariadb: MariaDb = request.getfixturevalue("mariadb")
        return lambda statement: mariadb.sql(statement, "shop")
    return lambda statement: _rows(Path(shop.params["name"]), statement)


def _rows(path: Path, statement: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as line:
        return line.execute(statement).fetchall()
