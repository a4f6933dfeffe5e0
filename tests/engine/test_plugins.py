"""Plugins come, change and go while the engine runs, and no run minds."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.engine.house import PATIENCE, House
from watchkeeper.engine.plugins import folders_of
from watchkeeper.model import places
from watchkeeper.model.events import PluginsChanged, PluginsReloadAsked
from watchkeeper.model.job import Job
from watchkeeper.model.run import State
from watchkeeper.plugin import elsewhere
from watchkeeper.plugin.first_import import FirstImports
from watchkeeper.plugin.loader import FileState, Folder
from watchkeeper.plugin.registry import Registry
from watchkeeper.settings import PluginSettings
from watchkeeper.store import plugins
from watchkeeper.store.tx import Tx

SAYS = '''"""Says a word when it may go on."""
import asyncio
from pathlib import Path
from watchkeeper.plugin import Context, handler

@handler("own.says", title="Says")
async def says(ctx: Context) -> dict[str, str]:
    while not Path({gate!r}).exists():
        await asyncio.sleep(0.01)
    return {{"word": "{word}"}}
'''

COUNTS = '''"""Counts in a script, and judges the count afterwards."""
import os
from pathlib import Path
from watchkeeper.plugin import Command, Context, Ended, handler

Path({told!r}).open("a").write(f"{{os.getpid()}}\\n")

@handler("their.counts", title="Counts")
def counts(ctx: Context) -> Command:
    def judge(ctx: Context, ended: Ended) -> dict[str, object]:
        return {{"word": "{word}", "lines": ended.outputs["lines"], "pid": os.getpid()}}

    ctx.log.warning("counting")
    script = "while ! test -e {gate}; do sleep 0.02; done; echo lines=2 >> $WATCHKEEPER_OUTPUT"
    return Command(script=script, after=judge)
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "plugins"
    path.mkdir(mode=0o700)
    return path


@pytest.fixture
async def hot(house: House, folder: Path) -> AsyncIterator[House]:
    """A house that loads plugins as the program does, with one folder of the user's own and one that is not."""
    imports = FirstImports()
    house.registry = Registry(imports)
    foreign = folder.parent / "foreign"
    foreign.mkdir(mode=0o700)
    house.registry.load([Folder(places.plugins(), is_bundled=True), Folder(folder), Folder(foreign, is_own=False)])
    yield house
    await house.stop()
    await asyncio.to_thread(imports.close)


async def eventually(is_so: Callable[[], object], house: House) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert not house.running.done(), house.running.exception()
        assert time.monotonic() < deadline, house.registry.files
        await asyncio.sleep(0.01)


def states(house: House) -> dict[str, FileState]:
    return {Path(file.path).name: file.state for file in house.registry.files if not file.is_bundled}


async def test_a_file_that_is_saved_is_usable_and_a_live_run_keeps_its_own(hot: House, folder: Path) -> None:
    await hot.start()
    gate = folder.parent / "gate"
    file = folder / "says.py"
    file.write_text(SAYS.format(gate=str(gate), word="old"))
    await eventually(lambda: states(hot) == {"says.py": FileState.LOADED}, hot)
    old_hash = hot.registry.handler("own.says").hash
    job = await hot.save("own.says")
    held = await hot.becomes(await hot.submit(job), State.RUNNING)
    file.write_text(SAYS.format(gate=str(gate), word="new"))
    await eventually(lambda: hot.registry.handler("own.says").hash != old_hash, hot)
    gate.touch()
    assert (await hot.becomes(held, State.SUCCEEDED)).outputs == {"word": "old"}
    after = await hot.becomes(await hot.submit(job), State.SUCCEEDED)
    assert after.outputs == {"word": "new"}
    file.unlink()
    await eventually(lambda: states(hot) == {}, hot)
    gone = await hot.becomes(await hot.submit(job), State.FAILED)
    assert "no handler own.says" in str(gone.reason)
    assert PluginsChanged() in hot.heard


async def test_a_file_that_is_half_written_settles(hot: House, folder: Path) -> None:
    await hot.start()
    whole = SAYS.format(gate="/", word="x")
    file = folder / "says.py"
    for end in range(0, len(whole), 60):
        file.write_text(whole[:end])
        await asyncio.sleep(0.01)
    file.write_text(whole)
    await eventually(lambda: states(hot) == {"says.py": FileState.LOADED}, hot)


async def test_what_is_not_ones_own_is_used_once_it_is_allowed_and_no_longer_when_it_is_forbidden(
    hot: House, folder: Path
) -> None:
    await hot.start(has_host=True)
    (folder.parent / "foreign" / "says.py").write_text(SAYS.format(gate="/", word="x"))
    await eventually(lambda: states(hot) == {"says.py": FileState.WAITING}, hot)
    job = await hot.save("own.says")
    early = await hot.becomes(await hot.submit(job), State.FAILED)
    assert "waits for somebody to allow it" in str(early.reason)
    row = hot.registry.files[-1]
    await hot.store.write(lambda tx: plugins.decide(tx, row.path, row.hash, True, "me"))
    await eventually(lambda: states(hot) == {"says.py": FileState.LOADED}, hot)
    assert (await hot.becomes(await hot.submit(job), State.SUCCEEDED)).outputs == {"word": "x"}
    await hot.store.write(lambda tx: plugins.decide(tx, row.path, row.hash, False, "me"))
    await eventually(lambda: states(hot) == {"says.py": FileState.FORBIDDEN}, hot)


async def allow(hot: House, name: str, *, is_allowed: bool = True) -> None:
    row = next(file for file in hot.registry.files if Path(file.path).name == name)
    await hot.store.write(lambda tx: plugins.decide(tx, row.path, row.hash, is_allowed, "me"))
    wanted = FileState.LOADED if is_allowed else FileState.FORBIDDEN
    await eventually(lambda: states(hot)[name] is wanted, hot)


async def test_the_last_word_holds_however_late_an_earlier_one_is_read(
    hot: House, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hot.start()
    (folder.parent / "foreign" / "says.py").write_text(SAYS.format(gate="/", word="x"))
    await eventually(lambda: states(hot) == {"says.py": FileState.WAITING}, hot)
    row, read, late, taken = hot.registry.files[-1], plugins.verdicts, iter([0.3]), list[bool]()

    def read_late(tx: Tx) -> dict[tuple[str, str], bool]:
        found = read(tx)
        time.sleep(next(late, 0))
        taken.append(found[row.path, row.hash])
        return found

    monkeypatch.setattr(plugins, "verdicts", read_late)
    for word in (True, False):
        await hot.store.write(lambda tx, word=word: plugins.decide(tx, row.path, row.hash, word, "me"))
    await eventually(lambda: len(taken) == 2, hot)
    hot.heard.clear()
    hot.bus.publish(PluginsReloadAsked())
    await eventually(lambda: PluginsChanged() in hot.heard and hot.registry.files[-1].error, hot)
    await eventually(lambda: states(hot) == {"says.py": FileState.FORBIDDEN}, hot)
    assert hot.registry.verdicts == {(row.path, row.hash): False}


async def test_nothing_of_a_foreign_file_runs_in_the_engine_and_a_live_run_ends_with_the_code_it_began_with(
    hot: House, folder: Path
) -> None:
    await hot.start(has_host=True)
    file, told, gate = folder.parent / "foreign" / "counts.py", folder.parent / "told", folder.parent / "gate"
    file.write_text(COUNTS.format(told=str(told), gate=gate, word="old"))
    await eventually(lambda: states(hot) == {"counts.py": FileState.WAITING}, hot)
    assert not told.exists()
    await allow(hot, "counts.py")
    job = await hot.save("their.counts")
    held = await hot.becomes(await hot.submit(job), State.RUNNING)
    file.write_text(COUNTS.format(told=str(told), gate=gate, word="new"))
    await eventually(lambda: states(hot) == {"counts.py": FileState.WAITING}, hot)
    refused = await hot.becomes(await hot.submit(job), State.FAILED)
    assert "has changed and waits for somebody to allow it" in str(refused.reason)
    gate.touch()
    ended = await hot.becomes(held, State.SUCCEEDED)
    assert ended.outputs is not None
    assert (ended.outputs["word"], ended.outputs["lines"]) == ("old", "2")
    pids = {int(line) for line in told.read_text().split()}
    assert os.getpid() not in pids | {ended.outputs["pid"]}
    assert not [name for name in sys.modules if name.startswith("watchkeeper_plugin_") and name.endswith("_counts")]


async def test_a_run_whose_plugin_is_forbidden_meanwhile_comes_to_its_end_and_a_new_one_is_told_why(
    hot: House, folder: Path
) -> None:
    await hot.start(has_host=True)
    gate = folder.parent / "gate"
    text = COUNTS.format(told=str(folder.parent / "told"), gate=gate, word="x")
    (folder.parent / "foreign" / "counts.py").write_text(text)
    await eventually(lambda: states(hot) == {"counts.py": FileState.WAITING}, hot)
    await allow(hot, "counts.py")
    job = await hot.save("their.counts")
    held = await hot.becomes(await hot.submit(job), State.RUNNING)
    await allow(hot, "counts.py", is_allowed=False)
    refused = await hot.becomes(await hot.submit(job), State.FAILED)
    assert "somebody has forbidden it" in str(refused.reason)
    gate.touch()
    assert (await hot.becomes(held, State.SUCCEEDED)).outputs


#: What a foreign function does instead of answering, and a word of what its run tells.
WAYS = {
    "dies": ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
    "raises": ("return {}['rows']", "KeyError"),
    "judges": ("import os; return Command(argv=['true'], after=lambda ctx, ended: os.abort())", "SIGABRT"),
}
FOREIGN = """from watchkeeper.plugin import Command, Context, handler

@handler("their.{name}", title="x")
def {name}(ctx: Context) -> Command:
    {way}
"""


async def foreign(hot: House, folder: Path, name: str, way: str) -> Job:
    """A job of a foreign handler that was allowed."""
    (folder.parent / "foreign" / f"{name}.py").write_text(FOREIGN.format(name=name, way=way))
    await eventually(lambda: states(hot).get(f"{name}.py") is FileState.WAITING, hot)
    await allow(hot, f"{name}.py")
    return await hot.save(f"their.{name}", name)


async def test_a_foreign_function_that_breaks_before_it_answers_or_afterwards_hurts_its_run_alone(
    hot: House, folder: Path
) -> None:
    await hot.start(has_host=True)
    asked = {name: await hot.submit(await foreign(hot, folder, name, way)) for name, (way, _word) in WAYS.items()}
    lives = await hot.submit(await foreign(hot, folder, "lives", "return Command(argv=['true'])"))
    for name, (_way, word) in WAYS.items():
        assert word in str((await hot.becomes(asked[name], State.FAILED)).reason)
    await hot.becomes(lives, State.SUCCEEDED)


async def test_a_foreign_function_that_never_answers_holds_nobody_else_up(
    hot: House, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hot.start(has_host=True)
    hangs = await foreign(hot, folder, "hangs", "while True: pass")
    monkeypatch.setattr(elsewhere, "SECONDS", 1.0)
    held, other = await hot.submit(hangs), await hot.submit(await hot.save("shell", "other"))
    await hot.becomes(other, State.SUCCEEDED)
    assert "takes longer than 1 s" in str((await hot.becomes(held, State.FAILED)).reason)


async def test_an_import_that_hangs_holds_nobody_else_up(hot: House, folder: Path) -> None:
    (folder / "hangs.py").write_text("import time; time.sleep(600)\n")
    await hot.start()
    await eventually(lambda: states(hot) == {"hangs.py": FileState.TRIED}, hot)
    (folder / "says.py").write_text(SAYS.format(gate="/", word="x"))
    await eventually(lambda: states(hot).get("says.py") == FileState.LOADED, hot)
    assert states(hot)["hangs.py"] is FileState.TRIED


async def test_a_handler_that_takes_too_much_memory_fails_and_says_so(hot: House, folder: Path) -> None:
    (folder / "leaks.py").write_text(
        "from watchkeeper.plugin import handler\n@handler('own.leaks', title='x')\ndef leaks(ctx):\n"
        "    return {'size': len(bytearray(3 << 30))}\n"
    )
    await hot.start(has_host=True)
    await eventually(lambda: states(hot) == {"leaks.py": FileState.LOADED}, hot)
    ended = await hot.becomes(await hot.submit(await hot.save("own.leaks")), State.FAILED)
    assert "MemoryError" in str(ended.reason)


def test_the_folders_are_the_workspaces_the_users_and_those_of_the_settings(tmp_path: Path) -> None:
    other = tmp_path / "other"
    found = folders_of(tmp_path, PluginSettings(folders=f"more:{other}", own="plugins:more"))
    assert found == (
        Folder(tmp_path / "plugins", is_own=True),
        Folder(places.user_plugins(), is_own=False),
        Folder(tmp_path / "more", is_own=True, is_named=True),
        Folder(other, is_own=False, is_named=True),
    )
