"""U1: from the start of the process to a first page that can be used, beside a window of Qt's with a word in it."""

import time
from typing import NamedTuple

from bench.window import give_jobs, said
from bench.workspace import Workspace, new_workspace

#: What the first page has to read: jobs, and past runs of each.
JOBS, RUNS = 100, 20


class Start(NamedTuple):
    """Seconds."""

    console: float
    bare: float


def starts(count: int) -> list[Start]:
    """So many starts, the files in the machine's memory; the first of them, which puts them there, is not counted."""
    with new_workspace() as workspace:
        give_jobs(workspace, JOBS, RUNS)
        return [_start(workspace) for _ in range(count + 1)][1:]


def _start(workspace: Workspace) -> Start:
    return Start(
        _seconds(workspace, "first_window", str(workspace.home)),
        _seconds(workspace, "bare_window"),
    )


def _seconds(workspace: Workspace, module: str, *words: str) -> float:
    began = time.monotonic()
    return float(said(workspace, module, *words)) - began
