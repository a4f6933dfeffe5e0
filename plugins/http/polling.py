"""Asks for an accepted job until it is done, has failed, or took too long."""

import asyncio
import time
from datetime import timedelta

from watchkeeper.plugin import Fail, _

from .exchange import exchanged, wait_of, where_to
from .finding import found
from .judging import holds, is_expected
from .origins import shown
from .wire import Line, Reply

_ACCEPTED = 202


async def finished(line: Line, first: Reply) -> tuple[Reply, int]:
    """The answer that says how the accepted job ended, and how often it was asked for."""
    place = await _place(line, first)
    if place is None:
        return first, 0
    ends, asking = time.monotonic() + line.p.poll_limit.total_seconds(), first.out.asking(place)
    reply, polls = first, 0
    while True:
        await asyncio.sleep(_rest(line, reply, ends, asking.url).total_seconds())
        reply, polls = await exchanged(line, asking), polls + 1
        line.ctx.progress(0.0, _("asked so far: {n}", n=polls))
        if await _is_finished(line, reply):
            return reply, polls


async def _place(line: Line, first: Reply) -> str | None:
    """Where the state is; None when the first answer is the last."""
    if line.p.poll == "no" or not (first.status == _ACCEPTED or is_expected(line, first.status)):
        return None
    if line.p.poll == "location":
        if first.status != _ACCEPTED:
            return None
        if first.location is None:
            raise Fail(_("{url} answered 202 without a Location to ask at: set poll to json", url=shown(first.url)))
        return where_to(line, first)
    (value,) = await found(first.text, [("path", line.p.poll_path or "$")])
    if value is None or not isinstance(value[0], str):
        raise Fail(
            _(
                "{url} has no address at poll_path {path}: it must be a text",
                url=shown(first.url),
                path=line.p.poll_path,
            )
        )
    return where_to(line, first, first.joined(value[0]))


def _rest(line: Line, reply: Reply, ends: float, url: str) -> timedelta:
    """How long to wait: poll_interval, or longer when the server asks for it; Fail when that is past the limit."""
    rest = max(line.p.poll_interval, wait_of(reply) or timedelta())
    if time.monotonic() + rest.total_seconds() > ends:
        raise Fail(_("{url} was not done within poll_limit {limit}", url=shown(url), limit=str(line.p.poll_limit)))
    return rest


async def _is_finished(line: Line, reply: Reply) -> bool:
    """Whether the answer is the last; one that is not as expected is for the judge."""
    if reply.status in (429, 503) and wait_of(reply) is not None:
        return False
    if reply.status == _ACCEPTED and not (line.p.poll_until or line.p.poll_fail):
        return False
    if reply.status != _ACCEPTED and not is_expected(line, reply.status):
        return True
    if line.p.poll_fail and any(await holds(reply.text, line.p.poll_fail)):
        raise Fail(_("{url} says that the job failed: {body}", url=shown(reply.url), body=line.mask.cut(reply.text)))
    if line.p.poll_until:
        return all(await holds(reply.text, line.p.poll_until))
    return reply.status != _ACCEPTED
