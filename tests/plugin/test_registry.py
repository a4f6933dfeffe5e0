"""Kinds by name, a row for every file, and what a reload does."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from watchkeeper.model.errors import NotFound
from watchkeeper.plugin.loader import FileState, Folder
from watchkeeper.plugin.registry import Registry, Verdicts

Write = Callable[[str, str], Path]


def body(kind: str, title: str = "Title") -> str:
    return f'@handler("{kind}", title="{title}")\nasync def run(ctx: Context) -> None: ...\n'


def test_a_kind_is_found_and_a_misspelt_one_gets_a_hint(registry: Registry, write: Write) -> None:
    write("web.py", body("http.check"))
    registry.reload()
    assert registry.handler("http.check").kind == "http.check"
    with pytest.raises(NotFound, match=r"no handler http\.chek: did you mean http\.check\?"):
        registry.handler("http.chek")
    with pytest.raises(NotFound, match=r"no handler zzz; known are http\.check"):
        registry.handler("zzz")
    with pytest.raises(NotFound, match="no alert channel http"):
        registry.channel("http.check")


def test_a_broken_file_leaves_the_others_usable(registry: Registry, write: Write) -> None:
    write("a.py", "1 / 0")
    write("b.py", body("b"))
    registry.reload()
    assert [file.state for file in registry.files] == [FileState.BROKEN, FileState.LOADED]
    assert registry.handler("b")


def test_of_two_claims_on_a_kind_the_first_keeps_it_and_the_row_names_both_files(
    registry: Registry, write: Write
) -> None:
    first = write("a.py", body("same", "First"))
    second = write("b.py", body("other").replace("run", "other") + body("same", "Second"))
    registry.reload()
    assert registry.handler("same").title == "First"
    row = registry.files[1]
    assert row.state is FileState.CONFLICT
    assert f"both {first} and {second} claim the kind same" in str(row.error)
    with pytest.raises(NotFound):
        registry.handler("other")


def test_two_claims_in_one_file_are_a_conflict(registry: Registry, write: Write) -> None:
    write("a.py", body("same").replace("run", "one") + body("same").replace("run", "two"))
    registry.reload()
    assert registry.files[0].state is FileState.CONFLICT
    assert registry.specs == ()


def test_no_file_takes_the_place_of_a_bundled_handler(folder: Path, write: Write, tmp_path: Path) -> None:
    bundled = tmp_path / "bundled"
    bundled.mkdir()
    write("shell.py", body("shell", "Built in")).rename(bundled / "shell.py")
    write("shell.py", body("shell", "Mine"))
    registry = Registry()
    registry.load([Folder(bundled, is_bundled=True), Folder(folder)])
    assert registry.handler("shell").title == "Built in"
    assert registry.handler("shell").is_bundled


def test_a_handler_and_a_channel_may_share_a_name(registry: Registry, write: Write) -> None:
    channel = '@channel("chat", title="Chat")\nasync def send(ctx: Context, p: P, notice: object) -> None: ...\n'
    write("chat.py", "@dataclass\nclass P: ...\n" + channel + body("chat"))
    registry.reload()
    assert (registry.handler("chat").role, registry.channel("chat").role) == ("handler", "channel")


def test_reload_picks_up_new_changed_and_removed_files(registry: Registry, write: Write) -> None:
    kept, changed, removed = (write(f"{name}.py", body(name)) for name in ("kept", "changed", "removed"))
    registry.reload()
    before = {kind: registry.handler(kind) for kind in ("kept", "changed", "removed")}
    write("changed.py", body("changed", "TITLE"))
    write("fresh.py", body("fresh"))
    removed.unlink()
    registry.reload()
    assert [Path(file.path).stem for file in registry.files] == ["changed", "fresh", "kept"]
    assert registry.handler("kept") is before["kept"]
    assert registry.handler("changed").title == "TITLE"
    with pytest.raises(NotFound):
        registry.handler("removed")
    assert kept.exists()
    assert changed.exists()


def test_a_live_run_keeps_the_spec_that_it_holds(registry: Registry, write: Write) -> None:
    old = "WORD = 'old'\n\n@handler('x', title='X')\ndef run(ctx: Context) -> dict: return {'word': WORD}\n"
    write("x.py", old)
    registry.reload()
    held = registry.handler("x")
    write("x.py", old.replace("'old'", "'new'"))
    registry.reload()
    assert (held(None), registry.handler("x")(None)) == ({"word": "old"}, {"word": "new"})
    assert held.hash != registry.handler("x").hash


def test_a_file_that_is_mended_is_usable_after_reload(registry: Registry, write: Write) -> None:
    write("x.py", "1 / 0")
    registry.reload()
    write("x.py", body("x"))
    registry.reload()
    assert registry.files[0].state is FileState.LOADED


def test_a_loaded_file_that_others_can_write_by_now_is_refused_at_reload(registry: Registry, write: Write) -> None:
    path = write("x.py", body("x"))
    registry.reload()
    path.chmod(0o666)
    registry.reload()
    assert registry.files[0].state is FileState.REFUSED
    assert registry.specs == ()


def test_a_folder_that_others_can_write_to_is_one_row(registry: Registry, folder: Path, write: Write) -> None:
    write("a.py", body("a"))
    write("b.py", body("b"))
    folder.chmod(0o777)
    registry.reload()
    (row,) = registry.files
    assert (row.state, row.path) == (FileState.REFUSED, str(folder))


def foreign(folder: Path, verdicts: Verdicts | None = None) -> Registry:
    registry = Registry()
    registry.load([Folder(folder, is_own=False)], verdicts)
    return registry


def test_in_a_folder_that_is_not_ones_own_nothing_runs_before_it_is_allowed(folder: Path, write: Write) -> None:
    ran = folder.parent / "ran"
    path = write("a.py", f'__version__ = "1.2"\nopen({str(ran)!r}, "w").close()\n' + body("a"))
    registry = foreign(folder)
    (row,) = registry.files
    assert (row.state, row.kinds, row.manifest.version) == (FileState.WAITING, ("a",), "1.2")
    with pytest.raises(NotFound, match=r"the handler a is in .*a\.py, which can't be used: it is new and waits"):
        registry.handler("a")
    assert not ran.exists()
    registry.verdicts = {(row.path, row.hash): True}
    assert registry.reload()
    assert registry.handler("a").hash == row.hash
    assert ran.exists()
    assert registry.handler("a").is_isolated, "what somebody else writes never runs inside the engine"
    write("a.py", body("a", "Other"))
    registry.reload()
    (row,) = registry.files
    assert (row.state, "has changed" in str(row.error), row.path) == (FileState.WAITING, True, str(path))


def test_what_is_forbidden_is_not_loaded_from_a_folder_of_ones_own_either(registry: Registry, write: Write) -> None:
    write("a.py", body("a"))
    registry.reload()
    (row,) = registry.files
    registry.verdicts = {(row.path, row.hash): False}
    registry.reload()
    assert [file.state for file in registry.files] == [FileState.FORBIDDEN]
    assert registry.specs == ()


def test_a_folder_that_the_settings_name_and_that_is_not_there_is_a_row(tmp_path: Path) -> None:
    registry = Registry()
    registry.load([Folder(tmp_path / "none", is_named=True)])
    assert "there is no folder" in str(registry.files[0].error)


def test_what_is_no_ordinary_file_is_a_row_and_is_not_waited_for(registry: Registry, folder: Path) -> None:
    os.mkfifo(folder / "pipe.py", 0o600)
    registry.reload()
    assert "is no ordinary file" in str(registry.files[0].error)


def test_a_folder_that_does_not_exist_is_no_error(tmp_path: Path) -> None:
    registry = Registry()
    registry.load([Folder(tmp_path / "none")])
    assert registry.files == ()


def test_a_path_that_is_no_folder_is_a_row(tmp_path: Path) -> None:
    (tmp_path / "plugins").touch(mode=0o600)
    registry = Registry()
    registry.load([Folder(tmp_path / "plugins")])
    assert [file.state for file in registry.files] == [FileState.BROKEN]


def test_names_that_begin_with_an_underscore_or_a_dot_are_no_plugins(registry: Registry, write: Write) -> None:
    for name in ("_words.py", ".hidden.py", "notes.txt", "data/file.txt"):
        write(name, "1 / 0")
    registry.reload()
    assert registry.files == ()
