"""The first import of a file, in a process of its own: one that hangs, crashes or floods there never gets further.

Decision: every file that does not come with the product is imported in a short-lived process before the engine does.
Question: how can an import hurt only its row, when the engine needs the file's Specs as objects of its own process?
Why: what an import does it does each time, and a process can be given limits of time and memory and can be killed.
Alternatives: Specs as data and no import at all (parameters are the author's own classes); a thread with a time limit
(a thread can't be stopped, and a segmentation fault has no limits).
State: in force. A file that behaves itself in the trial and not in the engine is the author's intent, and was allowed.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import msgspec

from watchkeeper.model import codec
from watchkeeper.model.text import Text, _
from watchkeeper.plugin.child import Child, Reply, answering
from watchkeeper.plugin.limits import limit_memory
from watchkeeper.plugin.loader import FileState, PluginFile, Read, load, stopped

#: Seconds that an import may take, and trials at once.
SECONDS, AT_ONCE = 5.0, 4


class Trial(msgspec.Struct, frozen=True):
    """What the process reads from stdin, as JSON."""

    source: str
    hash: str
    memory_mib: int


class Trials:
    """Verdicts by path and hash: a row that says what was wrong, or None for a file that may be imported."""

    def __init__(self, memory_mib: int = 0) -> None:
        """`memory_mib`: of data for each process; 0 for no limit."""
        self.memory_mib = memory_mib
        #: Called on a thread whenever a verdict is there.
        self.on_verdict: Callable[[], None] = lambda: None
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="trial")
        self._verdicts: dict[tuple[str, str], Future[PluginFile | None]] = {}
        self._living: set[Child] = set()
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
        for child in tuple(self._living):
            child.end()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _tried(self, found: Read) -> PluginFile | None:
        order = codec.encode(Trial(found.row.path, found.row.hash, self.memory_mib))
        if self._is_closed.is_set():
            return None
        child = Child("first_import")
        self._living.add(child)
        try:
            return _verdict(found.row, child.ask(order, SECONDS))
        finally:
            self._living.discard(child)


def _verdict(row: PluginFile, reply: Reply) -> PluginFile | None:
    with suppress(msgspec.MsgspecError):
        told = codec.from_own(reply.answer, PluginFile)
        return None if told.state is FileState.LOADED else told
    why = _late() if reply.is_late else _died(reply.code)
    broken = stopped(row, FileState.BROKEN, why).file
    return msgspec.structs.replace(broken, traceback=reply.answer.decode(errors="replace"))


def _late() -> Text:
    return _("its import takes longer than {seconds} s: import only, and work in the handler", seconds=int(SECONDS))


def _died(code: int) -> Text:
    if code < 0 and -code in signal.Signals._value2member_map_:
        return _("its import ends the process: {signal}", signal=signal.Signals(-code).name)
    return _("its import ends the process with exit code {code}", code=code)


def main() -> NoReturn:
    """The process: an order in, the row out; whatever the file prints is nobody's."""
    answer = answering(SECONDS)
    order = codec.decode(sys.stdin.buffer.read(), Trial)
    limit_memory(order.memory_mib)
    loaded = load(Path(order.source), is_bundled=False, only=order.hash)
    answer.write(codec.encode(loaded.file))
    os._exit(0)
