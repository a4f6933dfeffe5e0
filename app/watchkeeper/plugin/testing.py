"""The test kit for authors: run one handler as the engine would, on this machine, without an engine."""

import asyncio
import os
import tempfile
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from watchkeeper.model.errors import Bug
from watchkeeper.plugin.call import called, concluded
from watchkeeper.plugin.command import Placement, placed
from watchkeeper.plugin.context import Facts, LineLog, RunContext, opened
from watchkeeper.plugin.contract import SCRIPT, Command, Context, Spec
from watchkeeper.plugin.loader import load
from watchkeeper.plugin.outcome import Outcome
from watchkeeper.plugin.schema import params_of

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")


def perform(
    spec: Spec,
    *,
    http: "httpx.AsyncClient | None" = None,
    secrets: Mapping[str, str] | None = None,
    inputs: Mapping[str, Any] | None = None,
    log: list[str] | None = None,
    notice: object = None,
    **params: Any,
) -> Outcome:
    """Call the handler with `params`, run the Command that it may answer as a local process, and give the outcome.

    `secrets` by name; `notice` is what a channel is to send; `log` receives the lines of the run's log. Works with
    and without a running loop, blocking either way; a test that serves the handler from its own loop awaits
    `performed` instead.
    """
    return _finished(
        lambda: performed(spec, http=http, secrets=secrets, inputs=inputs, log=log, notice=notice, **params)
    )


def spec_of(path: Path, kind: str = "") -> Spec:
    """The handler or channel in a plugin file or folder, loaded as a workspace loads it; of several the one named.

    AssertionError with the traceback when it can't be loaded, or has no such kind.
    """
    loaded = load(path, is_bundled=False)
    assert loaded.file.error is None, f"{loaded.file.error}\n{loaded.file.traceback}"
    found = [spec for spec in loaded.specs if kind in ("", spec.kind)]
    assert len(found) == 1, f"{path} has {', '.join(loaded.file.kinds)}: name one of them"
    return found[0]


def command_of(spec: Spec, **params: Any) -> Command:
    """The Command that the handler answers, not run; AssertionError when it answers something else."""
    answer = _finished(lambda: called(spec, _context(None, {}, {}, []), params_of(spec, params)))
    assert isinstance(answer, Command), f"{spec.kind} answered {answer}"
    return answer


async def performed(
    spec: Spec,
    *,
    http: "httpx.AsyncClient | None" = None,
    secrets: Mapping[str, str] | None = None,
    inputs: Mapping[str, Any] | None = None,
    log: list[str] | None = None,
    notice: object = None,
    **params: Any,
) -> Outcome:
    """`perform` for a test that is a coroutine itself."""
    lines = [] if log is None else log
    return await carried_out(spec, params_of(spec, params), http, secrets or {}, inputs or {}, lines, notice)


async def carried_out(
    spec: Spec,
    params: Any,
    http: "httpx.AsyncClient | None",
    secrets: Mapping[str, str],
    inputs: Mapping[str, Any],
    lines: list[str],
    notice: object = None,
) -> Outcome:
    """The same with the parameters as they have been read."""
    ctx = _context(http, secrets, inputs, lines)
    answer = await called(spec, ctx, params, *([notice] if spec.role == "channel" else []))
    return await run_command(answer, ctx, secrets, lines) if isinstance(answer, Command) else answer


async def run_command(command: Command, ctx: Context, secrets: Mapping[str, str], log: list[str]) -> Outcome:
    """Run `command` here as a real process and judge its ending; its output goes to `log`."""
    with tempfile.TemporaryDirectory(prefix="watchkeeper-test-") as name:
        folder, placement = Path(name), placed(command)
        argv, env = _prepared(placement, folder, secrets, ctx)
        process = await asyncio.create_subprocess_exec(
            *argv,
            env=env,
            cwd=placement.cwd or name,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _none = await process.communicate((placement.stdin or "").encode())
        log.extend(output.decode(errors="replace").splitlines())
        outputs = (folder / "outputs").read_text(encoding="utf-8", errors="replace")
    return await concluded(command, ctx, _exit_code(process), outputs)


def _finished(make: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """The coroutine's result, from a loop of its own in a thread of its own, as another loop may be running here."""
    with ThreadPoolExecutor(1, thread_name_prefix="perform") as thread:
        return thread.submit(lambda: asyncio.run(make())).result()


def _context(
    http: "httpx.AsyncClient | None", secrets: Mapping[str, str], inputs: Mapping[str, Any], log: list[str]
) -> Context:
    return RunContext(
        Facts("test-run", "test-run", 1, inputs),
        log=LineLog(log.append),
        cancelled=asyncio.Event(),
        http=lambda: _given(http),
        secrets=opened(secrets),
        on_progress=lambda part, text: log.append(f"{part:.0%} {text}".rstrip()),
    )


def _given(http: "httpx.AsyncClient | None") -> "httpx.AsyncClient":
    if http is None:
        raise Bug("the handler uses ctx.http: give perform(..., http=) an httpx.AsyncClient")
    return http


def _prepared(
    placement: Placement, folder: Path, secrets: Mapping[str, str], ctx: Context
) -> tuple[list[str], dict[str, str]]:
    """The argv and the environment; files for script, outputs and secrets as a host makes them."""
    script = folder / f"script{placement.script_suffix}"
    script.write_text(placement.script or "", encoding="utf-8", newline="")
    (folder / "outputs").touch()
    for variable, name in placement.secrets.items():
        (folder / f"secret-{variable}").write_text(secrets[name], encoding="utf-8")
    env = {
        **os.environ,
        **placement.env,
        "WATCHKEEPER_RUN_ID": ctx.run_id,
        "WATCHKEEPER_EXECUTION_ID": ctx.execution_id,
        "WATCHKEEPER_ATTEMPT": str(ctx.attempt),
        "WATCHKEEPER_OUTPUT": str(folder / "outputs"),
        **{f"WATCHKEEPER_SECRET_{variable}_FILE": str(folder / f"secret-{variable}") for variable in placement.secrets},
    }
    return [str(script) if item == SCRIPT else item for item in placement.argv], env


def _exit_code(process: asyncio.subprocess.Process) -> int:
    """As a shell tells it: 128 and the signal's number."""
    code = process.returncode
    assert code is not None
    return code if code >= 0 else 128 - code
