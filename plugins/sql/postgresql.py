"""PostgreSQL by psycopg: rows one by one as they come, the server's own timeout, a cancel over a second line."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .bind import Bound, bound
from .session import CONNECT, STORE, Answer, missing, one_line
from .split import Statement

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.pq.abc import PGresult

    from .target import Target

try:
    import psycopg
    from psycopg import pq
    from psycopg.errors import error_from_result
except ImportError:
    raise missing("psycopg", "postgresql") from None

_TLS = {"prefer": "prefer", "require": "require", "verify": "verify-full", "off": "disable"}
#: Seconds that a cancel may take.
CANCEL = 3.0
_STORE = (
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') "
    "AND c.relname = ANY(%s) GROUP BY c.relname"
)


class PostgresqlSession:
    """One connection."""

    def __init__(self, target: "Target") -> None:
        self.errors: tuple[type[Exception], ...] = (psycopg.Error, psycopg.Warning)
        self._target = target
        self._connection: Connection[Any] | None = None
        self._sent: Bound | None = None

    def open(self, *, may_write: bool, seconds: float) -> None:
        connection = psycopg.connect(self._target.url or "", autocommit=True, **self._parts())
        self._connection = connection
        if connection.info.server_version >= 140000:
            # The server notices by itself that we are gone, and goes on with nothing.
            with contextlib.suppress(psycopg.Error):
                connection.execute("SET client_connection_check_interval = '2s'")
        connection.execute("SET standard_conforming_strings = on")
        connection.execute("BEGIN READ WRITE" if may_write else "BEGIN READ ONLY")
        connection.execute("SELECT set_config('statement_timeout', %s, true)", [f"{max(1, round(seconds * 1000))}ms"])

    def tables(self) -> set[str]:
        return {name for (name,) in self._open.execute(_STORE, [list(STORE)])}

    def run(self, statement: Statement, values: Mapping[str, Any]) -> Answer:
        sent = self._sent = bound(statement, lambda _name, number: f"${number}")
        given = [values[name] for name in sent.names]
        columns = self._described(sent.text, given)
        cursor = psycopg.RawCursor(self._open)
        if columns is None:
            cursor.execute(sent.text.encode(), given or None)
            return Answer(affected=lambda: max(cursor.rowcount, 0))
        return Answer(columns, _rows(cursor, sent.text.encode(), given))

    def commit(self) -> None:
        self._open.execute("COMMIT")

    def rollback(self) -> None:
        if not self._open.closed:
            self._open.execute("ROLLBACK")

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def stop(self) -> None:
        connection = self._connection
        if connection is not None and not connection.closed:
            with contextlib.suppress(psycopg.Error):
                connection.cancel_safe(timeout=CANCEL)

    def is_timeout(self, error: Exception) -> bool:
        return isinstance(error, psycopg.errors.QueryCanceled) and "timeout" in str(error)

    def words_of(self, error: Exception) -> str:
        found = getattr(error, "diag", None)
        if found is None or not found.message_primary:
            return one_line(error)
        more = found.message_detail or found.message_hint
        return one_line(f"{found.message_primary} ({more})" if more else found.message_primary)

    def place_of(self, error: Exception, statement: Statement) -> int | None:
        found = getattr(error, "diag", None)
        if found is None or not found.statement_position or self._sent is None:
            return None
        return self._sent.origin(int(found.statement_position) - 1)

    def has_answered(self, error: Exception) -> bool:
        return getattr(error, "sqlstate", None) is not None

    @property
    def _open(self) -> "Connection[Any]":
        assert self._connection is not None, "it was opened"
        return self._connection

    def _parts(self) -> dict[str, Any]:
        target, fixed = self._target, {"connect_timeout": CONNECT, "application_name": "watchkeeper sql"}
        if target.url is not None:
            return fixed
        verified = {"sslrootcert": "system"} if target.tls == "verify" else {}
        return {
            "host": target.host,
            "port": target.port,
            "user": target.user,
            "password": target.password,
            "dbname": target.name,
            "sslmode": _TLS[target.tls],
            **verified,
            **fixed,
        }

    def _described(self, text: str, given: Sequence[Any]) -> tuple[str, ...] | None:
        """The columns that the statement gives, None when it gives none; the server reads it and runs nothing."""
        line, encoding = self._open.pgconn, self._open.info.encoding
        prepared = line.prepare(b"", text.encode(encoding), [_type_of(value) for value in given])
        _require_ok(prepared, encoding)
        described = line.describe_prepared(b"")
        _require_ok(described, encoding)
        names = [described.fname(number) or b"" for number in range(described.nfields)]
        return tuple(name.decode(encoding, "replace") for name in names) or None


def _rows(cursor: "psycopg.RawCursor[Any]", text: bytes, given: Sequence[Any]) -> Iterator[Sequence[Any]]:
    # More than one at a time would be faster, and a thousand big cells at a time would fill the memory.
    yield from cursor.stream(text, given, size=1)


def _require_ok(result: "PGresult", encoding: str) -> None:
    if result.status not in (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK):
        raise error_from_result(result, encoding=encoding)


def _type_of(value: Any) -> int:
    """The type's number on the server as psycopg will send it; 0 lets the server find out."""
    if isinstance(value, bool):
        return 16
    if isinstance(value, float):
        return 701
    if isinstance(value, int):
        return 21 if -(2**15) <= value < 2**15 else 23 if -(2**31) <= value < 2**31 else 20
    return 0
