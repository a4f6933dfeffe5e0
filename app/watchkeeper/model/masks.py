"""What differs in a program's output from run to run and means nothing: moments, spans, ids, processes, addresses."""

import re

#: In a line so many characters are looked at.
LONGEST = 2_000

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_MASKS = {
    "address": r"\b0x[0-9a-fA-F]{4,}\b",
    "time": (
        r"\b\d{4}[-/.]\d{2}[-/.]\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:[.,]\d+)?)?(?:\s?(?:Z|UTC|[+-]\d{2}:?\d{2}))?"
        r"|\b\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?(?:\s?(?:Z|UTC|[+-]\d{2}:?\d{2})\b)?"
        r"|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s+\d{1,2}\b"
        r"|\b\d{1,2}/(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)/\d{4}\b:?"
        r"|\b1[5-9]\d{8}(?:\d{3}|\.\d+)?\b"
    ),
    "id": (
        r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b"
        r"|\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{7,64}\b"
        r"|(?<=/)tmp[.\w]{6,16}\b"
    ),
    "pid": r"(?i:\b(?:pid|tid|process|thread|worker|job)[ =:#-]+)\d+\b|(?<=\w)\[\d+\](?=:)",
    "span": (
        r"\b(?:\d+d )?(?:\d+h )?\d+m ?\d+(?:\.\d+)?s\b"
        r"|\b\d+(?:\.\d+)?\s?(?:ns|us|µs|ms|s|secs?|seconds?|mins?|minutes?|hours?|秒|毫秒|分钟|小时)(?![\w/])"
    ),
}
_MASK = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _MASKS.items()))


def plain(line: str) -> str:
    """A line without its colours."""
    return _ESCAPES.sub("", line) if "\x1b" in line else line


def masked(line: str) -> str:
    """A line with a word like `<time>` for each thing that is never the same, so that two lines can be held together.

    >>> masked("08:30:12.004 worker-7 read 12 rows in 3.2 s")
    '<time> <pid> read 12 rows in <span>'
    """
    return _MASK.sub(_name, line[:LONGEST].rstrip())


def _name(found: re.Match[str]) -> str:
    return f"<{found.lastgroup}>"
