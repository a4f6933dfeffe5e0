"""Moves as a driver gets them: text that is compiled once, and the rows in the shape that it wants.

Decision: a server gets a group as one statement over columns of values, SQLite each row by itself.
Question: how does a group of some hundred rows come to a server without a message and a plan for each?
Why: the rows that a statement touches are counted either way, so the guard stays what it is; see E1 in tests/bench.
Alternatives: executemany in a pipeline (a third of the runs), COPY to a table and one statement (PgBouncer gives every
transaction another session).
State: in force. Two rows of one group for one run touch it once, so that they are tried one by one; kinds of which
that may be so without anybody having lost go row by row.
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple, get_type_hints

from sqlalchemy import text

from watchkeeper.store.moves import STATEMENTS, UNGUARDED, Remembered, Shelved

#: Of these, what is done twice in a group is not what is done once: each row has its own statement.
_ONE_BY_ONE = UNGUARDED - {Shelved, Remembered}

_ARRAYS = {int: "bigint[]", int | None: "bigint[]", str: "text[]", str | None: "text[]"}
_VALUE = re.compile(r":(\w+)")


class Compiled(NamedTuple):
    """Driver text, and how it wants the rows."""

    sql: str
    #: The order of the values in a row.
    order: tuple[int, ...] | None = None
    #: A row is a mapping.
    is_mapping: bool = False
    #: The fields whose values it wants as columns, all rows at once.
    columns: tuple[str, ...] = ()


def compile_moves(dialect: Any) -> dict[type[Any], Compiled]:
    """Every statement as text of the dialect's driver."""
    return {kind: _compiled(kind, sql, dialect) for kind, sql in STATEMENTS.items()}


def shaped(compiled: Compiled, rows: Sequence[Any]) -> Any:
    """The rows as the driver wants them."""
    if compiled.columns:
        return {name: [getattr(row, name) for row in rows] for name in compiled.columns}
    if compiled.is_mapping:
        return [row._asdict() for row in rows]
    if compiled.order is None:
        return rows
    order = compiled.order
    return [tuple(row[i] for i in order) for row in rows]


def _compiled(kind: type[Any], sql: str, dialect: Any) -> Compiled:
    statement = text(sql).compile(dialect=dialect)
    if statement.positional:
        fields = kind._fields
        order = tuple(fields.index(name) for name in statement.positiontup or ())
        return Compiled(str(statement), None if order == tuple(range(len(fields))) else order)
    if kind in _ONE_BY_ONE:
        return Compiled(str(statement), is_mapping=True)
    columns = tuple(dict.fromkeys(_VALUE.findall(sql)))
    return Compiled(str(text(_over_columns(kind, sql, columns)).compile(dialect=dialect)), columns=columns)


def _over_columns(kind: type[Any], sql: str, columns: Sequence[str]) -> str:
    """The statement for all rows at once; runs get their numbers in the order of the rows."""
    types = get_type_hints(kind)
    arrays = ", ".join(f"CAST(:{name} AS {_ARRAYS[types[name]]})" for name in columns)
    names = ", ".join(f"of_{name}" for name in columns)
    given = f"unnest({arrays}) WITH ORDINALITY AS given ({names}, nth)"
    over_columns = _VALUE.sub(r"given.of_\1", sql)
    if sql.startswith("UPDATE"):
        done, guard = over_columns.split(" WHERE ", 1)
        return f"{done} FROM {given} WHERE {guard}"
    into, values, conflict = re.split(r"VALUES \((.*?)\)", over_columns, maxsplit=1)
    return f"{into}SELECT {values} FROM {given} ORDER BY nth{conflict}"
