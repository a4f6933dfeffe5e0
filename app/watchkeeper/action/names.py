"""Names that people give to jobs and pools, and words that travel with them: nothing hidden, nothing that misleads."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import isfinite
from typing import Any

from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text, _

#: Control, format (direction and zero-width marks), surrogate, private, unassigned; line and paragraph separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_LONGEST_NAME = 200
_DEEPEST = 32
_DEEPEST_PATH = 8
_SURROGATE = re.compile(r"[\ud800-\udfff]")


@contextmanager
def at(place: str) -> Iterator[None]:
    """Put the place, if there is one, before whatever is refused within; places add up to a path."""
    try:
        yield
    except Known as error:
        if not place:
            raise
        raise Known(_within(place, error.text)) from None


def _within(place: str, text: Text) -> Text:
    inner = str(text.values.get("place", ""))
    if not inner:
        return _("{place}: {what}", place=place, what=text)
    mark = "" if inner.startswith("[") else "."
    return _("{place}: {what}", place=f"{place}{mark}{inner}", what=text.values["what"])


def require_name(name: str) -> None:
    """Known unless `name` can stand in a list, a path and a command line without being taken for something else."""
    if not 1 <= len(name) <= _LONGEST_NAME:
        raise Known(_("a name has 1 to {most} characters, this one has {count}", most=_LONGEST_NAME, count=len(name)))
    if any(unicodedata.category(character) in _UNSEEN for character in name) or name != name.strip():
        raise Known(_("the name {name} holds characters that can't be seen: take them out", name=ascii(name)[:80]))
    if "/" in name or "\\" in name or ".." in name or name in (".", "..") or name.startswith("-"):
        raise Known(
            _("the name {name} could be taken for a path or an option: no /, \\, .. or leading -", name=name[:80])
        )


def require_path(path: str) -> None:
    """Known unless every part of `path`, between slashes, is a name."""
    parts = path.split("/")
    if len(parts) > _DEEPEST_PATH:
        raise Known(_("{path} is nested deeper than {most} levels", path=path[:80], most=_DEEPEST_PATH))
    if not all(parts):
        raise Known(_("{path} has an empty part: write it like finance/daily", path=path[:80]))
    for part in parts:
        require_name(part)


def require_line(text: str, longest: int) -> None:
    """Known unless `text` is a single line without control characters."""
    if len(text) > longest:
        raise Known(_("at most {most} characters are allowed, these are {count}", most=longest, count=len(text)))
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in text):
        raise Known(_("{text} holds control characters: take them out", text=ascii(text)[:80]))


def require_text(text: str, longest: int) -> None:
    """Known unless `text` can be stored and passed to a program: Unicode, no NUL, not too long."""
    if len(text) > longest:
        raise Known(_("at most {most} characters are allowed, these are {count}", most=longest, count=len(text)))
    if "\0" in text:
        raise Known(_("it holds a NUL character: take it out"))
    if not text.isascii() and _SURROGATE.search(text):
        raise Known(_("{text} is not Unicode: write it anew", text=ascii(text)[:80]))


def require_storable(value: Any, place: str = "", depth: int = 0) -> None:
    """Known, with the place, unless plain data comes back from JSON as it went in."""
    if isinstance(value, Mapping):
        _require_depth(place, depth)
        for name, each in value.items():
            require_storable(name, place)
            require_storable(each, f"{place}.{name}"[-_LONGEST_NAME:] if place else name[:_LONGEST_NAME], depth + 1)
    elif isinstance(value, (list, tuple)):
        _require_depth(place, depth)
        for position, each in enumerate(value):
            require_storable(each, f"{place}[{position}]", depth + 1)
    elif isinstance(value, (str, int, float)):
        _require_scalar(value, place)


def _require_scalar(value: str | int | float, place: str) -> None:
    if isinstance(value, str):
        if not (value.isascii() and len(value) < _LONGEST_NAME and "\0" not in value):
            with at(place):
                require_text(value, 1 << 20)
    elif isinstance(value, float) and not isfinite(value):
        with at(place):
            raise Known(_("{value} is no number that can be kept", value=str(value)))
    elif not -(2**63) <= value < 2**63:
        with at(place):
            raise Known(_("this number is too big: at most 64 bits, or write it in quotes"))


def _require_depth(place: str, depth: int) -> None:
    if depth > _DEEPEST:
        with at(place):
            raise Known(_("nested deeper than {most} levels", most=_DEEPEST))
