"""What a line of output says of itself, error or warning or less, and the first error of an output.

A line that names its level is believed, whatever else it says; then the forms count in which compilers, interpreters
and shells complain. `0 errors`, `error: none` and the word error in prose are none.
"""

import re
from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

#: Bytes of a line that are looked at; what stands further in says nothing about the line.
HEAD = 400
#: Bytes that are looked through in one go, so that they stay in the processor's cache.
_SLICE = 256 << 10


class Level(IntEnum):
    """How grave a line is."""

    DEBUG = 0
    PLAIN = 1
    WARNING = 2
    ERROR = 3


class Line(NamedTuple):
    """A line within some output: where it begins, and its bytes without the line's end."""

    offset: int
    data: bytes


_COLOUR = re.compile(rb"\x1b\[[0-9;:]*m")

#: Words by which programs name a line's level; each error and warning among them holds one of the hints below.
_ERRORS = rb"error|err|fatal|critical|panic"
_WARNINGS = rb"warning|warn"
_PLAIN = rb"information|info|notice"
_DEBUGS = rb"debug|trace|verbose"
_WORDS = rb"|".join((_ERRORS, _WARNINGS, _PLAIN, _DEBUGS))
_LEVELS = {
    **dict.fromkeys(_ERRORS.split(b"|"), Level.ERROR),
    **dict.fromkeys(_WARNINGS.split(b"|"), Level.WARNING),
    **dict.fromkeys(_PLAIN.split(b"|"), Level.PLAIN),
    **dict.fromkeys(_DEBUGS.split(b"|"), Level.DEBUG),
}
#: ERROR as a word of its own; [error] and [core:error]; level=error and "level": "error".
_NAMED = re.compile(
    rb"(?<![\w./-])(" + _WORDS.upper() + rb")(?![\w./-]|\s*=)"
    rb"|\[(?:\w+:)?(" + _WORDS + rb")\]"
    rb"|\b(?i:(?:level|severity|lvl)\"?\s*[=:]\s*\"?(" + _WORDS + rb"))\b"
)
_NONE_BEFORE = re.compile(rb"(?i)(?:\b0|\bno|\bwithout|\bzero)\s+$")
_NONE_AFTER = re.compile(rb"(?i)\s*:?\s*\"?(?:0|none|null|nil|false|ok)\b(?!:)")

#: What the system answers, in the words of strerror(3); commands write it behind their own name and a thing's.
_REFUSALS = (
    b"no such file or directory",
    b"permission denied",
    b"operation not permitted",
    b"no space left on device",
    b"read-only file system",
    b"connection refused",
)
_COMPLAINTS = re.compile(
    # error: and fatal: and error[E0308]: and error TS2304: and fatal error:
    rb"(?i:(?<![\w-])(?:error|fatal|critical|panic)(?:\[[\w-]+\]|\s+[A-Z]{1,5}\d+|\s+error)?\s*:(?=\s*[^\s:]))"
    # module.SomeError: what and java.lang.SomeException at the beginning of a line, a time before it or not
    rb"|^\s*(?:[\[(]?\d[\dT:.,+/ Z-]*[\])]?\s+)?"
    rb"(?:Caused by: |Exception in thread \S+ |Unhandled exception[:.]? ?|Uncaught )?"
    rb"(?:[A-Za-z_$][\w$]*(?:\.|::))*[A-Z]\w*(?:Error|Exception)\b(?=\s*(?:[:(\[]|$))"
    rb"|^thread '.*' panicked at |^Unhandled exception"
    rb"|\bERR!|\*\*\* .*\bError \d"
    rb"|: command not found\s*$|^(?:\w+: )?command not found: "
    # cp: cannot stat 'orders.csv': No such file or directory
    rb"|^[\w./+-]+: .+: (?i:" + rb"|".join(_REFUSALS) + rb")\s*$"
    rb"|\b[Ss]egmentation fault\b"
    rb"|\xe9\x94\x99\xe8\xaf\xaf\s*(?::|\xef\xbc\x9a|\])"
)
_CAUTIONS = re.compile(rb"(?i:(?<![\w-])warn(?:ing)?(?:\[[\w-]+\])?\s*:(?=\s*\S))|\b[A-Z]\w*Warning\b\s*:")
#: What stands before the lines of a traceback.
_FRAME = b" \t|+-"
_TRACEBACK = b"Traceback (most recent call last):"

#: One of these, in lower case, stands in every line that is an error, and begins a traceback.
_ERROR_HINTS = (
    b"err",
    b"fatal",
    b"critical",
    b"panic",
    b"exception",
    b"traceback (most recent call last)",
    b"segmentation fault",
    b"command not found",
    b"\xe9\x94\x99\xe8\xaf\xaf",
    *_REFUSALS,
)
_HINTS = {Level.ERROR: _ERROR_HINTS, Level.WARNING: (*_ERROR_HINTS, b"warn")}


def level_of(line: bytes) -> Level:
    """What one line says of itself; its end may be there or not."""
    head = line[:HEAD]
    if b"\x1b" in head:
        head = _COLOUR.sub(b"", head)
    head = head.rstrip()
    named = _NAMED.search(head)
    if named is not None and not _is_denied(head, named):
        return _LEVELS[(named[1] or named[2] or named[3]).lower()]
    found = _COMPLAINTS.search(head)
    if found is not None and not _is_denied(head, found):
        return Level.ERROR
    return Level.WARNING if _CAUTIONS.search(head) else Level.PLAIN


def grave_lines(data: bytes, least: Level = Level.WARNING) -> Iterator[Line]:
    """The lines of at least that level, WARNING or ERROR, in order; the last one need not have come to its end."""
    for line in _candidates(data, _HINTS[least]):
        if level_of(line.data) >= least:
            yield line


def first_error(data: bytes) -> Line | None:
    """The first line that is an error; of a Python traceback the line that names the exception."""
    for line in _candidates(data, _ERROR_HINTS):
        if _TRACEBACK in line.data[:HEAD]:
            return _end_of_traceback(data, line)
        if level_of(line.data) is Level.ERROR:
            return line
    return None


def last_words(data: bytes) -> Line | None:
    """The last line that is not blank."""
    end = len(data.rstrip())
    if end == 0:
        return None
    start = data.rfind(b"\n", 0, end) + 1
    return Line(start, data[start:end])


def in_words(line: bytes, longest: int = 300) -> str:
    """A line as text without its colours; bytes that are no UTF-8 are replaced."""
    text = _COLOUR.sub(b"", line[: longest * 8]).decode("utf-8", "replace").strip()
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _is_denied(head: bytes, found: "re.Match[bytes]") -> bool:
    """Whether the words around it say that there is none."""
    is_none = _NONE_BEFORE.search(head, 0, found.start()) or _NONE_AFTER.match(head, found.end())
    return is_none is not None


def _candidates(data: bytes, hints: tuple[bytes, ...]) -> Iterator[Line]:
    """The lines that hold a hint, in order; most of an output is passed over without a look at its lines."""
    start = 0
    while start < len(data):
        end = data.rfind(b"\n", start, start + _SLICE) + 1 or data.find(b"\n", start + _SLICE) + 1 or len(data)
        low = data[start:end].lower()
        begins = sorted({low.rfind(b"\n", 0, place) + 1 for hint in hints for place in _once_a_line(low, hint)})
        for begin in begins:
            yield _line_at(data, start + begin)
        start = end


def _once_a_line(low: bytes, hint: bytes) -> Iterator[int]:
    place = low.find(hint)
    while place >= 0:
        yield place
        line_end = low.find(b"\n", place)
        place = low.find(hint, line_end) if line_end >= 0 else -1


def _line_at(data: bytes, start: int) -> Line:
    end = data.find(b"\n", start)
    return Line(start, data[start : len(data) if end < 0 else end].rstrip(b"\r"))


def _end_of_traceback(data: bytes, begun: Line) -> Line:
    """The first line after it that is neither blank nor further in; the traceback's own where it is cut off."""
    margin, start = _margin(begun.data), data.find(b"\n", begun.offset) + 1
    while 0 < start < len(data):
        line = _line_at(data, start)
        if line.data.strip(_FRAME) and _margin(line.data) <= margin:
            return line
        start = data.find(b"\n", start) + 1
    return begun


def _margin(line: bytes) -> int:
    """How far in a line begins, the bars of an exception group aside."""
    return len(line) - len(line.lstrip(_FRAME))
