"""Run directories on this machine that no store remembers: of runs that were younger than a restored backup."""

import hashlib
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from watchkeeper.hosts import keeper
from watchkeeper.model.backup import Stranger


def strangers(root: Path, workspace: str, known: Collection[str]) -> list[Stranger]:
    """Those of `workspace` in the host's folder whose keys are not among `known`, oldest first."""
    owner = hashlib.sha256(keeper.encoded(workspace)).hexdigest()[:16]
    folders = [folder for folder in root.glob("runs/*") if folder.name not in known and _owner(folder) == owner]
    return sorted(map(_stranger, folders), key=lambda stranger: stranger.begun_at)


def _owner(folder: Path) -> str:
    """Whose it is; nobody's before its payload was started."""
    try:
        record = keeper.parse_record((folder / "run").read_bytes())
    except OSError:
        return ""
    return record.owner if record is not None else ""


def _stranger(folder: Path) -> Stranger:
    begun_at = datetime.fromtimestamp((folder / "run").stat().st_mtime, UTC)
    return Stranger(folder.name, begun_at, is_over=keeper.exit_code(str(folder)) is not None)
