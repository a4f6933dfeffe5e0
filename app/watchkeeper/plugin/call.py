"""The edge to a plugin's code: whatever it returns or raises, an outcome comes back.

Engine, test kit and isolated process all cross it here; nothing else calls into a plugin.
"""

import asyncio
import inspect
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

from watchkeeper.plugin.command import judged
from watchkeeper.plugin.contract import Command, Context, Ended, Spec
from watchkeeper.plugin.outcome import Outcome, settled
from watchkeeper.plugin.outputs import parsed


async def called(spec: Spec, ctx: Context, params: Any, *more: Any, pool: Executor | None = None) -> Command | Outcome:
    """What the handler or channel answers; a plain `def` runs on `pool` (None: the loop's own).

    A Command comes back only from a spec that places a process. Raises CancelledError when the caller is cancelled.
    """
    given = (ctx, *([] if spec.params is None else [params]), *more)
    answer = await _answer(spec.fn, given, pool)
    return answer if spec.places_process and isinstance(answer, Command) else settled(answer)


async def concluded(
    command: Command, ctx: Context, exit_code: int, outputs_text: str, *, pool: Executor | None = None
) -> Outcome:
    """What the ended process of `command` means, by its `after` or else by its exit codes."""
    if command.after is None:
        return judged(command, exit_code, outputs_text)
    return await after_of(command, ctx, Ended(exit_code, parsed(outputs_text).outputs), pool=pool)


async def after_of(command: Command, ctx: Context, ended: Ended, *, pool: Executor | None = None) -> Outcome:
    """What the `after` of a command that has one makes of an ending."""
    assert command.after is not None
    return settled(await _answer(command.after, (ctx, ended), pool))


def attempted(fn: Callable[..., Any], given: tuple[Any, ...]) -> Any:
    """What the plain function answers, or what it raised, as a value: a future can't carry StopIteration."""
    try:
        return fn(*given)
    except (Exception, SystemExit) as error:
        return error


async def _answer(fn: Callable[..., Any], given: tuple[Any, ...], pool: Executor | None) -> Any:
    if not inspect.iscoroutinefunction(fn):
        return await asyncio.get_running_loop().run_in_executor(pool, attempted, fn, given)
    try:
        return await fn(*given)
    except (Exception, SystemExit) as error:
        return error
