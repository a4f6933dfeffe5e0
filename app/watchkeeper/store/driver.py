"""Connections: SQLite in a file by default, PostgreSQL by URL."""

import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from watchkeeper.model.address import without_password
from watchkeeper.model.errors import Known
from watchkeeper.model.text import _

#: Two connections that write or checkpoint at the same moment can corrupt a WAL database in SQLite 3.7.0 - 3.51.2
#: (https://sqlite.org/wal.html#walresetbug); we have one writer that alone checkpoints, and prefer a mended library.
MENDED = (3, 51, 3)

#: Seconds a connection waits for another process's lock.
BUSY_TIMEOUT = 10.0

#: A server that has vanished is noticed within some ten seconds, and of several named ones only that which lets write
#: will do: a standby's past would pass for the present. libpq's own words, which a URL may change.
_ATTENTIVE = {
    "connect_timeout": "5",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
    "target_session_attrs": "read-write",
    "application_name": "watchkeeper",
}

#: Who was frozen in the midst of a transaction is ended before those that wait for it lose patience.
_WRITE = "BEGIN; SET LOCAL lock_timeout = '8s'; SET LOCAL idle_in_transaction_session_timeout = '5s'"
_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"


def sqlite_module() -> ModuleType:
    """The newest SQLite at hand: pysqlite3's own copy where its wheel is installed, else the standard library's."""
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        return sqlite3
    newest: ModuleType = max(dbapi2, sqlite3, key=lambda module: module.sqlite_version_info)
    return newest


def url_of(place: str | Path) -> sa.URL:
    """The URL of a database file, or a PostgreSQL URL with our driver named; Known for any other URL."""
    if isinstance(place, Path) or "://" not in place:
        return sa.URL.create("sqlite", database=str(place))
    try:
        url = sa.make_url(place)
    except (ArgumentError, ValueError):
        raise Known(_("this is no URL of a database: write it as postgresql://user@host/database")) from None
    if url.drivername not in ("postgresql", "postgresql+psycopg"):
        raise Known(
            _("a store can't be at {scheme}: write it as postgresql://user@host/database", scheme=url.drivername[:40])
        )
    return url.set(drivername="postgresql+psycopg")


def file_of(url: sa.URL) -> Path | None:
    """The file of an SQLite database; None for a server's."""
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def require_server(place: str) -> None:
    """Known unless it is a server's URL without a password: command lines and settings are read by others."""
    if "://" not in place:
        raise Known(_("this is no URL of a database: write it as postgresql://user@host/database"))
    url = url_of(place)
    if url.password is not None or "password" in url.query:
        raise Known(
            _(
                "leave the password out of {url}: give it in ~/.pgpass, in PGPASSWORD, or in a service file "
                "(postgresql:///?service=name)",
                url=without_password(said(url)),
            )
        )


def said(url: sa.URL) -> str:
    """Where a store is, for people: a path, or a URL without its password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    plain = url.set(drivername="postgresql").difference_update_query(["password"])
    return plain.render_as_string(hide_password=True)


def writing_engine(url: sa.URL) -> sa.Engine:
    """An engine for the one writer: every transaction of SQLite takes the write lock at its begin."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, "BEGIN IMMEDIATE", is_writer=True)
    return _postgresql(url, _WRITE)


def reading_engine(url: sa.URL) -> sa.Engine:
    """An engine whose connections can only query, and see one state of things in each transaction."""
    return _sqlite(url, "BEGIN", is_writer=False) if url.get_backend_name() == "sqlite" else _postgresql(url, _READ)


def _postgresql(url: sa.URL, begin: str) -> sa.Engine:
    """Nothing outlives a transaction on its connection, so that PgBouncer may give the next one another session."""
    try:
        engine = sa.create_engine(
            url.set(query={**_ATTENTIVE, **url.query}),
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            use_native_hstore=False,
            connect_args={"prepare_threshold": None},
        )
    except ModuleNotFoundError:
        raise Known(_("PostgreSQL needs psycopg: pip install 'watchkeeper[postgresql]'")) from None
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


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
