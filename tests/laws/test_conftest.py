"""The laws that tests/conftest.py lays on every test really fail one that breaks them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.laws.sources import ROOT

PROBES = {
    "import threading, time\ndef test_it(): threading.Thread(target=time.sleep, args=(2,)).start()": "thread Thread-",
    "import os\ndef test_it(): os.system('setsid sleep 60 >/dev/null 2>&1 & sleep 0.3')": "sleep 60",
    "import asyncio\nkept = []\nasync def test_it(): kept.append(asyncio.create_task(asyncio.sleep(60)))": "tasks left",
    "import pytest\ndef test_it(): pytest.skip('no reason')": "skipped, which fails here",
    "import pytest\npytest.skip('no reason', allow_module_level=True)": "skipped, which fails here",
    "def test_it(tmp_path): open(tmp_path / 'a', 'w')": "unclosed file",
}


@pytest.mark.parametrize(("probe", "told"), PROBES.items(), ids=["thread", "process", "task", "skip", "module", "file"])
def test_a_test_that_leaves_something_behind_or_does_not_run_fails(tmp_path: Path, probe: str, told: str) -> None:
    result = _pytest(tmp_path, probe)
    assert result.returncode == 1 or (result.returncode == 2 and "Interrupted" in result.stdout)
    assert told in result.stdout


def test_a_test_that_keeps_the_laws_passes(tmp_path: Path) -> None:
    kept = "import asyncio\nasync def test_it(): await asyncio.create_task(asyncio.sleep(0))"
    assert _pytest(tmp_path, kept).returncode == 0


def _pytest(folder: Path, probe: str) -> subprocess.CompletedProcess[str]:
    """A session of its own under the house's laws, with little patience."""
    (folder / "test_probe.py").write_text("import tests.conftest\ntests.conftest.PATIENCE = 0.3\n" + probe)
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-c", str(ROOT / "pyproject.toml")]
    command += ["-p", "no:cacheprovider", "--basetemp", str(folder / "temp"), str(folder / "test_probe.py")]
    env = {**os.environ, "CI": "true", "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "app")))}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
