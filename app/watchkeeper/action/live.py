"""The runs that have no ending yet: how long they take, how long they usually do, and why they wait."""

from datetime import datetime, timedelta

import msgspec

from watchkeeper.access.actor import Actor
from watchkeeper.action.jobs import Limit
from watchkeeper.action.likely import likely
from watchkeeper.action.spec import query
from watchkeeper.model.job import Job
from watchkeeper.model.run import HOLDING, Run, State
from watchkeeper.model.text import Text, _
from watchkeeper.model.usual import Usual
from watchkeeper.store import durations, runs
from watchkeeper.store.blockers import why
from watchkeeper.store.tx import Tx

#: Runs of which it is told why they wait, the oldest; each has to be looked into.
_MOST_WHY = 100


class LiveRun(msgspec.Struct, frozen=True):
    """A run on its way."""

    run: Run
    #: Since its attempt began; None while none runs.
    elapsed: timedelta | None
    usual: Usual
    #: Why it is not running; None for one that is, and for those behind the first hundred.
    why: Text | None
    #: What stands in its way, as `run.why` says it.
    blocker: str = ""
    blocker_id: str = ""
    likely_at: datetime | None = None


class Live(msgspec.Struct, frozen=True):
    """Those that hold room, by the moment of their start, then those that wait, the oldest first."""

    now: datetime
    rows: list[LiveRun]
    #: How many there are, also beyond `rows`.
    running: int
    waiting: int


@query("run.live", title=_("Show the runs on their way"))
def live(tx: Tx, actor: Actor, *, limit: Limit = 200) -> Live:
    """What runs and what waits, with the usual duration of its job and the reason of each wait."""
    counts = runs.count_live(tx)
    found = runs.holding(tx, limit)
    found += runs.waiting(tx, limit - len(found)) if len(found) < limit else []
    usual = durations.usual_of(tx, (run.job_id for run in found))
    asked = {run.id for run in [run for run in found if _waits(run)][:_MOST_WHY]}
    running = sum(number for state, number in counts.items() if state in HOLDING)
    rows = [_row(tx, run, usual[run.job_id], is_asked=run.id in asked) for run in found]
    return Live(tx.now, rows, running, sum(counts.values()) - running)


@query("run.usual", title=_("Tell how long a job's runs usually take"), on="job")
def usual(tx: Tx, actor: Actor, *, job: Job) -> Usual:
    """The median and the 95th percentile of its last 20 runs that succeeded."""
    return durations.usual(tx, job.id)


def _row(tx: Tx, run: Run, usual: Usual, *, is_asked: bool) -> LiveRun:
    elapsed = tx.now - run.started_at if run.started_at is not None and run.state in HOLDING else None
    if not is_asked:
        return LiveRun(run, elapsed, usual, None)
    reason = why(tx, run)
    at = likely(tx, run, reason)
    return LiveRun(run, elapsed, usual, reason.sentence, reason.blocker, reason.blocker_id, at)


def _waits(run: Run) -> bool:
    """It does not run, or nobody knows whether it does."""
    return run.state not in (State.DISPATCHING, State.RUNNING)
