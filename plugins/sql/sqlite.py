"""SQLite: a file that is opened for reading only, and an authorizer for what a statement has no business with."""

import sqlite3
import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from watchkeeper.plugin import Fail, _

from .bind import bound
from .session import STORE, Answer, one_line
from .split import Statement

if TYPE_CHECKING:
    from .target import Target

#: Steps of SQLite's machine between two looks at the clock; some milliseconds.
STEPS = 10_000
#: Seconds between two tries to get a lock that another program holds.
AGAIN = 0.1

_DENIED = {sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH, sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_SAVEPOINT}
_READ = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
#: PRAGMAs that look and change nothing, those that ask about a table among them.
_LOOKS = {
    "table_info",
    "table_xinfo",
    "table_list",
    "index_list",
    "index_info",
    "index_xinfo",
    "foreign_key_list",
    "foreign_key_check",
    "database_list",
    "collation_list",
    "function_list",
    "module_list",
    "pragma_list",
    "compile_options",
    "integrity_check",
    "quick_check",
    "data_version",
}
#: PRAGMAs that look when they are given no value.
_ASKED = {
    "user_version",
    "application_id",
    "schema_version",
    "page_count",
    "page_size",
    "freelist_count",
    "encoding",
    "journal_mode",
    "auto_vacuum",
    "foreign_keys",
    "synchronous",
    "cache_size",
    "max_page_count",
}


def _module() -> Any:
    """pysqlite3's own copy where it is there: SQLite before 3.51.3 can corrupt a WAL of two writers."""
    try:
        return import_module("pysqlite3.dbapi2")
    except ImportError:
        return sqlite3


class SqliteSession:
    """One file."""

    def __init__(self, target: "Target") -> None:
        self._path = Path(target.name)
        self._driver = _module()
        self.errors: tuple[type[Exception], ...] = (self._driver.Error, sqlite3.Error, sqlite3.Warning)
        self._connection: Any = None
        self._is_stopped = False
        self._may_write = False
        self._seconds = 0.0
        self._deadline = float("inf")

    def open(self, *, may_write: bool, seconds: float) -> None:
        if not self._path.is_file():
            raise Fail(_("there is no database {path}", path=str(self._path)))
        self._may_write, self._seconds = may_write, seconds
        self._connection = self._driver.connect(
            f"file:{quote(str(self._path))}?mode={'rw' if may_write else 'ro'}",
            uri=True,
            timeout=AGAIN,
            isolation_level=None,
            check_same_thread=False,
        )
        self._connection.set_progress_handler(self._looks_up, STEPS)
        self._deadline = time.monotonic() + seconds
        self._connection.execute("PRAGMA trusted_schema = OFF")
        if may_write:
            self._connection.execute("PRAGMA foreign_keys = ON")
        self._patiently("BEGIN IMMEDIATE" if may_write else "BEGIN")
        self._patiently("SELECT 1 FROM sqlite_master")
        self._connection.set_authorizer(self._allows)

    def tables(self) -> set[str]:
        return {name for (name,) in self._connection.execute("SELECT name FROM sqlite_master")} & set(STORE)

    def run(self, statement: Statement, values: Mapping[str, Any]) -> Answer:
        self._deadline = time.monotonic() + self._seconds
        sent = bound(statement, lambda name, _number: f":{name}")
        cursor = self._connection.cursor()
        cursor.execute(sent.text, {name: values[name] for name in sent.names})
        columns = tuple(each[0] for each in cursor.description or ())
        return Answer(columns, cursor, lambda: max(cursor.rowcount, 0))

    def commit(self) -> None:
        self._connection.set_authorizer(None)
        self._deadline = time.monotonic() + self._seconds
        self._patiently("COMMIT")

    def rollback(self) -> None:
        self._connection.set_authorizer(None)
        self._connection.set_progress_handler(None, 0)
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def stop(self) -> None:
        self._is_stopped = True
        if self._connection is not None:
            self._connection.interrupt()

    def is_timeout(self, error: Exception) -> bool:
        return time.monotonic() >= self._deadline and ("interrupted" in str(error) or "locked" in str(error))

    def words_of(self, error: Exception) -> str:
        if "not authorized" in str(error) or "prohibited" in str(error):
            return f"{one_line(error)} (ATTACH, PRAGMA, load_extension)"
        return one_line(error)

    def place_of(self, error: Exception, statement: Statement) -> int | None:
        """SQLite names a word, and tells its place only to programs in C: it is told where the word stands once."""
        _before, found, rest = str(error).partition('near "')
        word = rest.rpartition('"')[0]
        places = [
            piece.at
            for piece in statement.pieces
            if piece.text == word or (piece.is_name and f":{piece.text}" == word)
        ]  # fmt: skip
        return places[0] if found and len(places) == 1 else None

    def has_answered(self, error: Exception) -> bool:
        return True

    def _patiently(self, statement: str) -> None:
        """Others may hold the file for a while."""
        while True:
            try:
                self._connection.execute(statement).fetchone()
                return
            except self._driver.OperationalError as error:
                if "locked" not in str(error) or self._looks_up():
                    raise

    def _looks_up(self) -> int:
        return int(self._is_stopped or time.monotonic() >= self._deadline)

    def _allows(self, action: int, first: str | None, second: str | None, *_more: object) -> int:
        return sqlite3.SQLITE_OK if self._is_allowed(action, first, second) else sqlite3.SQLITE_DENY

    def _is_allowed(self, action: int, first: str | None, second: str | None) -> bool:
        if action == sqlite3.SQLITE_PRAGMA:
            name = (first or "").lower()
            return name in _LOOKS or (name in _ASKED and second is None)
        if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() == "load_extension":
            return False
        return action not in _DENIED if self._may_write else action in _READ
