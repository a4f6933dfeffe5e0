"""Exit codes, and one sentence for each error."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Watchkeeper
from watchkeeper.cli.exits import Exit, exit_of
from watchkeeper.model.errors import (
    Bug,
    Conflict,
    Known,
    LeaseLost,
    NotFound,
    Refused,
    Stale,
    StoreDown,
    WatchkeeperError,
)
from watchkeeper.model.text import _


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


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Known(_("x")), Exit.REFUSED),
        (Refused(_("x")), Exit.REFUSED),
        (NotFound(_("x")), Exit.NOT_FOUND),
        (Conflict(_("x")), Exit.CONFLICT),
        (Stale(_("x")), Exit.CONFLICT),
        (LeaseLost(_("x")), Exit.CONFLICT),
        (StoreDown(_("x")), Exit.OUT_OF_REACH),
        (Bug("x"), Exit.BUG),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_ends_a_command_with_the_code_of_its_kind(error: WatchkeeperError, code: Exit) -> None:
    assert exit_of(error) is code
