"""A host of its own for each test, once as Linux has it and once by the portable path."""

import asyncio
import contextlib
import os
import signal
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from watchkeeper.hosts import keeper
from watchkeeper.hosts.host import Start, Status
from watchkeeper.hosts.keys import attempt_key
from watchkeeper.hosts.local import LocalHost
from watchkeeper.model.run import Ground

#: How long anything may take on a loaded machine.
PATIENCE = 60.0


def new_key() -> str:
    return attempt_key("w", uuid.uuid4().hex, 1)


def shell(script: str, **fields: Any) -> Start:
    """A start of `script` under a key of its own."""
    return Start(**{"key": new_key(), "argv": ("/bin/sh", "{script}"), "script": script, **fields})


async def until(found: Callable[[], object], what: str) -> Any:
    """What `found` returns once it is true."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while not (value := found()):
        assert asyncio.get_running_loop().time() < deadline, f"waited in vain: {what}"
        await asyncio.sleep(0.01)
    return value


class Engine:
    """A host as one engine sees it, with what it was told."""

    def __init__(self, host: LocalHost) -> None:
        self.host = host
        self.ended: dict[str, Status] = {}
        self.told: list[str] = []
        self.returns = 0
        self.ground = Ground("", "")
        host.on_ended = self._take
        host.on_reconnected = self._returned

    async def start(self, start: Start) -> Status:
        """Its status right after the start."""
        (answer,) = await self.host.start([start])
        assert answer.status is not None, answer.refusal
        return answer.status

    async def ending(self, key: str) -> Status:
        status: Status = await until(lambda: self.ended.get(key), f"the ending of {key}")
        return status

    async def run(self, start: Start) -> Status:
        """Its ending."""
        await self.start(start)
        return await self.ending(start.key)

    async def phase(self, key: str) -> str:
        return (await self.host.stat([key]))[0].phase

    def _take(self, statuses: list[Status]) -> None:
        self.told += [status.key for status in statuses]
        self.ended.update((status.key, status) for status in statuses)

    def _returned(self, ground: Ground) -> None:
        self.returns += 1


class Site:
    """The host's folder, its keepers and the engines that came."""

    def __init__(self, root: Path, options: Sequence[str]) -> None:
        self.root, self.options = root, tuple(options)
        self.engines: list[Engine] = []

    @property
    def is_portable(self) -> bool:
        return "--portable" in self.options

    def folder(self, key: str) -> Path:
        return self.root / "runs" / key

    async def engine(self, *options: str, workspace: str = "w", fence: int = 1, program: Path | None = None) -> Engine:
        engine = Engine(LocalHost(self.root, program=program, options=(*self.options, *options)))
        self.engines.append(engine)
        engine.ground = await engine.host.connect(workspace, fence)
        return engine

    def keepers(self) -> list[int]:
        """The pids of the living keepers."""
        pids = [int(lock.read_text() or 0) for lock in (self.root / "keepers").glob("*.lock")]
        return [pid for pid in pids if keeper.Linux().process(pid)]

    async def kill_keepers(self) -> None:
        """SIGKILL, as the worst case has it; returns when they are gone."""
        for pid in self.keepers():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        await until(lambda: not self.keepers(), "the keepers' death")

    async def wrapper(self, key: str) -> int:
        """The pid of the run's wrapper, once its payload has been started."""
        path = self.folder(key) / "run"
        await until(lambda: path.exists() and path.read_text().endswith("\n"), f"the start of {key}")
        return int(path.read_text().split()[0])

    async def payload(self, key: str) -> int:
        wrapper = await self.wrapper(key)
        pid: int = await until(lambda: _child_in_own_session(wrapper), f"the payload of {key}")
        return pid

    async def end(self) -> None:
        for engine in self.engines:
            await engine.host.close()
        await self.kill_keepers()
        for process in keeper.Linux().table():
            if _is_of(process.pid, self.root):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGKILL)
        await asyncio.get_running_loop().shutdown_default_executor()


def _child_in_own_session(parent: int) -> int | None:
    own = [child.pid for child in keeper.Linux().table() if child.parent == parent and child.group == child.pid]
    return own[0] if own else None


def _is_of(pid: int, root: Path) -> bool:
    try:
        return f"WATCHKEEPER_OUTPUT={root}/".encode() in Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return False


def alive(pid: int) -> bool:
    """A zombie is dead."""
    return keeper.Linux().process(pid) is not None


@pytest.fixture(params=["linux", "portable"])
async def site(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Site]:
    site = Site(tmp_path / "host", ("--portable",) if request.param == "portable" else ())
    yield site
    await site.end()
