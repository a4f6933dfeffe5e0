"""Commands as people type them, in a workspace of their own."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from watchkeeper.cli import main


class Told(NamedTuple):
    """What a command said, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


Watchkeeper = Callable[..., Told]

JOBS = """
pools: [{name: net, size: 2}]
jobs:
  - name: good
    handler: shell
    params: {script: "echo hello; echo two"}
  - name: bad
    handler: shell
    params: {script: "exit 3"}
    retry: {max_attempts: 1}
  - name: slow
    handler: shell
    params: {script: "sleep 60"}
  - name: 夜间备份
    handler: shell
    params: {script: "echo 好"}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def environ(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment of every command, here and in a process of its own."""
    monkeypatch.setenv("WATCHKEEPER_HOME", str(home))
    monkeypatch.setenv("WATCHKEEPER_HOST_ROOT", str(tmp_path / "host"))
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    return dict(os.environ)


@pytest.fixture
def watchkeeper(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Watchkeeper:
    """Type a command, carried out in this process."""

    def typed(*words: str, **changed: str) -> Told:
        capsys.readouterr()
        with monkeypatch.context() as patched:
            for name, value in changed.items():
                patched.setenv(name, value)
            code = main(words)
        return Told(code, *capsys.readouterr())

    return typed


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the jobs above, made once."""
    folder = tmp_path_factory.mktemp("template")
    (folder / "jobs.yaml").write_text(JOBS, encoding="utf-8")
    environ = {**os.environ, "WATCHKEEPER_HOME": str(folder / "home")}
    for words in (["workspace", "init"], ["apply", str(folder / "jobs.yaml")]):
        subprocess.run([sys.executable, "-m", "watchkeeper", *words], env=environ, check=True, capture_output=True)
    return folder


@pytest.fixture
def workspace(template: Path, home: Path, tmp_path: Path, environ: dict[str, str]) -> Iterator[Path]:
    """A workspace with the jobs above; what runs of them have left alive is ended after the test."""
    shutil.copytree(template / "home", home)
    shutil.copy(template / "jobs.yaml", tmp_path)
    yield home
    end_keepers(tmp_path / "host")


@pytest.fixture
def engine(workspace: Path, environ: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """An engine of the workspace, ready to be asked."""
    command = [sys.executable, "-m", "watchkeeper", "engine"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "engine started" in process.stdout.readline()
        yield process
        process.send_signal(signal.SIGINT)
        process.stdout.read()
    assert process.returncode == 0


def end_keepers(root: Path) -> None:
    """Kill the keepers of a host and every process of its runs: each carries the root in its environment."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid() and _is_of(entry, root):
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(entry.name), signal.SIGKILL)


def _is_of(entry: Path, root: Path) -> bool:
    try:
        return f"WATCHKEEPER_HOST_ROOT={root}\0".encode() in (entry / "environ").read_bytes()
    except OSError:
        return False
