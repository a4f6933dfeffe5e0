"""The kill ladder, its proof, and the limits that hold with no engine there."""

import asyncio
import time
from pathlib import Path

import pytest

from tests.hosts.conftest import Site, alive, shell, until
from watchkeeper.hosts.host import Cut, KillProof, Limits, Phase

_ESCAPE = """
setsid sh -c '(setsid sleep 300 & echo $! >{0}/second); exec sleep 300' &
echo $! >{0}/first; echo ready; wait
"""


def _pid(path: Path) -> int:
    return int(path.read_text()) if path.exists() and path.read_text().endswith("\n") else 0


async def test_a_kill_reaches_setsid_grandchildren_and_proves_it(site: Site, tmp_path: Path) -> None:
    engine = await site.engine()
    start = shell(_ESCAPE.format(tmp_path))
    await engine.start(start)
    first = await until(lambda: _pid(tmp_path / "first"), "the first grandchild")
    second = await until(lambda: _pid(tmp_path / "second"), "the second grandchild")
    proof = await engine.host.kill(start.key, 5.0)
    ending = await engine.ending(start.key)
    assert proof.found == proof.gone
    assert not alive(first)
    assert (ending.cut, ending.exit_code, ending.proof) == (Cut.KILLED, 143, proof)
    assert proof.is_limited == site.is_portable
    if not site.is_portable:
        assert proof.found >= 3
        assert not alive(second)


async def test_a_payload_that_ignores_term_is_killed_after_its_grace(site: Site) -> None:
    engine = await site.engine()
    start = shell("trap '' TERM; echo ready; while :; do sleep 0.2; done")
    await engine.start(start)
    await until((site.folder(start.key) / "out").exists, "the trap")
    proof = await engine.host.kill(start.key, 0.3)
    assert proof.found == proof.gone >= 1
    assert (await engine.ending(start.key)).exit_code == 137


async def test_a_payload_may_use_its_grace_to_clean_up(site: Site) -> None:
    engine = await site.engine()
    start = shell("trap 'sleep 0.3; echo cleaned; exit 9' TERM; echo ready; while :; do sleep 0.05; done")
    await engine.start(start)
    await until((site.folder(start.key) / "out").exists, "the trap")
    await engine.host.kill(start.key, 50.0)
    assert (await engine.ending(start.key)).exit_code == 9
    assert (await engine.host.read(start.key, 0, 100)).endswith(b"cleaned\n")


async def test_two_kills_at_once_get_the_same_proof(site: Site) -> None:
    engine = await site.engine()
    start = shell("sleep 300")
    await engine.start(start)
    await site.payload(start.key)
    first, second = await asyncio.gather(engine.host.kill(start.key, 30.0), engine.host.kill(start.key, 0.0))
    assert first == second
    assert first.found == first.gone >= 1


async def test_killing_what_has_ended_finds_nothing(site: Site) -> None:
    engine = await site.engine()
    start = shell("exit 0")
    await engine.run(start)
    assert await engine.host.kill(start.key, 0.0) == KillProof(0, 0)
    assert (await engine.host.stat([start.key]))[0].cut is None


async def test_a_kill_right_after_the_start_ends_the_run(site: Site) -> None:
    engine = await site.engine()
    start = shell("sleep 300")
    await engine.start(start)
    proof = await engine.host.kill(start.key, 0.0)
    assert proof.found == proof.gone
    assert (await engine.ending(start.key)).phase is Phase.EXITED


@pytest.mark.parametrize(
    ("limits", "cut", "code"),
    [
        (Limits(soft=0.5), Cut.SOFT, 143),
        (Limits(hard=0.5), Cut.HARD, 137),
        (Limits(silence=0.5), Cut.SILENCE, 143),
    ],
)
async def test_limits_hold_with_no_engine_there(site: Site, limits: Limits, cut: Cut, code: int) -> None:
    engine = await site.engine()
    start = shell("echo word; exec sleep 300", limits=limits)
    await engine.start(start)
    await engine.host.close()
    await until((site.folder(start.key) / "rc").exists, "the cut")
    later = await site.engine()
    await until(lambda: '"proof"' in _text(site.folder(start.key) / "note"), "the proof")
    (status,) = await later.host.stat([start.key])
    while status.phase is Phase.RUNNING:
        (status,) = await later.host.stat([start.key])
    assert (status.phase, status.cut, status.exit_code) == (Phase.EXITED, cut, code)


async def test_output_postpones_the_silence_limit(site: Site) -> None:
    engine = await site.engine()
    start = shell("for i in 1 2 3 4 5 6 7 8; do echo $i; sleep 0.5; done", limits=Limits(silence=3))
    began = time.monotonic()
    ending = await engine.run(start)
    assert (ending.cut, ending.exit_code) == (None, 0) or time.monotonic() - began > 15


async def test_a_cut_outlives_the_keeper(site: Site) -> None:
    engine = await site.engine()
    start = shell("trap '' TERM; echo ready; while :; do sleep 0.2; done", limits=Limits(soft=0.2, grace=3))
    await engine.start(start)
    await until(lambda: "soft" in _text(site.folder(start.key) / "note"), "the cut")
    await site.kill_keepers()
    ending = await engine.ending(start.key)
    assert (ending.cut, ending.exit_code) == (Cut.SOFT, 137)


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""
