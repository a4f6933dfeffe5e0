"""Commands that stay: until a run has ended, or its output."""

import asyncio
import codecs
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from watchkeeper.action.desk import Desk
from watchkeeper.action.runs import LogPart
from watchkeeper.cli.commands import Request, desk_of
from watchkeeper.cli.exits import Exit
from watchkeeper.cli.refusal import Usage
from watchkeeper.cli.shown import show
from watchkeeper.model.errors import Known
from watchkeeper.model.run import Run, State
from watchkeeper.model.span import parse
from watchkeeper.model.text import _

#: Seconds between two looks, growing from the first to the second.
_FIRST_BEAT, _LAST_BEAT = 0.05, 0.5
_LOG_BEAT = 0.2


async def started(request: Request) -> int:
    """Start a run; with --wait stay until it has ended."""
    is_waiting, timeout = request.options.wait, _seconds(request.options.timeout)
    async with desk_of(request, is_writing=True, runs_one=is_waiting) as desk:
        answer = await desk.do("run.start", **request.values)
        if not is_waiting:
            show(request.speech, answer)
            return Exit.OK
        if not request.speech.is_json:
            show(request.speech, answer)
        return await _waited(request, desk, answer.run, timeout)


def _seconds(words: str | None) -> float | None:
    try:
        return None if words is None else parse(words).total_seconds()
    except Known as error:
        raise Usage(error.text) from None


async def _waited(request: Request, desk: Desk, run: Run, timeout: float | None) -> int:
    try:
        async with asyncio.timeout(timeout):
            last = await _ended(desk, run)
    except TimeoutError:
        request.speech.error(_("run #{number} has not ended in time; it goes on", number=run.number))
        return Exit.TIMED_OUT
    show(request.speech, last)
    return Exit.OK if (last.verdict or last.state) is State.SUCCEEDED else Exit.NOT_SUCCEEDED


async def _ended(desk: Desk, run: Run) -> Run:
    """The run once it has its ending, or nobody can say what became of it."""
    beat = _FIRST_BEAT
    while run.is_live and run.state is not State.UNKNOWN:
        await asyncio.sleep(beat)
        beat = min(beat * 1.5, _LAST_BEAT)
        run = (await desk.ask("run.show", run=run.id)).run
    return run


async def follow(request: Request) -> int:
    """Print a run's output; with -f stay until nothing more can come."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    async with desk_of(request, is_writing=False) as desk, _parts(request, desk) as parts:
        async for part in parts:
            text = decoder.decode(part.data)
            if request.speech.is_json:
                request.speech.json({"attempt": part.attempt, "offset": part.offset, "text": text})
            else:
                request.speech.out(text, end="")
    rest = decoder.decode(b"", final=True)
    if rest and not request.speech.is_json:
        request.speech.out(rest, end="")
    return Exit.OK


@asynccontextmanager
async def _parts(request: Request, desk: Desk) -> AsyncIterator[AsyncIterator[LogPart]]:
    parts = _read(request, desk)
    try:
        yield parts
    finally:
        await parts.aclose()  # type: ignore[attr-defined]  # a generator


async def _read(request: Request, desk: Desk) -> AsyncIterator[LogPart]:
    """The parts of the output as they come, attempt after attempt; those of one attempt when it was named."""
    where = dict(request.values)
    while True:
        part: LogPart = await desk.ask("run.log", **where)
        where |= {"attempt": part.attempt, "offset": part.offset + len(part.data)}
        if part.data:
            yield part
        elif not request.options.follow or _is_last(request, part):
            return
        elif part.is_closed:
            where |= {"attempt": part.attempt + 1, "offset": 0}
        else:
            await asyncio.sleep(_LOG_BEAT)


def _is_last(request: Request, part: LogPart) -> bool:
    """Whether nothing that was asked for can follow an empty part."""
    return part.is_closed and ("attempt" in request.values or part.attempt >= part.last_attempt)
