"""Workspaces and desks: made once, owned by one, and of use without an engine."""

import asyncio
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.processes import keepers
from watchkeeper import boot
from watchkeeper.boot.serving import log_to
from watchkeeper.model.errors import Conflict, Known
from watchkeeper.model.known_secrets import masker_of
from watchkeeper.model.run import State
from watchkeeper.store.lock import engine_lock

PATIENCE = 30.0


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "ws"


@pytest.fixture
async def threads_end() -> AsyncIterator[None]:
    yield
    await asyncio.get_running_loop().shutdown_default_executor()


@pytest.fixture
def host_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A host of the test's own, whose keeper goes with it."""
    root = tmp_path / "host"
    monkeypatch.setenv("WATCHKEEPER_HOST_ROOT", str(root))
    yield root
    for pid in keepers(root):
        os.kill(pid, signal.SIGKILL)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_workspace_is_its_owners_alone(home: Path) -> None:
    boot.init_workspace(home)
    assert [mode(folder) for folder in (home, home / "plugins", home / "logs")] == [0o700] * 3
    assert [mode(home / name) for name in ("watchkeeper.db", "engine.lock")] == [0o600] * 2


def test_making_a_workspace_twice_changes_nothing(home: Path) -> None:
    assert boot.init_workspace(home) == boot.init_workspace(home)


def test_a_workspace_that_is_held_is_not_made_anew(home: Path) -> None:
    boot.init_workspace(home)
    with engine_lock(home, "engine"), pytest.raises(Conflict, match="is held by"):
        boot.init_workspace(home)


async def save(desk: Any, **job: Any) -> Any:
    return await desk.do("job.save", spec={"handler": "shell", **job})


async def test_what_is_no_workspace_is_refused_in_a_sentence(home: Path, threads_end: None) -> None:
    with pytest.raises(Known, match="workspace init"):
        async with boot.open_desk(home, is_writing=True):
            pass
    home.mkdir()
    with pytest.raises(Known, match="workspace init"):
        async with boot.open_desk(home, is_writing=False):
            pass


async def test_a_reading_desk_needs_no_lock_and_a_writing_one_holds_it(home: Path, threads_end: None) -> None:
    await asyncio.to_thread(boot.init_workspace, home)
    with engine_lock(home, "engine"):
        async with boot.open_desk(home, is_writing=False) as desk:
            assert await desk.ask("job.list") == []
    async with boot.open_desk(home, is_writing=True):
        with pytest.raises(Conflict), engine_lock(home, "other"):
            pass


def engine_of(home: Path) -> subprocess.Popen[str]:
    """A real engine in a process of its own."""
    code = (
        "import sys; from pathlib import Path; from watchkeeper import boot\nboot.run_engine(Path(sys.argv[1]), print)"
    )
    app = Path(__file__).parents[1] / "app"
    return subprocess.Popen([sys.executable, "-u", "-c", code, str(home)], stdout=subprocess.PIPE, text=True, cwd=app)


async def test_a_desk_reaches_the_engine_that_runs_there(home: Path, host_root: Path, threads_end: None) -> None:
    await asyncio.to_thread(boot.init_workspace, home)
    engine = engine_of(home)
    try:
        assert engine.stdout is not None
        assert "engine started" in await asyncio.to_thread(engine.stdout.readline)
        async with boot.open_desk(home, is_writing=True) as desk:
            job = await save(desk, name="fails", params={"script": "exit 3"}, retry={"max_attempts": 1})
            started = await desk.do("run.start", job=job.name)
            async with asyncio.timeout(PATIENCE):
                while (await desk.ask("run.show", run=started.run.id)).run.state is not State.FAILED:
                    await asyncio.sleep(0.02)
                while not (home / "notices.jsonl").exists():
                    await asyncio.sleep(0.02)
        assert json.loads((home / "notices.jsonl").read_text())["run_id"] == started.run.id
        engine.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(engine.wait, PATIENCE) == 0
        assert mode(home / "engine.log") == 0o600
    finally:
        engine.kill()
        engine.communicate()


async def test_one_run_is_run_without_an_engine_and_no_schedule_is_fired(
    home: Path, host_root: Path, threads_end: None
) -> None:
    await asyncio.to_thread(boot.init_workspace, home)
    async with boot.open_desk(home, is_writing=True, runs_one=True) as desk:
        await save(desk, name="often", params={"script": "true"}, triggers=[{"kind": "interval", "every": "10ms"}])
        job = await save(desk, name="once", params={"script": "true"})
        started = await desk.do("run.start", job=job.name)
        async with asyncio.timeout(PATIENCE):
            while (await desk.ask("run.show", run=started.run.id)).run.state is not State.SUCCEEDED:
                await asyncio.sleep(0.02)
        assert [run.job_name for run in await desk.ask("run.list")] == ["once"]


def test_the_engines_own_log_says_no_secret_that_a_run_had(home: Path) -> None:
    boot.init_workspace(home)
    masker_of(["hunter2-of-a-log"])
    logger, before = logging.getLogger("watchkeeper"), list(logging.getLogger("watchkeeper").handlers)
    log_to(home)
    try:
        logger.warning("no login with %s", "hunter2-of-a-log", exc_info=RuntimeError("hunter2-of-a-log"))
    finally:
        for handler in set(logger.handlers) - set(before):
            logger.removeHandler(handler)
            handler.close()
    told = (home / "engine.log").read_text()
    assert "no login with ***" in told and "RuntimeError: ***" in told and "hunter2" not in told
