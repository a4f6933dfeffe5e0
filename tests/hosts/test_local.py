"""The local host's channel: it comes back, tells what was missed, and cleans up in a trickle."""

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from tests.hosts.conftest import Site, new_key, shell, until
from watchkeeper.hosts import keeper, local
from watchkeeper.hosts.host import Limits, Phase, Start, Unreachable
from watchkeeper.model.errors import Known


async def test_starts_of_one_turn_are_each_answered_with_their_own(site: Site) -> None:
    engine = await site.engine()
    starts = [[shell(f"exit {number}") for _ in range(number)] for number in range(1, 5)]
    answers = await asyncio.gather(*(engine.host.start(batch) for batch in starts))
    assert [[answer.key for answer in batch] for batch in answers] == [[s.key for s in batch] for batch in starts]


async def test_more_than_a_message_holds_is_started_all_the_same(site: Site) -> None:
    """Scripts, inputs and the code of plugins travel with each start, and many may be due at one moment."""
    engine = await site.engine()
    starts = [shell("true", stdin="x" * (keeper.LONGEST_MESSAGE // 20)) for _ in range(22)]
    answers = await engine.host.start(starts)
    assert [answer.key for answer in answers] == [start.key for start in starts]
    assert {(await engine.ending(start.key)).exit_code for start in starts} == {0}


async def test_an_ending_is_told_once_to_every_connection(site: Site) -> None:
    engines = [await site.engine() for _ in range(3)]
    start = shell("exit 1")
    await engines[0].start(start)
    for engine in engines:
        assert (await engine.ending(start.key)).exit_code == 1
        assert engine.told == [start.key]


async def test_what_ended_while_the_channel_was_away_is_told_after_the_return(site: Site, tmp_path: Path) -> None:
    engine, other = await site.engine(), await site.engine()
    start = shell(f"until [ -e {tmp_path}/gate ]; do sleep 0.02; done; exit 5")
    await engine.start(start)
    wire = engine.host._wire
    assert wire is not None
    return_home, gate = engine.host._enter, asyncio.Event()

    async def later():  # type: ignore[no-untyped-def]
        await gate.wait()
        return await return_home()

    engine.host._enter = later  # type: ignore[method-assign]
    wire.close()
    (tmp_path / "gate").touch()
    await other.ending(start.key)
    assert start.key not in engine.ended
    gate.set()
    assert (await engine.ending(start.key)).exit_code == 5
    await until(lambda: engine.returns, "the return")
    assert engine.told == [start.key]


async def test_calls_during_the_keepers_absence_are_unreachable_and_then_work_again(site: Site) -> None:
    engine = await site.engine()
    await site.kill_keepers()
    await until(lambda: engine.host._wire is None or engine.returns, "the loss")
    await until(lambda: engine.returns, "the return")
    assert (await engine.run(shell("exit 3"))).exit_code == 3


async def test_without_a_connection_the_host_is_unreachable(site: Site) -> None:
    engine = await site.engine()
    await engine.host.close()
    with pytest.raises(Unreachable):
        await engine.host.stat([new_key()])
    with pytest.raises(Unreachable):
        await engine.host.start([shell("true")])


async def test_a_keeper_that_cannot_start_is_unreachable_in_bounded_time(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "_PATIENCE", 0.5)
    program = tmp_path / "broken.py"
    program.write_text("raise SystemExit('broken on purpose')\n")
    with pytest.raises(Unreachable, match=r"keeper\.log"):
        await site.engine(program=program)
    assert "broken on purpose" in (site.root / "keeper.log").read_text()


async def test_collecting_removes_ended_runs_and_never_a_live_one(site: Site) -> None:
    engine = await site.engine()
    ended = [shell("echo x") for _ in range(30)]
    live = shell("sleep 300")
    for start in ended:
        await engine.run(start)
    await engine.start(live)
    await site.payload(live.key)
    keys = [start.key for start in ended]
    unknown = new_key()
    assert sorted(await engine.host.collect([*keys, live.key, unknown])) == sorted([*keys, unknown])
    assert [status.phase for status in await engine.host.stat(keys)] == [Phase.ABSENT] * 30
    assert await engine.phase(live.key) == Phase.RUNNING
    await until(lambda: not list(site.root.glob("trash/*/*/run")), "the trash to be emptied")


async def test_a_directory_that_is_used_again_brings_nothing_of_its_former_run(site: Site) -> None:
    engine = await site.engine()
    former = shell(
        "echo x; echo a=b >$WATCHKEEPER_OUTPUT; touch ${WATCHKEEPER_OUTPUT%/*}/junk; exit 9",
        stdin="input", secrets={"KEY": "x"}, limits=Limits(soft=100),
    )  # fmt: skip
    assert (await engine.run(former)).exit_code == 9
    inode = site.folder(former.key).stat().st_ino
    await engine.host.collect([former.key])
    await until(lambda: not list(site.root.glob("trash/*/*/run")), "the emptying")
    later = Start(key=new_key(), argv=("/bin/true",))
    ending = await engine.run(later)
    assert site.folder(later.key).stat().st_ino == inode
    assert (ending.exit_code, ending.size, ending.outputs, ending.cut) == (0, 0, "", None)
    assert {path.name for path in site.folder(later.key).iterdir()} - {"pid"} == {"fifo", "run", "rc"}


async def test_a_directory_that_a_process_still_holds_is_not_used_again(site: Site, tmp_path: Path) -> None:
    engine = await site.engine()
    former = shell(f"sleep 300 & echo $! >{tmp_path}/pid; exit 0")
    await engine.run(former)
    inode = site.folder(former.key).stat().st_ino
    await engine.host.collect([former.key])
    await until(lambda: not list(site.root.glob("trash/*/*")), "the removal")
    later = shell("echo own")
    await engine.run(later)
    assert site.folder(later.key).stat().st_ino != inode or (site.folder(later.key) / "fifo").exists()
    assert await engine.host.read(later.key, 0, 100) == b"own\n"
    os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)


async def test_what_a_dead_keeper_left_in_the_trash_is_removed_by_the_next_of_any_version(
    site: Site, tmp_path: Path
) -> None:
    engine = await site.engine()
    await engine.host.close()
    await site.kill_keepers()
    (trash,) = (site.root / "trash").iterdir()
    (trash / "left").mkdir()
    program = tmp_path / "keeper_of_another_version.py"
    program.write_bytes(Path(keeper.__file__).read_bytes() + b"\n# another version\n")
    await site.engine(program=program)
    await until(lambda: not list(site.root.glob("trash/*/left")), "the removal")


async def test_windows_is_refused_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(Known, match="Windows"):
        await local.LocalHost(tmp_path).connect("w", 1)


async def test_attach_bridges_to_the_same_keeper(site: Site) -> None:
    engine = await site.engine()
    path = await asyncio.to_thread(engine.host._socket)
    bridge = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-S", str(keeper.__file__), "attach", "--socket", str(path),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert bridge.stdin is not None
    assert bridge.stdout is not None
    bridge.stdin.write(b'{"id":1,"verb":"HELLO","workspace":"w","fence":1}\n')
    assert engine.ground.folder_id.encode() in await bridge.stdout.readline()
    bridge.stdin.close()
    assert await bridge.wait() == 0


async def test_nonsense_on_the_socket_costs_only_its_own_connection(site: Site) -> None:
    engine = await site.engine()
    path = await asyncio.to_thread(engine.host._socket)
    for nonsense in (b"\xff\xfe\n", b"[]\n", b"{}\n", b'{"id":1,"verb":"STAT","keys":["../x"]}\n', b'"' * 100 + b"\n"):
        with socket.socket(socket.AF_UNIX) as stranger:
            stranger.connect(str(path))
            stranger.sendall(nonsense)
            await asyncio.to_thread(stranger.recv, 100)
    assert (await engine.run(Start(key=new_key(), argv=("/bin/true",)))).exit_code == 0
