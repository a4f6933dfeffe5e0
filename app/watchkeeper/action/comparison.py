"""Two runs side by side: what was asked for, what was different, what came of it."""

from datetime import timedelta

import msgspec

from watchkeeper.access.actor import Actor
from watchkeeper.action.differences import Difference, differences, differences_of_values
from watchkeeper.action.spec import query
from watchkeeper.model.errors import NotFound
from watchkeeper.model.run import Run
from watchkeeper.model.text import _
from watchkeeper.store import jobs, runs
from watchkeeper.store.tx import Tx


class Comparison(msgspec.Struct, frozen=True):
    """A run and the one that it is compared with, each field that is not the same: before is the other's."""

    run: Run
    other: Run
    took: timedelta | None
    other_took: timedelta | None
    #: The job as it was for each of them.
    spec: tuple[Difference, ...]
    params: tuple[Difference, ...]
    outputs: tuple[Difference, ...]


@query("run.compare", title=_("Compare a run with another, or with its job's last success"), on="run")
def compare(tx: Tx, actor: Actor, *, run: Run, other: Run | None = None) -> Comparison:
    """Version, parameters, outputs, durations; with the last success before it if no other run is named."""
    beside = other or runs.success_before(tx, run)
    if beside is None:
        raise nothing_to_compare(run)
    before, after = (jobs.version(tx, each.job_id, each.job_version).spec for each in (beside, run))
    return Comparison(
        run,
        beside,
        _took(run),
        _took(beside),
        differences(before, after, with_lines=True),
        differences_of_values({**before.params, **(beside.params or {})}, {**after.params, **(run.params or {})}),
        differences_of_values(beside.outputs, run.outputs),
    )


def nothing_to_compare(run: Run) -> NotFound:
    """No other run has succeeded."""
    return NotFound(_("no other run of {job} has succeeded: name a run to compare with", job=run.job_name[:60]))


def _took(run: Run) -> timedelta | None:
    return None if run.started_at is None or run.ended_at is None else run.ended_at - run.started_at
