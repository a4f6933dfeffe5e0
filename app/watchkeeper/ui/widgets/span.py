"""Spans of time as they are written in the window's language: `1h 30m`, `1 小时 30 分钟`; either is understood."""

import re

from watchkeeper.model.errors import Known
from watchkeeper.model.span import parse, written
from watchkeeper.ui.words import language

_PART = re.compile(r"(\d+)(ms|d|h|m|s)")
_CHINESE = {"d": "天", "h": "小时", "m": "分钟", "s": "秒", "ms": "毫秒"}
#: What people write, the longer words first.
_UNITS = (
    ("毫秒", "ms"), ("分钟", "m"), ("小时", "h"), ("秒钟", "s"),
    ("天", "d"), ("日", "d"), ("时", "h"), ("分", "m"), ("秒", "s"),
    ("days", "d"), ("day", "d"), ("hours", "h"), ("hour", "h"), ("minutes", "m"), ("minute", "m"), ("mins", "m"),
    ("min", "m"), ("seconds", "s"), ("second", "s"), ("secs", "s"), ("sec", "s"),
)  # fmt: skip


def shown_span(text: str) -> str:
    """`1h30m` as the window's language writes it; what is no span stays as it is."""
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return text
    if language() == "zh_CN":
        return " ".join(f"{number} {_CHINESE[unit]}" for number, unit in parts)
    return " ".join(number + unit for number, unit in parts)


def read_span(text: str) -> str:
    """What was typed as it is kept, `1h30m`; what is no span stays as it is, to be refused with its words."""
    plain = text.strip().lower()
    for word, unit in _UNITS:
        plain = plain.replace(word, unit)
    try:
        return written(parse(plain))
    except Known:
        return text.strip()
