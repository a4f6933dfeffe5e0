"""E1: runs of a handler that does nothing, start and finish durable, history kept, 512 in flight."""

import time

from bench.workspace import job, new_workspace
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import Interval

#: Runs at once.
IN_FLIGHT = 512
#: Jobs that fire by themselves, and seconds between two firings of each: more than any engine gets done.
JOBS, EVERY = 2_000, 0.1
#: Seconds that are not counted at the beginning.
WARM_UP = 1.0

PLUGIN = '''"""Does nothing."""

from watchkeeper.plugin import Context, _, handler


@handler("bench.noop", title=_("Nothing"))
async def noop(ctx: Context) -> None:
    return None
'''


def queued(count: int) -> float:
    """Runs per second of `count` that wait in the queue when the engine starts."""
    with new_workspace(inside_slots=IN_FLIGHT, plugin=PLUGIN) as workspace:
        workspace.queue(job("noop", "bench.noop"), count)
        workspace.start()
        workspace.until_ended()
        return workspace.rate()


def fired(seconds: float) -> float:
    """Runs per second that triggers start and the engine ends, while more is due than it can do."""
    with new_workspace(inside_slots=IN_FLIGHT, plugin=PLUGIN) as workspace:
        trigger = Interval(Span(seconds=EVERY))
        workspace.save([job(f"noop {number}", "bench.noop", triggers=(trigger,)) for number in range(JOBS)])
        workspace.start()
        workspace.until("SELECT 1 FROM runs WHERE state = 'SUCCEEDED' LIMIT 1", 1)
        time.sleep(WARM_UP + seconds)
        since, until = workspace.rows(
            "SELECT min(ended_at) + ?, min(ended_at) + ? FROM runs", int(WARM_UP * 1e6), int((WARM_UP + seconds) * 1e6)
        )[0]
        sql = "SELECT count(*) FROM runs WHERE state = 'SUCCEEDED' AND ended_at > ? AND ended_at <= ?"
        return float(workspace.rows(sql, since, until)[0][0] / seconds)
