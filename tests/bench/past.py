"""Run directories of a past whose logs are still to be taken and which are still to be cleared away."""

import os
import uuid
from pathlib import Path

from bench.workspace import Workspace
from watchkeeper.hosts.keys import attempt_key
from watchkeeper.model.ids import run_id
from watchkeeper.store.moves import Shelved


def leave_behind(workspace: Workspace, count: int) -> None:
    """Let so many runs that ended be on the shelf, each with a directory as the keeper leaves it."""
    keys = [attempt_key("past", uuid.uuid4().hex, 1) for _ in range(count)]
    for key in keys:
        _make(workspace.host_root / "runs" / key)
    workspace.shelve([Shelved(run_id(), 1, "local", key) for key in keys])


def _make(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    os.mkfifo(folder / "fifo", 0o600)
    (folder / "run").write_text("1 boot cookie owner - - - 10.0\n")
    (folder / "rc").write_text("0 end\n")
    (folder / "out").write_bytes(b"hello\n")


def uncleared(workspace: Workspace) -> int:
    """How many directories on the host still hold the record of a run; an emptied one waits for its next run."""
    return sum(1 for part in ("runs/*", "trash/*/*") for _ in workspace.host_root.glob(f"{part}/run"))
