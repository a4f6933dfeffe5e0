"""The import law of pyproject.toml, and what it can't express."""

import ast
import subprocess
import sys

import pytest

from tests.laws.sources import ROOT, TREES, imported


def test_the_rooms_import_downwards_only() -> None:
    law = "from importlinter.cli import lint_imports_command as law; law()"
    told = subprocess.run([sys.executable, "-c", law, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout + told.stderr


def test_the_plugin_room_sees_only_the_model() -> None:
    seen = {name for path, tree in TREES.items() if "watchkeeper/plugin/" in path for name in imported(tree)}
    rooms = {name.split(".")[1] for name in seen if name.startswith("watchkeeper.")}
    assert rooms <= {"plugin", "model"}


def test_the_keeper_imports_nothing_of_the_house() -> None:
    names = {name.split(".")[0] for name in imported(TREES["app/watchkeeper/hosts/keeper.py"])}
    assert names <= sys.stdlib_module_names


def test_a_bundled_plugin_imports_of_the_house_only_the_contract() -> None:
    bundled = {path: tree for path, tree in TREES.items() if path.startswith("plugins/")}
    assert bundled
    for path, tree in bundled.items():
        ours = {name for name in imported(tree) if name.split(".")[0] == "watchkeeper"}
        assert ours <= {"watchkeeper.plugin"}, path


@pytest.mark.parametrize("module", ["watchkeeper.model.run", "watchkeeper.model.job", "watchkeeper.model.codec"])
def test_the_model_loads_nothing_heavy(module: str) -> None:
    require_not_loaded(module, "sqlalchemy", "httpx", "croniter", "asyncio", "babel")


def test_the_console_loads_nothing_that_its_first_page_does_not_need() -> None:
    """Half of the time of a start are imports."""
    first = "watchkeeper.cli.command_line, watchkeeper.boot.console, watchkeeper.ui.app, watchkeeper.ui.pages.dashboard"
    tables = ("watchkeeper.store.tables", "sqlalchemy.dialects.postgresql", "alembic")
    later = ("watchkeeper.ui.palette", "watchkeeper.ui.shell.key_sheet", "watchkeeper.ui.pages.away", "pygments")
    require_not_loaded(first, *tables, *later, "holidays", "httpx", "croniter", "keyring", "cryptography", "pypinyin")


def test_the_page_of_credentials_loads_nothing_that_seals_or_opens() -> None:
    """Values go through the desk: the window itself has no need of it."""
    require_not_loaded("watchkeeper.ui.pages.credentials", "cryptography", "argon2", "keyring", "secretstorage")


def require_not_loaded(modules: str, *heavy: str) -> None:
    code = f"import sys, {modules}; print([name for name in {heavy!r} if name in sys.modules])"
    env = {"PYTHONPATH": str(ROOT / "app"), "QT_QPA_PLATFORM": "offscreen"}
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True)
    assert told.stdout.strip() == "[]", told.stderr


def test_no_relative_import_hides_a_room() -> None:
    """A plugin's folder has no name to be imported by: its files find each other from where they stand."""
    relative = [
        f"{path}:{node.lineno}"
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level and path.startswith("app/")
    ]
    assert relative == []
