"""How much one answer may carry."""

from typing import Any

from watchkeeper.model import codec

#: A page has no more rows, and no more bytes of JSON.
MOST_ROWS = 1_000
MOST_BYTES = 1 << 20


def page(answer: Any) -> Any:
    """`answer`; of a list as many rows as a page holds, but one at least."""
    if not isinstance(answer, list):
        return answer
    rows, size = answer[:MOST_ROWS], 0
    for count, row in enumerate(rows):
        size += len(codec.encode(row))
        if size > MOST_BYTES and count:
            return rows[:count]
    return rows
