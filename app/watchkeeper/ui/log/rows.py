"""Where the rows of a log begin and end, told from the bytes around them. Standard library only.

A row is a line. One that is very long is shown as several, so that no row costs much: a row also begins at a
multiple of SEAM bytes when no newline stands in the SEAM bytes before it (a little later if that would cut a
character). Offsets are those of the whole log; multiples are counted from the beginning of the part a row is in.
"""

from collections.abc import Callable

SEAM = 4096
#: No row has more bytes.
LONGEST = 2 * SEAM + 3
_NEAR = 512


class Rows:
    """Of a log whose bytes are given by `get(start, end)`, which may raise to say that they are not here yet."""

    def __init__(self, get: Callable[[int, int], bytes], part: Callable[[int], tuple[int, int]]) -> None:
        """`part(offset)` gives where the part with this byte begins and ends; no row is in two of them."""
        self._get = get
        self._part = part

    def start(self, offset: int) -> int:
        """Where the row with the byte at `offset` begins."""
        begin, _stop = self._part(offset)
        low = max(begin, offset - LONGEST)
        newline = self._get(low, offset).rfind(b"\n")
        if newline >= 0:
            at = low + newline + 1
        elif low == begin:
            at = begin
        else:
            at = self._seam(begin + (offset - begin) // SEAM * SEAM)
            if at > offset:
                at = self._seam(begin + ((offset - begin) // SEAM - 1) * SEAM)
        while (end := self.end(at)) <= offset:
            at = end
        return at

    def end(self, start: int) -> int:
        """Where the row that begins at `start` ends, its newline included."""
        begin, stop = self._part(start)
        near = self._get(start, min(start + _NEAR, stop)).find(b"\n")
        if near >= 0:
            return start + near + 1
        first = start if self.is_line_start(start) else begin + (start - begin) // SEAM * SEAM
        seam = begin + -(-(first - begin) // SEAM) * SEAM + SEAM
        newline = self._get(start, min(seam, stop)).find(b"\n")
        if newline >= 0:
            return start + newline + 1
        return stop if stop <= seam else self._seam(seam)

    def is_line_start(self, start: int) -> bool:
        """Whether a line begins there, and not only a row."""
        begin, _stop = self._part(start)
        return start == begin or self._get(start - 1, start) == b"\n"

    def _seam(self, at: int) -> int:
        """`at`, or a little later where the next character begins."""
        _begin, stop = self._part(at)
        for byte in range(4):
            if at + byte >= stop or self._get(at + byte, at + byte + 1)[0] & 0xC0 != 0x80:
                return at + byte
        return at


def of_bytes(data: bytes, offset: int, begin: int, is_line_start: bool) -> Rows:
    """The rows of a piece that begins with a row at `offset`, in a part that begins at `begin`."""

    def get(start: int, end: int) -> bytes:
        if start < offset:
            return b"\n" if is_line_start else b" "
        return data[start - offset : end - offset]

    return Rows(get, lambda _offset: (begin, offset + len(data)))


def may_have_seams(data: bytes) -> bool:
    """False if each line in it is surely one row: so long a line would fill a whole half of a seam."""
    half = SEAM // 2
    return any(data.find(b"\n", at, at + half) < 0 for at in range(0, len(data) - half + 1, half))


def complete(data: bytes, offset: int, begin: int, is_line_start: bool) -> int:
    """How many bytes of `data`, which begins with a row, are whole rows whatever follows them."""
    newline = data.rfind(b"\n")
    if newline >= 0:
        return newline + 1
    rows, at = of_bytes(data, offset, begin, is_line_start), offset
    while (end := rows.end(at)) + 3 < offset + len(data):
        at = end
    return at - offset
