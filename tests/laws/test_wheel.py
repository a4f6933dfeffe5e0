"""What an installed wheel has with it."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.laws.sources import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, so that nothing is left in the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's content as pip lays it out: away from the checkout."""
    target = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def test_an_installed_wheel_finds_its_plugins_and_resources(installed: Path) -> None:
    code = "from watchkeeper.model import places as p; print(p.plugins()); print(p.resources())"
    plugins, resources = map(Path, _python(installed, code).splitlines())
    assert plugins.is_relative_to(installed)
    assert resources.is_relative_to(installed)
    mine, theirs = (sorted(p.relative_to(at) for p in at.rglob("*.py")) for at in (plugins, ROOT / "plugins"))
    assert mine == theirs
    assert (resources / "help" / "zh_CN" / "getting-started.md").is_file()


def test_an_installed_wheel_speaks_chinese(installed: Path) -> None:
    code = "from watchkeeper.model.text import _, say; print(ascii(say(_('nested too deeply'), 'zh_CN')))"
    assert "\\u" in _python(installed, code)


def test_a_wheel_has_its_command_and_no_stray_files(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        commands = archive.read(next(name for name in names if name.endswith("entry_points.txt"))).decode()
    assert "watchkeeper = watchkeeper.cli:main" in commands
    assert [name for name in names if "__pycache__" in name or "/tests/" in name or name.endswith(".pyc")] == []


def _python(site: Path, code: str) -> str:
    """What `code` prints with the unpacked wheel first in the path and the checkout out of it."""
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=site,
        env={"PYTHONPATH": str(site), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr
    return told.stdout
