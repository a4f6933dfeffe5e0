"""What happened since a moment, by job."""

from datetime import datetime

import msgspec

from watchkeeper.model.ids import JobId
from watchkeeper.model.instant import from_us, to_us
from watchkeeper.model.run import FAILURES, Run, State
from watchkeeper.model.text import Text
from watchkeeper.store.attention import FAILING
from watchkeeper.store.conditions import HAS_FAILED, IS_UNSUCCESSFUL, listed
from watchkeeper.store.history import span_of
from watchkeeper.store.missed import reason_of_newest
from watchkeeper.store.rows import run_of
from watchkeeper.store.tx import Tx

#: Runs of each kind of failure that are looked at, the newest.
_LOOKED_AT = 20_000


class Trouble(msgspec.Struct, frozen=True):
    """A job of which runs failed."""

    job_id: JobId
    job: str
    count: int
    #: The newest of them.
    number: int
    state: State
    at: datetime
    exit_code: int | None
    reason: Text | None
    #: A later run has succeeded.
    has_recovered: bool


class Recovery(msgspec.Struct, frozen=True):
    """A job that had failed and succeeded again."""

    job_id: JobId
    job: str
    #: The run that succeeded.
    number: int
    at: datetime


class Gap(msgspec.Struct, frozen=True):
    """What a job missed, settled or not; newest reason."""

    job_id: JobId
    job: str
    count: int
    first_at: datetime
    last_at: datetime
    reason: Text | None


def troubles(tx: Tx, since: datetime, limit: int) -> list[Trouble]:
    """Jobs of which runs failed since then, the newest first."""
    found: dict[str, tuple[int, int]] = {}
    for state in FAILURES:
        rows = tx.rows(
            "SELECT job_id, count(*) AS n, max(number) AS newest FROM ("
            f"SELECT job_id, number, ended_at, verdict FROM runs WHERE {IS_UNSUCCESSFUL} AND state = '{state}' "
            f"ORDER BY number DESC LIMIT {_LOOKED_AT}) AS failed "
            "WHERE ended_at >= :since AND (verdict IS NULL OR verdict = 'FAILED') GROUP BY job_id",
            since=to_us(since),
        )
        for row in rows:
            count, newest = found.get(row.job_id, (0, 0))
            found[row.job_id] = (count + row.n, max(newest, row.newest))
    newest_first = sorted(found.values(), key=lambda pair: -pair[1])[:limit]
    return [_trouble(tx, count, number) for count, number in newest_first]


def recoveries(tx: Tx, since: datetime, limit: int) -> list[Recovery]:
    """Jobs whose newest outcome is a success, the first after a failure, and came since then; the newest first."""
    rows = tx.rows(
        f"{FAILING}, failed AS (SELECT job_id, (SELECT max(number) FROM runs WHERE ({HAS_FAILED}) AND "
        "runs.job_id = failing.job_id AND COALESCE(runs.verdict, runs.state) <> 'SUCCEEDED') AS number FROM failing) "
        "SELECT again.job_id, again.job_name, again.number, again.ended_at FROM failed JOIN runs again "
        "ON again.number = (SELECT later.number FROM runs later WHERE later.job_id = failed.job_id "
        "AND later.number > failed.number AND COALESCE(later.verdict, later.state) = 'SUCCEEDED' "
        "ORDER BY later.number LIMIT 1) WHERE again.ended_at >= :since ORDER BY again.number DESC LIMIT :limit",
        since=to_us(since),
        limit=limit,
    )
    return [Recovery(JobId(row.job_id), row.job_name, row.number, from_us(row.ended_at)) for row in rows]


def gaps(tx: Tx, since: datetime, limit: int) -> list[Gap]:
    """What was found to be missed since then, by job name."""
    rows = tx.rows(
        "SELECT job_id, job_name, SUM(missed_count) AS n, MIN(due_at) AS first_at, "
        "MAX(COALESCE(last_missed_at, due_at)) AS last_at, MAX(number) AS newest FROM runs "
        f"WHERE {IS_UNSUCCESSFUL} AND state = 'MISSED' AND number >= :first "
        "GROUP BY job_id, job_name ORDER BY job_name LIMIT :limit",
        first=span_of(tx, since).first,
        limit=limit,
    )
    return [
        Gap(
            JobId(row.job_id),
            row.job_name,
            int(row.n),
            from_us(row.first_at),
            from_us(row.last_at),
            reason_of_newest(tx, row),
        )
        for row in rows
    ]


def _trouble(tx: Tx, count: int, number: int) -> Trouble:
    run: Run = run_of(tx.row("SELECT * FROM runs WHERE number = :number", number=number))
    outcome = tx.row(
        f"SELECT COALESCE(verdict, state) AS state FROM runs WHERE job_id = :job AND state IN ({listed(FAILURES)}, "
        "'SUCCEEDED') ORDER BY number DESC LIMIT 1",
        job=run.job_id,
    )
    return Trouble(
        run.job_id,
        run.job_name,
        count,
        number,
        run.outcome,
        run.ended_at or run.due_at,
        run.exit_code,
        run.reason,
        has_recovered=outcome is not None and outcome.state == State.SUCCEEDED,
    )
