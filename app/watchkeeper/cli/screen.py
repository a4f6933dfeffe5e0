"""Text on a terminal: in columns that hold for wide characters, and never able to command the terminal."""

import re
import unicodedata
from collections.abc import Sequence

#: Control characters but for tab and line feed, and the marks that turn the direction of writing.
_COMMANDS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def harmless(text: str) -> str:
    """`text` with every control character as a picture of itself."""
    return _COMMANDS.sub(lambda found: _picture(ord(found[0])), text.replace("\r\n", "\n"))


def on_one_line(text: str) -> str:
    """`text` for a cell of a table."""
    return " ".join(harmless(text).split())


def width(text: str) -> int:
    """Columns that `text` takes on a terminal: two for a wide character, none for a combining one."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines with the columns under each other; the last one is not padded."""
    cells = [[on_one_line(cell) for cell in row] for row in (header, *rows)]
    widths = [max(width(row[column]) for row in cells) for column in range(len(header))]
    return [_line(row, widths) for row in cells]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (size - width(cell)) for cell, size in zip(row, widths, strict=True))
    return "  ".join(padded).rstrip()


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _picture(code: int) -> str:
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"
