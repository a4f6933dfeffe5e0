"""Colours that a program wrote into its output, as spans of a text; every other escape is shown and not obeyed."""

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from watchkeeper.ui.log.shown import SGR, UNSEEN, decoded, is_ordinary, sign


class Sign(Enum):
    """What stands for something that is no text."""

    CONTROL = "control"
    BYTE = "byte"


class Ink(NamedTuple):
    """How some characters look. A colour is 0-255 of the usual table, or RGB + 0x100_0000; None: the theme's own."""

    color: int | None = None
    ground: int | None = None
    is_bold: bool = False
    is_faint: bool = False
    is_italic: bool = False
    is_underlined: bool = False
    is_struck: bool = False
    is_inverse: bool = False


class Span(NamedTuple):
    start: int
    length: int
    ink: Ink | Sign


class Styled(NamedTuple):
    """The text as shown.shown() gives it, with its spans in order."""

    text: str
    spans: tuple[Span, ...] = ()


PLAIN = Ink()
RGB = 0x100_0000

#: A whole escape sequence: CSI, OSC and its kin, or two characters.
_SEQUENCE = re.compile(
    "\x1b(?:\\[[0-?]*[ -/]*[@-~]|[\\]PX^_][^\x07\x1b]{0,4096}(?:\x07|\x1b\\\\)?|[ -/]*[0-~])|" + UNSEEN.pattern
)
_FLAGS = {1: "is_bold", 2: "is_faint", 3: "is_italic", 4: "is_underlined", 7: "is_inverse", 9: "is_struck"}
_UNSET = {
    22: ("is_bold", "is_faint"),
    23: ("is_italic",),
    24: ("is_underlined",),
    27: ("is_inverse",),
    29: ("is_struck",),
}


def styled(row: bytes) -> Styled:
    """One row without its newline."""
    if is_ordinary(row):
        return Styled(row.decode("ascii"))
    text, spans, length = [], [], 0
    for piece, ink in _inked(decoded(row)):
        for part, look in _signed(piece, ink):
            text.append(part)
            if look != PLAIN:
                spans.append(Span(length, len(part), look))
            length += len(part)
    return Styled("".join(text), tuple(spans))


def _inked(text: str) -> Iterator[tuple[str, Ink]]:
    ink, at = PLAIN, 0
    for found in SGR.finditer(text):
        if found.start() > at:
            yield text[at : found.start()], ink
        ink, at = _after(ink, found[0][2:-1]), found.end()
    if at < len(text):
        yield text[at:], ink


def _signed(piece: str, ink: Ink) -> Iterator[tuple[str, Ink | Sign]]:
    at = 0
    for found in _SEQUENCE.finditer(piece):
        if found.start() > at:
            yield piece[at : found.start()], ink
        is_byte = 0xDC80 <= ord(found[0][0]) <= 0xDCFF
        yield UNSEEN.sub(lambda each: sign(each[0]), found[0]), Sign.BYTE if is_byte else Sign.CONTROL
        at = found.end()
    if at < len(piece):
        yield piece[at:], ink


def _after(ink: Ink, words: str) -> Ink:
    """The look after one SGR sequence; a code that is unknown changes nothing."""
    codes = [int(word) if word.isdigit() and len(word) < 6 else 0 for word in re.split("[;:]", words)]
    at = 0
    while at < len(codes):
        code = codes[at]
        at += 1
        if code in (38, 48):
            color, at = _wide(codes, at, has_space=":" in words)
            if color is not None:
                ink = ink._replace(color=color) if code == 38 else ink._replace(ground=color)
        else:
            ink = _changed(ink, code)
    return ink


def _changed(ink: Ink, code: int) -> Ink:
    if code == 0:
        return PLAIN
    if code in _FLAGS:
        return ink._replace(**{_FLAGS[code]: True})
    if code in _UNSET:
        return ink._replace(**dict.fromkeys(_UNSET[code], False))
    for first, base in ((30, 0), (90, 8)):
        if first <= code < first + 8:
            return ink._replace(color=code - first + base)
        if first + 10 <= code < first + 18:
            return ink._replace(ground=code - first - 10 + base)
    if code == 39:
        return ink._replace(color=None)
    return ink._replace(ground=None) if code == 49 else ink


def _wide(codes: list[int], at: int, *, has_space: bool) -> tuple[int | None, int]:
    """The colour of 38;5;n or 38;2;r;g;b from `at`, and where the next code begins. `38:2::r:g:b` names a space."""
    kind = codes[at] if at < len(codes) else 0
    if kind == 5 and at + 1 < len(codes):
        return codes[at + 1] if codes[at + 1] < 256 else None, at + 2
    first = at + 2 if has_space and len(codes) - at >= 5 else at + 1
    if kind == 2 and first + 2 < len(codes):
        red, green, blue = (min(255, code) for code in codes[first : first + 3])
        return RGB | red << 16 | green << 8 | blue, first + 3
    return None, len(codes)
