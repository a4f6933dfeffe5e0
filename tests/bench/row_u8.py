"""U8: another theme, another language, with every page open."""

from collections.abc import Sequence

from bench.window import give_jobs, window
from bench.workspace import new_workspace

#: Jobs, and past runs of each.
JOBS, RUNS = 100, 20


def switches() -> dict[str, Sequence[float]]:
    """Milliseconds until the window is painted anew: of three to and fro, by what was switched."""
    with new_workspace() as workspace:
        give_jobs(workspace, JOBS, RUNS)
        found: dict[str, Sequence[float]] = window(workspace, "switch")
        return found
