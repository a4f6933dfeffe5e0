"""Finds any of many literals in a stream of bytes, fast enough for logs.

Decision. Question: how are a thousand literals found at the speed of a log? Decision: the bytes are read as words of
four, and one intersection of sets tells which words of which literals are there; only those literals are looked for.
Each literal is known by a word for every alignment that it may have. Why: the interpreter does the intersection in C,
however many literals there are. Alternatives, measured with 1,006 literals on one core beside 75-95 MB/s of this:
`bytes.find` for each 6.7 MB/s, one alternation of `re` 0.3 MB/s, as a tree of prefixes 9 MB/s, a loop over first bytes
in Python 11 MB/s. State: row P4 of `make bench`; a log with a secret in every line is four times slower.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Literal

#: From the beginning of a match to its end.
Span = tuple[int, int]

_WORD = 4
#: So many bytes hold a whole word, wherever they stand.
_ALIGNED = 2 * _WORD - 1
#: Bytes of one intersection.
_BLOCK = 4_096
#: A literal in two rows may have so many bytes more: CR, LF.
_BREAK = 2
_LONGEST, _LONGEST_IN_ROWS = 1_024, 60
#: So much is looked up at once of how a literal begins.
_HEAD = 4
_ORDER: Literal["little", "big"] = sys.byteorder
_COMMON = b" etaoinsrhldcumfpgwybvk0-=./:_\n\0"
_WEIGHTS = [len(_COMMON) - place if (place := _COMMON.find(byte)) >= 0 else 0 for byte in range(256)]
#: Words that are looked at to find the least common one.
_CHOICE = 6


class Literals:
    """Literals of five bytes or more. Long ones are looked for in pieces, and each piece counts as a match."""

    def __init__(self, plain: Iterable[bytes], in_rows: Iterable[bytes]) -> None:
        """`in_rows` may be broken by one end of a line within a row's length, as base64 is."""
        pieces = {piece for literal in in_rows for piece in _pieces(literal, _LONGEST_IN_ROWS)}
        #: Those of which one half at least stands unbroken and is long enough to be found.
        self._in_rows = {piece for piece in pieces if len(piece) // 2 >= _ALIGNED}
        self._all = {piece for literal in plain for piece in _pieces(literal, _LONGEST)} | pieces
        shortest = min(map(len, self._all), default=_ALIGNED)
        #: Words begin at every so manyth byte: a literal of `step + 3` bytes holds one of them, wherever it stands.
        self._step = _WORD if shortest >= _ALIGNED else _WORD // 2
        self._by_word: Mapping[int, list[bytes]] = self._known_words()
        self._words = set(self._by_word)
        #: Bytes that a match has at most.
        self.longest = max(map(len, self._all), default=0) + (_BREAK if self._in_rows else 0)

    def spans(self, data: bytes) -> list[Span]:
        """What the matches cover, those that touch as one, in order."""
        return merged(self._matches(data))

    def opening(self, data: bytes, least: int = 1) -> int:
        """Where at least so many last bytes begin that may be the beginning of a match; the end of `data` if nowhere.

        In rows: four bytes before the end of a line at least, or every line would end with one.
        """
        start = max(0, len(data) - max(0, self.longest - 1))
        tail = data[start:]
        at = start + self._opening(tail, least)
        squeezed = _squeezed(tail)
        if len(squeezed) < len(tail) and (rest := len(squeezed) - self._opening(squeezed, max(least, _HEAD))):
            at = min(at, start + _before_last(tail, rest))
        return at

    def _opening(self, tail: bytes, least: int) -> int:
        for at in range(len(tail) - least + 1):
            begun = self._heads.get(tail[at : at + _HEAD])
            if begun and any(literal.startswith(tail[at:]) for literal in begun):
                return at
        return len(tail)

    @cached_property
    def _heads(self) -> Mapping[bytes, list[bytes]]:
        heads: dict[bytes, list[bytes]] = defaultdict(list)
        for literal in self._all:
            for length in range(1, _HEAD + 1):
                heads[literal[:length]].append(literal)
        return dict(heads)

    def _matches(self, data: bytes) -> Iterator[Span]:
        view = memoryview(data)
        for begin in range(0, len(data), _BLOCK):
            found = self._found(view, begin)
            if found:
                low, high = max(0, begin - self.longest), min(len(data), begin + _BLOCK + _WORD + self.longest)
                yield from self._matches_within(data, low, high, found)

    def _found(self, view: memoryview, begin: int) -> set[bytes]:
        """The literals of which a word begins in the block at `begin`."""
        words: set[int] = set()
        for shift in range(0, _WORD, self._step):
            block = view[begin + shift : begin + shift + _BLOCK]
            words |= self._words.intersection(block[: len(block) // _WORD * _WORD].cast("I"))
        return {literal for word in words for literal in self._by_word[word]}

    def _matches_within(self, data: bytes, low: int, high: int, literals: Iterable[bytes]) -> Iterator[Span]:
        squeezed = _squeezed(data[low:high]) if self._in_rows else b""
        for literal in literals:
            yield from _each(data, literal, low, high)
            if literal in self._in_rows and squeezed.count(literal) > data.count(literal, low, high):
                yield from _each_in_rows(data, literal, low, high)

    def _known_words(self) -> Mapping[int, list[bytes]]:
        known: dict[int, list[bytes]] = defaultdict(list)
        for literal in self._all:
            for part in self._parts(literal):
                for word in _words_of(part, self._step):
                    known[word].append(literal)
        return dict(known)

    def _parts(self, literal: bytes) -> Sequence[bytes]:
        """What stands unbroken, whether a row ends in the one half or in the other."""
        if literal in self._in_rows:
            half = len(literal) // 2
            return literal[:half], literal[half:]
        return (literal,)


def merged(spans: Iterable[Span]) -> list[Span]:
    """What they cover, those that touch as one, in order."""
    found: list[Span] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


def _pieces(literal: bytes, longest: int) -> Iterator[bytes]:
    """Of what is too long: pieces that cover it, the last one up to its end."""
    if len(literal) <= longest:
        yield literal
        return
    yield from (literal[at : at + longest] for at in range(0, len(literal) - longest, longest))
    yield literal[-longest:]


def _words_of(part: bytes, step: int) -> Iterator[int]:
    """For each alignment the word that is least common in texts."""
    for first in range(step):
        places = range(first, len(part) - _WORD + 1, step)[:_CHOICE]
        yield int.from_bytes(min((part[at : at + _WORD] for at in places), key=_commonness), _ORDER)


def _commonness(word: bytes) -> int:
    return sum(map(_WEIGHTS.__getitem__, word))


def _each(data: bytes, literal: bytes, low: int, high: int) -> Iterator[Span]:
    """Every occurrence, also those in one another; those that follow one another as one."""
    size, at = len(literal), data.find(literal, low, high)
    while at >= 0:
        begin = at
        while data.startswith(literal, at + size, high):
            at += size
        yield begin, at + size
        at = data.find(literal, at + 1, high)


def _each_in_rows(data: bytes, literal: bytes, low: int, high: int) -> Iterator[Span]:
    """Every occurrence with one end of a line in it."""
    pattern = _in_rows(literal)
    found = pattern.search(data, low, high)
    while found is not None:
        if found[0].count(b"\n") == 1:
            yield found.span()
        found = pattern.search(data, found.start() + 1, high)


@lru_cache(maxsize=256)
def _in_rows(literal: bytes) -> re.Pattern[bytes]:
    return re.compile(b"(?:\r?\n)?".join(re.escape(bytes((byte,))) for byte in literal))


def _squeezed(data: bytes) -> bytes:
    return data.translate(None, b"\r\n")


def _before_last(tail: bytes, count: int) -> int:
    """Where the last `count` bytes begin, ends of lines not counted."""
    at = len(tail)
    while count:
        at -= 1
        count -= tail[at] not in b"\r\n"
    return at
