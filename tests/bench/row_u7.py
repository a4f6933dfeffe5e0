"""U7: what the console takes of a core with its dashboard open while no job is due."""

from bench.row_e4 import daily
from bench.window import window
from bench.workspace import new_workspace

#: Jobs that are due once a day.
JOBS = 20


def idle(seconds: float) -> float:
    """Percent of a core, window and engine together, watched for so long."""
    with new_workspace() as workspace:
        workspace.save([daily(number) for number in range(JOBS)])
        return float(window(workspace, "idle", seconds)["percent"])
