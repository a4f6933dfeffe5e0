"""The text form of outputs: what a process writes to the file named by WATCHKEEPER_OUTPUT."""

import re
from typing import NamedTuple

from watchkeeper.model.text import Text, _
from watchkeeper.plugin.outcome import NAME

_ENTRY = re.compile(rf"({NAME.pattern})(?:=(.*)|<<(.+))", re.ASCII | re.DOTALL)


class Parsed(NamedTuple):
    """The outputs that were read, and a sentence on the first line that is none."""

    outputs: dict[str, str]
    bad: Text | None


def parsed(text: str) -> Parsed:
    """The outputs in `text`: `name=value`, or `name<<WORD`, any lines, and WORD alone on a line.

    Empty lines are skipped, the last value of a name wins, a CR before the end of a line is dropped.
    """
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    last = {line: number for number, line in enumerate(lines)}
    outputs: dict[str, str] = {}
    bad: Text | None = None
    at = 0
    while at < len(lines):
        entry = _entry(lines, last, at)
        if entry is not None:
            outputs[entry.name] = entry.value
        elif bad is None and lines[at].strip():
            bad = _("line {number} of the outputs is not name=value: {line}", number=at + 1, line=lines[at][:60])
        at = entry.end if entry is not None else at + 1
    return Parsed(outputs, bad)


class _Entry(NamedTuple):
    name: str
    value: str
    #: The line after it.
    end: int


def _entry(lines: list[str], last: dict[str, int], at: int) -> _Entry | None:
    """The output that begins on line `at`; None when it is none, or when its closing word never comes."""
    found = _ENTRY.fullmatch(lines[at])
    if found is None:
        return None
    name, value, word = found.groups()
    if word is None:
        return _Entry(name, value, at + 1)
    if last.get(word, at) <= at:
        return None
    close = lines.index(word, at + 1)
    return _Entry(name, "\n".join(lines[at + 1 : close]), close + 1)
