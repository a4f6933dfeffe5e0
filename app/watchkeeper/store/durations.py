"""How long a job's runs usually take."""

import math
from collections.abc import Iterable
from datetime import timedelta

from watchkeeper.model.ids import JobId
from watchkeeper.model.usual import Usual
from watchkeeper.store.tx import Tx

#: The newest runs that succeeded, by which it is told.
REMEMBERED = 20
#: Runs among which they are looked for.
_LOOKED_AT = 500


def usual(tx: Tx, job_id: JobId) -> Usual:
    """By the last runs of the job that succeeded."""
    rows = tx.rows(
        "SELECT ended_at - started_at AS took FROM (SELECT state, started_at, ended_at, number FROM runs "
        "WHERE job_id = :job ORDER BY number DESC LIMIT :looked_at) AS newest "
        "WHERE state = 'SUCCEEDED' AND started_at <= ended_at ORDER BY number DESC LIMIT :remembered",
        job=job_id,
        looked_at=_LOOKED_AT,
        remembered=REMEMBERED,
    )
    took = sorted(int(row.took) for row in rows)
    return Usual(_not_exceeded_by(0.5, took), _not_exceeded_by(0.95, took), len(took))


def usual_of(tx: Tx, job_ids: Iterable[JobId]) -> dict[JobId, Usual]:
    """The same of each of these jobs."""
    return {job_id: usual(tx, job_id) for job_id in set(job_ids)}


def _not_exceeded_by(share: float, took: list[int]) -> timedelta | None:
    """The least of these spans that `share` of them do not exceed (nearest rank)."""
    return timedelta(microseconds=took[math.ceil(share * len(took)) - 1]) if took else None
