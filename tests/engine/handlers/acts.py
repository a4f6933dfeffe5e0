"""Handlers that do what a test wants to see the engine deal with."""

import asyncio
import threading
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from watchkeeper.plugin import Cancel, Context, Fail, Retry, Secret, handler

#: Lets threads go that wait in handlers of these tests.
RELEASE = threading.Event()


@dataclass(frozen=True)
class Ledger:
    """A file to which an effect is appended."""

    file: str


@handler("act.note", title="Append a line")
async def note(ctx: Context, p: Ledger) -> dict[str, Any]:
    _append(p, f"{ctx.run_id} {ctx.attempt}")
    ctx.log.info("noted")
    return {"attempt": ctx.attempt}


@dataclass(frozen=True)
class Sealed:
    """A file to which the value of a secret is appended."""

    file: str
    secret: Secret


@handler("act.open", title="Append a secret's value")
async def open_secret(ctx: Context, p: Sealed) -> None:
    with open(p.file, "a") as file:
        file.write(ctx.secret(p.secret) + "\n")


@handler("act.isolated", title="Append a secret's value in a process of its own", isolate=True)
def open_isolated(ctx: Context, p: Sealed) -> None:
    with open(p.file, "a") as file:
        file.write(ctx.secret(p.secret) + "\n")


@handler("act.thread", title="Answer from a thread")
def thread(ctx: Context) -> dict[str, Any]:
    return {"is_main": threading.current_thread() is threading.main_thread()}


@handler("act.fail", title="Fail")
async def fail(ctx: Context) -> None:
    raise Fail("it did not work")


@handler("act.retry", title="Ask for another attempt")
async def retry(ctx: Context) -> dict[str, Any]:
    if ctx.attempt < 3:
        raise Retry("not yet", after=timedelta(seconds=30))
    return {"attempt": ctx.attempt}


@handler("act.cancel", title="Find nothing to do")
async def cancel(ctx: Context) -> None:
    raise Cancel("nothing to do")


@handler("act.crash", title="Break")
async def crash(ctx: Context) -> None:
    raise ZeroDivisionError("a bug")


@handler("act.wrong", title="Answer with the wrong type")
async def wrong(ctx: Context) -> Any:
    return 7


@handler("act.polite", title="End when asked to")
async def polite(ctx: Context) -> None:
    await ctx.cancelled.wait()
    raise Fail("cut short")


@handler("act.finishing", title="Finish the work although asked to end")
async def finishing(ctx: Context) -> dict[str, Any]:
    await ctx.cancelled.wait()
    return {"is_done": True}


@handler("act.deaf", title="Ignore the wish to end")
async def deaf(ctx: Context) -> None:
    await asyncio.Event().wait()


@handler("act.thread_deaf", title="Ignore the wish to end, in a thread")
def thread_deaf(ctx: Context) -> None:
    RELEASE.wait()


@handler("act.thread_polite", title="End when asked to, in a thread")
def thread_polite(ctx: Context, p: Ledger) -> None:
    _append(p, "begun")
    while not (ctx.cancelled.is_set() or RELEASE.is_set()):
        RELEASE.wait(0.01)
    _append(p, "asked to end" if ctx.cancelled.is_set() else "let go")


def _append(p: Ledger, line: str) -> None:
    with open(p.file, "a", encoding="utf-8") as file:
        file.write(f"{line}\n")
