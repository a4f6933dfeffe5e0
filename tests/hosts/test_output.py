"""Output: to the byte under the cap, counted beyond it, and never a reason to block."""

import hashlib
import os
import random
from pathlib import Path

from tests.hosts.conftest import Engine, Site, shell, until


async def _whole(engine: Engine, key: str, size: int) -> bytes:
    parts: list[bytes] = []
    while part := await engine.host.read(key, sum(map(len, parts)), 1 << 20):
        parts.append(part)
    whole = b"".join(parts)
    assert len(whole) == size
    return whole


async def test_twelve_megabytes_of_binary_output_arrive_to_the_byte(site: Site, tmp_path: Path) -> None:
    engine = await site.engine()
    data = random.Random(1).randbytes(12_000_007)
    (tmp_path / "data").write_bytes(data)
    start = shell(f"cat {tmp_path}/data")
    ending = await engine.run(start)
    assert (ending.size, ending.dropped, ending.gap_at) == (len(data), 0, None)
    whole = await _whole(engine, start.key, len(data))
    assert hashlib.sha256(whole).digest() == hashlib.sha256(data).digest()


async def test_beyond_the_cap_head_and_tail_are_kept_and_the_rest_is_counted(site: Site, tmp_path: Path) -> None:
    engine = await site.engine("--head", "100000", "--tail", "30000")
    data = random.Random(2).randbytes(1_000_003)
    (tmp_path / "data").write_bytes(data)
    start = shell(f"cat {tmp_path}/data")
    ending = await engine.run(start)
    assert (ending.size, ending.dropped, ending.gap_at) == (130_000, len(data) - 130_000, 100_000)
    assert await _whole(engine, start.key, ending.size) == data[:100_000] + data[-30_000:]
    (again,) = await engine.host.stat([start.key])
    assert (again.size, again.dropped, again.gap_at) == (ending.size, ending.dropped, ending.gap_at)


async def test_a_tail_that_is_not_full_leaves_no_gap_in_what_is_kept(site: Site, tmp_path: Path) -> None:
    engine = await site.engine("--head", "1000", "--tail", "30000")
    data = random.Random(3).randbytes(20_000)
    (tmp_path / "data").write_bytes(data)
    start = shell(f"cat {tmp_path}/data")
    ending = await engine.run(start)
    assert (ending.size, ending.dropped) == (20_000, 0)
    assert await _whole(engine, start.key, 20_000) == data


async def test_the_count_beyond_the_cap_goes_on_under_the_next_keeper(site: Site, tmp_path: Path) -> None:
    engine = await site.engine("--head", "100000", "--tail", "30000")
    data = random.Random(4).randbytes(400_000)
    (tmp_path / "data").write_bytes(data)
    start = shell(f"cat {tmp_path}/data; until [ -e {tmp_path}/gate ]; do sleep 0.05; done; cat {tmp_path}/data")
    await engine.start(start)
    marks = site.folder(start.key) / "marks"
    await until(lambda: marks.exists() and marks.read_text().split()[2:3] == ["300000"], "the first half")
    await site.kill_keepers()
    (tmp_path / "gate").touch()
    ending = await engine.ending(start.key)
    assert (ending.size, ending.dropped) == (130_000, 800_000 - 130_000)
    assert await _whole(engine, start.key, ending.size) == data[:100_000] + data[-30_000:]


async def test_opening_dev_stderr_and_dev_stdout_truncates_nothing(site: Site) -> None:
    engine = await site.engine()
    start = shell("echo one; echo two >/dev/stderr; echo three >/dev/stdout; echo four >/proc/self/fd/2; echo five")
    await engine.run(start)
    assert await engine.host.read(start.key, 0, 100) == b"one\ntwo\nthree\nfour\nfive\n"


async def test_a_background_process_that_holds_the_output_does_not_hold_the_ending(site: Site) -> None:
    engine = await site.engine()
    start = shell("sleep 300 & echo started; exit 6")
    ending = await engine.run(start)
    assert ending.exit_code == 6
    assert await engine.host.read(start.key, 0, 100) == b"started\n"


async def test_reading_goes_by_offsets(site: Site) -> None:
    engine = await site.engine()
    start = shell("printf 0123456789")
    await engine.run(start)
    assert await engine.host.read(start.key, 3, 4) == b"3456"
    assert await engine.host.read(start.key, 10, 4) == b""
    assert await engine.host.read(start.key, 99, 4) == b""


async def test_a_run_without_output_has_no_log(site: Site, tmp_path: Path) -> None:
    engine = await site.engine()
    start = shell("exit 0")
    assert (await engine.run(start)).size == 0
    assert await engine.host.read(start.key, 0, 10) == b""
    assert await engine.host.take_logs({start.key: str(tmp_path / "log")}) == []


async def test_a_taken_log_is_whole_and_private(site: Site, tmp_path: Path) -> None:
    engine = await site.engine()
    start = shell("echo word")
    await engine.run(start)
    target = tmp_path / "log"
    assert await engine.host.take_logs({start.key: str(target)}) == [start.key]
    assert target.read_bytes() == b"word\n"
    assert target.stat().st_mode & 0o777 == 0o600


async def test_a_log_is_copied_across_file_systems(site: Site) -> None:
    engine = await site.engine()
    start = shell("echo word")
    await engine.run(start)
    target = Path("/dev/shm") / f"wk-log-{os.getpid()}-{start.key}"
    try:
        assert await engine.host.take_logs({start.key: str(target)}) == [start.key]
        assert target.read_bytes() == b"word\n"
    finally:
        target.unlink(missing_ok=True)
