"""Which lines of two texts are the same, in a time that does not grow with the square of their length.

Lines that stand once in both hold the texts together (patience diff); what lies between two of them is compared in
slices by the shortest way (Myers), given up where that is long: there all has changed.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

#: Lines of one slice, and the longest way through it.
_SLICE = 600
_LONGEST_WAY = 240

Pair = tuple[int, int]


class Block(NamedTuple):
    """Lines `before[a:b]` have become `after[c:d]`; the same when `is_same`."""

    a: int
    b: int
    c: int
    d: int
    is_same: bool


class _Part(NamedTuple):
    a: int
    b: int
    c: int
    d: int


def blocks(before: Sequence[str], after: Sequence[str], go_on: Callable[[], object] = bool) -> list[Block]:
    """All of both texts in order, same and changed by turns; `go_on` is called now and then, and may raise."""
    known: dict[str, int] = {}
    old, new = ([known.setdefault(line, len(known)) for line in text] for text in (before, after))
    found, a, c = list[Block](), 0, 0
    for b, d, size in _runs(sorted(_pairs(old, new, go_on))):
        if a < b or c < d:
            found.append(Block(a, b, c, d, is_same=False))
        found.append(Block(b, b + size, d, d + size, is_same=True))
        a, c = b + size, d + size
    if a < len(old) or c < len(new):
        found.append(Block(a, len(old), c, len(new), is_same=False))
    return found


def _runs(pairs: list[Pair]) -> Iterator[tuple[int, int, int]]:
    """Pairs that follow each other in both, as one."""
    start = 0
    for end in range(1, len(pairs) + 1):
        first, last = pairs[start], pairs[end - 1]
        if end == len(pairs) or pairs[end] != (last[0] + 1, last[1] + 1):
            yield first[0], first[1], end - start
            start = end


def _pairs(old: list[int], new: list[int], go_on: Callable[[], object]) -> Iterator[Pair]:
    parts = [_Part(0, len(old), 0, len(new))]
    while parts:
        go_on()
        a, b, c, d = parts.pop()
        while a < b and c < d and old[a] == new[c]:
            yield a, c
            a, c = a + 1, c + 1
        while a < b and c < d and old[b - 1] == new[d - 1]:
            b, d = b - 1, d - 1
            yield b, d
        if a == b or c == d:
            continue
        anchors = _anchors(old, new, _Part(a, b, c, d))
        if anchors:
            yield from anchors
            parts += _between(anchors, _Part(a, b, c, d))
        elif b - a <= _SLICE and d - c <= _SLICE:
            yield from ((a + x, c + y) for x, y in _shortest_way(old[a:b], new[c:d]))
        else:
            parts += _slices(_Part(a, b, c, d))


def _anchors(old: list[int], new: list[int], part: _Part) -> list[Pair]:
    """Lines that stand once in both, as many of them as keep their order."""
    a, b, c, d = part
    mine, theirs = _once(old, a, b), _once(new, c, d)
    return _in_order([(place, theirs[line]) for line, place in mine.items() if line in theirs])


def _once(lines: list[int], start: int, end: int) -> dict[int, int]:
    """Where each line stands that is there only once, in order."""
    places: dict[int, int] = {}
    twice: set[int] = set()
    for place in range(start, end):
        line = lines[place]
        if line in places:
            twice.add(line)
        else:
            places[line] = place
    return {line: place for line, place in places.items() if line not in twice}


def _in_order(pairs: list[Pair]) -> list[Pair]:
    """The longest row of pairs that rises in both; they rise in the first already."""
    lasts, ends, before = list[int](), list[int](), list[int]()
    for number, (_place, other) in enumerate(pairs):
        at = bisect_left(lasts, other)
        lasts[at : at + 1], ends[at : at + 1] = [other], [number]
        before.append(ends[at - 1] if at else -1)
    found, number = list[Pair](), ends[-1] if ends else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]


def _between(anchors: list[Pair], part: _Part) -> Iterator[_Part]:
    a, c = part.a, part.c
    for b, d in [*anchors, (part.b, part.d)]:
        if a < b or c < d:
            yield _Part(a, b, c, d)
        a, c = b + 1, d + 1


def _slices(part: _Part) -> Iterator[_Part]:
    """A part cut into as many slices on both sides."""
    a, b, c, d = part
    count = -(-max(b - a, d - c) // _SLICE)
    for number in range(count):
        here, there = ((length * number // count, length * (number + 1) // count) for length in (b - a, d - c))
        yield _Part(a + here[0], a + here[1], c + there[0], c + there[1])


def _shortest_way(old: list[int], new: list[int]) -> list[Pair]:
    """The pairs on the shortest way from one to the other; none where that is too long."""
    furthest, trace = {1: 0}, list[dict[int, int]]()
    for steps in range(min(len(old) + len(new), _LONGEST_WAY) + 1):
        trace.append(dict(furthest))
        for diagonal in range(-steps, steps + 1, 2):
            x = _begin(furthest, diagonal, steps)
            y = x - diagonal
            while x < len(old) and y < len(new) and old[x] == new[y]:
                x, y = x + 1, y + 1
            furthest[diagonal] = x
            if x >= len(old) and y >= len(new):
                return _way_back(trace, len(old), len(new))
    return []


def _begin(furthest: dict[int, int], diagonal: int, steps: int) -> int:
    """Where a step arrives on a diagonal: down from the one above, or to the right from the one below."""
    is_down = diagonal == -steps or (diagonal != steps and furthest[diagonal - 1] < furthest[diagonal + 1])
    return furthest[diagonal + 1] if is_down else furthest[diagonal - 1] + 1


def _way_back(trace: list[dict[int, int]], x: int, y: int) -> list[Pair]:
    found = list[Pair]()
    for steps in range(len(trace) - 1, -1, -1):
        diagonal = x - y
        begin = _begin(trace[steps], diagonal, steps)
        while x > begin and y > begin - diagonal:
            x, y = x - 1, y - 1
            found.append((x, y))
        is_down = diagonal == -steps or (diagonal != steps and trace[steps][diagonal - 1] < trace[steps][diagonal + 1])
        x, y = (x, y - 1) if is_down else (x - 1, y)
    return found
