"""What is left when the keeper, the wrapper, the payload or the whole machine goes."""

import asyncio
import functools
import os
import random
import signal
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tests.hosts.conftest import Engine, Site, alive, new_key, shell, until
from watchkeeper.hosts import keeper
from watchkeeper.hosts.host import Limits, Phase, Start, Status, Unreachable


async def test_twenty_exit_codes_and_logs_survive_the_keepers_sigkill(site: Site, tmp_path: Path) -> None:
    engine = await site.engine()
    gate = tmp_path / "gate"
    starts = [
        shell(f"echo before; until [ -e {gate} ]; do sleep 0.05; done; echo after; exit {code}") for code in range(20)
    ]
    await engine.host.start(starts)
    for start in starts:
        await until((site.folder(start.key) / "out").exists, "the first line")
    await site.kill_keepers()
    await until(lambda: engine.returns, "the engine's return")
    gate.touch()
    for code, start in enumerate(starts):
        assert (await engine.ending(start.key)).exit_code == code
        assert await engine.host.read(start.key, 0, 100) == b"before\nafter\n"
    assert sorted(engine.told) == sorted(start.key for start in starts)


async def test_a_log_goes_on_at_its_byte_over_the_keepers_sigkill(site: Site) -> None:
    engine = await site.engine()
    start = shell("i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done")
    await engine.start(start)
    await until((site.folder(start.key) / "out").exists, "output")
    await site.kill_keepers()
    assert (await engine.ending(start.key)).exit_code == 0
    expected = "".join(f"line {number}\n" for number in range(20000)).encode()
    assert (site.folder(start.key) / "out").read_bytes() == expected


async def test_what_ended_while_no_keeper_lived_is_found_with_all_its_output(site: Site, tmp_path: Path) -> None:
    engine = await site.engine()
    gate = tmp_path / "gate"
    start = shell(f"until [ -e {gate} ]; do sleep 0.05; done; echo last words; exit 5", secrets={"KEY": "x"})
    await engine.start(start)
    await site.wrapper(start.key)
    await engine.host.close()
    await site.kill_keepers()
    gate.touch()
    await until((site.folder(start.key) / "rc").exists, "the exit code")
    later = await site.engine()
    await until(lambda: later.ended or keeper.exit_code(str(site.folder(start.key))) is not None, "the ending")
    await until(lambda: not list(site.folder(start.key).glob("secret-*")), "the end of the secrets")
    (status,) = await later.host.stat([start.key])
    assert (status.phase, status.exit_code) in ((Phase.EXITED, 5), (Phase.RUNNING, None))
    assert (await _ended(later, start.key)).exit_code == 5
    assert await later.host.read(start.key, 0, 100) == b"last words\n"


async def _ended(engine: Engine, key: str) -> Status:
    while (status := (await engine.host.stat([key]))[0]).phase in (Phase.RUNNING, Phase.STARTING):
        await asyncio.sleep(0.02)
    return status


async def test_a_killed_wrapper_is_lost_without_exit_code(site: Site) -> None:
    engine = await site.engine()
    start = shell("sleep 300")
    await engine.start(start)
    payload = await site.payload(start.key)
    os.kill(await site.wrapper(start.key), signal.SIGKILL)
    ending = await engine.ending(start.key)
    assert (ending.phase, ending.exit_code) == (Phase.LOST_NO_RC, None)
    assert alive(payload)


async def test_the_payload_of_a_killed_wrapper_can_still_be_killed(site: Site) -> None:
    if site.is_portable:
        return  # without /proc the cookie cannot be read; the proof says so
    engine = await site.engine()
    start = shell("sleep 300")
    await engine.start(start)
    payload = await site.payload(start.key)
    os.kill(await site.wrapper(start.key), signal.SIGKILL)
    await engine.ending(start.key)
    proof = await engine.host.kill(start.key, 0.0)
    assert proof.found == proof.gone >= 1
    assert not alive(payload)


async def test_a_payload_killed_by_a_signal_exits_with_128_and_its_number(site: Site) -> None:
    engine = await site.engine()
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV):
        assert (await engine.run(shell(f"kill -{int(number)} $$; sleep 60"))).exit_code == 128 + number


async def test_a_group_kill_from_inside_does_not_reach_the_wrapper(site: Site) -> None:
    engine = await site.engine()
    assert (await engine.run(shell("kill -9 0"))).exit_code == 137


async def test_another_boot_id_means_lost_by_reboot(site: Site) -> None:
    engine = await site.engine("--boot-id", "before")
    start = shell("sleep 300")
    await engine.start(start)
    await site.wrapper(start.key)
    await engine.host.close()
    await site.kill_keepers()
    later = await site.engine("--boot-id", "after")
    assert later.ground.boot_id != engine.ground.boot_id
    assert later.ground.folder_id == engine.ground.folder_id
    assert await later.phase(start.key) == Phase.LOST_REBOOT


async def test_a_record_whose_pid_now_belongs_to_another_process_is_lost_and_nothing_is_signalled(site: Site) -> None:
    engine = await site.engine()
    bystander = shell("sleep 300")
    await engine.start(bystander)
    pid = await site.payload(bystander.key)
    for has_start_time in (True, False):
        key = new_key()
        folder = site.folder(key)
        folder.mkdir(mode=0o700)
        (folder / "run").write_text(f"{pid} {engine.ground.boot_id} {key}.0123456789abcdef owner - - - 10.0\n")
        if has_start_time:
            (folder / "pid").write_text(f"{pid} 1\n")
        assert await engine.phase(key) == Phase.LOST_NO_RC
        proof = await engine.host.kill(key, 0.0)
        assert (proof.found, proof.gone) == (0, 0)
    assert alive(pid)


async def test_a_new_keeper_version_leaves_old_runs_to_their_keeper_and_takes_them_over_when_it_dies(
    site: Site, tmp_path: Path
) -> None:
    old = await site.engine()
    gate = tmp_path / "gate"
    kept, orphaned = (shell(f"until [ -e {gate}.{n} ]; do sleep 0.05; done; echo {n}; exit {n}") for n in (3, 4))
    await old.host.start([kept, orphaned])
    await site.wrapper(kept.key)
    await site.wrapper(orphaned.key)
    (old_keeper,) = site.keepers()

    program = tmp_path / "keeper_of_another_version.py"
    program.write_bytes(Path(keeper.__file__).read_bytes() + b"\n# another version\n")
    new = await site.engine(program=program)
    assert len(site.keepers()) == 2
    assert await new.phase(kept.key) == Phase.RUNNING
    Path(f"{gate}.3").touch()
    assert (await old.ending(kept.key)).exit_code == 3
    assert (await new.ending(kept.key)).exit_code == 3

    await old.host.close()
    os.kill(old_keeper, signal.SIGKILL)
    await until(lambda: not alive(old_keeper), "the old keeper's death")
    Path(f"{gate}.4").touch()
    assert (await new.ending(orphaned.key)).exit_code == 4
    assert await new.host.read(orphaned.key, 0, 10) == b"4\n"


async def test_limits_still_hold_under_the_next_keeper(site: Site) -> None:
    engine = await site.engine()
    start = shell("sleep 300", limits=Limits(hard=3))
    await engine.start(start)
    await site.wrapper(start.key)
    await site.kill_keepers()
    ending = await engine.ending(start.key)
    assert (ending.exit_code, ending.cut) == (137, "hard")


async def test_a_clock_that_was_set_forward_costs_no_run_its_time_under_the_next_keeper(
    site: Site, tmp_path: Path
) -> None:
    engine = await site.engine()
    start = shell(f"until [ -e {tmp_path}/gate ]; do sleep 0.05; done; exit 7", limits=Limits(hard=600))
    await engine.start(start)
    await site.wrapper(start.key)
    await site.kill_keepers()
    hour_ago = time.time() - 3600
    os.utime(site.folder(start.key) / "run", (hour_ago, hour_ago))
    await until(lambda: engine.returns, "the engine's return")
    assert await engine.phase(start.key) == Phase.RUNNING
    (tmp_path / "gate").touch()
    ending = await engine.ending(start.key)
    assert (ending.exit_code, ending.cut) == (7, None)


async def test_an_idle_keeper_leaves_and_comes_again_on_demand(site: Site) -> None:
    engine = await site.engine("--idle", "0.2")
    await engine.run(shell("true"))
    await engine.host.close()
    await until(lambda: not site.keepers(), "the keeper's leave")
    assert (await (await site.engine()).run(Start(key=new_key(), argv=("/bin/true",)))).exit_code == 0


async def test_a_keeper_with_a_live_run_does_not_leave(site: Site, tmp_path: Path) -> None:
    start = shell(f"until [ -e {tmp_path}/gate ]; do sleep 0.05; done", limits=Limits(soft=200))
    # Without a run it does leave, also in the moment in which it is reached.
    engine = await _over_deaths(lambda: site.engine("--idle", "0.1"))
    await _over_deaths(lambda: engine.start(start))
    before = site.keepers()
    await engine.host.close()
    later = await site.engine("--idle", "0.1")
    assert site.keepers() == before
    (tmp_path / "gate").touch()
    await _ended(later, start.key)


async def test_not_a_byte_is_lost_when_keepers_are_killed_while_runs_end(site: Site) -> None:
    engine = await site.engine()
    for _ in range(10):
        await _end_around_a_keepers_death(site, engine)


async def _end_around_a_keepers_death(site: Site, engine: Engine) -> None:
    starts = [shell(f"echo {number}; echo the end") for number in range(20)]
    keys = [start.key for start in starts]
    await _over_deaths(lambda: engine.host.start(starts))
    await until(lambda: len(_codes(site, keys)) >= random.randint(0, 10), "the first endings")
    await site.kill_keepers()
    await until(lambda: len(_codes(site, keys)) == len(keys), "the endings")
    for number, key in enumerate(keys):
        assert (await _over_deaths(functools.partial(_ended, engine, key))).exit_code == 0
        said = await _over_deaths(functools.partial(engine.host.read, key, 0, 100))
        assert said == f"{number}\nthe end\n".encode()


async def _over_deaths(ask: Callable[[], Awaitable[Any]]) -> Any:
    """Ask again, as the engine does, while the keeper is not back yet."""
    while True:
        try:
            return await ask()
        except Unreachable:
            await asyncio.sleep(0.01)


def _codes(site: Site, keys: list[str]) -> list[int]:
    codes = [keeper.exit_code(str(site.folder(key))) for key in keys]
    return [code for code in codes if code is not None]


async def test_a_wrapper_goes_when_its_last_bytes_are_safe(site: Site) -> None:
    engine = await site.engine()
    start = shell("echo done")
    await engine.run(start)
    await until(lambda: not [p for p in keeper.Linux().table() if p.pid == _recorded(site, start)], "its wrapper's end")


def _recorded(site: Site, start: Start) -> int:
    return int((site.folder(start.key) / "run").read_text().split()[0])


async def test_an_adopted_run_ends_although_a_stray_process_holds_its_output(site: Site, tmp_path: Path) -> None:
    engine = await site.engine()
    gate = tmp_path / "gate"
    start = shell(f"sleep 300 & until [ -e {gate} ]; do sleep 0.05; done; echo last; exit 3")
    await engine.start(start)
    await site.wrapper(start.key)
    await site.kill_keepers()
    await until(lambda: engine.returns, "the engine's return")
    gate.touch()
    assert (await engine.ending(start.key)).exit_code == 3
    assert await engine.host.read(start.key, 0, 100) == b"last\n"


async def test_a_wrapper_that_somebody_stopped_is_not_over(site: Site, tmp_path: Path) -> None:
    engine = await site.engine()
    gate = tmp_path / "gate"
    start = shell(f"until [ -e {gate} ]; do sleep 0.05; done; exit 6")
    await engine.start(start)
    wrapper = await site.wrapper(start.key)
    os.kill(wrapper, signal.SIGSTOP)
    gate.touch()
    assert await engine.phase(start.key) == Phase.RUNNING
    os.kill(wrapper, signal.SIGCONT)
    assert (await engine.ending(start.key)).exit_code == 6
