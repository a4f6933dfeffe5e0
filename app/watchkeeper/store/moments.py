"""Moments turned into numbers, by halving, in tables whose numbers grow with the moments of their rows."""

from datetime import datetime

from watchkeeper.model.instant import to_us
from watchkeeper.store.tx import Tx

#: Tables, each with the column of its moments.
MADE, NOTED = ("runs", "created_at"), ("audit", "at")


def first_since(tx: Tx, place: tuple[str, str], moment: datetime, low: int, high: int) -> int:
    """The number of the first row between these that is of the moment or later; `high` + 1 if there is none."""
    table, column = place
    sql = f"SELECT number, {column} AS at FROM {table} WHERE number >= :middle ORDER BY number LIMIT 1"
    moment_us = to_us(moment)
    while low <= high:
        middle = (low + high) // 2
        row = tx.row(sql, middle=middle)
        if row is None or row.at >= moment_us:
            high = middle - 1
        else:
            low = row.number + 1
    return low
