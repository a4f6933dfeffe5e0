"""P1: a plugin file is saved while 200 runs a second of another go on: when it can be used, and whether they mind."""

import json
import subprocess
import sys
from typing import NamedTuple

from bench.row_e1 import PLUGIN
from bench.workspace import job, new_workspace
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import Interval

#: Jobs, each of which is due once a second.
JOBS = 200


class Saved(NamedTuple):
    """Seconds until each file could be used; how many of the other runs did not succeed or were left out."""

    seconds: list[float]
    disturbed: int


def saved(count: int) -> Saved:
    """So many files, one after the other."""
    with new_workspace(plugin=PLUGIN) as workspace:
        every = Interval(every=Span(seconds=1))
        workspace.save([job(f"noop {number}", "bench.noop", triggers=(every,)) for number in range(JOBS)])
        workspace.start()
        workspace.until("SELECT 1 FROM runs WHERE state = 'SUCCEEDED' LIMIT 1", 1)
        command = [sys.executable, "-m", "bench.saving", str(workspace.home), str(count)]
        said = subprocess.run(command, check=True, capture_output=True, text=True, env=workspace.env).stdout
        workspace.stop()
        ended = workspace.value("SELECT count(*) FROM runs WHERE state = 'SUCCEEDED'")
        spans = workspace.rows("SELECT max(nominal_at) - min(nominal_at) FROM runs GROUP BY trigger_id")
        return Saved(json.loads(said), sum(span // 1_000_000 + 1 for (span,) in spans) - ended)
