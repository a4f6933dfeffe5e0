"""A script, as a text or as a file, in real interpreters."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from watchkeeper.plugin.contract import SCRIPT, Spec
from watchkeeper.plugin.outcome import Failed, Succeeded
from watchkeeper.plugin.testing import command_of, perform

#: Every Python from 3.6 on that is to be had here.
FOUND = {path for minor in range(6, 20) if (path := shutil.which(f"python3.{minor}")) and "shims" not in path}
ALL = sorted({sys.executable, *FOUND})

WORDS = ["*", "$HOME", "a b", "; touch x", "", "ä", "--help", "-c", "\n"]
SHOWS = "import json, sys\nprint(json.dumps([__name__, sys.argv[1:], sys.stdin.read()]))"


@pytest.mark.parametrize("interpreter", ALL)
def test_a_text_and_a_file_are_run_with_their_arguments_and_stdin(
    python: Spec, tmp_path: Path, interpreter: str
) -> None:
    (tmp_path / "shows it.py").write_text(SHOWS)
    for given in ({"script": SHOWS}, {"file": str(tmp_path / "shows it.py")}):
        log: list[str] = []
        outcome = perform(python, **given, interpreter=interpreter, arguments=WORDS, stdin="one\nä", log=log)
        assert outcome == Succeeded(), log
        assert json.loads(log[0]) == ["__main__", WORDS, "one\nä"]


@pytest.mark.parametrize("interpreter", ALL)
def test_the_last_line_of_the_traceback_is_the_reason_and_the_log_shows_only_the_script(
    python: Spec, interpreter: str
) -> None:
    log: list[str] = []
    script = "def half(n):\n    return 1 / n\n\nprint('ä')\nhalf(0)\n"
    outcome = perform(python, script=script, interpreter=interpreter, log=log)
    assert isinstance(outcome, Failed)
    assert str(outcome.text) == log[-1] == "ZeroDivisionError: division by zero"
    assert log[0] == "ä"
    assert "line 5, in <module>" in log[2]
    assert not [line for line in log if "<string>" in line]


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("def (", "SyntaxError: invalid syntax"),
        ("import nowhere", "ModuleNotFoundError: No module named 'nowhere'"),
        ("raise KeyError('rows')", "KeyError: 'rows'"),
        ("raise ValueError('one\\ntwo')", "ValueError: one"),
        ("raise ValueError", "ValueError"),
        ("class E(Exception): __str__ = None\nraise E", "E"),
        ("import json; json.loads('{')", "json.decoder.JSONDecodeError: Expecting property name"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("import sys; sys.exit(3)", "it ended with exit code 3"),
        ("import sys; sys.exit('nothing to do')", "nothing to do"),
        ("import os; os._exit(7)", "it ended with exit code 7"),
        ("import os; os.kill(os.getpid(), 9)", "it ended with exit code 137 (SIGKILL)"),
        ("import ctypes; ctypes.string_at(0)", "it ended with exit code 139 (SIGSEGV)"),
        ("\ufeff\x01", "SyntaxError"),
        ("raise ValueError(chr(0xDC80))", "ValueError: \\udc80"),
    ],
)
def test_how_a_script_fails_is_told(python: Spec, script: str, sentence: str) -> None:
    outcome = perform(python, script=script)
    assert isinstance(outcome, Failed), outcome
    assert str(outcome.text).startswith(sentence)


@pytest.mark.parametrize(
    "script", ["pass", "import sys; sys.exit()", "import sys; sys.exit(0)", "import os; os._exit(0)"]
)
def test_a_script_that_ends_well_has_succeeded(python: Spec, script: str) -> None:
    assert perform(python, script=script) == Succeeded()


def test_what_becomes_of_a_forked_child_is_not_the_scripts_end(python: Spec) -> None:
    script = "import os\nif os.fork() == 0:\n    raise ValueError('child')\nos.wait()\nprint('parent')"
    log: list[str] = []
    assert perform(python, script=script, log=log) == Succeeded()
    assert log[-1] == "parent"


def test_lines_of_its_outputs_come_back_whatever_stands_at_their_end(python: Spec) -> None:
    script = "import os\nwith open(os.environ['WATCHKEEPER_OUTPUT'], 'a') as file:\n    file.write('rows=3\\nday=x')"
    assert perform(python, script=script) == Succeeded({"rows": "3", "day": "x"})


def test_a_script_file_finds_its_neighbours(python: Spec, tmp_path: Path) -> None:
    (tmp_path / "neighbour.py").write_text("WORD = 'hello'")
    (tmp_path / "main.py").write_text("from neighbour import WORD\nprint(WORD, __file__)")
    log: list[str] = []
    assert perform(python, file=str(tmp_path / "main.py"), log=log) == Succeeded()
    assert log == [f"hello {tmp_path / 'main.py'}"]


def test_a_pool_of_processes_can_be_started_from_a_text(python: Spec) -> None:
    script = (
        "import multiprocessing\n\n\ndef double(n):\n    return 2 * n\n\n\nif __name__ == '__main__':\n"
        "    with multiprocessing.get_context('spawn').Pool(1) as pool:\n        print(pool.map(double, [1, 2]))\n"
    )
    log: list[str] = []
    assert perform(python, script=script, log=log) == Succeeded(), log
    assert log == ["[2, 4]"]


def test_variables_are_given_and_the_engines_own_interpreter_is_taken(python: Spec) -> None:
    log: list[str] = []
    script = "import os, sys; print(os.environ['DAY'], sys.executable, 'watchkeeper' in sys.modules)"
    assert perform(python, script=script, env={"DAY": "a b"}, log=log) == Succeeded()
    assert log == [f"a b {sys.executable} False"]


@pytest.mark.parametrize("place", ["bin/python", "bin/python3", "Scripts/python.exe", "python.exe"])
def test_the_folder_of_an_environment_is_enough(python: Spec, tmp_path: Path, place: str) -> None:
    program = tmp_path / "env" / place
    program.parent.mkdir(parents=True)
    program.symlink_to(sys.executable)
    command = command_of(python, script="pass", interpreter=str(tmp_path / "env"))
    assert command.argv is not None
    assert command.argv[0] == str(program)


def test_a_script_goes_as_a_file_and_each_argument_as_an_item(python: Spec) -> None:
    command = command_of(python, script="print('; rm')", arguments=["; rm"])
    assert command.argv is not None
    assert (command.script, command.argv[-2:]) == ("print('; rm')", (SCRIPT, "; rm"))
    assert "print" not in command.argv[-1]


def test_a_bad_interpreter_is_a_sentence(python: Spec, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no program")
    (tmp_path / "folder").mkdir()
    (tmp_path / "old").write_text("#!/bin/sh\necho old; exit 2\n")
    os.chmod(tmp_path / "old", 0o755)
    sentences = {
        "nowhere": "there is no interpreter",
        "text": "is not a program that may be run",
        "folder": "is no environment: neither bin/python nor",
        "old": "ended with exit code 2 before the script began: it is no Python from 3.6 on",
    }
    for name, sentence in sentences.items():
        outcome = perform(python, script="pass", interpreter=str(tmp_path / name))
        assert isinstance(outcome, Failed)
        assert sentence in str(outcome.text)
    outcome = perform(python, script="pass", interpreter="python-nowhere")
    assert isinstance(outcome, Failed)
    assert str(outcome.text) == "there is no interpreter python-nowhere on the path: give its path"


def test_a_program_that_is_no_python_is_not_taken_for_a_success(python: Spec) -> None:
    outcome = perform(python, script="pass", interpreter="true")
    assert isinstance(outcome, Failed)
    assert "before the script began" in str(outcome.text)


def test_a_missing_script_file_is_a_sentence(python: Spec, tmp_path: Path) -> None:
    for name in ("nowhere.py", "."):
        outcome = perform(python, file=str(tmp_path / name))
        assert isinstance(outcome, Failed)
        assert "can't be read" in str(outcome.text)
