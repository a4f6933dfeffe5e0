"""What was allowed is what runs, whatever becomes of the file."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from watchkeeper.model import codec
from watchkeeper.plugin.call import concluded
from watchkeeper.plugin.context import Facts
from watchkeeper.plugin.contract import Command
from watchkeeper.plugin.copies import DAYS, Copies
from watchkeeper.plugin.described import described
from watchkeeper.plugin.isolated import Task, isolated_command
from watchkeeper.plugin.loader import FileState, Folder
from watchkeeper.plugin.outcome import Succeeded
from watchkeeper.plugin.registry import Registry

FACTS = Facts("run", "run:x")
PACKAGE = """
@handler("x", title="X")
async def x(ctx: Context):
    from . import late
    return {"said": late.said()}
"""
AFTER = """
@handler("x", title="X")
def x(ctx: Context) -> Command:
    return Command(script="true", after=lambda ctx, ended: {"said": "allowed"})
"""

Write = Callable[[str, str], Path]


@pytest.fixture
def copies(tmp_path: Path) -> Copies:
    return Copies(tmp_path / "copies")


@pytest.fixture
def allowed(copies: Copies, folder: Path) -> Callable[[], Registry]:
    """All that is in the folder was allowed by somebody, once."""

    def registry() -> Registry:
        made = Registry(copies=copies)
        made.load([Folder(folder, is_own=False)])
        made.load([Folder(folder, is_own=False)], {(file.path, file.hash): True for file in made.files})
        return made

    return registry


async def test_a_module_that_is_imported_later_is_the_one_that_was_allowed(
    write: Write, allowed: Callable[[], Registry]
) -> None:
    write("pack/__init__.py", PACKAGE)
    late = write("pack/late.py", "def said(): return 'allowed'")
    spec = allowed().handler("x")
    late.write_text("def said(): return 'evil'")
    assert await spec(None) == {"said": "allowed"}


def test_a_process_of_a_run_reads_what_was_allowed(write: Write, allowed: Callable[[], Registry]) -> None:
    file = write("one.py", "@handler('x', title='X')\ndef x(ctx: Context): ...")
    spec = allowed().handler("x")
    file.unlink()
    stdin = isolated_command(spec, None, FACTS).stdin
    assert stdin is not None
    task = codec.decode(stdin, Task)
    assert (Path(task.source).exists(), task.hash, spec.source) == (True, spec.hash, str(file))


async def test_a_run_that_goes_on_while_its_plugin_is_changed_is_judged_by_its_own_code(
    write: Write, allowed: Callable[[], Registry]
) -> None:
    file = write("one.py", AFTER)
    registry = allowed()
    command = described(registry.handler("x"), None, FACTS, {}, lambda line: None)
    assert isinstance(command, Command)
    file.write_text(file.read_text().replace("allowed", "changed"))
    registry.reload()
    assert registry.files[0].state is FileState.WAITING
    with ThreadPoolExecutor(1) as pool:
        outcome = await concluded(command, None, 0, "", pool=pool)  # type: ignore[arg-type]  # it has one of its own
    assert outcome == Succeeded({"said": "allowed"})


def test_a_copy_that_somebody_has_changed_is_made_anew(
    write: Write, allowed: Callable[[], Registry], tmp_path: Path
) -> None:
    write("one.py", AFTER)
    spec = allowed().handler("x")
    Path(spec.code).write_text("1 / 0")
    again = allowed()
    assert again.files[0].state is FileState.LOADED
    assert "allowed" in Path(again.handler("x").code).read_text()
    assert oct(Path(spec.code).stat().st_mode)[-2:] == "00"
    assert [path.name for path in (tmp_path / "copies").iterdir()] == [spec.hash]


def test_a_copy_that_can_not_be_made_is_a_row(write: Write, allowed: Callable[[], Registry], tmp_path: Path) -> None:
    (tmp_path / "copies").write_text("")
    write("one.py", AFTER)
    (row,) = allowed().files
    assert row.state is FileState.BROKEN and "copies" in str(row.error)


def test_ones_own_files_are_loaded_from_where_they_are(registry: Registry, write: Write) -> None:
    file = write("one.py", AFTER)
    registry.reload()
    spec = registry.handler("x")
    assert spec.code == spec.source == str(file)


def test_old_copies_go_but_for_those_in_use(write: Write, allowed: Callable[[], Registry], tmp_path: Path) -> None:
    file = write("one.py", AFTER)
    first = allowed().handler("x")
    file.write_text(file.read_text().replace("allowed", "changed"))
    second = allowed().handler("x")
    long_ago = (DAYS + 1) * 86_400
    for spec in (first, second):
        copy = tmp_path / "copies" / spec.hash
        os.utime(copy, (copy.stat().st_atime, copy.stat().st_mtime - long_ago))
    Copies(tmp_path / "copies").prune({second.hash})
    assert [path.name for path in (tmp_path / "copies").iterdir()] == [second.hash]
