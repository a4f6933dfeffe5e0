"""Run directories of a past whose logs are still to be taken and which are still to be cleared away."""

import os
import shutil
import uuid
from pathlib import Path

from bench.workspace import Workspace
from watchkeeper.hosts.keys import attempt_key
from watchkeeper.model.ids import run_id
from watchkeeper.store.moves import Shelved


def leave_behind(workspace: Workspace, count: int) -> None:
    """Let so many runs that ended be on the shelf: copies of one that did, each with a directory of its own."""
    sample = next((workspace.host_root / "runs").glob("*.*/rc")).parent
    keys = [attempt_key("past", uuid.uuid4().hex, 1) for _ in range(count)]
    for key in keys:
        _copy(sample, sample.parent / key)
    workspace.shelve([Shelved(run_id(), 1, "local", key) for key in keys])


def _copy(sample: Path, target: Path) -> None:
    target.mkdir(mode=0o700)
    for file in sample.iterdir():
        if file.is_fifo():
            os.mkfifo(target / file.name, 0o600)
        else:
            shutil.copy2(file, target / file.name)


def uncleared(workspace: Workspace) -> int:
    """How many directories on the host still hold the record of a run; an emptied one waits for its next run."""
    return sum(1 for part in ("runs/*", "trash/*/*") for _ in workspace.host_root.glob(f"{part}/run"))
