"""A short-lived process that does one thing with a plugin's code: an order on stdin, one answer on stdout.

What it does can't hurt who asks: it is given seconds, a limit of memory, and what it has started ends with it.
"""

import faulthandler
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

_PACKAGE_ROOT = str(Path(__file__).resolve().parents[2])
#: Our own code is found at the end of the path, wherever it lies; the folder in which it is started stays out of it.
_BOOT = "import sys; sys.path.append(sys.argv[1]); from watchkeeper.plugin.{module} import main; main()"

_ANSWER_BYTES = 256 * 1024
#: Milliseconds between two looks at a process that writes nothing.
_BEAT = 50


class Reply(NamedTuple):
    """What came back: with a code that is not 0 the words in which the process died, if any."""

    answer: bytes
    #: As `subprocess` has it; a signal is below 0.
    code: int
    is_late: bool


class Child:
    """One process of `main` in a module of this package; `ask` once, then `end`."""

    def __init__(self, module: str) -> None:
        self._process = subprocess.Popen(
            (sys.executable, "-P", "-c", _BOOT.format(module=module), _PACKAGE_ROOT),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def ask(self, order: bytes, seconds: float, most: int = _ANSWER_BYTES) -> Reply:
        """Blocks for so many seconds at the most; the process is at its end then. `most`: bytes of the answer."""
        try:
            answer, is_late = _answered(self._process, order, seconds, most)
        finally:
            self.end()
        return Reply(answer, self._process.returncode, is_late)

    def end(self) -> None:
        """Kill it and all that it has started; from any thread."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()


def _answered(process: "subprocess.Popen[bytes]", order: bytes, seconds: float, most: int) -> tuple[bytes, bool]:
    """What it writes until it ends, and whether that took too long; what it has started may hold the pipe for ever."""
    assert process.stdin is not None and process.stdout is not None
    with suppress(BrokenPipeError):
        process.stdin.write(order)
        process.stdin.close()
    answer, deadline = bytearray(), time.monotonic() + seconds
    look = select.poll()
    look.register(process.stdout, select.POLLIN)
    while len(answer) < most and time.monotonic() < deadline:
        # Asked before the look: after its end nothing is written any more.
        has_ended = process.poll() is not None
        if look.poll(0 if has_ended else _BEAT):
            part = os.read(process.stdout.fileno(), most)
            answer += part
            if not part:
                break
        elif has_ended:
            break
    with suppress(subprocess.TimeoutExpired):
        process.wait(max(0.0, deadline - time.monotonic()))
    return bytes(answer), process.poll() is None


def answering(seconds: float) -> BinaryIO:
    """In the process: where the answer goes, and the words of a death. Whatever else is written is nobody's.

    The process ends after twice its seconds, should nobody be there any more to end it.
    """
    answer = os.fdopen(os.dup(1), "wb", buffering=0)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    faulthandler.enable(answer)
    signal.setitimer(signal.ITIMER_REAL, 2 * seconds)
    return answer
