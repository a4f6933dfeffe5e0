"""An iCalendar file taken apart: the lines of each event, with their numbers, from text that nobody vouches for.

Only the lines that say when something is are kept, so that a picture within a file costs nothing.
"""

import io
import re
from collections.abc import Iterator
from typing import NamedTuple

from watchkeeper.model.errors import Known
from watchkeeper.model.text import _

LARGEST_FILE = 4 << 20
MOST_LINES = 200_000
MOST_EVENTS = 2_000
DEEPEST = 10
#: Characters of one line, unfolded; of all lines of one event.
LONGEST_LINE = 10_000
LONGEST_EVENT = 50_000

_KEPT = frozenset(
    {
        "UID",
        "SUMMARY",
        "DTSTART",
        "DTEND",
        "DURATION",
        "RRULE",
        "EXRULE",
        "RDATE",
        "EXDATE",
        "RECURRENCE-ID",
        "STATUS",
    }
)
_NAME = re.compile(r"[A-Za-z0-9-]{1,60}(?=[:;])", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Line(NamedTuple):
    """One line, unfolded, and where it begins in the file, from 1."""

    number: int
    name: str
    text: str


class Component(NamedTuple):
    """One VEVENT, or something else that says a time: its kind, where it begins, its kept lines."""

    kind: str
    number: int
    lines: list[Line]

    def value(self, name: str) -> str:
        """What stands behind the first line called `name`; empty without one."""
        return next((line.text.partition(":")[2].strip() for line in self.lines if line.name == name), "")


class Taken(NamedTuple):
    """What a file holds."""

    components: list[Component]
    #: The zone that it names for itself; empty if none.
    zone: str


def taken_apart(data: bytes) -> Taken:
    """The components of a file; Known with the line when it is none, or more than we are willing to read."""
    if len(data) > LARGEST_FILE:
        raise Known(_("the file is larger than {most} MiB: split it", most=LARGEST_FILE >> 20))
    if max(data.count(b"\n"), data.count(b"\r")) > MOST_LINES:
        raise Known(_("the file has more lines than {most}: split it", most=MOST_LINES))
    lines = _unfolded(_decoded(data))
    first = next(lines, Line(1, "", ""))
    if first.text.strip().upper() != "BEGIN:VCALENDAR":
        raise Known(_("this is no iCalendar file: it does not begin with BEGIN:VCALENDAR"))
    return _Reader(first).read(lines)


class _Reader:
    """Follows BEGIN and END."""

    def __init__(self, first: Line) -> None:
        self._open = [("VCALENDAR", first.number)]
        self._found: list[Component] = []
        self._zone = ""

    def read(self, lines: Iterator[Line]) -> Taken:
        for line in lines:
            if line.name == "BEGIN":
                self._begin(line)
            elif line.name == "END":
                self._end(line)
            elif self._open and self._open[-1][0] == "VEVENT" and line.name in _KEPT:
                self._keep(line)
            elif line.name == "X-WR-TIMEZONE" and len(line.text) < 100:
                self._zone = line.text.partition(":")[2].strip()
        if self._open:
            raise Known(_("the file ends before END:{kind}, which began on line {line}", **self._innermost()))
        return Taken(self._found, self._zone)

    def _begin(self, line: Line) -> None:
        kind = line.text.partition(":")[2].strip().upper()[:40]
        self._open.append((kind, line.number))
        if len(self._open) > DEEPEST:
            raise Known(_("line {line}: nested deeper than {most} levels", line=line.number, most=DEEPEST))
        if kind in ("VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"):
            self._found.append(Component(kind, line.number, []))
            if len(self._found) > MOST_EVENTS:
                raise Known(_("line {line}: more than {most} events: split it", line=line.number, most=MOST_EVENTS))

    def _end(self, line: Line) -> None:
        kind = line.text.partition(":")[2].strip().upper()[:40]
        if not self._open or self._open[-1][0] != kind:
            raise Known(_("line {line}: END:{kind} ends nothing that began", line=line.number, kind=kind))
        self._open.pop()

    def _keep(self, line: Line) -> None:
        lines = self._found[-1].lines
        lines.append(line)
        if len(line.text) > LONGEST_LINE or sum(len(each.text) for each in lines[-100:]) > LONGEST_EVENT:
            raise Known(_("line {line}: an event longer than anybody writes: take it out", line=line.number))
        if len(lines) > 500:
            raise Known(_("line {line}: an event of more than 500 lines: take it out", line=line.number))

    def _innermost(self) -> dict[str, object]:
        return {"kind": self._open[-1][0], "line": self._open[-1][1]}


def _decoded(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Known(
            _("line {line}: byte {offset} is not UTF-8: save the file as UTF-8", line=line, offset=error.start)
        ) from None
    control = _CONTROL.search(text)
    if control is not None:
        line = text.count("\n", 0, control.start()) + 1
        raise Known(_("line {line}: it holds a character that can't be shown: take it out", line=line))
    return text


def _unfolded(text: str) -> Iterator[Line]:
    """Lines without their breaks; one that begins with a blank goes on with the line before (RFC 5545, 3.1)."""
    number, parts = 0, list[str]()
    for position, whole in enumerate(io.StringIO(text, newline=None), 1):
        physical = whole.rstrip("\n")
        if physical[:1] in (" ", "\t") and parts:
            parts.append(physical[1:])
            continue
        if parts:
            yield _line(number, parts)
        number, parts = position, [physical] if physical else []
    if parts:
        yield _line(number, parts)


def _line(number: int, parts: list[str]) -> Line:
    text = "".join(parts)
    name = _NAME.match(text)
    return Line(number, name[0].upper() if name else "", text)
