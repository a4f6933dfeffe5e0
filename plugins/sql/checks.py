"""What is refused before a database is asked: transactions of one's own, writing unasked, values that are missing."""

from collections.abc import Mapping, Sequence
from typing import Any

from watchkeeper.plugin import Fail, _

from .split import Statement

READS = {"SELECT", "WITH", "VALUES", "TABLE", "SHOW", "EXPLAIN", "DESCRIBE", "DESC", "PRAGMA"}
_TRANSACTION = {"BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE", "XA"}
#: SET and these: what would undo the transaction that everything runs in.
_SETTINGS = {"TRANSACTION", "AUTOCOMMIT", "CHARACTERISTICS", "SQL_MODE", "STATEMENT_TIMEOUT", "MAX_STATEMENT_TIME"}
_SETTINGS |= {"MAX_EXECUTION_TIME", "STANDARD_CONFORMING_STRINGS", "DEFAULT_TRANSACTION_READ_ONLY"}
_TO_FILES = {"OUTFILE", "DUMPFILE"}
#: Refused anywhere where no database is known to refuse them.
_CHANGES = {"INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "INTO", "TRUNCATE", "DROP", "ALTER", "CREATE", "ANALYZE"}
#: MySQL's commit by themselves.
_LOCKS = (["LOCK", "TABLES"], ["UNLOCK", "TABLES"])


def require_checked(
    statements: Sequence[Statement],
    values: Mapping[str, Any],
    *,
    may_write: bool,
    is_one: bool,
    is_strict: bool = False,
) -> None:
    """Fail when these are not to be run as they are; `is_strict`: the database has no transaction that only reads."""
    if not statements:
        raise Fail(_("there is no SQL in it"))
    if is_one and len(statements) > 1:
        raise Fail(
            _("statement holds {n} statements: it is exactly one; write several into a script", n=len(statements))
        )
    for statement in statements:
        _require_no_transaction(statement)
        if not may_write:
            _require_read(statement, is_strict)
    _require_values(statements, values)


def _require_no_transaction(statement: Statement) -> None:
    words, line = statement.words, _line(statement)
    is_setting = statement.verb == "SET" and bool(_SETTINGS & set(words))
    if is_setting or statement.verb in _TRANSACTION or words[:2] in _LOCKS:
        raise Fail(
            _(
                "line {line}: {verb} is refused, since everything runs in one transaction that is committed at the end",
                line=line,
                verb=statement.verb,
            )
        )
    if statement.verb == "PREPARE" or words[:2] == ["EXECUTE", "IMMEDIATE"]:
        raise Fail(_("line {line}: {verb} is refused: write the statement itself", line=line, verb=statement.verb))


def _require_read(statement: Statement, is_strict: bool) -> None:
    changes = _CHANGES & set(statement.words) if is_strict else set()
    if changes or statement.verb not in READS:
        raise Fail(
            _(
                "line {line}: {verb} may change data: set write if it is meant to",
                line=_line(statement),
                verb=min(changes, default=statement.verb or statement.text[:20]),
            )
        )
    if found := _TO_FILES & set(statement.words):
        raise Fail(
            _(
                "line {line}: INTO {word} writes a file: set write if it is meant to",
                line=_line(statement),
                word=min(found),
            )
        )


def _require_values(statements: Sequence[Statement], values: Mapping[str, Any]) -> None:
    wanted = {name: statement for statement in statements for name in statement.names}
    for name, statement in wanted.items():
        if name not in values:
            raise Fail(
                _("line {line}: values has no {name}, which the SQL wants", line=_line(statement), name=name[:60])
            )
    for name in values:
        if name not in wanted:
            raise Fail(_("values has {name}, and no :{name} is in the SQL", name=name[:60]))


def _line(statement: Statement) -> int:
    return statement.line_and_column(statement.start)[0]
