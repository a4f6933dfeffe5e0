"""Bundled plugins stand on the same ground as a stranger's."""

import ast
from pathlib import Path

import pytest

from tests.laws.sources import imported
from watchkeeper.model import places
from watchkeeper.plugin.loader import FileState, Folder
from watchkeeper.plugin.registry import Registry

#: What is handed to another interpreter belongs to no house.
RUNNER = places.plugins() / "python" / "runner.py"
FILES = sorted(set(places.plugins().rglob("*.py")) - {RUNNER})
#: Where a handler is declared; the other files of a folder may be its plain parts.
FIRST = {path for path in FILES if path.parent == places.plugins() or path.name == "__init__.py"}


def test_all_bundled_plugins_load() -> None:
    registry = Registry()
    registry.load([Folder(places.plugins(), is_bundled=True)])
    assert registry.handler("shell").places_process
    assert {file.path: str(file.error) for file in registry.files if file.state is not FileState.LOADED} == {}
    assert [spec.kind for spec in registry.specs if not spec.help] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_bundled_plugin_imports_from_the_house_only_the_contract(path: Path) -> None:
    house = [name for name in imported(_tree(path)) if name.split(".")[0] == "watchkeeper"]
    assert house or path not in FIRST
    assert set(house) <= {"watchkeeper.plugin"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_bundled_plugin_says_everything_through_a_literal(path: Path) -> None:
    said = [node for node in ast.walk(_tree(path)) if isinstance(node, ast.Call) and _is_said(node)]
    assert said or path not in FIRST
    assert not [ast.unparse(call) for call in said if not isinstance(call.args[0], (ast.Constant, ast.Call))]
    assert not [ast.unparse(call) for call in said for node in ast.walk(call) if isinstance(node, ast.JoinedStr)]


def _is_said(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id in {"_", "Fail", "Retry", "Cancel"}


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))
