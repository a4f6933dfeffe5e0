"""Exit codes, and one sentence for each error."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Watchkeeper
from watchkeeper.cli.exits import Exit


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        ([], Exit.USAGE, ""),
        (["jbo"], Exit.USAGE, "did you mean job?"),
        (["job", "lst"], Exit.USAGE, "did you mean job list?"),
        (["job", "list", "--limt", "3"], Exit.USAGE, "--limt"),
        (["job", "list", "--limit", "many"], Exit.USAGE, "--limit"),
        (["job", "list", "--limit", "100000"], Exit.USAGE, "at most 1000"),
        (["run", "start"], Exit.USAGE, "JOB"),
        (["run", "start", "good", "--param", "x"], Exit.USAGE, "NAME=VALUE"),
        (["run", "start", "good", "--timeout", "soon", "--wait"], Exit.USAGE, "span"),
        (["run", "list", "--state", "runing"], Exit.USAGE, "state"),
        (["run", "start", "god"], Exit.NOT_FOUND, "did you mean good?"),
        (["run", "show", "99"], Exit.NOT_FOUND, "99"),
        (["job", "show", "x" * 4096], Exit.USAGE, "at most 200"),
        (["job", "show", "a\udcff"], Exit.REFUSED, "not Unicode"),
        (["apply", "a\udcff.yaml"], Exit.REFUSED, "can't be read"),
        (["run", "start", "good", "--param", "scrpt=x"], Exit.REFUSED, "did you mean script?"),
        (["apply", "nowhere.yaml"], Exit.REFUSED, "nowhere.yaml can't be read"),
        (["job", "save", "nowhere.yaml"], Exit.REFUSED, "nowhere.yaml can't be read"),
        (["pool", "save", "a/b", "1"], Exit.REFUSED, "path"),
        (["pool", "delete", "gone"], Exit.NOT_FOUND, "gone"),
        (["run", "list", "--home", "/nowhere/at/all"], Exit.REFUSED, "there is no workspace"),
        (["run", "list", "--home", "x" * 5_000], Exit.REFUSED, "too long"),
        (["workspace", "init", "--home", __file__], Exit.REFUSED, "exists"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else None,
)
def test_an_error_has_its_code_and_one_sentence(
    watchkeeper: Watchkeeper, workspace: Path, words: list[str], code: Exit, sentence: str
) -> None:
    told = watchkeeper(*words)
    assert told.returncode == code, told.stderr
    if words:
        assert told.stdout == ""
        assert len(told.stderr.splitlines()) == 1
        assert told.stderr.startswith("watchkeeper: ") and sentence in told.stderr


def test_what_is_wrong_in_a_file_is_told_with_its_line_also_when_only_the_workspace_knows(
    watchkeeper: Watchkeeper, workspace: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.yaml").write_text("jobs:\n- name: new\n  handler: shell\n  params:\n    scrip: x\n")
    told = watchkeeper("apply", str(tmp_path / "a.yaml"))
    assert told.returncode == Exit.REFUSED
    assert f"{tmp_path}/a.yaml, line 4: jobs[0].params: " in told.stderr
    assert "did you mean script?" in told.stderr


def test_waiting_too_long_ends_with_124_and_the_run_goes_on(
    watchkeeper: Watchkeeper, engine: "subprocess.Popen[str]"
) -> None:
    told = watchkeeper("run", "start", "slow", "--wait", "--timeout", "100ms")
    assert told.returncode == Exit.TIMED_OUT
    assert watchkeeper("run", "cancel", "1").returncode == 0


def test_ctrl_c_ends_with_130(workspace: Path, engine: "subprocess.Popen[str]", environ: dict[str, str]) -> None:
    command = [sys.executable, "-m", "watchkeeper", "run", "start", "slow", "--wait"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        assert "QUEUED" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == ""
    assert process.returncode == Exit.INTERRUPTED


def test_a_second_engine_is_refused_with_the_name_of_the_first(
    engine: "subprocess.Popen[str]", environ: dict[str, str]
) -> None:
    command = [sys.executable, "-m", "watchkeeper", "engine"]
    told = subprocess.run(command, env=environ, capture_output=True, text=True)
    assert told.returncode == Exit.CONFLICT
    assert f":{engine.pid} " in told.stderr and len(told.stderr.splitlines()) == 1


def test_an_engine_that_does_not_answer_keeps_writing_commands_out(
    watchkeeper: Watchkeeper, engine: "subprocess.Popen[str]"
) -> None:
    engine.send_signal(signal.SIGSTOP)
    try:
        told = watchkeeper("job", "disable", "good")
    finally:
        engine.send_signal(signal.SIGCONT)
    assert told.returncode in (Exit.CONFLICT, Exit.OUT_OF_REACH)
    assert len(told.stderr.splitlines()) == 1


def test_a_mistake_of_ours_is_a_sentence_a_file_and_70(workspace: Path, environ: dict[str, str]) -> None:
    code = (
        "import sys, watchkeeper.cli.guide as guide, watchkeeper.cli as cli\n"
        "guide.show = None\n"
        "sys.exit(cli.main(['--help']))"
    )
    told = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True)
    assert told.returncode == Exit.BUG
    assert len(told.stderr.splitlines()) == 1
    (file,) = workspace.glob("crash-*.txt")
    assert str(file) in told.stderr
    assert "TypeError" in file.read_text()
    assert file.stat().st_mode & 0o077 == 0


def test_with_an_engine_running_commands_load_nothing_heavy(
    engine: "subprocess.Popen[str]", environ: dict[str, str]
) -> None:
    """What makes the start of a command cheap is what it does not import."""
    heavy = ["sqlalchemy", "alembic", "httpx", "ruamel", "croniter", "watchkeeper.boot", "watchkeeper.engine"]
    for words in (["job", "list"], ["run", "start", "good"], ["--help"]):
        code = (
            "import sys, watchkeeper.cli as cli\n"
            f"code = cli.main({words!r})\n"
            f"print([name for name in {heavy!r} if name in sys.modules])\n"
            "sys.exit(code)"
        )
        told = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True)
        assert told.returncode == 0, told.stderr
        assert told.stdout.splitlines()[-1] == "[]"


def test_a_followed_log_shows_what_comes_until_the_end(
    watchkeeper: Watchkeeper, workspace: Path, engine: "subprocess.Popen[str]", tmp_path: Path, environ: dict[str, str]
) -> None:
    gate = tmp_path / "gate"
    script = f"echo one; while [ ! -e {gate} ]; do sleep 0.05; done; echo two"
    (tmp_path / "gated.yaml").write_text(f"name: gated\nhandler: shell\nparams: {{script: {json.dumps(script)}}}\n")
    assert watchkeeper("job", "save", str(tmp_path / "gated.yaml")).returncode == 0
    assert watchkeeper("run", "start", "gated").returncode == 0
    command = [sys.executable, "-u", "-m", "watchkeeper", "run", "log", "-f", "1"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "one\n"
        gate.touch()
        assert process.stdout.read() == "two\n"
    assert process.returncode == 0


def test_a_cancelled_run_is_told_as_such(watchkeeper: Watchkeeper, engine: "subprocess.Popen[str]") -> None:
    assert watchkeeper("run", "start", "slow").returncode == 0
    assert watchkeeper("run", "cancel", "1").returncode == 0
    deadline = time.monotonic() + 60
    while "CANCELLED" not in (told := watchkeeper("run", "show", "1").stdout):
        assert time.monotonic() < deadline, told
    assert watchkeeper("run", "cancel", "1").returncode == Exit.CONFLICT
