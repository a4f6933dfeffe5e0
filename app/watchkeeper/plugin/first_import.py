"""The first import of a file, in a process of its own: one that hangs, crashes or floods there never gets further.

Decision: every file that does not come with the product is imported in a short-lived process before the engine does.
Question: how can an import hurt only its row, when the engine needs the file's Specs as objects of its own process?
Why: what an import does it does each time, and a process can be given limits of time and memory and can be killed.
Alternatives: Specs as data and no import at all (parameters are the author's own classes); a thread with a time limit
(a thread can't be stopped, and a segmentation fault has no limits).
State: in force. A file that behaves itself in the trial and not in the engine is the author's intent, and was allowed.
"""

import faulthandler
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import msgspec

from watchkeeper.model import codec
from watchkeeper.model.text import Text, _
from watchkeeper.plugin.limits import limit_memory
from watchkeeper.plugin.loader import FileState, PluginFile, Read, load, stopped

_PACKAGE_ROOT = str(Path(__file__).resolve().parents[2])
_BOOT = "import sys; sys.path.append(sys.argv[1]); from watchkeeper.plugin.first_import import main; main()"

#: Seconds that an import may take, and trials at once.
SECONDS, AT_ONCE = 5.0, 4
_ANSWER_BYTES = 256 * 1024
#: Milliseconds between two looks at a process that writes nothing.
_BEAT = 50


class Order(msgspec.Struct, frozen=True):
    """What the process reads from stdin, as JSON."""

    source: str
    hash: str
    memory_mib: int


class FirstImports:
    """Verdicts by path and hash: a row that says what was wrong, or None for a file that may be imported."""

    def __init__(self, memory_mib: int = 0) -> None:
        """`memory_mib`: of data for each process; 0 for no limit."""
        self.memory_mib = memory_mib
        #: Called on a thread whenever a verdict is there.
        self.on_verdict: Callable[[], None] = lambda: None
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="first-import")
        self._verdicts: dict[tuple[str, str], Future[PluginFile | None]] = {}
        self._living: set[subprocess.Popen[bytes]] = set()
        self._is_closed = threading.Event()

    def of(self, found: Read) -> "Future[PluginFile | None]":
        """The verdict on what was read; begun when it was not yet asked for."""
        key = (found.row.path, found.row.hash)
        if key not in self._verdicts:
            self._verdicts[key] = self._pool.submit(self._tried, found)
            self._verdicts[key].add_done_callback(lambda _future: self.on_verdict())
        return self._verdicts[key]

    @property
    def running(self) -> list["Future[PluginFile | None]"]:
        """Those that are not done."""
        return [verdict for verdict in self._verdicts.values() if not verdict.done()]

    def forget_failures(self) -> None:
        """Try again what did not pass: it may find by now what it lacked."""
        self._verdicts = {
            key: verdict
            for key, verdict in self._verdicts.items()
            if not verdict.done() or (verdict.exception() is None and verdict.result() is None)
        }

    def close(self) -> None:
        """End what is being tried."""
        self.on_verdict = lambda: None
        self._is_closed.set()
        for process in tuple(self._living):
            _end(process)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _tried(self, found: Read) -> PluginFile | None:
        order = codec.encode(Order(found.row.path, found.row.hash, self.memory_mib))
        process = subprocess.Popen(
            (sys.executable, "-P", "-c", _BOOT, _PACKAGE_ROOT),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._living.add(process)
        try:
            answer, is_late = (b"", False) if self._is_closed.is_set() else _answer(process, order)
        finally:
            _end(process)
            _close(process)
            self._living.discard(process)
        return _verdict(found.row, answer, process.returncode, is_late)


def _answer(process: "subprocess.Popen[bytes]", order: bytes) -> tuple[bytes, bool]:
    """What it writes until it ends, and whether that took too long; what it has started may hold the pipe for ever."""
    assert process.stdin is not None and process.stdout is not None
    with suppress(BrokenPipeError):
        process.stdin.write(order)
        process.stdin.close()
    answer, deadline = bytearray(), time.monotonic() + SECONDS
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
    """Kill it and all that its import has started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _close(process: "subprocess.Popen[bytes]") -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()


def _verdict(row: PluginFile, answer: bytes, code: int, is_late: bool) -> PluginFile | None:
    with suppress(msgspec.MsgspecError):
        told = codec.from_own(answer, PluginFile)
        return None if told.state is FileState.LOADED else told
    why = _late() if is_late else _died(code)
    broken = stopped(row, FileState.BROKEN, why).file
    return msgspec.structs.replace(broken, traceback=answer.decode(errors="replace"))


def _late() -> Text:
    return _("its import takes longer than {seconds} s: import only, and work in the handler", seconds=int(SECONDS))


def _died(code: int) -> Text:
    if code < 0 and -code in signal.Signals._value2member_map_:
        return _("its import ends the process: {signal}", signal=signal.Signals(-code).name)
    return _("its import ends the process with exit code {code}", code=code)


def main() -> NoReturn:
    """The process: an order in, the row out; whatever the file prints is nobody's."""
    answer = os.fdopen(os.dup(1), "wb", buffering=0)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    faulthandler.enable(answer)
    order = codec.decode(sys.stdin.buffer.read(), Order)
    limit_memory(order.memory_mib)
    loaded = load(Path(order.source), is_bundled=False, only=order.hash)
    answer.write(codec.encode(loaded.file))
    os._exit(0)
