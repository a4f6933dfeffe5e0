"""Where a Command's words go, and what an ending means."""

import pytest

from watchkeeper.plugin import SCRIPT, Command
from watchkeeper.plugin.command import judged, placed
from watchkeeper.plugin.outcome import Failed, Succeeded


@pytest.mark.parametrize(
    ("interpreter", "argv", "suffix"),
    [
        ("sh", ("sh", SCRIPT), ""),
        ("bash", ("bash", SCRIPT), ""),
        ("python", ("python3", SCRIPT), ""),
        ("powershell", ("pwsh", "-NoProfile", "-NonInteractive", "-File", SCRIPT), ".ps1"),
        ("cmd", ("cmd.exe", "/d", "/c", SCRIPT), ".cmd"),
    ],
)
def test_a_script_goes_as_a_file_and_never_into_the_argv(interpreter: str, argv: tuple[str, ...], suffix: str) -> None:
    placement = placed(Command(script="echo '; rm -rf'", interpreter=interpreter))
    assert (placement.argv, placement.script, placement.script_suffix) == (argv, "echo '; rm -rf'", suffix)


def test_an_argv_stands_as_it_is() -> None:
    placement = placed(Command(argv=["a", "b c", "*"], env={"X": "1"}, cwd="/", stdin="s", secrets={"T": "token"}))
    assert (placement.argv, placement.script) == (("a", "b c", "*"), None)
    assert (placement.env, placement.cwd, placement.stdin, placement.secrets) == ({"X": "1"}, "/", "s", {"T": "token"})


def test_an_argv_says_how_a_script_is_run() -> None:
    placement = placed(Command(script="x", argv=["/srv/.venv/bin/python", SCRIPT, "a"]))
    assert (placement.argv, placement.script) == (("/srv/.venv/bin/python", SCRIPT, "a"), "x")


def test_exit_codes_are_judged_by_the_commands_lists() -> None:
    command = Command(argv=["a"], success=(0, 3), warning=(4,))
    assert judged(command, 3, "x=1\n") == Succeeded({"x": "1"})
    warned = judged(command, 4, "x=1\n")
    assert isinstance(warned, Succeeded)
    assert (warned.outputs, warned.has_warning, str(warned.note)) == ({"x": "1"}, True, "it ended with exit code 4")
    failed = judged(command, 1, "x=1\n")
    assert isinstance(failed, Failed)
    assert (failed.kind, failed.exit_code) == ("exit", 1)


def test_zero_is_no_success_when_the_list_says_otherwise() -> None:
    assert isinstance(judged(Command(argv=["a"], success=(1,)), 0, ""), Failed)


def test_an_exit_code_of_a_signal_names_it() -> None:
    failed = judged(Command(argv=["a"]), 137, "")
    assert isinstance(failed, Failed)
    assert str(failed.text) == "it ended with exit code 137 (SIGKILL)"
    assert "SIG" not in str(judged(Command(argv=["a"]), 255, ""))


def test_a_bad_line_of_outputs_is_a_warning_and_no_failure() -> None:
    outcome = judged(Command(argv=["a"]), 0, "x=1\noops\n")
    assert isinstance(outcome, Succeeded)
    assert outcome.outputs == {"x": "1"}
    assert outcome.has_warning
    assert "line 2" in str(outcome.note)
