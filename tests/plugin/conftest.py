"""Plugin files written for a test, in a folder that nobody else can write to."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from watchkeeper.plugin.contract import Spec
from watchkeeper.plugin.loader import Folder, load
from watchkeeper.plugin.registry import Registry

HEAD = "from dataclasses import dataclass\nfrom watchkeeper.plugin import *\nfrom watchkeeper.plugin import _\n"


@pytest.fixture(autouse=True)
def modules_kept() -> Iterator[None]:
    """A test's plugin modules go with the test."""
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.startswith("watchkeeper_plugin_"):
            del sys.modules[name]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "plugins"
    path.mkdir(mode=0o700)
    return path


@pytest.fixture
def registry(folder: Path) -> Registry:
    registry = Registry()
    registry.load([Folder(folder)])
    return registry


@pytest.fixture
def write(folder: Path) -> Callable[[str, str], Path]:
    """Writes a plugin file that begins with the usual imports."""

    def write_file(name: str, body: str) -> Path:
        path = folder / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.write_text(HEAD + dedent(body), encoding="utf-8")
        path.chmod(0o600)
        return path

    return write_file


@pytest.fixture
def spec_of(write: Callable[[str, str], Path]) -> Callable[[str], Spec]:
    """The one Spec that a file with this body declares."""

    def load_one(body: str) -> Spec:
        loaded = load(write("one.py", body), is_bundled=False)
        assert loaded.file.error is None, loaded.file.traceback
        (spec,) = loaded.specs
        return spec

    return load_one
