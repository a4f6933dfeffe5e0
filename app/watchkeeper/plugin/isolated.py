"""Runs one handler in a process of its own, so that a plugin that breaks, hangs or floods hurts only its run.

Engine side: `isolated_command` describes that process. Process side: `main` reads the task from stdin, imports only
that plugin, and leaves its answer as one output named `answer`.
"""

import asyncio
import faulthandler
import os
import signal
import sys
from collections.abc import Callable, Mapping
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

from watchkeeper.model import codec
from watchkeeper.model.errors import Known
from watchkeeper.model.text import _
from watchkeeper.plugin.call import attempted, called
from watchkeeper.plugin.code import Code
from watchkeeper.plugin.context import Facts, LineLog, RunContext, unnamed_secret
from watchkeeper.plugin.contract import Command, Context, Ended, Fail, Spec
from watchkeeper.plugin.limits import limit_memory
from watchkeeper.plugin.loader import FileState, PluginFile, Read, imported, load
from watchkeeper.plugin.outcome import Cancelled, Crashed, Failed, Outcome, RetryAsked, Succeeded, settled
from watchkeeper.plugin.schema import params_of, plain_params, secrets_of

if TYPE_CHECKING:
    import httpx

_PACKAGE_ROOT = str(Path(__file__).resolve().parents[2])
#: Our own code is found at the end of the path, wherever it lies; the job's folder and PYTHONPATH stay out of it.
_BOOT = "import sys; sys.path.append(sys.argv[1]); from watchkeeper.plugin.isolated import main; main()"

#: What the host keeps of the outputs; a longer answer would come back cut.
_ANSWER_BYTES = 64 * 1024 - 16
_TRACEBACK_CHARACTERS = 8000

#: An async handler ends within so many seconds of `ctx.cancelled`.
CANCEL_SECONDS = 5.0


class Exit(IntEnum):
    """How the process ends; any other code means that it never came to an answer."""

    SUCCEEDED = 0
    FAILED = 81
    RETRY = 82
    CANCELLED = 83
    CRASHED = 84


_EXITS: Mapping[type, Exit] = {
    Succeeded: Exit.SUCCEEDED,
    Failed: Exit.FAILED,
    RetryAsked: Exit.RETRY,
    Cancelled: Exit.CANCELLED,
    Crashed: Exit.CRASHED,
}


class Task(msgspec.Struct, frozen=True):
    """What the process reads from stdin, as JSON."""

    source: str
    #: What a bundled file must be; empty where its user writes it and whatever it is now is meant.
    hash: str
    is_bundled: bool
    kind: str
    params: Mapping[str, Any]
    facts: Facts
    #: Name of a secret to the NAME of its WATCHKEEPER_SECRET_<NAME>_FILE.
    secrets: Mapping[str, str]
    #: MiB of data that the process, and each that it starts, may have; 0 for no limit.
    memory_mib: int = 0
    #: Of a foreign file: its code as it was allowed, whatever has become of the file.
    code: Code | None = None


def isolated_command(spec: Spec, params: Any, facts: Facts, memory_mib: int = 0) -> Command:
    """The process that runs `spec` with `params`; it is judged by its own `after`."""
    wanted = "" if spec.is_own and not spec.is_bundled else spec.hash
    names = {str(secret): f"PARAM_{number}" for number, secret in enumerate(secrets_of(params))}
    plain = plain_params(params)
    task = Task(spec.source, wanted, spec.is_bundled, spec.kind, plain, facts, names, memory_mib, spec.code)
    return Command(
        argv=(sys.executable, "-P", "-c", _BOOT, _PACKAGE_ROOT),
        stdin=codec.encode(task).decode(),
        secrets={variable: name for name, variable in names.items()},
        after=answered,
    )


def answered(ctx: Context, ended: Ended) -> Outcome:
    """What the process left as its answer; it needs nothing of the context."""
    answer = ended.outputs.get("answer")
    if answer is None or ended.exit_code not in Exit._value2member_map_:
        return Failed(
            _("the plugin's process ended with exit code {code} and no answer", code=ended.exit_code),
            kind="exit",
            exit_code=ended.exit_code,
        )
    return codec.decode(answer, Outcome)  # type: ignore[arg-type]  # a union is a shape for msgspec


def main() -> NoReturn:
    """The process: task in, log on stdout, answer out."""
    faulthandler.enable()
    signal.signal(signal.SIGTERM, _stop)
    # The answer is the only output: what the plugin starts is not to write beside it.
    target = os.environ.pop("WATCHKEEPER_OUTPUT", os.devnull)
    try:
        task = codec.decode(sys.stdin.buffer.read(), Task)
        limit_memory(task.memory_mib)
        outcome = _performed(task)
    except _Stopped:
        sys.exit(128 + signal.SIGTERM)
    if isinstance(outcome, Crashed):
        _say(outcome.traceback_text)
    with open(target, "a", encoding="utf-8") as file:
        file.write(f"answer={_answer(outcome)}\n")
    sys.exit(_EXITS[type(outcome)])


class _Stopped(BaseException):
    """TERM. Raised inside a plain function so that its `finally` blocks run; no `except Exception` swallows it."""


def _stop(signum: int, frame: object) -> NoReturn:
    raise _Stopped


def _say(line: str) -> None:
    print(line, flush=True)


def _performed(task: Task) -> Outcome:
    try:
        spec = _spec(task)
        params = params_of(spec, task.params)
    except Known as refusal:
        return Failed(refusal.text, kind="plugin")
    if spec.is_async:
        return asyncio.run(_awaited(spec, params, task))
    ctx = _context(task, asyncio.Event(), _no_client)
    return settled(attempted(spec.fn, (ctx,) if spec.params is None else (ctx, params)))


def _spec(task: Task) -> Spec:
    """The handler, out of exactly the file that the engine has read."""
    if task.code is not None:
        row = PluginFile(task.source, FileState.LOADED, hash=task.hash, is_own=False)
        loaded = imported(Read(row, task.code))
    else:
        loaded = load(Path(task.source), is_bundled=task.is_bundled, only=task.hash)
    if loaded.file.error is not None:
        _say(loaded.file.traceback)
        raise Known(loaded.file.error)
    found = next((spec for spec in loaded.specs if spec.role == "handler" and spec.kind == task.kind), None)
    if found is None:
        raise Known(_("{path} has no handler {kind} any more", path=task.source, kind=task.kind))
    return found


async def _awaited(spec: Spec, params: Any, task: Task) -> Outcome:
    """An async handler: TERM sets its flag, and cancels it when it has not ended some seconds later."""
    import httpx

    flag = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, flag.set)
    async with httpx.AsyncClient() as client:
        work = asyncio.ensure_future(called(spec, _context(task, flag, lambda: client), params))
        stopping = asyncio.ensure_future(flag.wait())
        await asyncio.wait((work, stopping), return_when=asyncio.FIRST_COMPLETED)
        if flag.is_set():
            await asyncio.wait((work,), timeout=CANCEL_SECONDS)
            raise _Stopped
        stopping.cancel()
    outcome = await work
    assert not isinstance(outcome, Command), "a handler that places a process is not isolated"
    return outcome


def _context(task: Task, flag: asyncio.Event, client: "Callable[[], httpx.AsyncClient]") -> Context:
    return RunContext(
        task.facts,
        log=LineLog(_say),
        cancelled=flag,
        http=client,
        secrets=lambda name: _secret(task, name),
        on_progress=lambda part, text: _say(f"{part:.0%} {text}".rstrip()),
    )


def _secret(task: Task, name: str) -> str:
    if name not in task.secrets:
        raise Fail(unnamed_secret(name))
    return Path(os.environ[f"WATCHKEEPER_SECRET_{task.secrets[name]}_FILE"]).read_text(encoding="utf-8")


def _no_client() -> "httpx.AsyncClient":
    raise Fail(_("ctx.http needs an async def; a plain def brings a client of its own"))


def _answer(outcome: Outcome) -> str:
    """`outcome` as one line of JSON, small enough to come back whole."""
    if isinstance(outcome, Crashed):
        cut = outcome.traceback_text[-_TRACEBACK_CHARACTERS:]
        outcome = msgspec.structs.replace(outcome, traceback_text=cut)
    line = codec.encode(outcome).decode()
    if len(line.encode()) <= _ANSWER_BYTES:
        return line
    too_big = _("the answer is {size} bytes, at most {most} come back", size=len(line), most=_ANSWER_BYTES)
    return codec.encode(Failed(too_big)).decode()
