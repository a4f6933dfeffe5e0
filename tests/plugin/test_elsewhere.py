"""A foreign function that answers a Command is called in another process, and what comes back is the same."""

import asyncio
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from watchkeeper.plugin import elsewhere
from watchkeeper.plugin.call import after_of, called
from watchkeeper.plugin.context import Facts, LineLog, RunContext, opened
from watchkeeper.plugin.contract import Command, Ended, Spec
from watchkeeper.plugin.first_import import FirstImports
from watchkeeper.plugin.loader import Folder
from watchkeeper.plugin.outcome import Cancelled, Crashed, Failed, Outcome, RetryAsked, Succeeded
from watchkeeper.plugin.registry import Registry
from watchkeeper.plugin.schema import params_of

Write = Callable[[str, str], Path]
Asked = Callable[..., Any]

PLAIN = """
from datetime import timedelta
import os

@dataclass(frozen=True)
class P:
    word: str = param("Word", default="a")
    key: Secret = param("Key", default="")
    way: str = param("Way", default="")

def judge(ctx: Context, ended: Ended) -> dict:
    if ended.exit_code == 9:
        raise Fail("nine")
    return {"code": ended.exit_code, "rows": ended.outputs["rows"], "pid": os.getpid()}

@handler("x", title="X")
def x(ctx: Context, p: P) -> Command:
    if p.way:
        exec(p.way)
    ctx.log.warning(f"asked as {ctx.run_id}, {ctx.attempt}, {os.getpid()}")
    length = len(ctx.secret(p.key)) if p.key else 0
    return Command(
        argv=["echo", "{script}", p.word], script="#", interpreter="bash", env={"LENGTH": str(length)}, cwd="/",
        stdin="in", secrets={"KEY": p.key} if p.key else {}, success=(0, 3), warning=(4,), after=judge,
    )
"""


@pytest.fixture
def imports() -> Iterator[FirstImports]:
    made = FirstImports(memory_mib=512)
    yield made
    made.close()


@pytest.fixture
def spec(write: Write, folder: Path, imports: FirstImports) -> Spec:
    """As an engine has it, of a file that somebody has allowed."""
    write("x.py", PLAIN)
    registry = Registry(imports)
    registry.load([Folder(folder, is_own=False)])
    (row,) = registry.files
    registry.load([Folder(folder, is_own=False)], {(row.path, row.hash): True})
    return registry.handler("x")


def context(log: list[str], **secrets: str) -> RunContext:
    return RunContext(
        Facts("run-1", "cron:1", 2),
        log=LineLog(log.append),
        cancelled=asyncio.Event(),
        http=lambda: pytest.fail("no client"),
        secrets=opened(secrets),
        on_progress=lambda part, text: None,
    )


async def answer_of(spec: Spec, log: list[str] | None = None, **given: Any) -> Command | Outcome:
    return await called(spec, context([] if log is None else log, k="hunter22"), params_of(spec, given))


async def test_the_command_comes_back_whole_and_its_after_is_called_there_too(spec: Spec) -> None:
    log: list[str] = []
    command = await answer_of(spec, log, word="ä\n'$(x)", key="k")
    assert isinstance(command, Command) and command.after is not None
    assert replace(command, after=None) == Command(
        argv=("echo", "{script}", "ä\n'$(x)"),
        script="#",
        interpreter="bash",
        env={"LENGTH": "8"},
        cwd="/",
        stdin="in",
        secrets={"KEY": "k"},
        success=(0, 3),
        warning=(4,),
    )
    assert log[0].startswith("warning: asked as run-1, 2, ") and not log[0].endswith(str(os.getpid()))
    outcome = await after_of(command, context(log, k="hunter22"), Ended(0, {"rows": "3"}))
    assert isinstance(outcome, Succeeded)
    assert (outcome.outputs["code"], outcome.outputs["rows"]) == (0, "3") and outcome.outputs["pid"] != os.getpid()
    failed = await after_of(command, context(log, k="hunter22"), Ended(9, {}))
    assert isinstance(failed, Failed) and str(failed.text) == "nine"


async def test_the_code_that_was_allowed_is_called_whatever_became_of_the_file(spec: Spec) -> None:
    Path(spec.source).write_text("1 / 0\n")
    assert isinstance(await answer_of(spec), Command)


@pytest.mark.parametrize(
    ("way", "shape", "word"),
    [
        ("raise Fail('no room')", Failed, "no room"),
        ("raise Retry('later', after=timedelta(minutes=2))", RetryAsked, "later"),
        ("raise Cancel('nothing new')", Cancelled, "nothing new"),
        ("raise KeyError('rows')", Crashed, "KeyError"),
        ("raise SystemExit(3)", Crashed, "SystemExit"),
        ("import os; os._exit(3)", Failed, "exit code 3"),
        ("import os; os.abort()", Failed, "SIGABRT"),
        ("bytearray(1 << 31)", Crashed, "MemoryError"),
        ("ctx.secret('other')", Failed, "is not named by this run's parameters"),
        ("ctx.http", Failed, "needs an async def"),
        ("object.__setattr__(p, 'word', 'x' * 9_000_000)", Failed, "8 MiB"),
    ],
)
async def test_what_it_raises_or_breaks_is_an_outcome(spec: Spec, way: str, shape: type, word: str) -> None:
    outcome = await answer_of(spec, way=way)
    assert isinstance(outcome, shape) and word in str(outcome.text)  # type: ignore[attr-defined]  # each has one
    assert not isinstance(outcome, RetryAsked) or outcome.after == timedelta(minutes=2)


async def test_what_it_prints_and_logs_without_end_is_cut(spec: Spec) -> None:
    log: list[str] = []
    way = "print('x' * 5_000_000)\nfor n in range(5000): ctx.log.info('y' * 5000)"
    assert isinstance(await answer_of(spec, log, way=way), Failed | Command)
    assert len(log) <= elsewhere.MOST_LINES


async def test_a_function_that_crashes_leaves_its_traceback_in_the_log(spec: Spec) -> None:
    log: list[str] = []
    await answer_of(spec, log, way="import ctypes; ctypes.string_at(0)")
    assert any("x.py" in line for line in log)


async def test_another_wish_than_before_is_told(spec: Spec, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    way = f"global judge\nif os.path.exists({str(mark)!r}): judge = None\nopen({str(mark)!r}, 'w').close()"
    command = await answer_of(spec, way=way)
    assert isinstance(command, Command)
    outcome = await after_of(command, context([]), Ended(0, {"rows": "3"}))
    assert isinstance(outcome, Failed) and "another process than before" in str(outcome.text)


async def test_a_function_of_ones_own_that_answers_a_command_is_asked_elsewhere_too(
    write: Write, folder: Path, imports: FirstImports
) -> None:
    write("x.py", PLAIN)
    registry = Registry(imports)
    registry.load([Folder(folder)])
    log: list[str] = []
    assert isinstance(await answer_of(registry.handler("x"), log), Command)
    assert log and not log[0].endswith(str(os.getpid()))


async def test_a_function_that_hangs_is_ended_with_what_it_has_started(
    spec: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elsewhere, "SECONDS", 0.5)
    outcome = await answer_of(spec, way="import subprocess; subprocess.run(['sleep', '60'])")
    assert isinstance(outcome, Failed) and "takes longer than" in str(outcome.text)
