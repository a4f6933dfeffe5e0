"""The real engine in a process of its own, which kills itself with SIGKILL at the n-th reach of a named point.

As a program this is a nursery: it has imported the engine once and forks a victim for every order on standard input,
so that a life costs a few hundredths of a second of start-up. An order is a JSON line, the answer the victim's pid.
"""

import json
import os
import resource
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from watchkeeper import boot
from watchkeeper.model import points
from watchkeeper.model.errors import Known

#: Exit codes of a victim that was not killed: it refused or gave up with a sentence; it had a bug.
REFUSED, BROKEN = 3, 70


def arm(point: str, nth: int) -> None:
    """Let this process die at the n-th reach of `point`."""
    left = nth

    def observe(reached: points.Point) -> None:
        nonlocal left
        if reached == point:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    points.observe(observe)


def live(order: dict[str, Any]) -> int:
    """Run the engine of a workspace as ordered; the exit code."""
    home = Path(order["home"])
    os.environ.update(order["env"])
    if order["files"]:
        resource.setrlimit(resource.RLIMIT_NOFILE, (order["files"], order["files"]))
    if order["point"]:
        arm(order["point"], order["nth"])
    events = os.open(home / "events.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(events, 1)
    os.dup2(events, 2)
    try:
        return boot.run_engine(home, lambda sentence: print(sentence, flush=True))
    except Known as error:
        print(f"gave up: {error}", flush=True)
        return REFUSED
    except BaseException:
        traceback.print_exc()
        return BROKEN


def be_born(order: dict[str, Any]) -> int:
    """A new process that lives by `order`; its pid."""
    pid = os.fork()
    if pid:
        return pid
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    code = live(order)
    Path(order["home"], "exit-code").write_text(str(code))
    os._exit(code)


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        print(be_born(json.loads(line)), flush=True)


if __name__ == "__main__":
    main()
