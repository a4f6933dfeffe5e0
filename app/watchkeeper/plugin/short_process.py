"""Processes of our own interpreter that answer one question and end: what they break is broken there."""

import faulthandler
import os
import select
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text, _

_PACKAGE_ROOT = str(Path(__file__).resolve().parents[2])
_BOOT = "import sys; sys.path.append(sys.argv[1]); from watchkeeper.plugin.{module} import main; main()"

_ANSWER_BYTES = 1024 * 1024
#: Milliseconds between two looks at a process that writes nothing.
_BEAT = 50


class Reply(NamedTuple):
    """What came of a question."""

    answer: bytes
    code: int
    is_late: bool

    @property
    def why(self) -> Text:
        """How the process ended, for one that gave no answer."""
        if self.code < 0 and -self.code in signal.Signals._value2member_map_:
            return Text(signal.Signals(-self.code).name)
        return _("exit code {code}", code=self.code)


class ShortProcesses:
    """So many at once; whoever asks meanwhile waits."""

    def __init__(self, at_once: int, name: str) -> None:
        """`name`: of the threads that wait for them."""
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix=name)
        self._living: set[subprocess.Popen[bytes]] = set()
        self._is_closed = threading.Event()

    def ask(self, module: str, order: bytes, seconds: float) -> "Future[Reply]":
        """Let `main` of a module of this room answer what it reads on stdin, within so many seconds."""
        if self._is_closed.is_set():
            raise Known(_("the engine ended before it began"))
        return self._pool.submit(self._reply, module, order, seconds)

    def close(self) -> None:
        """End what is going on."""
        self._is_closed.set()
        for process in tuple(self._living):
            _end(process)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _reply(self, module: str, order: bytes, seconds: float) -> Reply:
        process = subprocess.Popen(
            (sys.executable, "-P", "-c", _BOOT.format(module=module), _PACKAGE_ROOT),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._living.add(process)
        try:
            answer, is_late = (b"", False) if self._is_closed.is_set() else _answer(process, order, seconds)
        finally:
            _end(process)
            _close(process)
            self._living.discard(process)
        return Reply(answer, process.returncode, is_late)


def answering() -> BinaryIO:
    """In the process: where its answer goes, with the traceback of a crash; what else it prints is nobody's."""
    answer = os.fdopen(os.dup(1), "wb", buffering=0)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    faulthandler.enable(answer)
    return answer


def _answer(process: "subprocess.Popen[bytes]", order: bytes, seconds: float) -> tuple[bytes, bool]:
    """What it writes until it ends, and whether that took too long; what it has started may hold the pipe for ever."""
    assert process.stdin is not None and process.stdout is not None
    with suppress(BrokenPipeError):
        process.stdin.write(order)
        process.stdin.close()
    answer, deadline = bytearray(), time.monotonic() + seconds
    look = select.poll()
    look.register(process.stdout, select.POLLIN)
    while len(answer) < _ANSWER_BYTES and time.monotonic() < deadline:
        if look.poll(_BEAT):
            part = os.read(process.stdout.fileno(), _ANSWER_BYTES)
            answer += part
            if not part:
                break
        elif process.poll() is not None:
            break
    with suppress(subprocess.TimeoutExpired):
        process.wait(max(0.0, deadline - time.monotonic()))
    return bytes(answer), process.poll() is None


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Kill it and all that it has started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _close(process: "subprocess.Popen[bytes]") -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()
