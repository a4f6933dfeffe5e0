"""The shell handler, with real processes. PowerShell and cmd are not to be had here: their placement only."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from watchkeeper.model import places
from watchkeeper.model.errors import Known
from watchkeeper.plugin.command import placed
from watchkeeper.plugin.contract import SCRIPT, Spec
from watchkeeper.plugin.loader import load
from watchkeeper.plugin.outcome import Failed, Succeeded
from watchkeeper.plugin.testing import command_of, perform


@pytest.fixture(scope="module")
def shell() -> Spec:
    loaded = load(places.plugins() / "shell.py", is_bundled=True)
    assert loaded.file.error is None, loaded.file.traceback
    return loaded.specs[0]


SCRIPTS = {
    "sh": 'echo "said $0" | cut -c1-4; echo "rows=3" >> "$WATCHKEEPER_OUTPUT"',
    "bash": 'words=(said); echo "${words[0]}"; echo "rows=3" >> "$WATCHKEEPER_OUTPUT"',
    "python": "import os\nprint('said')\nopen(os.environ['WATCHKEEPER_OUTPUT'], 'a').write('rows=3\\n')",
}


@pytest.mark.parametrize("interpreter", SCRIPTS)
def test_a_script_runs_and_its_outputs_come_back(shell: Spec, interpreter: str) -> None:
    assert shutil.which({"python": "python3"}.get(interpreter, interpreter))
    log: list[str] = []
    outcome = perform(shell, script=SCRIPTS[interpreter], interpreter=interpreter, log=log)
    assert outcome == Succeeded({"rows": "3"}), log
    assert log == ["said"]


def test_a_value_of_several_lines_comes_back(shell: Spec) -> None:
    outcome = perform(shell, script='printf "list<<END\\na\\nb\\nEND\\n" >> "$WATCHKEEPER_OUTPUT"')
    assert outcome == Succeeded({"list": "a\nb"})


def test_an_argv_is_started_without_a_shell(shell: Spec, tmp_path: Path) -> None:
    script = "import json, sys; print(json.dumps(sys.argv[1:]))"
    words = ["*", "$HOME", "a b", "; touch x", "", "ä"]
    log: list[str] = []
    assert perform(shell, argv=["python3", "-c", script, *words], log=log) == Succeeded()
    assert json.loads(log[0]) == words


def test_stdin_reaches_the_process(shell: Spec) -> None:
    log: list[str] = []
    perform(shell, argv=["cat"], stdin="one\ntwo\n", log=log)
    assert log == ["one", "two"]


@pytest.mark.parametrize(("code", "shape"), [(0, Succeeded), (3, Succeeded), (4, Succeeded), (5, Failed)])
def test_exit_codes_are_judged_by_the_parameters(shell: Spec, code: int, shape: type) -> None:
    outcome = perform(shell, script=f"exit {code}", success=[0, 3], warning=[4])
    assert isinstance(outcome, shape)
    assert getattr(outcome, "has_warning", False) == (code == 4)


def test_the_run_is_told_its_ids(shell: Spec) -> None:
    log: list[str] = []
    perform(shell, script='echo "$WATCHKEEPER_RUN_ID $WATCHKEEPER_EXECUTION_ID $WATCHKEEPER_ATTEMPT"', log=log)
    assert log == ["test-run test-run 1"]


def test_powershell_and_cmd_get_their_flags_and_suffix(shell: Spec) -> None:
    powershell = placed(command_of(shell, script="Get-Date", interpreter="powershell"))
    assert powershell.argv == ("pwsh", "-NoProfile", "-NonInteractive", "-File", SCRIPT)
    assert powershell.script_suffix == ".ps1"
    cmd = placed(command_of(shell, script="ver", interpreter="cmd"))
    assert (cmd.argv, cmd.script_suffix) == (("cmd.exe", "/d", "/c", SCRIPT), ".cmd")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "give either script or argv"),
        ({"script": "a", "argv": ["b"]}, "give either script or argv"),
        ({"argv": []}, "argv names no program"),
        ({"argv": "ls -l"}, "the parameter argv is 'ls -l'"),
        ({"argv": ["ls"], "interpreter": "bash"}, "interpreter goes with script"),
        ({"script": "a", "interpreter": "ruby"}, "it must be one of sh, bash, python, powershell, cmd"),
        ({"script": "a", "warning": [0]}, "exit code 0 stands under success and under warning"),
        ({"script": "a\0b"}, "NUL"),
        ({"scirpt": "a"}, "did you mean script?"),
    ],
)
def test_parameters_that_make_no_sense_are_refused_when_they_are_read(
    shell: Spec, given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Known) as refusal:
        perform(shell, **given)
    assert sentence in str(refusal.value)


def test_its_help_shows_an_example_of_both_forms(shell: Spec) -> None:
    assert "script: |" in shell.help
    assert "argv: [" in shell.help
