"""Handlers in a process of their own: every answer comes back, and what breaks there stays there."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from watchkeeper.model import codec
from watchkeeper.plugin import Command, Context
from watchkeeper.plugin.call import called
from watchkeeper.plugin.context import Facts, LineLog, RunContext, opened
from watchkeeper.plugin.contract import Spec
from watchkeeper.plugin.isolated import Exit, Task, isolated_command
from watchkeeper.plugin.outcome import Cancelled, Crashed, Failed, Outcome, RetryAsked, Succeeded
from watchkeeper.plugin.schema import params_of
from watchkeeper.plugin.testing import run_command

SpecOf = Callable[[str], Spec]

FACTS = Facts("run-1", "cron:1", 2, {"rows": 3})
PARAMS = "@dataclass(frozen=True)\nclass P:\n    word: str = param('Word', default='a')\n"


def context(log: list[str]) -> Context:
    return RunContext(
        FACTS,
        log=LineLog(log.append),
        cancelled=asyncio.Event(),
        http=lambda: pytest.fail("no client"),
        secrets=opened({}),
        on_progress=lambda part, text: None,
    )


def outcome_of(
    spec: Spec, given: dict[str, Any] | None = None, log: list[str] | None = None, **secrets: str
) -> Outcome:
    lines = [] if log is None else log
    command = isolated_command(spec, params_of(spec, given or {}), FACTS)
    return asyncio.run(run_command(command, context(lines), secrets, lines))


def plain(body: str) -> str:
    return f"@handler('x', title='X')\ndef run(ctx: Context):\n    {body}\n"


def test_a_plain_def_runs_with_its_parameters_and_facts_in_another_process(spec_of: SpecOf) -> None:
    spec = spec_of(
        PARAMS + "@handler('x', title='X')\ndef run(ctx: Context, p: P):\n"
        "    import os\n"
        "    ctx.log.info('working')\n"
        "    ctx.progress(0.5, 'half')\n"
        "    ids = [ctx.run_id, ctx.execution_id, ctx.attempt]\n"
        "    return {'word': p.word, 'ids': ids, 'pid': os.getpid(), **ctx.inputs}\n"
    )
    log: list[str] = []
    outcome = outcome_of(spec, {"word": "ä\n'$(x)"}, log)
    assert isinstance(outcome, Succeeded), (outcome, log)
    assert outcome.outputs["pid"] != os.getpid()
    assert {**outcome.outputs, "pid": 0} == {"word": "ä\n'$(x)", "ids": ["run-1", "cron:1", 2], "pid": 0, "rows": 3}
    assert log == ["working", "50% half"]


def test_an_async_def_with_isolate_runs_there_too(spec_of: SpecOf) -> None:
    spec = spec_of(
        "import asyncio\n@handler('x', title='X', isolate=True)\nasync def run(ctx: Context):\n"
        "    await asyncio.sleep(0)\n    return {'has_http': ctx.http is not None, 'is_set': ctx.cancelled.is_set()}\n"
    )
    assert outcome_of(spec) == Succeeded({"has_http": True, "is_set": False})


@pytest.mark.parametrize(
    ("body", "shape", "sentence"),
    [
        ("raise Fail(_('{n} left', n=3))", Failed, "3 left"),
        ("raise Cancel('nothing new')", Cancelled, "nothing new"),
        ("return 5", Failed, "the handler answered with int"),
        ("return {'x': 'a' * 70000}", Failed, "the outputs are"),
        ("raise Fail('a' * 70000)", Failed, "the answer is"),
    ],
)
def test_each_word_of_the_vocabulary_comes_back(spec_of: SpecOf, body: str, shape: type, sentence: str) -> None:
    outcome = outcome_of(spec_of(plain(body)))
    assert isinstance(outcome, shape)
    assert not isinstance(outcome, Succeeded)
    assert sentence in str(outcome.text)


def test_retry_comes_back_with_its_delay(spec_of: SpecOf) -> None:
    spec = spec_of("from datetime import timedelta\n" + plain("raise Retry('later', after=timedelta(minutes=2))"))
    outcome = outcome_of(spec)
    assert isinstance(outcome, RetryAsked)
    assert outcome.after is not None
    assert (str(outcome.text), outcome.after.total_seconds()) == ("later", 120)


@pytest.mark.parametrize("error", ["KeyError('rows')", "SystemExit(3)", "StopIteration()"])
def test_any_other_exception_is_a_crash_with_its_traceback_in_the_log(spec_of: SpecOf, error: str) -> None:
    log: list[str] = []
    outcome = outcome_of(spec_of(plain(f"raise {error}")), log=log)
    assert isinstance(outcome, Crashed)
    assert outcome.kind == error.split("(")[0]
    assert outcome.kind in "\n".join(log)
    assert "one.py" in outcome.traceback_text


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("import ctypes; ctypes.string_at(0)", 128 + signal.SIGSEGV),
        ("import os; os._exit(0)", 0),
        ("import os; os._exit(81)", 81),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 128 + signal.SIGKILL),
    ],
)
def test_a_process_that_dies_without_an_answer_is_a_failure_with_its_exit_code(
    spec_of: SpecOf, body: str, code: int
) -> None:
    outcome = outcome_of(spec_of(plain(body)))
    assert isinstance(outcome, Failed)
    assert (outcome.kind, outcome.exit_code) == ("exit", code)
    assert "no answer" in str(outcome.text)


def test_a_plugin_that_prints_megabytes_still_answers(spec_of: SpecOf) -> None:
    log: list[str] = []
    assert outcome_of(spec_of(plain("print('x' * 5_000_000); return {'a': 1}")), log=log) == Succeeded({"a": 1})
    assert sum(map(len, log)) == 5_000_000


def test_what_the_plugin_starts_cannot_write_an_answer(spec_of: SpecOf) -> None:
    body = "import os; return {'is_told': 'WATCHKEEPER_OUTPUT' in os.environ}"
    assert outcome_of(spec_of(plain(body))) == Succeeded({"is_told": False})


def test_a_secret_that_the_parameters_name_is_opened_and_no_other(spec_of: SpecOf) -> None:
    spec = spec_of(
        "@dataclass(frozen=True)\nclass P:\n    hook: Secret = param('Hook')\n"
        "@handler('x', title='X')\ndef run(ctx: Context, p: P):\n"
        "    opened = ctx.secret(p.hook)\n"
        "    try:\n        ctx.secret('other')\n"
        "    except Fail as refusal:\n        return {'length': len(opened), 'refusal': str(refusal)}\n"
    )
    log: list[str] = []
    outcome = outcome_of(spec, {"hook": "token"}, log, token="hunter2")
    assert outcome == Succeeded({"length": 7, "refusal": "the secret other is not named by this run's parameters"})


def test_neither_parameters_nor_secrets_stand_in_the_argv(spec_of: SpecOf) -> None:
    spec = spec_of(PARAMS + "@handler('x', title='X')\ndef run(ctx: Context, p: P): ...\n")
    command = isolated_command(spec, params_of(spec, {"word": "secret-word"}), FACTS)
    assert command.argv is not None
    assert "secret-word" not in " ".join(command.argv)
    assert codec.decode(command.stdin or "", Task).params == {"word": "secret-word"}


def test_a_file_that_changed_since_is_not_run(spec_of: SpecOf) -> None:
    spec = spec_of(plain("return {'a': 1}"))
    Path(spec.source).write_text(Path(spec.source).read_text() + "\n# changed\n")
    assert outcome_of(spec) == Succeeded({"a": 1}), "whoever writes it means what is there now"
    outcome = outcome_of(replace(spec, is_own=False))
    assert isinstance(outcome, Failed)
    assert "has changed since the engine read it" in str(outcome.text)


def test_the_jobs_folder_is_not_searched_for_modules(spec_of: SpecOf, tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise RuntimeError('not me')")
    spec = spec_of(plain("import json; return {'a': json.loads('1')}"))
    log: list[str] = []
    command = isolated_command(spec, None, FACTS)
    there = Command(argv=command.argv, stdin=command.stdin, cwd=str(tmp_path), after=command.after)
    assert asyncio.run(run_command(there, context(log), {}, log)) == Succeeded({"a": 1}), log


SLEEPING = """
@handler('x', title='X')
def run(ctx: Context):
    import time
    try:
        ctx.log.info('ready')
        time.sleep(60)
    finally:
        ctx.log.info('tidied')
"""
AWAITING = """
@handler('x', title='X', isolate=True)
async def run(ctx: Context):
    ctx.log.info('ready')
    await ctx.cancelled.wait()
    ctx.log.info('tidied')
"""


@pytest.mark.parametrize("body", [SLEEPING, AWAITING], ids=["def", "async def"])
async def test_term_lets_the_handler_tidy_up_and_gives_no_answer(spec_of: SpecOf, body: str, tmp_path: Path) -> None:
    command = isolated_command(spec_of(body), None, FACTS)
    process = await asyncio.create_subprocess_exec(
        *(command.argv or ()),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "WATCHKEEPER_OUTPUT": str(tmp_path / "outputs")},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write((command.stdin or "").encode())
    process.stdin.close()
    assert await process.stdout.readline() == b"ready\n"
    process.terminate()
    assert await process.stdout.read() == b"tidied\n"
    assert await process.wait() == 128 + signal.SIGTERM
    assert not (tmp_path / "outputs").exists()


def test_the_exit_codes_are_told_apart() -> None:
    assert len({code.value for code in Exit}) == 5


async def test_called_runs_a_plain_def_on_the_pool_of_this_process(spec_of: SpecOf) -> None:
    spec = spec_of(plain("import os, threading; return {'pid': os.getpid(), 'thread': threading.get_ident()}"))
    with ThreadPoolExecutor(1) as pool:
        outcome = await called(spec, context([]), None, pool=pool)
    assert isinstance(outcome, Succeeded)
    assert outcome.outputs["pid"] == os.getpid()
    assert outcome.outputs["thread"] != threading.get_ident()


def test_the_process_is_our_own_interpreter(spec_of: SpecOf) -> None:
    command = isolated_command(spec_of(plain("return None")), None, FACTS)
    assert command.argv is not None
    assert command.argv[0] == sys.executable
