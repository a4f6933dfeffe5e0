"""Where files lie; the wheel's side is tested in tests/laws/test_wheel.py."""

import os
from pathlib import Path

import pytest

from watchkeeper.model import places

ROOT = Path(__file__).resolve().parents[2]


def test_in_a_checkout_plugins_and_resources_lie_beside_the_sources() -> None:
    assert places.plugins() == ROOT / "plugins"
    assert places.resources() == ROOT / "resources"


def test_the_runtime_folder_is_private_and_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = places.runtime_folder()
    assert folder.stat().st_mode & 0o777 == 0o700
    long = tmp_path / ("x" * 120)
    long.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))
    monkeypatch.setattr("tempfile.tempdir", os.environ["XDG_STATE_HOME"])
    assert places.runtime_folder().parent == Path(os.environ["XDG_STATE_HOME"])


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o701])
def test_a_runtime_folder_that_others_may_enter_is_refused(mode: int, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = places.runtime_folder()
    folder.chmod(mode)
    try:
        with pytest.raises(PermissionError, match="mode 0700"):
            places.runtime_folder()
    finally:
        folder.chmod(0o700)


def test_a_runtime_folder_that_is_a_link_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", os.environ["XDG_CACHE_HOME"])
    link = Path(os.environ["XDG_CACHE_HOME"]) / "watchkeeper"
    link.symlink_to(tmp_path)
    try:
        with pytest.raises(PermissionError):
            places.runtime_folder()
    finally:
        link.unlink()


def test_a_socket_belongs_to_its_folder_and_its_path_fits(tmp_path: Path) -> None:
    deep = tmp_path / ("y" * 200)
    deep.mkdir()
    assert places.socket_of(deep, "engine") == places.socket_of(deep / ".." / deep.name, "engine")
    assert places.socket_of(deep, "engine") != places.socket_of(tmp_path, "engine")
    assert len(os.fsencode(places.socket_of(deep, "engine"))) <= 107
