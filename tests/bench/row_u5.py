"""U5: how long the window does not answer while its engine carries out 200 runs a second."""

from typing import NamedTuple

from bench.row_e1 import PLUGIN
from bench.window import window
from bench.workspace import job, new_workspace
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import Interval

#: Jobs, each of which is due once a second.
JOBS = 200


class Gaps(NamedTuple):
    """Between the beats of a timer of 16 ms, in milliseconds; and how many runs a second there were."""

    p99: float
    longest: float
    rate: float


def gaps(seconds: float) -> dict[str, Gaps]:
    """By page, each of which is shown for so many seconds."""
    with new_workspace(plugin=PLUGIN) as workspace:
        every = Interval(every=Span(seconds=1))
        workspace.save([job(f"noop {number}", "bench.noop", triggers=(every,)) for number in range(JOBS)])
        found = window(workspace, "gaps", seconds)
        rate = workspace.rate()
        return {page: Gaps(_p99(each), max(each), rate) for page, each in found.items()}


def _p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]
