"""Searches a log in a process of its own: whatever expression is given, the window stays free and can end it.

Reads from stdin one line of JSON {pattern, is_regex, is_case_sensitive}, then frames (FRAME and the bytes, whole rows);
answers each with ANSWER and three arrays: row offsets, first characters, characters after the last, of every hit in
the text that shown.shown() makes of a row. No hit goes over the end of a row. Standard library only.
"""

import json
import re
import struct
import sys
from array import array
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from watchkeeper.ui.log.rows import may_have_seams, of_bytes
from watchkeeper.ui.log.shown import is_ordinary, shown

#: Offset, beginning of the part, whether a line starts there, length.
FRAME = struct.Struct("<QQ?I")
#: End of what was searched, number of hits.
ANSWER = struct.Struct("<QI")

_LOW_CLASS = r"\[\^?(?:[a-z]-[a-z]|[0-9]-[0-9]|[a-z0-9 _.,:;])+\]"
#: Expressions that match a text in small letters exactly where they match without regard to case.
_LOW = re.compile(rf"(?:[^\\\[\]A-Z]|\\[dswb.()\[\]{{}}*+?|^$/-]|{_LOW_CLASS})*")


class Hit(NamedTuple):
    row: int
    start: int
    end: int


class Pattern:
    """What is looked for. re.error when it is no expression."""

    def __init__(self, pattern: str, *, is_regex: bool, is_case_sensitive: bool) -> None:
        source = pattern if is_regex else re.escape(pattern)
        self._exact = re.compile(source, re.MULTILINE | (0 if is_case_sensitive else re.IGNORECASE))
        self._low: re.Pattern[str] | None = None
        if not is_case_sensitive and pattern.isascii() and "(?" not in source:
            low = source if is_regex else source.lower()
            if _LOW.fullmatch(low) or not is_regex:
                # Ten times as fast: an expression that ignores case can't skip ahead to a letter.
                self._low = re.compile(low, re.MULTILINE)

    def hits(self, text: str) -> Iterator[tuple[int, int, int]]:
        """For each hit: where its row begins in `text`, and its bounds in the row."""
        low = self._low is not None and text.isascii()
        searched, pattern = (text.lower(), self._low or self._exact) if low else (text, self._exact)
        at = 0
        while (found := pattern.search(searched, at)) is not None:
            row = searched.rfind("\n", 0, found.start()) + 1
            end = searched.find("\n", found.start())
            end = end if end >= 0 else len(searched)
            for hit in pattern.finditer(searched[row:end]):
                if hit.end() > hit.start():
                    yield row, hit.start(), hit.end()
            at = end + 1
            if at > len(searched):
                return


def hits(pattern: Pattern, data: bytes, offset: int, begin: int, is_line_start: bool) -> Iterator[Hit]:
    """The hits in whole rows from `offset`."""
    if is_ordinary(data) and not may_have_seams(data):
        for row, start, end in pattern.hits(data.decode("ascii")):
            yield Hit(offset + row, start, end)
        return
    starts, text = [0], ""
    if not may_have_seams(data):
        text = shown(data)
    else:
        starts = list(_row_starts(data, offset, begin, is_line_start))
        text = "\n".join(_row_text(data[low:high]) for low, high in zip(starts, [*starts[1:], len(data)], strict=True))
    number, row_at = 0, 0
    for row, start, end in pattern.hits(text):
        if len(starts) == 1:
            starts += (newline.end() for newline in re.finditer(b"\n", data))
        number += text.count("\n", row_at, row)
        row_at = row
        yield Hit(offset + starts[number], start, end)


def _row_text(row: bytes) -> str:
    return shown(row.removesuffix(b"\n").removesuffix(b"\r"))


def _row_starts(data: bytes, offset: int, begin: int, is_line_start: bool) -> Iterator[int]:
    rows, at = of_bytes(data, offset, begin, is_line_start), offset
    while at < offset + len(data):
        yield at - offset
        at = rows.end(at)


def serve(told: BinaryIO, answers: BinaryIO) -> None:
    """Search what comes until it ends."""
    wanted = json.loads(told.readline())
    pattern = Pattern(wanted["pattern"], is_regex=wanted["is_regex"], is_case_sensitive=wanted["is_case_sensitive"])
    while len(head := told.read(FRAME.size)) == FRAME.size:
        offset, begin, is_line_start, length = FRAME.unpack(head)
        data = told.read(length)
        rows, starts, ends = array("Q"), array("I"), array("I")
        for hit in hits(pattern, data, offset, begin, is_line_start):
            rows.append(hit.row)
            starts.append(hit.start)
            ends.append(hit.end)
        answers.write(ANSWER.pack(offset + len(data), len(rows)) + rows.tobytes() + starts.tobytes() + ends.tobytes())
        answers.flush()


def main() -> None:
    """The process."""
    serve(sys.stdin.buffer, sys.stdout.buffer)
