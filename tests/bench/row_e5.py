"""E5: an engine with many schedules of which none is due: what it costs to wait."""

import time
from pathlib import Path
from typing import NamedTuple

from bench.row_e4 import daily
from bench.workspace import new_workspace

#: Seconds that are watched, and seconds until the engine has come to rest.
WATCHED, SETTLED = 30.0, 5.0


class Idle(NamedTuple):
    #: Of one core, in percent.
    cpu: float
    megabytes: float


def idle(schedules: int) -> Idle:
    """With schedules that are due once a year."""
    with new_workspace() as workspace:
        workspace.save(
            [daily(number, months="1" if time.localtime().tm_mon > 2 else "7") for number in range(schedules)]
        )
        workspace.start()
        workspace.until("SELECT count(*) FROM lease", 1)
        time.sleep(SETTLED)
        before = _cpu_seconds(workspace.pid)
        time.sleep(WATCHED)
        return Idle((_cpu_seconds(workspace.pid) - before) / WATCHED * 100, _megabytes(workspace.pid))


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/schedstat").read_text().split()
    return int(fields[0]) / 1e9


def _megabytes(pid: int) -> float:
    fields = Path(f"/proc/{pid}/status").read_text().split()
    return int(fields[fields.index("VmRSS:") + 1]) / 1024
