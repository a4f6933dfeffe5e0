"""A scripted world for the state machine: run directories that outlive every engine, and a count of what was started.

The one host in these tests that is not real: it models what a run directory promises and nothing else.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from watchkeeper.hosts.host import Answer, Cut, KillProof, Phase, Start, Status, Unreachable
from watchkeeper.model.run import Ground
from watchkeeper.store.store import Store
from watchkeeper.store.tx import Tx


@dataclass
class Folder:
    """One run directory."""

    run_id: str
    attempt: int
    phase: Phase = Phase.RUNNING
    exit_code: int | None = None
    cut: Cut | None = None


@dataclass
class World:
    """What no crash of an engine can change."""

    folders: dict[str, Folder] = field(default_factory=dict)
    starts: Counter[str] = field(default_factory=Counter)
    #: What became of every attempt that was started, by run: also of those whose folders are gone.
    attempts: dict[str, dict[int, Folder]] = field(default_factory=dict)
    boot: int = 1
    is_reachable: bool = True
    #: So many of the next calls never arrive, although the line is up again at once.
    lost_calls: int = 0
    #: So many of the next calls are carried out and their answers lost.
    lost_answers: int = 0

    def start(self, start: Start) -> None:
        if start.key not in self.folders:
            self.starts[start.key] += 1
            folder = Folder(start.env["WATCHKEEPER_RUN_ID"], int(start.env["WATCHKEEPER_ATTEMPT"]))
            self.folders[start.key] = folder
            self.attempts.setdefault(folder.run_id, {})[folder.attempt] = folder

    def status(self, key: str) -> Status:
        folder = self.folders.get(key)
        if folder is None:
            return Status(key, Phase.ABSENT)
        return Status(key, folder.phase, exit_code=folder.exit_code, cut=folder.cut)

    def running(self) -> list[str]:
        return [key for key, folder in self.folders.items() if folder.phase is Phase.RUNNING]

    def ground(self) -> Ground:
        return Ground(f"boot-{self.boot}", "folder")

    def reboot(self) -> None:
        self.boot += 1
        for key in self.running():
            self.folders[key].phase = Phase.LOST_REBOOT


class ScriptedHost:
    """Implements Host for one engine; dead once the engine is."""

    name = "local"

    def __init__(self, world: World) -> None:
        self.world = world
        self.is_dead = False
        self.on_ended: Callable[[list[Status]], None] = lambda statuses: None
        self.on_reconnected: Callable[[Ground], None] = lambda ground: None

    def push(self, key: str) -> None:
        """Tell the engine that a run has ended, if the line is up."""
        if self.world.is_reachable and not self.is_dead:
            self.on_ended([self.world.status(key)])

    async def connect(self, workspace: str, fence: int) -> Ground:
        await self._arrive()
        return self.world.ground()

    async def start(self, starts: Sequence[Start]) -> list[Answer]:
        await self._arrive()
        for start in starts:
            self.world.start(start)
        self._answer()
        return [Answer(start.key, self.world.status(start.key)) for start in starts]

    async def stat(self, keys: Sequence[str]) -> list[Status]:
        await self._arrive()
        return [self.world.status(key) for key in keys]

    async def kill(self, key: str, grace: float) -> KillProof:
        await self._arrive()
        folder = self.world.folders.get(key)
        if folder is not None and folder.phase is Phase.RUNNING:
            folder.phase, folder.exit_code, folder.cut = Phase.EXITED, 143, Cut.KILLED
            self.push(key)
        self._answer()
        return KillProof(1, 1)

    async def read(self, key: str, offset: int, length: int) -> bytes:
        return b""

    async def take_logs(self, targets: Mapping[str, str]) -> list[str]:
        await self._arrive()
        return []

    async def collect(self, keys: Sequence[str]) -> list[str]:
        await self._arrive()
        return [key for key in keys if self.world.folders.pop(key, None)]

    async def close(self) -> None:
        return None

    async def _arrive(self) -> None:
        await asyncio.sleep(0)
        if self.is_dead:
            await never()
        if not self.world.is_reachable:
            raise Unreachable("the line is cut")
        if self.world.lost_calls > 0:
            self.world.lost_calls -= 1
            self._blink("the call was lost")

    def _answer(self) -> None:
        if self.world.lost_answers > 0:
            self.world.lost_answers -= 1
            self._blink("the answer was lost")

    def _blink(self, why: str) -> NoReturn:
        """The line is gone and, before anybody has turned round, back."""
        asyncio.get_running_loop().call_soon(self.on_reconnected, self.world.ground())
        raise Unreachable(why)


class MortalStore(Store):
    """A store that answers nobody any more once its process is dead."""

    is_dead = False

    async def _put(self, item: Any) -> Any:
        if self.is_dead:
            await never()
        return await super()._put(item)

    async def read(self, fn: Callable[[Tx], Any]) -> Any:
        if self.is_dead:
            await never()
        return await super().read(fn)


async def never() -> None:
    """What a dead process does next."""
    await asyncio.get_running_loop().create_future()
