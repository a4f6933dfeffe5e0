"""E1: runs of a handler that does nothing, start and finish durable, history kept, 512 in flight."""

import statistics
import time

from bench.workspace import job, new_workspace
from tests.postgresql import running_server
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import Interval

#: Runs at once.
IN_FLIGHT = 512
#: Jobs that all fire in the same instant, and seconds between two such instants.
JOBS, EVERY = 2_000, 1.0

PLUGIN = '''"""Does nothing."""

from watchkeeper.plugin import Context, _, handler


@handler("bench.noop", title=_("Nothing"))
async def noop(ctx: Context) -> None:
    return None
'''


def queued(count: int, store: str = "") -> float:
    """Runs per second of `count` that wait in the queue when the engine starts."""
    with new_workspace(inside_slots=IN_FLIGHT, plugin=PLUGIN, store=store) as workspace:
        workspace.queue(job("noop", "bench.noop"), count)
        workspace.start()
        workspace.until_ended()
        return workspace.rate()


def queued_on_server(count: int) -> float:
    """The same with the store on a PostgreSQL server of this machine that has every commit on disk."""
    with running_server(is_durable=True) as server, server.copied("template0") as name:
        return queued(count, server.url(name))


def fired(instants: int) -> float:
    """Runs per second from the instant at which JOBS triggers are due to the last end; the median of `instants`."""
    with new_workspace(inside_slots=IN_FLIGHT, plugin=PLUGIN) as workspace:
        trigger = Interval(Span(seconds=EVERY))
        workspace.save([job(f"noop {number}", "bench.noop", triggers=(trigger,)) for number in range(JOBS)])
        workspace.start()
        workspace.until("SELECT 1 FROM runs WHERE state = 'SUCCEEDED' LIMIT 1", 1)
        time.sleep((instants + 1) * EVERY)
        # The first instant bears the start of the engine, the last one may be under way.
        spans = workspace.rows(
            "SELECT count(*), max(ended_at) - nominal_at FROM runs WHERE state = 'SUCCEEDED' "
            "GROUP BY nominal_at ORDER BY nominal_at"
        )[1:-1]
        return statistics.median(float(count / span * 1e6) for count, span in spans)
