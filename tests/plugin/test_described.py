"""What process a foreign plugin wants, and what its end means, is asked where it can hurt nobody."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from watchkeeper.plugin import described as asking
from watchkeeper.plugin.call import concluded
from watchkeeper.plugin.context import Facts, RunContext
from watchkeeper.plugin.contract import Command, Spec
from watchkeeper.plugin.described import described
from watchkeeper.plugin.outcome import Crashed, Failed, Outcome, Succeeded

FACTS = Facts("run", "run:x", attempt=2)
SpecOf = Callable[[str], Spec]


def asked(spec: Spec, log: list[str] | None = None, params: object = None, **secrets: str) -> Command | Outcome:
    return described(spec, params, FACTS, secrets, (log if log is not None else []).append, memory_mib=256)


async def ended(command: Command, context: RunContext, outputs: str = "") -> Outcome:
    with ThreadPoolExecutor(1) as pool:
        return await concluded(command, context, 3, outputs, pool=pool)


@pytest.fixture
def context() -> RunContext:
    """It reaches no plugin: that has one of its own."""
    none: object = None
    return RunContext(FACTS, log=none, cancelled=none, http=none, secrets=none, on_progress=none)  # type: ignore[arg-type]


def handled(body: str) -> str:
    return f"@handler('x', title='X')\ndef x(ctx: Context) -> Command:\n    {body}\n"


def test_a_command_comes_over_whole(spec_of: SpecOf) -> None:
    spec = spec_of(
        handled(
            "return Command(script='echo hi', interpreter='bash', env={'A': str(ctx.attempt)}, cwd='/tmp', stdin='in', "
            "secrets={'KEY': 'team/key'}, success=(0, 3), warning=[4])"
        )
    )
    assert asked(spec) == Command(
        script="echo hi",
        interpreter="bash",
        env={"A": "2"},
        cwd="/tmp",
        stdin="in",
        secrets={"KEY": "team/key"},
        success=(0, 3),
        warning=(4,),
    )


async def test_what_it_makes_of_the_end_is_asked_of_it_again(spec_of: SpecOf, context: RunContext) -> None:
    body = """
    @dataclass
    class P:
        key: Secret = param("Key")

    @handler("x", title="X")
    async def x(ctx: Context, p: P) -> Command:
        ctx.log.info("wanted")
        async def after(ctx: Context, ended: Ended):
            ctx.log.info("judged")
            return {"code": ended.exit_code, "rows": ended.outputs["rows"], "length": len(ctx.secret(p.key))}
        return Command(argv=["true"], after=after)
    """
    spec, log = spec_of(body), list[str]()
    assert spec.params is not None
    command = asked(spec, log, spec.params(key="team/key"), **{"team/key": "hunter22"})
    assert isinstance(command, Command) and log == ["wanted"]
    outcome = await ended(command, context, "rows=7\n")
    assert outcome == Succeeded({"code": 3, "rows": "7", "length": 8})
    assert log == ["wanted", "wanted\njudged"]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
        ("import os; os._exit(3)", "with exit code 3"),
        ("return {'rows': 1}", "annotated"),
        ("raise Fail('no such host')", "no such host"),
        ("return Command(script='x' * 9_000_000)", "8 MiB"),
        ("while True: pass", "within 1 s"),
    ],
)
def test_what_goes_wrong_there_is_a_sentence_here(
    spec_of: SpecOf, body: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "SECONDS", 1 if "while" in body else 30)
    outcome = asked(spec_of(handled(body)))
    if told == "annotated":
        assert outcome == Succeeded({"rows": 1})
        return
    assert isinstance(outcome, Failed)
    assert told in str(outcome.text)


def test_a_leak_is_its_own_error_and_a_flood_is_nobodys(spec_of: SpecOf, capfd: pytest.CaptureFixture[str]) -> None:
    leak = asked(spec_of(handled("return Command(script=str(bytearray(1 << 30)))")))
    assert isinstance(leak, Crashed) and leak.kind == "MemoryError"
    log = list[str]()
    flood = "print('x' * 5_000_000); ctx.log.info('y' * 900_000); return Command(script='true')"
    assert isinstance(asked(spec_of(handled(flood)), log), Command)
    assert len(log[0]) == asking._MOST_LOG
    assert capfd.readouterr() == ("", "")


async def test_a_judge_that_breaks_hurts_only_its_run(spec_of: SpecOf, context: RunContext) -> None:
    body = """
    def after(ctx: Context, ended: Ended):
        import ctypes
        ctypes.string_at(0)

    @handler("x", title="X")
    def x(ctx: Context) -> Command:
        return Command(script="true", after=after)
    """
    log = list[str]()
    command = asked(spec_of(body), log)
    assert isinstance(command, Command)
    outcome = await ended(command, context)
    assert isinstance(outcome, Failed) and "SIGSEGV" in str(outcome.text)
    assert any("one.py" in line for line in log)


async def test_another_wish_than_before_is_told(spec_of: SpecOf, context: RunContext, tmp_path: object) -> None:
    body = f"""
    from pathlib import Path
    mark = Path({str(tmp_path)!r}, "mark")

    @handler("x", title="X")
    def x(ctx: Context) -> Command:
        was = mark.exists()
        mark.write_text("")
        return Command(script="true", after=None if was else lambda ctx, ended: None)
    """
    command = asked(spec_of(body))
    assert isinstance(command, Command)
    outcome = await ended(command, context)
    assert isinstance(outcome, Failed) and "another process" in str(outcome.text)


def test_a_file_that_has_changed_meanwhile_is_not_the_one_that_was_allowed(
    spec_of: SpecOf, write: Callable[[str, str], object]
) -> None:
    spec = spec_of(handled("return Command(script='true')"))
    write("one.py", handled("return Command(script='rm -r /')"))
    outcome = asked(spec)
    assert isinstance(outcome, Failed) and outcome.kind == "plugin"
