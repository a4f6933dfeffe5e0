"""E4: an engine takes up many schedules: the time that planning takes, and the memory of the process after it."""

import json
import subprocess
import sys
from typing import NamedTuple

from bench.workspace import job, new_workspace
from watchkeeper.boot import database_of
from watchkeeper.model.job import JobSpec
from watchkeeper.model.trigger import Cron


class Start(NamedTuple):
    seconds: float
    megabytes: float


def start(schedules: int) -> Start:
    """With so many schedules, each once a day at one of 1,440 minutes."""
    with new_workspace() as workspace:
        workspace.save([daily(number) for number in range(schedules)])
        command = [sys.executable, "-m", "bench.loading", str(database_of(workspace.home))]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return Start(**json.loads(said))


def daily(number: int, months: str = "*") -> JobSpec:
    """A job that is due at one of the 1,440 minutes of each day."""
    minute, hour = number % 60, number // 60 % 24
    trigger = Cron(cron=f"{minute} {hour} * {months} *", zone="Europe/Berlin")
    return job(f"daily {number}", "shell", params={"script": "true"}, triggers=(trigger,))
