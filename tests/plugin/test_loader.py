"""A plugin file is read under a name of its own, and whatever is wrong with it is a row."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from watchkeeper.plugin.loader import FileState, Loaded, Read, hash_of, imported, load, read

Write = Callable[[str, str], Path]

NO_JSON = """
@dataclass
class P:
    number: complex = param("Number")

@handler("k", title="x")
def f(ctx, p: P): ...
"""
GOOD = """
@handler("good", title="Good")
async def good(ctx: Context) -> None: ...
"""


def test_a_good_file_is_a_row_with_its_kinds_hash_and_specs(write: Write) -> None:
    path = write("good.py", GOOD)
    loaded = load(path, is_bundled=False)
    (spec,) = loaded.specs
    assert (loaded.file.state, loaded.file.kinds, loaded.file.path) == (FileState.LOADED, ("good",), str(path))
    assert (spec.source, spec.hash, spec.is_bundled) == (str(path), hash_of(path), False)
    assert spec.fn.__module__ == f"watchkeeper_plugin_{loaded.file.hash[:12]}_good"


def test_loading_leaves_sys_path_and_the_folder_as_they_were(write: Write, folder: Path) -> None:
    path, before = write("good.py", GOOD), list(sys.path)
    load(path, is_bundled=False)
    assert sys.path == before
    assert sorted(folder.iterdir()) == [path]


def test_a_folder_is_one_plugin_with_imports_of_its_own(write: Write, folder: Path) -> None:
    write("pack/words.py", "TITLE = 'From the inside'")
    write("pack/__init__.py", 'from .words import TITLE\n\n@handler("pack", title=TITLE)\nasync def run(ctx): ...\n')
    loaded = load(folder / "pack", is_bundled=False)
    assert loaded.file.error is None, loaded.file.traceback
    assert loaded.specs[0].title == "From the inside"
    assert loaded.specs[0].source == str(folder / "pack")
    assert not (folder / "pack" / "__pycache__").exists()


def test_what_runs_is_what_was_hashed_whatever_a_link_leads_to_by_then(write: Write, folder: Path) -> None:
    ran = folder.parent / "ran"
    evil = folder.parent / "evil"
    evil.mkdir(mode=0o700)
    (evil / "__init__.py").write_text(f"open({str(ran)!r}, 'w')\n")
    (evil / "words.py").write_text(f"open({str(ran)!r}, 'w')\n")
    write("pack/words.py", "TITLE = 'The one that was hashed'")
    write(
        "pack/__init__.py",
        '@handler("pack", title="x")\ndef run(ctx):\n    from .words import TITLE as t\n    return t\n',
    )
    found = read(folder / "pack", is_bundled=False, is_own=False)
    assert isinstance(found, Read)
    (folder / "pack").rename(folder.parent / "gone")
    (folder / "pack").symlink_to(evil)
    (spec,) = imported(found).specs
    assert spec(None) == "The one that was hashed"
    assert not ran.exists()


def test_a_foreign_folder_has_no_modules_but_those_that_were_hashed(write: Write, folder: Path) -> None:
    write("pack/__init__.py", '@handler("pack", title="x")\ndef run(ctx):\n    from . import late\n    return late.X\n')
    theirs, mine = (read(folder / "pack", is_bundled=False, is_own=is_own) for is_own in (False, True))
    write("pack/late.py", "X = 1")
    assert isinstance(theirs, Read) and isinstance(mine, Read)
    (spec,) = imported(theirs).specs
    with pytest.raises(ImportError, match="late"):
        spec(None)
    (spec,) = imported(mine).specs
    assert spec(None) == 1


def test_a_folder_without_init_says_what_is_missing(write: Write, folder: Path) -> None:
    write("pack/words.py", "X = 1")
    loaded = load(folder / "pack", is_bundled=False)
    assert loaded.file.state is FileState.REFUSED
    assert "pack has no __init__.py: add one, or begin its name with _" in str(loaded.file.error)


@pytest.mark.parametrize(
    ("name", "size"), [("big.py", 300 << 10), ("pack/inner.py", 5 << 20), ("pack/data.bin", 65 << 20)]
)
def test_a_plugin_that_is_too_big_is_refused_before_it_is_read_as_python(
    write: Write, folder: Path, name: str, size: int
) -> None:
    write("pack/__init__.py", GOOD)
    with (folder / name).open("wb") as file:
        file.truncate(size)
    (folder / name).chmod(0o600)
    loaded = load(folder / name.split("/")[0], is_bundled=False)
    assert loaded.file.state is FileState.REFUSED
    assert re.search(r"has more than \d+ KiB: ", str(loaded.file.error))


def test_the_hash_of_a_folder_covers_names_and_contents(write: Write, folder: Path) -> None:
    write("pack/__init__.py", GOOD)
    first = hash_of(folder / "pack")
    other = write("pack/data.txt", "a")
    second = hash_of(folder / "pack")
    other.rename(other.with_name("else.txt"))
    assert len({first, second, hash_of(folder / "pack")}) == 3


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("def broken(:", "SyntaxError: invalid syntax (bad.py, line 4)"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        ("import no_such_module_anywhere", "ModuleNotFoundError: No module named 'no_such_module_anywhere'"),
        ("class E(Exception):\n    def __str__(self): raise E\nraise E()", "E: <exception str() failed>"),
        ("raise ValueError('line one\\nline two')", "ValueError: line one"),
        ("@handler('Bad Kind', title='x')\ndef f(ctx): ...", "TypeError: 'Bad Kind' is no kind"),
        (NO_JSON, "hold a complex, which has no JSON form"),
    ],
)
def test_a_broken_file_is_a_row_with_its_error_and_traceback(write: Write, body: str, sentence: str) -> None:
    before = set(sys.modules)
    loaded = load(write("bad.py", body), is_bundled=False)
    assert loaded.file.state is FileState.BROKEN
    assert sentence in str(loaded.file.error)
    assert "\n" not in str(loaded.file.error)
    assert "Traceback" in loaded.file.traceback
    assert loaded.specs == ()
    assert not [name for name in set(sys.modules) - before if name.startswith("watchkeeper_plugin_")]


def test_a_traceback_begins_in_the_plugin(write: Write) -> None:
    trace = load(write("bad.py", "def f():\n    1 / 0\nf()"), is_bundled=False).file.traceback
    assert trace.count("bad.py") == 2 and "loader.py" not in trace


def test_a_file_that_is_no_text_is_a_row(folder: Path) -> None:
    path = folder / "binary.py"
    path.write_bytes(b"\xff\xfe\0\0")
    assert load(path, is_bundled=False).file.state is FileState.BROKEN


def test_a_dangling_link_is_a_row(folder: Path) -> None:
    (folder / "gone.py").symlink_to(folder / "nowhere.py")
    assert load(folder / "gone.py", is_bundled=False).file.state is FileState.BROKEN


def test_a_file_without_handlers_says_how_to_leave_it_out(write: Write) -> None:
    loaded = load(write("words.py", "X = 1"), is_bundled=False)
    assert loaded.file.state is FileState.BROKEN
    assert "leading _" in str(loaded.file.error)


def test_a_spec_imported_from_elsewhere_is_not_claimed_again(write: Write, folder: Path) -> None:
    loaded = load(write("good.py", GOOD), is_bundled=False)
    module = loaded.specs[0].fn.__module__
    borrower = write("borrower.py", f"from {module} import good\n\n" + GOOD.replace("good", "own"))
    assert load(borrower, is_bundled=False).file.kinds == ("own",)


@pytest.mark.parametrize("mode", [0o777, 0o775, 0o757])
def test_a_file_in_a_folder_that_others_can_write_to_is_refused_with_the_folder(
    write: Write, folder: Path, mode: int
) -> None:
    path = write("good.py", GOOD)
    folder.chmod(mode)
    loaded = load(path, is_bundled=False)
    assert loaded.file.state is FileState.REFUSED
    assert f"{folder} can be written by other users" in str(loaded.file.error)
    assert f"chmod go-w {folder}" in str(loaded.file.error)


def test_a_parent_that_others_can_write_to_is_refused(write: Write, folder: Path) -> None:
    path = write("good.py", GOOD)
    folder.parent.chmod(0o777)
    _assert_refused(load(path, is_bundled=False), folder.parent)


def test_a_sticky_parent_like_tmp_is_no_danger(write: Write, folder: Path) -> None:
    path = write("good.py", GOOD)
    folder.parent.chmod(0o1777)
    assert load(path, is_bundled=False).file.state is FileState.LOADED


def test_a_file_that_others_can_write_is_refused(write: Write) -> None:
    path = write("good.py", GOOD)
    path.chmod(0o666)
    _assert_refused(load(path, is_bundled=False), path)


def test_a_file_deep_in_a_plugins_folder_that_others_can_write_is_refused(write: Write, folder: Path) -> None:
    write("pack/__init__.py", GOOD)
    inner = write("pack/words.py", "X = 1")
    inner.chmod(0o622)
    _assert_refused(load(folder / "pack", is_bundled=False), inner)


def test_a_link_is_judged_by_the_place_it_leads_to(write: Write, folder: Path, tmp_path: Path) -> None:
    open_folder = tmp_path / "open"
    open_folder.mkdir()
    target = write("good.py", GOOD).rename(open_folder / "good.py")
    open_folder.chmod(0o777)
    (folder / "linked.py").symlink_to(target)
    _assert_refused(load(folder / "linked.py", is_bundled=False), open_folder)


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_user_is_refused(write: Write) -> None:
    path = write("good.py", GOOD)
    os.chown(path, 65534, -1)
    loaded = load(path, is_bundled=False)
    assert loaded.file.state is FileState.REFUSED
    assert f"{path} belongs to another user" in str(loaded.file.error)


def test_the_room_imports_fast_enough_for_a_command_line() -> None:
    """No heavy module comes with the contract: authors' files and `isolated` pay for every one."""
    code = "import sys, watchkeeper.plugin; print([m for m in ('httpx', 'sqlalchemy', 'croniter') if m in sys.modules])"
    root = Path(__file__).resolve().parents[2] / "app"
    done = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": str(root)}, capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def _assert_refused(loaded: Loaded, place: Path) -> None:
    assert loaded.file.state is FileState.REFUSED
    assert f"{place} can be written by other users" in str(loaded.file.error)
