"""A connection that stays open gives back the pages that it remembers, and reads as before."""

import ctypes
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from watchkeeper.store import thrift
from watchkeeper.store.driver import reading_engine, sqlite_module, url_of
from watchkeeper.store.thrift import give_back

#: Rows of a kilobyte each.
ROWS = 8_000


class Told(ctypes.Structure):
    """mallinfo2 of glibc."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in [
            "arena",
            "ordblks",
            "smblks",
            "hblks",
            "hblkhd",
            "usmblks",
            "fsmblks",
            "uordblks",
            "fordblks",
            "keepcost",
        ]
    ]


def megabytes() -> float:
    """What the C library has given out."""
    ask = ctypes.CDLL(None).mallinfo2
    ask.restype = Told
    return float(ask().uordblks) / 1e6


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """One that can only read, over eight megabytes."""
    file = tmp_path / "some.db"
    with closing(sqlite_module().connect(file)) as writer:
        writer.execute("CREATE TABLE long (words TEXT)")
        writer.executemany("INSERT INTO long VALUES (?)", [("x" * 1_000,)] * ROWS)
        writer.commit()
    with reading_engine(url_of(file)).connect() as connection:
        yield connection


def count(connection: Connection) -> int:
    with connection.begin():
        return int(connection.exec_driver_sql("SELECT count(*) FROM long WHERE length(words) = 1000").scalar_one())


def test_pages_are_forgotten_once_in_a_while_and_read_again(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = megabytes()
    assert count(connection) == ROWS
    give_back(connection)
    assert megabytes() - before > 6
    monkeypatch.setattr(thrift, "PAUSE", 0.0)
    give_back(connection)
    assert megabytes() - before < 2
    assert count(connection) == ROWS


def test_an_interrupt_that_comes_late_takes_nothing_from_the_connection(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits for a query no longer interrupts its connection until the query is seen to have ended."""
    monkeypatch.setattr(thrift, "PAUSE", 0.0)
    driver = connection.connection.dbapi_connection
    assert driver is not None
    driver.set_progress_handler(lambda: 1, 1)  # type: ignore[attr-defined]
    give_back(connection)
    give_back(connection)
    driver.set_progress_handler(None, 1)  # type: ignore[attr-defined]
    assert count(connection) == ROWS
