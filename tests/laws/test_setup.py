"""dev.py sets up what it says, or names the one command to type."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.laws.sources import ROOT


def test_an_older_python_is_refused_in_a_sentence() -> None:
    """The whole file has to be readable for it, then it stops before it does anything."""
    ast.parse((ROOT / "dev.py").read_text(), feature_version=(3, 6))
    code = "import sys; sys.version_info = (3, 8, 0); sys.version = '3.8.0 (old)'; exec(open(sys.argv[1]).read())"
    told = subprocess.run([sys.executable, "-c", code, str(ROOT / "dev.py")], capture_output=True, text=True)
    assert told.returncode == 1
    assert told.stderr.startswith("Watchkeeper needs Python 3.11 or newer, this is 3.8.0")
    assert "Traceback" not in told.stderr


@pytest.fixture
def poor(tmp_path: Path) -> dict[str, str]:
    """No strace, no ps, and no right to install: apt-get would fail and sudo says no."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name, body in (("apt-get", "exit 99"), ("sudo", "exit 1")):
        (tools / name).write_text(f"#!/bin/sh\n{body}\n")
        (tools / name).chmod(0o755)
    return {**os.environ, "PATH": str(tools)}


def test_missing_system_packages_are_named_with_the_one_command(poor: dict[str, str]) -> None:
    code = "import os; os.geteuid = lambda: 1000; import dev; dev.install_system_packages()"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=poor, capture_output=True, text=True)
    assert told.returncode == 2
    assert "sudo apt-get install -y --no-install-recommends procps strace" in told.stderr


def test_root_installs_by_itself_and_a_failure_is_passed_on(poor: dict[str, str]) -> None:
    code = "import os; os.geteuid = lambda: 0; import dev; dev.install_system_packages()"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=poor, capture_output=True, text=True)
    assert told.returncode == 1
    assert "returned non-zero exit status 99" in told.stderr


def test_make_is_a_one_liner_onto_dev() -> None:
    text = (ROOT / "Makefile").read_text()
    assert "python3 dev.py $@" in text
    for command in ("run", "test", "lint", "bench", "faults", "i18n"):
        assert f" {command}" in text


def test_ci_script_is_bash_that_stops_at_the_first_failure() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "set -euo pipefail" in script.read_text()
    assert subprocess.run([shutil.which("bash") or "bash", "-n", str(script)]).returncode == 0
