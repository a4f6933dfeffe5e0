"""A transaction as the noun files see it: SQL text in, rows out, events told after the commit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from watchkeeper.model.events import Event
from watchkeeper.model.instant import to_us


class Tx:
    """One transaction on one connection. Never kept beyond the function that received it."""

    def __init__(self, connection: Any, now: datetime) -> None:
        self._connection = connection
        #: The moment of the transaction, aware UTC.
        self.now = now
        self.now_us = to_us(now)
        #: Events to be published once the transaction is on disk.
        self.told: list[Event] = []

    @property
    def is_sqlite(self) -> bool:
        return bool(self._connection.dialect.name == "sqlite")

    def tell(self, event: Event) -> None:
        """Publish `event` after the commit; forgotten when the transaction fails."""
        self.told.append(event)

    def rows(self, sql: str, /, **values: Any) -> list[Any]:
        """All rows of a query; columns by name."""
        return list(self._connection.execute(_statement(sql), values).all())

    def row(self, sql: str, /, **values: Any) -> Any:
        """The first row of a query, or None."""
        return self._connection.execute(_statement(sql), values).first()

    def value(self, sql: str, /, **values: Any) -> Any:
        """The first column of the first row, or None."""
        return self._connection.execute(_statement(sql), values).scalar()

    def run(self, sql: str, /, **values: Any) -> int:
        """Carry out one statement; the number of rows it touched."""
        return int(self._connection.execute(_statement(sql), values).rowcount)

    def run_many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> int:
        """Carry out one statement for each of `rows`; the sum of the rows touched."""
        return int(self._connection.execute(_statement(sql), list(rows)).rowcount) if rows else 0

    def run_compiled(self, sql: str, rows: Any) -> int:
        """Carry out driver text (see compiled.py) for `rows` in its shape; the sum of the rows touched."""
        return int(self._connection.exec_driver_sql(sql, rows).rowcount)


@lru_cache(maxsize=512)
def _statement(sql: str) -> Any:
    from sqlalchemy import text

    return text(sql)
