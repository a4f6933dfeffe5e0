"""U6: memory of the console with the sample workspace, and how it grows; an hour is told from some minutes."""

import statistics
from typing import NamedTuple

from bench.window import give_samples, window
from bench.workspace import new_workspace


class Memory(NamedTuple):
    """Megabytes, and megabytes an hour: the slope of a line through one figure a second."""

    megabytes: float
    slope: float


def memory(seconds: float) -> Memory:
    """Watched for so long, after a quarter of it for it to come to rest."""
    with new_workspace() as workspace:
        give_samples(workspace)
        found = window(workspace, "memory", seconds)["megabytes"]
        slope = statistics.linear_regression(range(len(found)), found).slope
        return Memory(max(found), slope * 3600)
