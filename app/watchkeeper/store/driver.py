"""Connections: SQLite in a file by default, PostgreSQL by URL."""

import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import NullPool

#: Two connections that write or checkpoint at the same moment can corrupt a WAL database in SQLite 3.7.0 - 3.51.2
#: (https://sqlite.org/wal.html#walresetbug); we have one writer that alone checkpoints, and prefer a mended library.
MENDED = (3, 51, 3)

#: Seconds a connection waits for another process's lock.
BUSY_TIMEOUT = 10.0


def sqlite_module() -> ModuleType:
    """The newest SQLite at hand: pysqlite3's own copy where its wheel is installed, else the standard library's."""
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        return sqlite3
    newest: ModuleType = max(dbapi2, sqlite3, key=lambda module: module.sqlite_version_info)
    return newest


def url_of(place: str | Path) -> sa.URL:
    """The URL of a database file, or a PostgreSQL URL with our driver named."""
    if isinstance(place, Path) or "://" not in place:
        return sa.URL.create("sqlite", database=str(place))
    url = sa.make_url(place)
    return url.set(drivername="postgresql+psycopg") if url.get_backend_name() == "postgresql" else url


def writing_engine(url: sa.URL) -> sa.Engine:
    """An engine for the one writer: every transaction takes the write lock at its begin."""
    return _sqlite(url, "BEGIN IMMEDIATE", is_writer=True) if url.get_backend_name() == "sqlite" else _postgresql(url)


def reading_engine(url: sa.URL) -> sa.Engine:
    """An engine whose connections can only query, and see one state of things in each transaction."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, "BEGIN", is_writer=False)
    engine = _postgresql(url)
    begin = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _postgresql(url: sa.URL) -> sa.Engine:
    return sa.create_engine(url, poolclass=NullPool)


def _sqlite(url: sa.URL, begin: str, *, is_writer: bool) -> sa.Engine:
    engine = sa.create_engine(
        url,
        module=sqlite_module(),
        poolclass=NullPool,
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT, "cached_statements": 256},
    )

    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in _pragmas(is_writer=is_writer):
            connection.execute(f"PRAGMA {pragma}").close()

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _pragmas(*, is_writer: bool) -> tuple[str, ...]:
    if not is_writer:
        return ("query_only=ON", "cache_size=-16000")
    return ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000", "wal_autocheckpoint=4000")
