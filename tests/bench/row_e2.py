"""E2: /bin/true by the shell handler: run directory, log, exit code, and each survives the engine; 32 in flight."""

import signal
from typing import NamedTuple

from bench.past import leave_behind, uncleared
from bench.workspace import job, new_workspace

#: Runs at once.
IN_FLIGHT = 32


class Rates(NamedTuple):
    """Per second."""

    #: On a host without a past.
    fresh: float
    #: While the run directories of the runs before are cleared away.
    beside_pruning: float
    #: Directories cleared away meanwhile.
    pruned: float


def measured(count: int) -> Rates:
    """Two times `count` runs; at the begin of the second as many directories are still to be cleared away."""
    true = job("true", "shell", params={"argv": ["/bin/true"]})
    with new_workspace(local_slots=IN_FLIGHT) as workspace:
        workspace.queue(true, count)
        workspace.start()
        workspace.until_ended()
        workspace.stop(signal.SIGKILL)
        fresh = workspace.rate()
        leave_behind(workspace, count)
        before = uncleared(workspace)
        workspace.queue(true, count)
        workspace.start()
        workspace.until_ended()
        after = uncleared(workspace)
        beside_pruning = workspace.rate(since_number=count)
        return Rates(fresh, beside_pruning, (before + count - after) * beside_pruning / count)
