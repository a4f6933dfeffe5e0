"""What is known of a log as a whole, gathered from its start on: line numbers, warnings and errors, its outline."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from watchkeeper.model.first_error import Level, first_error, grave_lines, level_of
from watchkeeper.ui.log.times import Stamp, stamp_of

#: Bytes between two places of which the line number is kept.
STEP = 64 * 1024
#: Bytes between two places of which the length of the line is kept.
SAMPLE = 512
#: How much is read and looked through at once: some milliseconds.
SLICE = 256 * 1024
#: A time has to come within so many bytes for the log to have times.
_TIMES_WITHIN = 64 * 1024


@dataclass
class Scan:
    """What a piece of whole rows holds; offsets are of the log."""

    start: int
    end: int
    #: Newlines between `start` and each multiple of STEP in it, and in all of it.
    steps: list[int] = field(default_factory=list)
    lines: int = 0
    lengths: bytes = b""
    warnings: list[int] = field(default_factory=list)
    errors: list[int] = field(default_factory=list)
    first_error: int | None = None
    stamp: Stamp | None = None
    ends_line: bool = True


def scan(data: bytes, start: int, *, is_line_start: bool = True, wants_first_error: bool = True) -> Scan:
    """Look through whole rows; pure, so that it may be done on another thread."""
    found = Scan(start, start + len(data))
    step = -(-start // STEP) * STEP
    bounds = [0, *(place - start for place in range(step, found.end, STEP)), len(data)]
    counts = [data.count(b"\n", low, high) for low, high in pairwise(bounds)]
    *found.steps, found.lines = accumulate(counts)
    found.lengths = bytes(_lengths(data, start))
    for line in grave_lines(data):
        if line.offset or is_line_start:
            (found.errors if level_of(line.data) is Level.ERROR else found.warnings).append(start + line.offset)
    first = first_error(data) if wants_first_error else None
    if first is not None and (first.offset or is_line_start):
        found.first_error = start + first.offset
    if start < _TIMES_WITHIN:
        found.stamp = _first_stamp(data)
    found.ends_line = data.endswith(b"\n")
    return found


def _lengths(data: bytes, start: int) -> list[int]:
    lengths = []
    for place in range(-(-start // SAMPLE) * SAMPLE - start, len(data), SAMPLE):
        end = data.find(b"\n", place, place + 256)
        lengths.append(min(255, (end if end >= 0 else place + 256) - max(0, data.rfind(b"\n", 0, place))))
    return lengths


def _first_stamp(data: bytes) -> Stamp | None:
    for line in data[:_TIMES_WITHIN].split(b"\n"):
        if (stamp := stamp_of(line[:64].decode("utf-8", "replace"))) is not None:
            return stamp
    return None


class Index:
    """All of a log up to `end`, which goes on while the log grows."""

    def __init__(self) -> None:
        self.end = 0
        self.lines = 0
        self.warnings = array("Q")
        self.errors = array("Q")
        #: The length of the line at each multiple of SAMPLE, 255 at most.
        self.lengths = bytearray()
        #: The line that tells what went wrong first; often one of `errors`, but not always.
        self.first_error: int | None = None
        self.first_stamp: Stamp | None = None
        self._steps = array("Q")
        #: Ends of parts whose last line has no newline: lines all the same.
        self._cuts: list[int] = []

    def add(self, found: Scan) -> None:
        """Take in the next piece; `found.start` is where the index ended."""
        self._steps.extend(self.lines + count for count in found.steps)
        self.lines += found.lines
        self.lengths += found.lengths
        self.warnings.extend(found.warnings)
        self.errors.extend(found.errors)
        self.first_error = found.first_error if self.first_error is None else self.first_error
        self.first_stamp = self.first_stamp or found.stamp
        self.end = found.end

    def cut(self) -> None:
        """A part ends here amid a line."""
        self._cuts.append(self.end)
        self.lines += 1

    def number(self, offset: int, get: Callable[[int, int], bytes]) -> int | None:
        """The number of the line with this byte, from 1; None while nothing is known about that place."""
        step = min(offset // STEP, len(self._steps) - 1)
        if step < 0 or offset - step * STEP > 4 * STEP:
            return None
        before = get(step * STEP, offset).count(b"\n")
        cuts = bisect_right(self._cuts, offset) - bisect_right(self._cuts, step * STEP)
        return self._steps[step] + before + cuts + 1

    def step_before(self, number: int) -> tuple[int, int]:
        """A place not far before the line with this number, and the number of the line there."""
        step = max(0, bisect_left(self._steps, number - 1) - 1)
        return step * STEP, self._steps[step] + 1 if self._steps else 1
