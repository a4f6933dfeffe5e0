"""Chains: what runs after another job is queued in the transaction of the ending that it waits for."""

from collections.abc import Sequence
from typing import Any

from watchkeeper.model.ids import JobId, RunId
from watchkeeper.model.run import State
from watchkeeper.store import chains
from watchkeeper.store.moves import Ended
from watchkeeper.store.tx import Tx


def start_successors(tx: Tx, ended: Sequence[Any]) -> None:
    """Ending step: queue the runs that follow these endings."""
    over = [row for row in ended if type(row) is Ended]
    waited_for = chains.upstream_ids(tx) if over else set[JobId]()
    for row in over:
        if row.job_id in waited_for:
            chains.go_on(tx, JobId(row.job_id), RunId(row.id), State(row.state))
