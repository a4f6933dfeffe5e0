"""The first import of a file, in a process of its own: one that hangs, crashes or floods there never gets further.

Decision: every file that does not come with the product is imported in a short-lived process first; the engine imports
only what its own user writes, and knows foreign files by their likeness.
Question: how can an import hurt only its row?
Why: what an import does it does each time, and a process can be given limits of time and memory and can be killed.
Alternatives: a thread with a time limit (a thread can't be stopped, and a segmentation fault has no limits).
State: in force. An own file that behaves itself in the process and not in the engine is its author's intent.
"""

import os
import sys
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from typing import NoReturn

import msgspec

from watchkeeper.model import codec
from watchkeeper.model.text import Text, _
from watchkeeper.plugin.child import Reply, answering
from watchkeeper.plugin.children import Children, ending_of
from watchkeeper.plugin.elsewhere import Elsewhere
from watchkeeper.plugin.likeness import Likeness, likeness_of
from watchkeeper.plugin.limits import limit_memory
from watchkeeper.plugin.loader import FileState, PluginFile, Read, broken, imported, stopped

#: Seconds that an import may take, and imports at once.
SECONDS, AT_ONCE = 5.0, 4
_ANSWER_BYTES = 1 << 20


class Order(msgspec.Struct, frozen=True):
    """What the process reads from stdin, as JSON."""

    read: Read
    memory_mib: int


class Answer(msgspec.Struct, frozen=True):
    """What it writes: the row, and what its kinds are like."""

    file: PluginFile
    likenesses: tuple[Likeness, ...] = ()


class FirstImports:
    """What became of each file, by its path, asked for once for each hash."""

    def __init__(self, memory_mib: int = 0) -> None:
        """`memory_mib`: of data for each process; 0 for no limit."""
        #: Where functions of foreign files are called later on.
        self.elsewhere = Elsewhere(memory_mib)
        #: Called on a thread whenever an answer is there.
        self.on_answer: Callable[[], None] = lambda: None
        self._processes = Children(AT_ONCE, "first-import")
        self._replies: dict[str, tuple[str, Future[Reply]]] = {}

    @property
    def memory_mib(self) -> int:
        """MiB of data for each process that starts from now on; 0 for no limit."""
        return self.elsewhere.memory_mib

    @memory_mib.setter
    def memory_mib(self, mebibytes: int) -> None:
        self.elsewhere.memory_mib = mebibytes

    def of(self, found: Read) -> Answer | None:
        """What the import of this has come to; None while it goes on. Begun when it was not yet asked for."""
        path, hash = found.row.path, found.row.hash
        known, reply = self._replies.get(path, ("", None))
        if reply is None or known != hash:
            order = codec.encode(Order(found, self.memory_mib))
            reply = self._processes.ask("first_import", order, SECONDS, _ANSWER_BYTES)
            self._replies[path] = hash, reply
            reply.add_done_callback(lambda _future: self.on_answer())
        return _answer(found.row, reply) if reply.done() else None

    @property
    def running(self) -> list["Future[Reply]"]:
        """Those that are not done."""
        return [reply for _hash, reply in self._replies.values() if not reply.done()]

    def forget(self) -> None:
        """Try anew what is read from now on: it may find by now what it lacked."""
        self._replies = {path: asked for path, asked in self._replies.items() if not asked[1].done()}

    def close(self) -> None:
        """End what goes on."""
        self.on_answer = lambda: None
        self._processes.close()
        self.elsewhere.close()


def _answer(row: PluginFile, asked: "Future[Reply]") -> Answer:
    """Of the row that it writes only what it found out is taken: path and hash are ours to say."""
    try:
        reply = asked.result()
    except (CancelledError, OSError) as error:
        return Answer(broken(row, error))
    with suppress(msgspec.MsgspecError, UnicodeDecodeError):
        told: Answer = codec.from_own(reply.answer, Answer)
        found = told.file
        return Answer(
            msgspec.structs.replace(row, state=found.state, error=found.error, traceback=found.traceback),
            told.likenesses,
        )
    why = _late() if reply.is_late else _("its import ends the process: {why}", why=ending_of(reply.code))
    told_nothing = stopped(row, FileState.BROKEN, why).file
    return Answer(msgspec.structs.replace(told_nothing, traceback=reply.answer.decode(errors="replace")))


def _late() -> Text:
    return _("its import takes longer than {seconds} s: import only, and work in the handler", seconds=int(SECONDS))


def main() -> NoReturn:
    """The process: an order in, the row out."""
    answer = answering(SECONDS)
    order = codec.decode(sys.stdin.buffer.read(), Order)
    limit_memory(order.memory_mib)
    loaded = imported(order.read)
    answer.write(codec.encode(Answer(loaded.file, tuple(map(likeness_of, loaded.specs)))))
    os._exit(0)
