"""E3: many cron jobs due in one second: how late their starts are on record."""

import statistics
from datetime import timedelta

from bench.row_e1 import IN_FLIGHT, PLUGIN
from bench.workspace import job, new_workspace
from watchkeeper.model.trigger import Cron

EVERY_SECONDS = 20


def lateness(jobs: int) -> float:
    """Seconds from the nominal instant to the recorded start, the 99th percentile of one instant."""
    with new_workspace(inside_slots=max(IN_FLIGHT, jobs), plugin=PLUGIN) as workspace:
        trigger = Cron(cron=f"*/{EVERY_SECONDS} * * * * *", zone="UTC")
        workspace.save([job(f"noop {number}", "bench.noop", triggers=(trigger,)) for number in range(jobs)])
        workspace.start()
        workspace.until("SELECT 1 FROM lease WHERE expires_at > 0", 1)
        began_us = workspace.now_us() + int(timedelta(seconds=2).total_seconds() * 1e6)
        on_time = f"FROM runs WHERE state = 'SUCCEEDED' AND nominal_at > {began_us}"
        workspace.until(f"SELECT count(*) >= {jobs} {on_time}", 1)
        rows = workspace.rows(f"SELECT started_at - nominal_at {on_time} ORDER BY number LIMIT {jobs}")
        late = [late_us / 1e6 for (late_us,) in rows]
        return statistics.quantiles(late, n=100)[98]
