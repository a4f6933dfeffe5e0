"""One run from the first byte to its outputs; it ends at once when it is asked to stop."""

import asyncio

from watchkeeper.plugin import Cancel, Context, _

from .auth import opened
from .exchange import exchanged, require_not_put_off
from .judging import is_expected, judged
from .masking import Mask
from .outgoing import outgoing
from .params import Params
from .polling import finished
from .wire import Line


async def performed(ctx: Context, p: Params) -> dict[str, object]:
    """The outputs; Fail, Retry or Cancel with a sentence."""
    work = asyncio.ensure_future(_worked(ctx, p))
    stop = asyncio.ensure_future(ctx.cancelled.wait())
    try:
        await asyncio.wait((work, stop), return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            return work.result()
        raise Cancel(_("it was stopped while it waited for the answer"))
    finally:
        work.cancel()
        stop.cancel()
        await asyncio.gather(work, stop, return_exceptions=True)


async def _worked(ctx: Context, p: Params) -> dict[str, object]:
    mask = Mask()
    credentials = await asyncio.to_thread(opened, ctx, p, mask)
    line = Line(ctx, p, credentials, mask)
    reply, polls = await exchanged(line, outgoing(p, credentials.headers, ctx.execution_id)), 0
    if not is_expected(line, reply.status):
        require_not_put_off(reply)
    if p.poll != "no":
        reply, polls = await finished(line, reply)
    taken = await judged(line, reply)
    facts = {"status": reply.status, "latency_ms": reply.latency_ms, "size": len(reply.body), "polls": polls}
    return {**facts, **taken}
