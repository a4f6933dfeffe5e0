"""What cannot start is refused in a sentence, before anything has started."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.hosts.conftest import Site, new_key, shell, until
from watchkeeper.hosts import keeper
from watchkeeper.hosts.host import Answer, Phase, Start, Unreachable


async def _refused(site: Site, start: Start, *options: str) -> Answer:
    engine = await site.engine(*options)
    (answer,) = await engine.host.start([start])
    assert answer.status is None, answer
    assert await engine.phase(start.key) == Phase.ABSENT
    return answer


def _start(**fields: Any) -> Start:
    return Start(**{"key": new_key(), "argv": ("/bin/true",), **fields})


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"cwd": "/nowhere/at all"}, "/nowhere/at all does not exist"),
        ({"cwd": "relative"}, "'relative' is not an absolute path"),
        ({"cwd": "/bin/true"}, "/bin/true does not exist"),
        ({"argv": ("no-such-program",)}, "no-such-program was not found"),
        ({"argv": ("/no/such/program",)}, "/no/such/program was not found"),
        ({"argv": ("/etc/passwd",)}, "/etc/passwd may not be executed"),
        ({"argv": ("/etc",)}, "/etc may not be executed"),
        ({"argv": ()}, "no program"),
        ({"argv": ("/bin/echo", "a\0b")}, "NUL"),
        ({"env": {"A=B": "x"}}, "'A=B' cannot be set"),
        ({"env": {"A": "x\0"}}, "'A' cannot be set"),
        ({"secrets": {"../x": "x"}}, "'../x' has no usable name"),
        ({"argv": ("/bin/echo", "x" * 4_000_000)}, "could not be started"),
        ({"script": "x", "script_suffix": "/../x"}, "suffix"),
    ],
)
async def test_a_start_that_cannot_be_says_why(site: Site, fields: dict[str, Any], word: str) -> None:
    answer = await _refused(site, _start(**fields))
    assert word in str(answer.refusal)
    assert not answer.is_passing


async def test_a_missing_interpreter_is_named(site: Site, tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text("#!/no/such/interpreter\n")
    program.chmod(0o755)
    assert "/no/such/interpreter" in str((await _refused(site, _start(argv=(str(program),)))).refusal)


async def test_a_mount_without_exec_is_named(site: Site, tmp_path: Path) -> None:
    mount = tmp_path / "mount"
    mount.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "noexec", "none", mount], check=False).returncode:
        pytest.skip("needs the right to mount")
    try:
        (mount / "program").write_text("#!/bin/sh\n")
        (mount / "program").chmod(0o755)
        assert "mount forbids it" in str((await _refused(site, _start(argv=(str(mount / "program"),)))).refusal)
    finally:
        subprocess.run(["umount", mount], check=True)


async def test_running_out_of_descriptors_passes_and_loses_nothing(site: Site, tmp_path: Path) -> None:
    program = tmp_path / "keeper_with_few_descriptors.py"
    limit = b"import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))\n"
    program.write_bytes(limit + Path(keeper.__file__).read_bytes())
    engine = await site.engine(program=program)
    starts = [shell(f"until [ -e {tmp_path}/gate ]; do sleep 0.05; done; echo x; exit 2") for _ in range(40)]
    answers = await engine.host.start(starts)
    refused = [start for start, answer in zip(starts, answers, strict=True) if answer.status is None]
    assert 0 < len(refused) < len(starts)
    assert all(answer.is_passing and "open files" in str(answer.refusal) for answer in answers if answer.status is None)
    assert {status.phase for status in await engine.host.stat([start.key for start in refused])} <= {
        Phase.ABSENT,
        Phase.CLAIMED_NOT_STARTED,
    }
    (tmp_path / "gate").touch()
    for start in starts:
        if start not in refused:
            assert (await engine.ending(start.key)).exit_code == 2
    assert (await engine.run(refused[0])).exit_code == 2


async def test_a_full_disk_passes_and_recovers_by_itself(site: Site, tmp_path: Path) -> None:
    mount = tmp_path / "mount"
    mount.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m,mode=700", "none", mount], check=False).returncode:
        pytest.skip("needs the right to mount")
    full = Site(mount / "host", site.options)
    try:
        engine = await full.engine()
        gate = tmp_path / "gate"
        noisy = shell(f"echo first; until [ -e {gate} ]; do sleep 0.05; done; head -c 2999994 /dev/zero; exit 8")
        await engine.start(noisy)
        await until((full.folder(noisy.key) / "out").exists, "the first line")
        ballast = mount / "ballast"
        _fill(ballast)
        start = shell("exit 2", stdin="x" * 5000)
        (answer,) = await engine.host.start([start])
        assert answer.is_passing, answer
        assert "No space left" in str(answer.refusal)
        gate.touch()
        ballast.unlink()
        ending = await engine.ending(noisy.key)
        assert ending.exit_code == 8
        assert ending.size + ending.dropped == 3_000_000
        (full.folder(noisy.key) / "out").unlink()
        assert (await engine.run(start)).exit_code == 2
    finally:
        await full.end()
        subprocess.run(["umount", mount], check=True)


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                pass


async def test_a_malformed_key_touches_nothing(site: Site) -> None:
    engine = await site.engine()
    before = sorted(os.listdir(site.root))
    with pytest.raises(Unreachable):
        await engine.host.start([_start(key="../../escape")])
    assert sorted(os.listdir(site.root)) == before
    assert not (site.root / "escape").exists()


async def test_a_wrapper_that_cannot_fork_proves_that_nothing_started(site: Site, tmp_path: Path) -> None:
    """Its shell gives up after `run` and before the payload, as it does when there are too many processes."""
    program = tmp_path / "keeper_whose_wrapper_gives_up.py"
    source = Path(keeper.__file__).read_text()
    assert "shift 4; " in source
    program.write_text(source.replace("shift 4; ", "exit 2; shift 4; "))
    engine = await site.engine(program=program)
    start = shell("exit 3")
    assert (await engine.run(start)).phase is Phase.CLAIMED_NOT_STARTED
    assert await engine.phase(start.key) == Phase.CLAIMED_NOT_STARTED
    assert (await (await site.engine()).run(start)).exit_code == 3
