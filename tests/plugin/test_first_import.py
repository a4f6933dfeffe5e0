"""The first import of a file hurts nobody, whatever the file does."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from watchkeeper.plugin import first_import
from watchkeeper.plugin.first_import import FirstImports
from watchkeeper.plugin.loader import FileState, Folder, PluginFile
from watchkeeper.plugin.registry import Registry

Write = Callable[[str, str], Path]

GOOD = '@handler("good", title="Good")\nasync def good(ctx: Context) -> None: ...\n'


@pytest.fixture
def imports(monkeypatch: pytest.MonkeyPatch) -> Iterator[FirstImports]:
    made = FirstImports(memory_mib=256)
    yield made
    made.close()


@pytest.fixture
def tried(imports: FirstImports, folder: Path) -> Callable[[], dict[str, PluginFile]]:
    """All rows by name, once everything was tried."""

    def read() -> dict[str, PluginFile]:
        registry = Registry(imports)
        registry.load([Folder(folder)])
        return {Path(file.path).stem: file for file in registry.files}

    return read


def test_each_way_to_break_an_import_is_a_row_and_the_others_are_used(
    write: Write, tried: Callable[[], dict[str, PluginFile]], capfd: pytest.CaptureFixture[str]
) -> None:
    write("segfault.py", "import ctypes; ctypes.string_at(0)")
    write("leaves.py", "import os; os._exit(0)")
    write("leaks.py", "x = bytearray(1 << 30)")
    write("raises.py", "1 / 0")
    write("exits.py", "import sys; sys.exit(3)")
    write("floods.py", "import os\nprint('x' * 5_000_000)\nos.write(2, b'y' * 100_000)\n" + GOOD)
    rows = tried()
    states = {name: row.state for name, row in rows.items()}
    assert states.pop("floods") is FileState.LOADED
    assert set(states.values()) == {FileState.BROKEN}
    assert "SIGSEGV" in str(rows["segfault"].error) and "segfault.py" in rows["segfault"].traceback
    assert "exit code 0" in str(rows["leaves"].error)
    assert "MemoryError" in str(rows["leaks"].error)
    assert "ZeroDivisionError" in str(rows["raises"].error) and "raises.py" in rows["raises"].traceback
    assert "SystemExit: 3" in str(rows["exits"].error)
    assert "xxx" not in "".join(capfd.readouterr())


def test_an_import_that_hangs_is_ended_with_all_that_it_has_started(
    write: Write, tried: Callable[[], dict[str, PluginFile]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_import, "SECONDS", 0.5)
    write("hangs.py", "import subprocess, time\nsubprocess.Popen(['sleep', '60'])\ntime.sleep(60)\n")
    begun = time.monotonic()
    row = tried()["hangs"]
    assert time.monotonic() - begun < 10
    assert "takes longer than" in str(row.error)


def test_what_did_not_pass_is_tried_again_when_that_is_asked_for(
    write: Write, imports: FirstImports, folder: Path
) -> None:
    lacks = folder.parent / "lacks"
    write("late.py", f"open({str(lacks)!r}).close()\n" + GOOD)
    registry = Registry(imports)
    registry.load([Folder(folder)])
    assert registry.files[0].state is FileState.BROKEN
    lacks.touch()
    registry.reload()
    assert registry.files[0].state is FileState.BROKEN
    imports.forget()
    registry.load([Folder(folder)])
    assert registry.files[0].state is FileState.LOADED, registry.files[0].traceback
    assert registry.handler("good")


def test_a_trial_that_is_under_way_ends_with_the_house(write: Write, folder: Path) -> None:
    imports = FirstImports()
    write("hangs.py", "import time; time.sleep(60)")
    registry = Registry(imports)
    registry.folders = (Folder(folder),)
    registry.reload()
    assert registry.is_trying
    imports.close()
    assert imports.running == []
