"""The line of a run's output that tells what went wrong."""

import asyncio

import msgspec

from watchkeeper.access.actor import Actor
from watchkeeper.action.door import Door
from watchkeeper.action.runs import AttemptNumber, newest_attempt
from watchkeeper.action.spec import query
from watchkeeper.model.first_error import Line, first_error, in_words, last_words
from watchkeeper.model.run import Run, State
from watchkeeper.model.text import _

#: Bytes that are looked through: so many from the beginning, so many before the end.
BEGINNING, END = 4 << 20, 1 << 20
#: Bytes of one look, which a host gives at once.
_PART = 512 << 10


class FirstError(msgspec.Struct, frozen=True):
    """A line of an attempt's output."""

    attempt: int
    #: Without colours, at most 300 characters.
    text: str
    #: Counted from 1; None when it stands too far in for its lines to be counted.
    line: int | None
    #: Where it begins, in bytes of what is kept.
    offset: int
    #: No line says of itself that it is an error: this is the last one of an attempt that failed.
    is_last_words: bool = False


@query("run.error", title=_("Find the first error in the output of a run"), on="run")
async def find(door: Door, actor: Actor, *, run: Run, attempt: AttemptNumber | None = None) -> FirstError | None:
    """The first line that looks like an error, in the first 4 MiB or the last; else the last words of a failure."""
    return await first_error_of(door, run, newest_attempt(run) if attempt is None else attempt, BEGINNING, END)


async def first_error_of(door: Door, run: Run, attempt: int, beginning: int, end: int) -> FirstError | None:
    """The same within so many bytes from the beginning and before the end."""
    data = await read(door, run, attempt, 0, beginning)
    is_whole = len(data) < beginning
    if not is_whole:
        data = data[: data.rfind(b"\n") + 1] or data
    if (found := await asyncio.to_thread(first_error, data)) is not None:
        return _told(attempt, found, data, 0)
    start = 0
    if not is_whole:
        start = max(len(data), await size_of(door, run, attempt, beginning) - end)
        rest = await read(door, run, attempt, start, end)
        if (found := await asyncio.to_thread(first_error, rest)) is not None:
            return _told(attempt, found, None, start)
        data = rest or data
    has_failed = attempt < run.attempt or not (run.is_live or run.state is State.SUCCEEDED)
    said = last_words(data) if has_failed else None
    return None if said is None else _told(attempt, said, None if start else data, start, is_last_words=True)


def _told(attempt: int, line: Line, counted: bytes | None, start: int, *, is_last_words: bool = False) -> FirstError:
    """`counted` are the bytes from the beginning of the output, if they are at hand."""
    number = None if counted is None else counted.count(b"\n", 0, line.offset) + 1
    return FirstError(attempt, in_words(line.data), number, start + line.offset, is_last_words)


async def read(door: Door, run: Run, attempt: int, offset: int, length: int) -> bytes:
    """Up to `length` bytes of an attempt's output."""
    parts: list[bytes] = []
    end = offset + length
    while offset < end and (part := await door.log(run, attempt, offset, min(_PART, end - offset))):
        parts.append(part)
        offset += len(part)
    return b"".join(parts)


async def size_of(door: Door, run: Run, attempt: int, least: int) -> int:
    """How long an output is that has at least so many bytes: the length of an earlier attempt's stands nowhere."""
    low, high = least, 2 * least
    while await door.log(run, attempt, high - 1, 1):
        low, high = high, 2 * high
    while low < high - 1:
        middle = (low + high) // 2
        low, high = (middle, high) if await door.log(run, attempt, middle - 1, 1) else (low, middle)
    return low
