"""Commands that stay until a run has ended, or its output."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Watchkeeper
from watchkeeper.cli.exits import Exit


def test_waiting_too_long_ends_with_124_and_the_run_goes_on(
    watchkeeper: Watchkeeper, engine: "subprocess.Popen[str]"
) -> None:
    told = watchkeeper("run", "start", "slow", "--wait", "--timeout", "100ms")
    assert told.returncode == Exit.TIMED_OUT
    assert watchkeeper("run", "cancel", "1").returncode == 0


@pytest.fixture
def heard() -> Iterator[None]:
    """What a shell has begun in the background has Ctrl-C ignored, and so has all that it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_ends_with_130(
    workspace: Path, engine: "subprocess.Popen[str]", environ: dict[str, str], heard: None
) -> None:
    command = [sys.executable, "-m", "watchkeeper", "run", "start", "slow", "--wait"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        assert "QUEUED" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == ""
    assert process.returncode == Exit.INTERRUPTED


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
