"""MySQL and MariaDB by PyMySQL: rows one by one, the server's own time limit, KILL QUERY over a second connection."""

import contextlib
import re
import ssl
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from watchkeeper.plugin import Fail, _

from .bind import Bound, bound
from .session import CONNECT, STORE, Answer, missing, one_line
from .split import Statement

if TYPE_CHECKING:
    from .target import Target

try:
    import pymysql
    from pymysql.cursors import SSCursor
except ImportError:
    raise missing("pymysql", "mysql") from None

#: What a connection string may say besides.
_OPTIONS = {"unix_socket", "charset", "ssl_ca", "ssl_cert", "ssl_key"}
#: Stopped by max_statement_time (MariaDB) or max_execution_time (MySQL).
_TIMEOUTS = {1969, 3024}
_LINE = re.compile(r"at line (\d+)$")
#: How we read quotes has to be how the server reads them.
_QUOTES = (
    "SET SESSION sql_mode = REPLACE(REPLACE(REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', ''), 'ANSI_QUOTES', ''), "
    "'ANSI', '')"
)


class MysqlSession:
    """One connection, and another when it is to be stopped."""

    def __init__(self, target: "Target") -> None:
        self.errors: tuple[type[Exception], ...] = (pymysql.Error, OSError)
        if unknown := set(target.options) - _OPTIONS:
            raise Fail(_("the connection string has {name}, which is not known here", name=min(unknown)[:40]))
        self._target = target
        self._connection: Any = None
        self._sent: Bound | None = None
        #: The one whose rows still come.
        self._cursor: Any = None

    def open(self, *, may_write: bool, seconds: float) -> None:
        self._connection = self._connected()
        with self._connection.cursor() as cursor:
            cursor.execute(_QUOTES)
            if "mariadb" in self._connection.get_server_info().lower():
                cursor.execute("SET SESSION max_statement_time = %s", [seconds])
            else:
                cursor.execute("SET SESSION max_execution_time = %s", [max(1, round(seconds * 1000))])
            cursor.execute(f"START TRANSACTION {'READ WRITE' if may_write else 'READ ONLY'}")

    def tables(self) -> set[str]:
        with self._connection.cursor() as cursor:
            cursor.execute(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() "
                "AND table_name IN %s", [STORE],
            )  # fmt: skip
            return {name for (name,) in cursor.fetchall()}

    def run(self, statement: Statement, values: Mapping[str, Any]) -> Answer:
        names = statement.names
        sent = self._sent = bound(
            statement,
            lambda name, _number: f"%({name})s",
            (lambda text: text.replace("%", "%%")) if names else str,
        )
        cursor = self._cursor = SSCursor(self._connection)
        cursor.execute(sent.text, {name: values[name] for name in names} if names else None)
        if cursor.description is None:
            self._cursor = None
            return Answer(affected=lambda: max(cursor.rowcount, 0))
        return Answer(tuple(each[0] for each in cursor.description), self._rows(cursor))

    def commit(self) -> None:
        self._connection.commit()

    def rollback(self) -> None:
        """Where rows are still to come the statement is killed and the connection cut, the transaction with it."""
        if self._cursor is None:
            return self._connection.rollback()  # type: ignore[no-any-return]
        self.stop()
        self._cut()

    def close(self) -> None:
        if self._connection is not None and self._connection.open:
            self._connection.close()

    def stop(self) -> None:
        connection = self._connection
        if connection is None or not connection.open:
            return
        with contextlib.suppress(pymysql.Error, OSError), contextlib.closing(self._connected(CONNECT // 3)) as second:
            second.cursor().execute("KILL QUERY %s", [connection.thread_id()])

    def is_timeout(self, error: Exception) -> bool:
        return bool(error.args) and error.args[0] in _TIMEOUTS

    def words_of(self, error: Exception) -> str:
        return one_line(error.args[1] if len(error.args) > 1 else error)

    def place_of(self, error: Exception, statement: Statement) -> int | None:
        """The server tells a line of what it was sent, blanks before it aside."""
        found = _LINE.search(self.words_of(error))
        if found is None or self._sent is None:
            return None
        start = len(self._sent.text) - len(self._sent.text.lstrip())
        for _number in range(int(found[1]) - 1):
            start = self._sent.text.find("\n", start) + 1
        return self._sent.origin(start)

    def has_answered(self, error: Exception) -> bool:
        return bool(error.args) and isinstance(error.args[0], int) and 1000 <= error.args[0] < 2000

    def _rows(self, cursor: Any) -> Iterator[Sequence[Any]]:
        yield from iter(cursor.fetchone, None)
        self._cursor = None

    def _cut(self) -> None:
        """PyMySQL would read all that is still to come before it lets go."""
        cursor, self._cursor = self._cursor, None
        if cursor._result is not None:
            cursor._result.unbuffered_active = False
        cursor.connection = None
        self._connection._force_close()

    def _connected(self, seconds: int = CONNECT) -> Any:
        target, options = self._target, dict(self._target.options)
        is_socket = bool(target.host and target.host.startswith("/"))
        charset = options.pop("charset", "utf8mb4")
        socket = target.host if is_socket else options.pop("unix_socket", None)
        return pymysql.connect(
            host=None if is_socket else target.host,
            port=target.port or 0,
            unix_socket=socket,
            user=target.user,
            password=target.password or "",
            database=target.name or None,
            charset=charset,
            connect_timeout=seconds,
            program_name="watchkeeper sql",
            autocommit=False,
            local_infile=False,
            **_tls(target.tls, is_local=socket is not None),
            **options,
        )


def _tls(how: str, *, is_local: bool) -> dict[str, Any]:
    if how == "prefer" and not is_local:
        return {}
    if how in ("prefer", "off"):
        return {"ssl_disabled": True}
    context = ssl.create_default_context()
    if how == "require":
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return {"ssl": context}
