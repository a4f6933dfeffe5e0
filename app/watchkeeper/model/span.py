"""A span of time as people write it: 90s, 5m, 1h30m, 2d."""

import re
from datetime import timedelta

from watchkeeper.model.errors import Misfit
from watchkeeper.model.text import _

_UNITS = {"d": 86_400.0, "h": 3_600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|d|h|m|s)", re.ASCII)

#: Longer than this no span makes sense, and arithmetic with dates stays safe.
LONGEST = timedelta(days=36_500)


class Span(timedelta):
    """A timedelta that is written `1h30m` in files and on the command line."""

    def __str__(self) -> str:
        return written(self)


def parse(value: str | int | float) -> Span:
    """The span that `value` means: text with units, or a number of seconds.

    Raises Known for anything else, for a negative span and for one over 100 years.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise _refusal(value)
    seconds = _seconds(value) if isinstance(value, str) else float(value)
    if not 0 <= seconds <= LONGEST.total_seconds():
        raise _refusal(value)
    return Span(seconds=seconds)


def written(span: timedelta) -> str:
    """The shortest exact way to write `span`, to the millisecond."""
    left, parts = round(span.total_seconds() * 1000), []
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def _seconds(text: str) -> float:
    compact = text.strip().replace(" ", "")
    if len(compact) > 40 or not compact:
        raise _refusal(text)
    if re.fullmatch(r"\d+(\.\d+)?", compact, re.ASCII):
        return float(compact)
    if not re.fullmatch(rf"(?:{_PART.pattern})+", compact, re.ASCII):
        raise _refusal(text)
    return sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(compact))


def _refusal(value: object) -> Misfit:
    return Misfit(_("{value} is not a span of time: write it like 90s, 5m, 1h30m or 2d", value=repr(value)[:60]))
