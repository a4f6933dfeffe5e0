"""How grave a line is, by the words that programs begin their lines with."""

import re
from collections.abc import Iterator
from enum import IntEnum


class Level(IntEnum):
    DEBUG = 0
    PLAIN = 1
    WARNING = 2
    ERROR = 3


_NAMES: dict[bytes, Level] = {
    **dict.fromkeys((b"error", b"err", b"fatal", b"critical", b"crit", b"severe", b"panic", b"emerg", b"alert"), Level.ERROR),
    **dict.fromkeys((b"warning", b"warn"), Level.WARNING),
    **dict.fromkeys((b"info", b"notice", b"information"), Level.PLAIN),
    **dict.fromkeys((b"debug", b"trace", b"verbose", b"fine"), Level.DEBUG),
}
_WORDS = b"|".join(_NAMES)
#: A time, or the number of seconds since the system's start: what is said comes after it.
_TIME = re.compile(rb"[\[(]?(?:\d[\dT:.,/+-]*|[A-Z][a-z]{2}\s+\d+)(?:[ T][\d:.,+-]*Z?(?: UTC)?)*[\])]?\s+")
_SGR = re.compile(rb"\x1b\[[0-9;:]*m")
#: An upper-case word of its own, or any of them in brackets, or as a field.
_SAID = re.compile(
    rb"(?:^|[\s\[(|<:=\"'])(" + _WORDS.upper() + rb")(?=[\s\])|>:,\"';]|$)"
    rb"|[\[<](?i:(" + _WORDS + rb"))[\]>]"
    rb"|\b(?i:(?:level|severity|lvl)[\"']?\s*[=:]\s*[\"']?(" + _WORDS + rb"))\b"
)
#: What begins a line, or follows a place in a source file.
_BEGUN = re.compile(
    rb"(?:[\w./\\-]+:\d+(?::\d+)?:\s+|[\w.-]+(?:\[\d+\])?:\s+)?"
    rb"(?i:(fatal error|fatal|error|panic|warning))(?:\[\w+\])?[:!]"
)
_RAISED = re.compile(rb"(?:[A-Za-z_$][\w$]*\.)*[A-Za-z_$]*(?:Error|Exception|Panic|Interrupt)(?::\s|$)")
_KLOG = re.compile(rb"([EWF])\d{4} \d\d:\d\d:")

#: One of these stands, in some case, in every line that is a warning or an error.
HINTS = (b"err", b"exception", b"fatal", b"crit", b"severe", b"panic", b"emerg", b"alert", b"warn", b"interrupt")
#: And so does one of these, at its start.
KLOG_HINTS = (b"\ne0", b"\ne1", b"\nw0", b"\nw1", b"\nf0", b"\nf1")
#: Words further in say something about another line.
_HEAD = 200


def level_of(line: bytes) -> Level:
    """The level of one line."""
    head = line[:_HEAD]
    if b"\x1b" in head:
        head = _SGR.sub(b"", line[: 2 * _HEAD])[:_HEAD]
    head = head.strip()
    if (said := _SAID.search(head)) is not None:
        return _NAMES[(said[1] or said[2] or said[3]).lower()]
    if (klog := _KLOG.match(head)) is not None:
        return Level.WARNING if klog[1] == b"W" else Level.ERROR
    if (time := _TIME.match(head)) is not None:
        head = head[time.end() :]
    if (begun := _BEGUN.match(head)) is not None:
        return Level.WARNING if begun[1].lower() == b"warning" else Level.ERROR
    return Level.ERROR if _RAISED.match(head) else Level.PLAIN


def graves(data: bytes) -> Iterator[tuple[int, Level]]:
    """Where the warnings and errors among complete lines begin, in order."""
    low = data.lower()
    begun = {low.rfind(b"\n", 0, at) + 1 for hint in HINTS for at in _places(low, hint)}
    begun.update(at + 1 for hint in KLOG_HINTS for at in _places(low, hint))
    if data[:2].lower() in (b"e0", b"e1", b"w0", b"w1", b"f0", b"f1"):
        begun.add(0)
    for start in sorted(begun):
        end = data.find(b"\n", start, start + _HEAD * 2)
        level = level_of(data[start : end if end >= 0 else start + _HEAD * 2])
        if level >= Level.WARNING:
            yield start, level


def _places(low: bytes, hint: bytes) -> Iterator[int]:
    """Where a hint stands, once a line."""
    at = low.find(hint)
    while at >= 0:
        yield at
        line_end = low.find(b"\n", at + 1)
        at = low.find(hint, line_end) if line_end >= 0 else -1
