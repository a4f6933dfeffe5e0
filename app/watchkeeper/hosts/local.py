"""This machine as a host: starts its keeper on demand, keeps a channel to it, and comes back when it is lost."""

import asyncio
import contextlib
import errno
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from watchkeeper.hosts import keeper
from watchkeeper.hosts.host import Answer, Fenced, KillProof, Start, Status, Unreachable
from watchkeeper.hosts.wire import Reply, Wire
from watchkeeper.model.errors import Known
from watchkeeper.model.places import socket_of
from watchkeeper.model.run import Ground
from watchkeeper.model.text import _

#: Seconds until a keeper that does not come up makes the host unreachable.
_PATIENCE = 10.0
#: Letters of the starts in one message: however they are written as JSON, the keeper takes that many.
_MOST_LETTERS = keeper.LONGEST_MESSAGE // 8
#: Seconds between two attempts to come back: doubled from the first to the last.
_FIRST_PAUSE, _LAST_PAUSE = 0.05, 5.0


class LocalHost:
    """Implements `Host` for the processes of this user on this machine. Belongs to one running loop."""

    def __init__(
        self, root: Path, *, name: str = "local", program: Path | None = None, options: Sequence[str] = ()
    ) -> None:
        """`root` is the host's folder; `program` another keeper file, `options` more words for its command line."""
        self.name = name
        self.on_ended: Callable[[list[Status]], None] = lambda statuses: None
        self.on_reconnected: Callable[[Ground], None] = lambda ground: None
        self._root, self._options = root, tuple(options)
        self._program = program or Path(keeper.__file__)
        self._workspace, self._fence = "", 0
        self._wire: Wire | None = None
        self._is_closed = self._is_fenced = False
        self._life, self._number = "", 0
        self._returning: asyncio.Task[None] | None = None
        self._gathered: list[tuple[Sequence[Start], asyncio.Future[list[Answer]]]] = []
        self._sending: set[asyncio.Task[None]] = set()

    async def connect(self, workspace: str, fence: int) -> Ground:
        """Start the keeper if need be and say HELLO; Fenced, Unreachable, or Known where jobs cannot run."""
        _require_posix()
        self._workspace, self._fence, self._is_closed = workspace, fence, False
        hello = await self._enter()
        self._life, self._number = hello.life, hello.number
        return Ground(hello.boot_id, hello.folder_id)

    async def start(self, starts: Sequence[Start]) -> list[Answer]:
        """Start many; calls of one turn of the loop travel in one message."""
        answered: asyncio.Future[list[Answer]] = asyncio.get_running_loop().create_future()
        if not self._gathered:
            asyncio.get_running_loop().call_soon(self._send_gathered)
        self._gathered.append((starts, answered))
        return await answered

    async def stat(self, keys: Sequence[str]) -> list[Status]:
        return (await self._call("STAT", keys=keys)).statuses

    async def kill(self, key: str, grace: float) -> KillProof:
        proof = (await self._call("KILL", key=key, grace=grace)).proof
        assert proof is not None
        return proof

    async def read(self, key: str, offset: int, length: int) -> bytes:
        """Up to `length` (<= 1 MiB) bytes of kept output; a byte once read at an offset stays there."""
        return (await self._call("READ", key=key, offset=offset, length=length)).data

    async def take_logs(self, targets: Mapping[str, str]) -> list[str]:
        """Move the outputs of ended runs to the files named; the keys that had one. OSError if it cannot be."""
        return await asyncio.to_thread(_move_all, str(self._root / "runs"), targets)

    async def collect(self, keys: Sequence[str]) -> list[str]:
        """Take finished run directories out of sight; the keeper removes them in a trickle."""
        return (await self._call("GC", keys=keys)).keys

    async def close(self) -> None:
        """Leave; runs and keeper go on."""
        self._is_closed = True
        if self._returning is not None:
            self._returning.cancel()
            await asyncio.gather(self._returning, return_exceptions=True)
        if self._wire is not None:
            self._wire.close()
            self._wire = None
        await asyncio.gather(*self._sending, return_exceptions=True)

    async def _call(self, verb: str, **fields: object) -> Reply:
        if self._is_fenced:
            raise Fenced
        if self._wire is None:
            raise Unreachable("there is no connection to the keeper")
        return await self._wire.call(verb, **fields)

    def _send_gathered(self) -> None:
        gathered, self._gathered = self._gathered, []
        task = asyncio.ensure_future(self._start_all(gathered))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _start_all(self, gathered: list[tuple[Sequence[Start], asyncio.Future[list[Answer]]]]) -> None:
        told: list[Answer] = []
        try:
            for message in _messages([start for many, _ in gathered for start in many]):
                told += (await self._call("START", starts=message)).answers
        except (Unreachable, Fenced) as error:
            for _many, answered in gathered:
                if not answered.done():
                    answered.set_exception(error)
            return
        answers = iter(told)
        for many, answered in gathered:
            own = [next(answers) for _ in many]
            if not answered.done():
                answered.set_result(own)

    async def _enter(self) -> Reply:
        """A new connection that has said HELLO."""
        wire = await self._reach()
        try:
            hello = await wire.call("HELLO", workspace=self._workspace, fence=self._fence)
        except BaseException as error:
            self._is_fenced = isinstance(error, Fenced)
            wire.close()
            raise
        self._wire, self._is_fenced = wire, False
        return hello

    async def _reach(self) -> Wire:
        """Connect to the keeper's socket; start the keeper when nobody answers there."""
        path = await asyncio.to_thread(self._socket)
        deadline = asyncio.get_running_loop().time() + _PATIENCE
        while True:
            with contextlib.suppress(OSError):
                return await self._dial(path)
            if asyncio.get_running_loop().time() > deadline:
                raise Unreachable(f"the keeper does not start: see {self._root / 'keeper.log'}")
            await asyncio.to_thread(self._launch, path)
            await asyncio.sleep(_FIRST_PAUSE)

    async def _dial(self, path: Path) -> Wire:
        wire = Wire(self._pushed, lambda: self._lost(wire))
        await asyncio.get_running_loop().create_unix_connection(lambda: wire, str(path))
        return wire

    def _socket(self) -> Path:
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        return socket_of(self._root, f"keeper-{_version(self._program)}")

    def _launch(self, path: Path) -> None:
        """Start a keeper behind; returns when its socket listens or another one has the place."""
        env = {name: value for name, value in os.environ.items() if name != keeper.COOKIE}
        words = [sys.executable, "-I", "-S", str(self._program), "serve", str(self._root), "--socket", str(path)]
        with (self._root / "keeper.log").open("ab") as log:
            os.chmod(log.name, 0o600)
            with contextlib.suppress(subprocess.TimeoutExpired):
                subprocess.run(
                    [*words, "--detach", *self._options],
                    env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=_PATIENCE, check=False,
                )  # fmt: skip

    def _pushed(self, reply: Reply) -> None:
        self._number = max(self._number, reply.number)
        self.on_ended(reply.ended)

    def _lost(self, wire: Wire) -> None:
        if wire is not self._wire:
            return
        self._wire, self._is_fenced = None, wire.is_fenced
        if not self._is_closed and not self._is_fenced:
            self._returning = asyncio.ensure_future(self._return())

    async def _return(self) -> None:
        """Come back, deliver what ended meanwhile, and say so."""
        pause = _FIRST_PAUSE
        while True:
            try:
                hello = await self._enter()
                await self._catch_up(hello)
                return self.on_reconnected(Ground(hello.boot_id, hello.folder_id))
            except Fenced:
                return None
            except (Unreachable, OSError):
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LAST_PAUSE)

    async def _catch_up(self, hello: Reply) -> None:
        since = self._number if hello.life == self._life else 0
        missed = await self._call("LIST", since=since)
        self._life, self._number = hello.life, missed.number
        if missed.statuses:
            self.on_ended(missed.statuses)


def _messages(starts: Sequence[Start]) -> Iterator[Sequence[Start]]:
    """All of them in their order, in messages that the keeper takes; nearly always one."""
    begin = letters = 0
    for number, start in enumerate(starts):
        size = len(start.script or "") + len(start.stdin or "")
        size += sum(map(len, start.env.values())) + sum(map(len, start.secrets.values()))
        if letters + size > _MOST_LETTERS and number > begin:
            yield starts[begin:number]
            begin, letters = number, 0
        letters += size
    yield starts[begin:]


def boot_id() -> str:
    """What this machine calls the time since its last start; another after the next."""
    platform = keeper.Linux() if os.path.exists("/proc/sys/kernel/random/boot_id") else keeper.Portable()
    return platform.boot_id().replace(" ", "_")


def _version(program: Path) -> str:
    return hashlib.sha256(program.read_bytes()).hexdigest()[:12]


def _move_all(folder: str, targets: Mapping[str, str]) -> list[str]:
    return [key for key, target in targets.items() if _move(f"{folder}/{key}/out", target)]


def _move(source: str, target: str) -> bool:
    try:
        os.replace(source, target)
    except FileNotFoundError:
        return False
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy(source, target)
    return True


def _copy(source: str, target: str) -> None:
    """Across file systems: the log is at `target` whole or not at all."""
    partial = target + ".part"
    shutil.copyfile(source, partial)
    os.chmod(partial, 0o600)
    os.replace(partial, target)


def _require_posix() -> None:
    if sys.platform == "win32":
        raise Known(_("jobs cannot run on this Windows machine yet: let them run on a Linux host"))
