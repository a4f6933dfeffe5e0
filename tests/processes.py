"""The processes that a host below some root has started, as tests see them from outside."""

from pathlib import Path

from watchkeeper.hosts import keeper


def is_alive(pid: int) -> bool:
    """A zombie is dead."""
    return keeper.Linux().process(pid) is not None


def keepers(root: Path) -> list[int]:
    """The pids of its living keepers."""
    pids = [int(lock.read_text() or 0) for lock in (root / "keepers").glob("*.lock")]
    return [pid for pid in pids if is_alive(pid)]


def payloads(root: Path) -> list[int]:
    """The pids of the living processes of its runs."""
    return [process.pid for process in keeper.Linux().table() if _is_of(process.pid, root)]


def _is_of(pid: int, root: Path) -> bool:
    try:
        return f"WATCHKEEPER_OUTPUT={root}/".encode() in Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return False
