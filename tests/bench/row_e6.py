"""E6: the engine is killed over live processes; seconds until its successor has them all and starts new runs."""

import signal
import time

from bench.workspace import job, new_workspace


def seconds(count: int) -> float:
    """From the start of the new engine to `count` runs RUNNING again and one more ended."""
    with new_workspace(local_slots=count + 1) as workspace:
        workspace.queue(job("sleeper", "shell", params={"argv": ["/bin/sleep", "3600"]}), count)
        workspace.start()
        workspace.until("SELECT count(*) FROM runs WHERE state = 'RUNNING'", count)
        workspace.stop(signal.SIGKILL)
        workspace.queue(job("next", "shell", params={"argv": ["/bin/true"]}), 1)
        began = time.monotonic()
        workspace.start()
        workspace.until("SELECT count(*) FROM runs WHERE job_name = 'next' AND state = 'SUCCEEDED'", 1)
        workspace.until("SELECT count(*) FROM runs WHERE state = 'RUNNING'", count)
        return time.monotonic() - began
