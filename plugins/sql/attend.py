"""Stands by while the work goes on in its thread: tells how far it is, and stops it when it is to end."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from watchkeeper.plugin import Cancel, Context, Fail, _

if TYPE_CHECKING:
    from .work import Work

#: Seconds between two looks, between two requests to stop, and between two words on how far it is.
BEAT, AGAIN, TELL = 0.2, 1.0, 5.0
#: Seconds within which the server has to have stopped.
PATIENCE = 4.0


async def attended(ctx: Context, work: "Work") -> Mapping[str, Any]:
    """The outputs of the work. A daemon thread: one that hangs in a dead connection holds nothing up."""
    thread = _Thread(work)
    asked = asyncio.ensure_future(ctx.cancelled.wait())
    try:
        await _watch(ctx, work, thread, asked)
    finally:
        asked.cancel()
        if not thread.is_over.is_set():
            _stop(work, "stop")
    for note in work.notes:
        ctx.log.info(note)
    return thread.outcome()


async def _watch(ctx: Context, work: "Work", thread: "_Thread", asked: "asyncio.Future[Any]") -> None:
    over = asyncio.ensure_future(thread.is_over.wait())
    why, begun, asked_at, told_at = "", 0.0, 0.0, time.monotonic()
    try:
        while not over.done():
            await asyncio.wait({over} if asked.done() else {over, asked}, timeout=BEAT, return_when="FIRST_COMPLETED")
            now = time.monotonic()
            if not why and (asked.done() or work.is_late):
                why, begun = "stop" if asked.done() else "timeout", now
            if why and now - asked_at >= AGAIN:
                asked_at = now
                _stop(work, why)
            if why and now - begun > PATIENCE and not over.done():
                raise _deaf(why)
            if now - told_at >= TELL:
                told_at = now
                ctx.progress(
                    work.part, _("statement {k} of {n}, {rows} rows", k=work.number, n=work.count, rows=work.rows)
                )
    finally:
        over.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await over


def _deaf(why: str) -> Exception:
    if why == "stop":
        return Cancel(_("the server did not answer the request to stop: what it still does is not known"))
    return Fail(_("the statement took too long, and the server did not answer the request to stop it"))


def _stop(work: "Work", why: str) -> None:
    """Beside, since a second connection takes its time."""
    threading.Thread(target=work.stop, args=(why,), name="sql-stop", daemon=True).start()


class _Thread:
    """Runs the work and keeps what became of it."""

    def __init__(self, work: "Work") -> None:
        self.is_over = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._work = work
        self._outputs: Mapping[str, Any] = {}
        self._error: BaseException | None = None
        threading.Thread(target=self._run, name="sql", daemon=True).start()

    def outcome(self) -> Mapping[str, Any]:
        """The outputs, or what was raised."""
        if self._error is not None:
            raise self._error
        return self._outputs

    def _run(self) -> None:
        try:
            self._outputs = self._work.run()
        except Exception as error:
            self._error = error
        with contextlib.suppress(RuntimeError):
            # The loop may be gone: nobody waits any more.
            self._loop.call_soon_threadsafe(self.is_over.set)
