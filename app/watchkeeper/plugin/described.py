"""Asks a plugin of somebody else's which process it wants, and later what that process's end means.

Decision: functions that answer a Command, and their `after`, are called in a short-lived process unless they come with
the product.
Question: how can a handler hurt only its run when the engine has to hear from it what to start?
Why: a Command is plain data, and the contract says that who is asked again answers the same: so `after` is found again.
Alternatives: a thread of the engine (a segmentation fault ends all runs), the handler on the host (it has no Python).
State: in force. Costs a start of the interpreter, twice where there is an `after`.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

from watchkeeper.model import codec
from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text, _
from watchkeeper.plugin.call import called, judged_by
from watchkeeper.plugin.child import Child, answering
from watchkeeper.plugin.context import Facts, LineLog, RunContext, opened
from watchkeeper.plugin.contract import Command, Context, Ended, Spec
from watchkeeper.plugin.limits import limit_memory
from watchkeeper.plugin.loader import load
from watchkeeper.plugin.outcome import Failed, Outcome
from watchkeeper.plugin.schema import params_of, plain_params

if TYPE_CHECKING:
    import httpx

#: Seconds that it may take to say either.
SECONDS = 30.0
#: Letters of the log that come back.
_MOST_LOG = 64 * 1024
_MOST_BYTES = 8 << 20


class Question(msgspec.Struct, frozen=True):
    """What the process reads from stdin, as JSON."""

    source: str
    hash: str
    kind: str
    params: Mapping[str, Any]
    facts: Facts
    #: Name to value.
    secrets: Mapping[str, str]
    memory_mib: int = 0
    #: How the process ended that was wanted; None: which one is wanted.
    exit_code: int | None = None
    outputs: Mapping[str, str] = {}


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """A Command as plain data."""

    script: str | None = None
    argv: tuple[str, ...] | None = None
    interpreter: str = "sh"
    env: Mapping[str, str] = {}
    cwd: str | None = None
    stdin: str | None = None
    secrets: Mapping[str, str] = {}
    success: tuple[int, ...] = (0,)
    warning: tuple[int, ...] = ()
    has_after: bool = False


class Answer(msgspec.Struct, frozen=True):
    """What the process writes."""

    log: str
    wish: Wish | None = None
    outcome: Outcome | None = None


def described(
    spec: Spec, params: Any, facts: Facts, secrets: Mapping[str, str], log: Callable[[str], object], memory_mib: int = 0
) -> Command | Outcome:
    """The process that the handler wants; blocks, SECONDS at the most. `log` is given what it logs."""
    question = Question(spec.source, spec.hash, spec.kind, plain_params(params), facts, secrets, memory_mib)
    answer = _asked(question, log)
    if not isinstance(answer, Answer):
        return answer
    if answer.wish is None:
        return answer.outcome or Failed(_("the plugin gave no command"))
    wish = {name: getattr(answer.wish, name) for name in Wish.__struct_fields__ if name != "has_after"}
    after = _After(question, log) if answer.wish.has_after else None
    return Command(**wish, after=after)


class _After:
    """The `after` of a Command, asked elsewhere."""

    def __init__(self, question: Question, log: Callable[[str], object]) -> None:
        self._question, self._log = question, log

    def __call__(self, ctx: Context, ended: Ended) -> Outcome:
        question = msgspec.structs.replace(self._question, exit_code=ended.exit_code, outputs=ended.outputs)
        answer = _asked(question, self._log)
        if not isinstance(answer, Answer):
            return answer
        return answer.outcome or Failed(_("the plugin gave no answer"))


def _asked(question: Question, log: Callable[[str], object]) -> Answer | Outcome:
    reply = Child("described").ask(codec.encode(question), SECONDS, _MOST_BYTES + 1)
    try:
        answer = codec.decode(reply.answer, Answer)
    except Known:
        if reply.answer:
            log(reply.answer.decode(errors="replace").rstrip("\n"))
        return Failed(_late() if reply.is_late else _died(reply.code), kind="plugin")
    if answer.log:
        log(answer.log.rstrip("\n"))
    return answer


def _late() -> Text:
    return _("the plugin did not say within {seconds} s what it wants", seconds=int(SECONDS))


def _died(code: int) -> Text:
    if code < 0 and -code in signal.Signals._value2member_map_:
        return _("the plugin ended the process in which it was asked: {signal}", signal=signal.Signals(-code).name)
    return _("the plugin ended the process in which it was asked, with exit code {code}", code=code)


def main() -> NoReturn:
    """The process: a question in, the answer out."""
    channel = answering(SECONDS)
    question = codec.decode(sys.stdin.buffer.read(), Question)
    limit_memory(question.memory_mib)
    lines: list[str] = []
    outcome = asyncio.run(_outcome(question, lines.append))
    log = "\n".join(lines)[:_MOST_LOG]
    told = Answer(log, _wish(outcome)) if isinstance(outcome, Command) else Answer(log, outcome=outcome)
    answer = codec.encode(told)
    if len(answer) > _MOST_BYTES:
        too_much = Failed(_("the plugin wants a process of more than {most} MiB of words", most=_MOST_BYTES >> 20))
        answer = codec.encode(Answer(log, outcome=too_much))
    channel.write(answer)
    os._exit(0)


async def _outcome(question: Question, say: Callable[[str], None]) -> Command | Outcome:
    loaded = load(Path(question.source), is_bundled=False, only=question.hash)
    spec = next((spec for spec in loaded.specs if spec.kind == question.kind and spec.role == "handler"), None)
    if spec is None:
        say(loaded.file.traceback)
        why = loaded.file.error or _("{path} has no handler {kind} any more", path=question.source, kind=question.kind)
        return Failed(why, kind="plugin")
    try:
        params = params_of(spec, question.params)
    except Known as refusal:
        return Failed(refusal.text, kind="plugin")
    import httpx

    async with httpx.AsyncClient() as client:
        context = _context(question, say, client)
        answer = await called(spec, context, params)
        if question.exit_code is None or not isinstance(answer, Command):
            return answer
        if answer.after is None:
            return Failed(_("asked again, the plugin wants another process than before"), kind="plugin")
        return await judged_by(answer.after, context, Ended(question.exit_code, question.outputs))


def _context(question: Question, say: Callable[[str], None], client: "httpx.AsyncClient") -> Context:
    return RunContext(
        question.facts,
        log=LineLog(say),
        cancelled=asyncio.Event(),
        http=lambda: client,
        secrets=opened(question.secrets),
        on_progress=lambda part, text: say(f"{part:.0%} {text}".rstrip()),
    )


def _wish(command: Command) -> Wish:
    names = [name for name in Wish.__struct_fields__ if name != "has_after"]
    given = {name: getattr(command, name) for name in names}
    for name in ("argv", "success", "warning"):
        given[name] = None if given[name] is None else tuple(given[name])
    return Wish(**given, has_after=command.after is not None)
