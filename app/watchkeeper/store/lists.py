"""A list as one value of a statement, so that its text, which is compiled once, does not grow with the list."""

from collections.abc import Collection

from watchkeeper.model.codec import encode
from watchkeeper.store.tx import Tx


def among(tx: Tx, name: str) -> str:
    """What stands behind IN, for a value `name` that `listed` has made."""
    if tx.is_sqlite:
        return f"(SELECT value FROM json_each(:{name}))"
    return f"(SELECT json_array_elements_text(CAST(:{name} AS json)))"


def listed(words: Collection[str]) -> str:
    """Words as one value."""
    return encode(list(words)).decode()
