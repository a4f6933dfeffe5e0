"""A function that answers a Command, called in a process of its own where it does not come with the product; so is the
`after` of that Command.

Engine side: `Elsewhere.function_for` gives what stands in the Spec in the function's place. Process side: `main`.
The Command travels as data, and its `after` by being made again: a handler answers the same Command each time.
"""

import asyncio
import dataclasses
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

from watchkeeper.model import codec
from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text, _
from watchkeeper.plugin.call import after_of, called
from watchkeeper.plugin.child import answering
from watchkeeper.plugin.children import Children, ending_of
from watchkeeper.plugin.context import Facts, LineLog, RunContext, opened
from watchkeeper.plugin.contract import Command, Context, Ended, Fail, Spec
from watchkeeper.plugin.limits import limit_memory
from watchkeeper.plugin.loader import Read, imported
from watchkeeper.plugin.outcome import Crashed, Failed, Outcome
from watchkeeper.plugin.schema import params_of, plain_params, secrets_of

if TYPE_CHECKING:
    import httpx

#: Seconds for the import and the call together; processes at once.
SECONDS, AT_ONCE = 10.0, 8
#: Lines and letters of what a call may write into its run's log.
MOST_LINES, _MOST_LETTERS = 1000, 500
_TRACEBACK_CHARACTERS = 8000
#: Of what it answers.
_MOST_BYTES = 8 << 20


class Call(msgspec.Struct, frozen=True):
    """What the process reads from stdin, as JSON."""

    read: Read
    kind: str
    params: Mapping[str, Any]
    facts: Facts
    #: Values by name.
    secrets: Mapping[str, str]
    memory_mib: int
    #: Given: `after` is to be called.
    ended: Ended | None = None


class Plan(msgspec.Struct, frozen=True):
    """A Command without its `after`; field by field what it is made of."""

    script: str | None
    argv: tuple[str, ...] | None
    interpreter: str
    env: Mapping[str, str]
    cwd: str | None
    stdin: str | None
    secrets: Mapping[str, str]
    success: tuple[int, ...]
    warning: tuple[int, ...]


class Told(msgspec.Struct, frozen=True):
    """What the process answers: a plan or an outcome."""

    plan: Plan | None = None
    has_after: bool = False
    outcome: Outcome | None = None
    #: The lines of its log.
    lines: tuple[str, ...] = ()


class Elsewhere:
    """The processes in which the functions of plugins are called."""

    def __init__(self, memory_mib: int = 0) -> None:
        self.memory_mib = memory_mib
        self._processes = Children(AT_ONCE, "elsewhere")

    def function_for(self, read: Read, kind: str, *, places_process: bool) -> Callable[..., Awaitable[Any]]:
        """What is called in the engine in the place of the handler `kind` of a file."""
        return partial(self._call, read, kind) if places_process else _nobody

    def close(self) -> None:
        """End what is being called."""
        self._processes.close()

    async def _call(self, read: Read, kind: str, ctx: Context, params: Any = None) -> "Command | Outcome":
        told = await self._ask(read, kind, ctx, params, None)
        if told.plan is None:
            return told.outcome or _silent(kind)
        after = partial(self._conclude, read, kind, params) if told.has_after else None
        return Command(**msgspec.structs.asdict(told.plan), after=after)

    async def _conclude(self, read: Read, kind: str, params: Any, ctx: Context, ended: Ended) -> Outcome:
        told = await self._ask(read, kind, ctx, params, ended)
        return told.outcome or _silent(kind)

    async def _ask(self, read: Read, kind: str, ctx: Context, params: Any, ended: Ended | None) -> Told:
        facts = Facts(ctx.run_id, ctx.execution_id, ctx.attempt, ctx.inputs, ctx.created_at)
        call = Call(read, kind, plain_params(params), facts, _opened(ctx, params), self.memory_mib, ended)
        reply = await asyncio.wrap_future(
            self._processes.ask("elsewhere", codec.encode(call), SECONDS, _MOST_BYTES + 1)
        )
        with suppress(msgspec.MsgspecError, UnicodeDecodeError):
            told: Told = codec.from_own(reply.answer, Told)
            for line in told.lines:
                ctx.log.info(line)
            return told
        for line in reply.answer[:_TRACEBACK_CHARACTERS].decode(errors="replace").splitlines():
            ctx.log.info(line)
        if reply.is_late:
            late = _("{kind} takes longer than {seconds} s to say what it starts", kind=kind, seconds=int(SECONDS))
            return Told(outcome=Failed(late, kind="plugin"))
        died = _("{kind} ends the process in which it is asked: {why}", kind=kind, why=ending_of(reply.code))
        return Told(outcome=Failed(died, kind="plugin"))


async def _nobody(*_given: Any) -> Outcome:
    return Failed(_("the code of this plugin is not called inside the engine"), kind="plugin")


def _silent(kind: str) -> Outcome:
    return Failed(_("{kind} gave no command", kind=kind), kind="plugin")


def _opened(ctx: Context, params: Any) -> dict[str, str]:
    """The secrets that the parameters name, as far as this context opens them."""
    values: dict[str, str] = {}
    for name in secrets_of(params):
        with suppress(Fail):
            values[name] = ctx.secret(name)
    return values


def main() -> NoReturn:
    """The process: a call in, a plan or an outcome out."""
    answer = answering(SECONDS)
    call = codec.decode(sys.stdin.buffer.read(), Call)
    limit_memory(call.memory_mib)
    told = codec.encode(_told(call))
    if len(told) > _MOST_BYTES:
        too_much = _("the plugin wants a process of more than {most} MiB of words", most=_MOST_BYTES >> 20)
        told = codec.encode(Told(outcome=Failed(too_much)))
    answer.write(told)
    os._exit(0)


def _told(call: Call) -> Told:
    lines: list[str] = []
    try:
        spec = _spec(call)
        params = params_of(spec, call.params)
    except Known as refusal:
        return Told(outcome=Failed(refusal.text, kind="plugin"))
    told = asyncio.run(_answered(spec, params, call, lines))
    return msgspec.structs.replace(told, lines=tuple(line[:_MOST_LETTERS] for line in lines[:MOST_LINES]))


def _spec(call: Call) -> Spec:
    loaded = imported(call.read)
    if loaded.file.error is not None:
        raise Known(loaded.file.error)
    return next(spec for spec in loaded.specs if spec.role == "handler" and spec.kind == call.kind)


async def _answered(spec: Spec, params: Any, call: Call, lines: list[str]) -> Told:
    if not spec.is_async:
        return await _asked(spec, params, call, lines, _no_client)
    import httpx

    async with httpx.AsyncClient(trust_env=False) as client:
        return await _asked(spec, params, call, lines, lambda: client)


async def _asked(
    spec: Spec, params: Any, call: Call, lines: list[str], client: "Callable[[], httpx.AsyncClient]"
) -> Told:
    ctx = RunContext(
        call.facts,
        log=LineLog(lines.append),
        cancelled=asyncio.Event(),
        http=client,
        secrets=opened(call.secrets),
        on_progress=lambda part, text: None,
    )
    answer = await called(spec, ctx, params)
    if isinstance(answer, Command) and call.ended is not None:
        answer = await after_of(answer, ctx, call.ended) if answer.after is not None else Failed(_another())
    if isinstance(answer, Command):
        return Told(_plan(answer), answer.after is not None)
    if isinstance(answer, Crashed):
        lines += answer.traceback_text[-_TRACEBACK_CHARACTERS:].splitlines()
    return Told(outcome=answer)


def _another() -> Text:
    return _("asked again, the plugin wants another process than before")


def _plan(command: Command) -> Plan:
    parts = {field.name: getattr(command, field.name) for field in dataclasses.fields(command) if field.name != "after"}
    return msgspec.convert(parts, Plan, from_attributes=True)


def _no_client() -> "httpx.AsyncClient":
    raise Fail(_("ctx.http needs an async def; a plain def brings a client of its own"))
