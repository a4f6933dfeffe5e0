"""What a start gives the payload, and that it happens at most once."""

import asyncio
import json
import sys
from functools import partial
from pathlib import Path

from tests.hosts.conftest import Engine, Site, new_key, shell, until
from watchkeeper.hosts.host import Phase, Start

_ECHO = """
import json, os, sys
names = [name for name in os.environ if name.startswith("WKT_")]
told = {"argv": [os.fsencode(item).hex() for item in sys.argv[1:]],
        "env": {name: os.fsencode(os.environ[name]).hex() for name in names}, "stdin": sys.stdin.buffer.read().hex()}
print(json.dumps(told))
"""


async def test_fifty_starts_for_one_key_over_five_connections_start_one_process(site: Site, tmp_path: Path) -> None:
    engines = [await site.engine() for _ in range(5)]
    start = shell(f"echo ran >> {tmp_path}/ledger")
    answers = await asyncio.gather(*(engines[i % 5].host.start([start]) for i in range(50)))
    assert all(answer.status is not None for (answer,) in answers)
    for engine in engines:
        assert (await engine.ending(start.key)).exit_code == 0
    assert (tmp_path / "ledger").read_text() == "ran\n"


async def test_a_start_of_an_ended_key_gives_its_ending(site: Site, tmp_path: Path) -> None:
    engine = await site.engine()
    start = shell(f"echo ran >> {tmp_path}/ledger; exit 7")
    await engine.run(start)
    again = await engine.start(start)
    assert (again.phase, again.exit_code) == (Phase.EXITED, 7)
    assert (tmp_path / "ledger").read_text() == "ran\n"


async def test_two_keeper_versions_asked_at_once_start_one_process(site: Site, tmp_path: Path) -> None:
    other = tmp_path / "keeper_of_another_version.py"
    other.write_bytes(_keeper_source() + b"\n# another version\n")
    first, second = await site.engine(), await site.engine(program=other)
    starts = [shell(f"echo {number} >> {tmp_path}/ledger") for number in range(10)]
    await asyncio.gather(*(engine.host.start([start]) for start in starts for engine in (first, second)))
    for start in starts:
        await until(partial(_is_ended, start.key, first, second), "an ending")
    assert sorted((tmp_path / "ledger").read_text().split()) == sorted(str(number) for number in range(10))


def _is_ended(key: str, *engines: Engine) -> bool:
    return any(key in engine.ended for engine in engines)


async def test_a_claimed_directory_without_run_is_started(site: Site) -> None:
    engine = await site.engine()
    start = shell("exit 3")
    site.folder(start.key).mkdir(mode=0o700)
    assert await engine.phase(start.key) == Phase.CLAIMED_NOT_STARTED
    assert (await engine.run(start)).exit_code == 3


async def test_an_empty_run_file_proves_that_nothing_started(site: Site) -> None:
    engine = await site.engine()
    start = shell("exit 3")
    site.folder(start.key).mkdir(mode=0o700)
    (site.folder(start.key) / "run").touch()
    assert await engine.phase(start.key) == Phase.CLAIMED_NOT_STARTED
    assert (await engine.run(start)).exit_code == 3


async def test_an_unknown_key_is_absent_on_the_same_ground(site: Site) -> None:
    engine = await site.engine()
    assert await engine.phase(new_key()) == Phase.ABSENT
    await site.kill_keepers()
    assert (await site.engine()).ground == engine.ground


async def test_another_folder_is_another_ground(site: Site, tmp_path: Path) -> None:
    other = Site(tmp_path / "other", site.options)
    try:
        assert (await site.engine()).ground.folder_id != (await other.engine()).ground.folder_id
    finally:
        await other.end()


async def test_argv_environment_and_stdin_arrive_to_the_byte(site: Site, tmp_path: Path) -> None:
    engine = await site.engine()
    program = tmp_path / "echo.py"
    program.write_text(_ECHO)
    cases = [_case(seed) for seed in range(40)]
    starts = [
        Start(key=new_key(), argv=(sys.executable, str(program), *argv), env=env, stdin=stdin)
        for argv, env, stdin in cases
    ]
    for start, (argv, env, stdin) in zip(starts, cases, strict=True):
        assert (await engine.run(start)).exit_code == 0
        told = json.loads(await engine.host.read(start.key, 0, 1 << 20))
        assert told["argv"] == [item.encode().hex() for item in argv]
        assert told["env"] == {name: value.encode().hex() for name, value in env.items()}
        assert told["stdin"] == stdin.encode().hex()


def _case(seed: int) -> tuple[list[str], dict[str, str], str]:
    """Text full of what shells, JSON and locales trip over; the same for a seed every time."""
    import random

    choose = random.Random(seed)
    pool = "ab \n\t'\"\\$`;&|<>(){}*?!~#=%-\r\x01\x1b\x7fé中文\u202e\u2028🙂\ud7ff\ue000"

    def text() -> str:
        return "".join(choose.choice(pool) for _ in range(choose.randrange(30)))

    argv = [text() for _ in range(choose.randrange(1, 5))]
    return argv, {f"WKT_{number}": text() for number in range(3)}, text()


async def test_the_run_directory_is_private(site: Site) -> None:
    engine = await site.engine()
    start = shell("echo word; echo name=value >> $WATCHKEEPER_OUTPUT")
    ending = await engine.run(start)
    assert ending.outputs == "name=value\n"
    assert site.folder(start.key).stat().st_mode & 0o777 == 0o700
    for name in ("out", "script"):
        assert (site.folder(start.key) / name).stat().st_mode & 0o777 == 0o600


async def test_secrets_are_private_files_that_end_with_the_run(site: Site) -> None:
    engine = await site.engine()
    start = shell(
        'stat -c %a "$WATCHKEEPER_SECRET_TOKEN_FILE"; cat "$WATCHKEEPER_SECRET_TOKEN_FILE"',
        secrets={"TOKEN": "s3cr3t é"},
    )
    await engine.run(start)
    told = await engine.host.read(start.key, 0, 1 << 20)
    assert told.startswith("600\ns3cr3t é".encode())
    assert not list(site.folder(start.key).glob("secret-*"))


async def test_outputs_are_cut_at_64_kib(site: Site) -> None:
    engine = await site.engine()
    ending = await engine.run(shell('head -c 100000 /dev/zero | tr "\\0" x > $WATCHKEEPER_OUTPUT'))
    assert len(ending.outputs) == 65536


async def test_the_payload_has_the_default_signals_and_its_own_session(site: Site) -> None:
    engine = await site.engine()
    start = shell("grep SigIgn /proc/$$/status; ps -o pid=,pgid= -p $$")
    await engine.run(start)
    ignored, ids = (await engine.host.read(start.key, 0, 1 << 20)).decode().splitlines()
    assert int(ignored.split()[1], 16) & 0x7FFF == 0
    assert len(set(ids.split())) == 1


def _keeper_source() -> bytes:
    from watchkeeper.hosts import keeper

    return Path(keeper.__file__).read_bytes()


async def test_an_ended_key_has_ended_while_its_wrapper_has_not_quite_gone(site: Site, tmp_path: Path) -> None:
    """Asked at once, again and again: what was let go is not taken for a living run."""
    engine = await site.engine()
    for number in range(15):
        start = shell(f"exit {number}")
        await engine.run(start)
        again = await engine.start(start)
        assert (again.phase, again.exit_code) == (Phase.EXITED, number)
