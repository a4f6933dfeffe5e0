"""Values of a database as plain data that JSON and CSV can carry, no longer than is good."""

import json
import math
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

#: Characters of a cell that are kept.
CELL = 1_000_000
#: Excel and its like take a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_DEEPEST = 15


def plain(value: Any, depth: int = 0) -> Any:
    """As JSON carries it: what has no form of its own there as text, bytes as hexadecimal digits."""
    match value:
        case None | bool():
            return value
        case int():
            return value if -(2**63) <= value < 2**63 else str(value)
        case float():
            return value if math.isfinite(value) else str(value)
        case str():
            return value.encode("utf-8", "replace").decode() if not value.isascii() else value
        case bytes() | bytearray() | memoryview():
            return _hexadecimal(value)
        case Decimal():
            return str(value)
        case datetime() | date() | time():
            return value.isoformat()
        case list() | tuple() if depth < _DEEPEST:
            return [plain(item, depth + 1) for item in value]
        case dict() if depth < _DEEPEST:
            return {str(key): plain(item, depth + 1) for key, item in value.items()}
    return str(value)


def _hexadecimal(value: bytes | bytearray | memoryview) -> str:
    kept = bytes(value[: CELL // 2])
    return kept.hex() if len(value) == len(kept) else _noted(kept.hex(), len(value), "bytes")


def cut(value: Any, most: int = CELL) -> Any:
    """What is longer than `most` characters as text, cut, with a note at its end; anything else as it is."""
    if isinstance(value, list | dict) and size_of(value) > most:
        value = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, str) or len(value) <= most:
        return value
    return _noted(value[:most], len(value), "characters")


def size_of(value: Any) -> int:
    """Bytes, nearly."""
    match value:
        case str():
            return len(value) if value.isascii() else len(value.encode())
        case list() | tuple():
            return sum(map(size_of, value))
        case dict():
            return sum(len(name) + size_of(item) for name, item in value.items())
    return 8


def harmless(value: Any) -> Any:
    """A cell for a spreadsheet: text that would be a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _noted(kept: str, length: int, unit: str) -> str:
    return f"{kept}… ({length} {unit})"
