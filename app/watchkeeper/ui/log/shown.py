"""Output as text: nothing in it is obeyed, and what can not be seen is shown by a sign. Standard library only."""

import re

#: What sets colours; it is taken out of the text and given to it as its look (ansi.py).
SGR = re.compile("\x1b\\[[0-9;:]*m")
#: Controls, what turns the direction of writing, what has no width, and bytes that are not UTF-8.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
#: Bytes of which nothing in UNSEEN can be made.
_ORDINARY = bytes([9, 10, *range(32, 127)])


def shown(data: bytes) -> str:
    """The text of some rows; a byte that is not UTF-8 becomes \\xNN, an escape ␛, a carriage return amid a row ␍."""
    if is_ordinary(data):
        return data.decode("ascii")
    text = decoded(data)
    return UNSEEN.sub(_sign, SGR.sub("", text) if "\x1b" in text else text)


def decoded(data: bytes) -> str:
    """The characters; bytes that are not UTF-8 become lone surrogates, and a line's end is one newline."""
    return data.decode("utf-8", "surrogateescape").replace("\r\n", "\n")


def is_ordinary(data: bytes) -> bool:
    """Whether it is text as it stands."""
    return data.isascii() and not data.translate(None, _ORDINARY)


def sign(character: str) -> str:
    """How a character of UNSEEN is shown."""
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"<U+{code:04X}>"


def _sign(found: re.Match[str]) -> str:
    return sign(found[0])
