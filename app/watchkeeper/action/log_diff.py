"""What the output of one run says that another's does not, apart from moments, ids and the like."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from watchkeeper.access.actor import Actor
from watchkeeper.action.comparison import nothing_to_compare
from watchkeeper.action.door import Door
from watchkeeper.action.first_error import read, size_of
from watchkeeper.action.runs import newest_attempt
from watchkeeper.action.spec import Help, query
from watchkeeper.model.line_diff import Block, blocks
from watchkeeper.model.masks import masked, plain
from watchkeeper.model.run import Run
from watchkeeper.model.text import _
from watchkeeper.store import runs

#: Of each output the last bytes and lines are compared, and of a line so many characters are told.
MOST_BYTES, MOST_LINES, LONGEST = 4 << 20, 20_000, 400
#: Lines that are told, of all hunks.
MOST_TOLD = 4_000

Context = Annotated[int, Meta(ge=0, le=20), Help(_("so many lines around each change; 3 if it is left out"))]


class Side(msgspec.Struct, frozen=True):
    """One of the two outputs."""

    attempt: int
    #: How many lines were compared.
    lines: int
    #: It is longer: only its end was compared, and lines are counted from there.
    is_cut: bool


class Hunk(msgspec.Struct, frozen=True):
    """Some lines that differ, with those around them: each begins with -, + or a blank."""

    #: The first line in the other output and in the run's, counted from 1.
    before: int
    after: int
    lines: tuple[str, ...]


class LogDiff(msgspec.Struct, frozen=True):
    """What is not the same; `-` stands for the other run's lines, `+` for the run's own."""

    run: Side
    other: Side
    hunks: list[Hunk]
    removed: int
    added: int
    same: int
    #: There are more hunks than can be told.
    has_more: bool


@query("run.log_diff", title=_("Compare the output of a run with another's"), on="run")
async def log_diff(door: Door, actor: Actor, *, run: Run, other: Run | None = None, context: Context = 3) -> LogDiff:
    """Line by line; moments, ids, process numbers, durations and addresses count as the same."""
    beside = other or await door.read(lambda tx: runs.success_before(tx, run))
    if beside is None:
        raise nothing_to_compare(run)
    before, after = await _end_of(door, beside), await _end_of(door, run)
    given_up = threading.Event()
    try:
        return await asyncio.to_thread(_compared, before, after, context, given_up)
    finally:
        given_up.set()


class _Output(msgspec.Struct):
    attempt: int
    data: bytes
    is_cut: bool


async def _end_of(door: Door, run: Run) -> _Output:
    attempt = newest_attempt(run)
    data = await read(door, run, attempt, 0, MOST_BYTES)
    if len(data) < MOST_BYTES:
        return _Output(attempt, data, is_cut=False)
    start = await size_of(door, run, attempt, MOST_BYTES) - MOST_BYTES
    return _Output(attempt, await read(door, run, attempt, start, MOST_BYTES), is_cut=start > 0)


def _compared(before: _Output, after: _Output, context: int, given_up: threading.Event) -> LogDiff:
    def go_on() -> None:
        if given_up.is_set():
            raise InterruptedError

    (old, other), (new, own) = _lines(before), _lines(after)
    found = blocks(list(_masked(old, go_on)), list(_masked(new, go_on)), go_on)
    hunks, has_more = _told(list(_hunks(found, old, new, context)))
    changed = [block for block in found if not block.is_same]
    return LogDiff(
        own,
        other,
        hunks,
        removed=sum(block.b - block.a for block in changed),
        added=sum(block.d - block.c for block in changed),
        same=sum(block.b - block.a for block in found if block.is_same),
        has_more=has_more,
    )


def _lines(output: _Output) -> tuple[list[str], Side]:
    """The last lines; the first of them is left out where its beginning is cut off."""
    text = output.data.decode("utf-8", "replace")
    lines = [plain(line) for line in text.split("\n")[output.is_cut :]]
    if lines and not lines[-1]:
        lines.pop()
    kept = lines[-MOST_LINES:]
    return kept, Side(output.attempt, len(kept), output.is_cut or len(kept) < len(lines))


def _masked(lines: Sequence[str], go_on: object) -> Iterator[str]:
    for number, line in enumerate(lines):
        if not number % 1_000 and callable(go_on):
            go_on()
        yield masked(line)


def _hunks(found: Sequence[Block], old: Sequence[str], new: Sequence[str], context: int) -> Iterator[Hunk]:
    """Changes that are nearer than twice the context stand in one hunk."""
    group: list[Block] = []
    for number, block in enumerate(found):
        is_long = block.is_same and block.b - block.a > 2 * context
        if not is_long:
            group.append(block)
            continue
        head = Block(block.a, block.a + context, block.c, block.c + context, is_same=True)
        if number:
            yield _hunk([*group, head], old, new)
        group = [Block(block.b - context, block.b, block.d - context, block.d, is_same=True)]
    if any(not block.is_same for block in group):
        yield _hunk(group, old, new)


def _hunk(group: Sequence[Block], old: Sequence[str], new: Sequence[str]) -> Hunk:
    lines: list[str] = []
    for block in group:
        if block.is_same:
            lines += (f" {line[:LONGEST]}" for line in new[block.c : block.d])
        else:
            lines += (f"-{line[:LONGEST]}" for line in old[block.a : block.b])
            lines += (f"+{line[:LONGEST]}" for line in new[block.c : block.d])
    return Hunk(group[0].a + 1, group[0].c + 1, tuple(lines))


def _told(hunks: list[Hunk]) -> tuple[list[Hunk], bool]:
    """As many as can be told; the last one is cut."""
    told, room = list[Hunk](), MOST_TOLD
    for hunk in hunks:
        if len(hunk.lines) >= room:
            told.append(msgspec.structs.replace(hunk, lines=hunk.lines[:room]))
            return told, True
        told.append(hunk)
        room -= len(hunk.lines)
    return told, False
