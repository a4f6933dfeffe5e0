"""When a run that waits is likely to start, by how long what stands in its way usually takes."""

from collections.abc import Iterable
from datetime import datetime

from watchkeeper.model.run import HOLDING, Run, State
from watchkeeper.store import durations, runs
from watchkeeper.store.blockers import Why
from watchkeeper.store.tx import Tx

#: Runs that hold room, of which it is told when they are likely to end.
_MOST = 200


def likely(tx: Tx, run: Run, why: Why) -> datetime | None:
    """The moment at which the first thing that would make room is likely to be over; None where nothing tells."""
    if run.state not in (State.QUEUED, State.WAITING):
        return None
    if not why.blocker:
        return max(run.due_at, tx.now)
    if why.blocker == "run":
        return _end_of(tx, runs.get(tx, why.blocker_id))
    if why.blocker == "pool":
        return _first(tx, (each for each in runs.holding(tx, _MOST) if each.pool == why.blocker_id))
    if why.blocker == "slots":
        is_local = why.blocker_id == "local"
        return _first(tx, (each for each in runs.holding(tx, _MOST) if (each.host is not None) is is_local))
    return None


def _first(tx: Tx, holders: Iterable[Run]) -> datetime | None:
    ends = (_end_of(tx, each) for each in holders)
    return min((end for end in ends if end is not None), default=None)


def _end_of(tx: Tx, holder: Run) -> datetime | None:
    """By half of its job's runs, if it is later than that by nearly all of them; None when it is later still."""
    if holder.started_at is None or holder.state not in HOLDING:
        return None
    usual = durations.usual(tx, holder.job_id)
    ends = (holder.started_at + span for span in (usual.p50, usual.p95) if span is not None)
    return next((end for end in ends if end > tx.now), None)
