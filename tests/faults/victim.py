"""The real engine in a process of its own, which kills itself with SIGKILL at the n-th reach of a named point.

As a program this is a nursery: it has imported the engine once and forks a victim for every order on standard input,
so that a life costs a few hundredths of a second of start-up. An order is a JSON line, the answer the victim's pid.
"""

import asyncio
import json
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial, partialmethod
from pathlib import Path

from watchkeeper import boot
from watchkeeper.boot import house, serving
from watchkeeper.hosts.local import LocalHost
from watchkeeper.model import points
from watchkeeper.model.errors import Known
from watchkeeper.store.lock import holder_name

#: Exit codes of a victim that was not killed: it refused or gave up with a sentence; it had a bug.
REFUSED, BROKEN = 3, 70


@dataclass(frozen=True)
class Order:
    """How a victim is to live and to die."""

    home: str
    #: Where it writes `events.txt` and `exit-code`.
    folder: str
    env: dict[str, str] = field(default_factory=dict)
    #: It dies at the n-th reach of this point, or as soon as it is to say these words; empty: it does not.
    point: str = ""
    nth: int = 1
    last_words: str = ""
    #: The most open files; 0: as many as we may.
    files: int = 0
    #: More words for its keeper's command line.
    keeper_options: tuple[str, ...] = ()
    #: Whether it takes engine.lock; without it only the lease stands between two engines.
    is_locking: bool = True

    def written(self) -> str:
        return json.dumps(asdict(self))


def read(line: str) -> Order:
    return Order(**json.loads(line))


def arm(point: str, nth: int) -> None:
    """Let this process die at the n-th reach of `point`."""
    left = nth

    def observe(reached: points.Point | points.Upkeep) -> None:
        nonlocal left
        if reached == point:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    points.observe(observe)


def live(order: Order) -> int:
    """Run the engine of a workspace as ordered; the exit code."""
    os.environ.update(order.env)
    if order.files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (order.files, order.files))
    if order.point:
        arm(order.point, order.nth)
    if order.keeper_options:
        assert house.LocalHost is LocalHost, "the engine takes its host from elsewhere"  # type: ignore[attr-defined]
        vars(house)["LocalHost"] = partial(LocalHost, options=order.keeper_options)
    run = boot.run_engine if order.is_locking else run_without_lock
    try:
        return run(Path(order.home), partial(announce, order.last_words))
    except Known as error:
        print(f"gave up: {error}", flush=True)
        return REFUSED
    except BaseException:
        traceback.print_exc()
        return BROKEN


def announce(last_words: str, sentence: str) -> None:
    """Say what the engine says; the events of a commit come before any answer to whoever asked for it."""
    if last_words and last_words in sentence:
        os.kill(os.getpid(), signal.SIGKILL)
    print(sentence, flush=True)


def run_without_lock(home: Path, announce: Callable[[str], None]) -> int:
    """As an engine on another machine would, that sees the store and not the lock."""
    setattr(boot.House, "engine", partialmethod(boot.House.engine, is_sole=False))  # noqa: B010  # mypy forbids the other
    asyncio.run(serving.serve_here(home, holder_name("rival"), announce))
    return 0


def be_born(order: Order) -> int:
    """A new process that lives by `order`; its pid."""
    pid = os.fork()
    if pid:
        return pid
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    events = os.open(Path(order.folder, "events.txt"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(events, 1)
    os.dup2(events, 2)
    code = live(order)
    Path(order.folder, "exit-code").write_text(str(code))
    os._exit(code)


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        print(be_born(read(line)), flush=True)


if __name__ == "__main__":
    main()
