"""A long past: so many runs of a thousand jobs, written into the store by one statement."""

import contextlib
from pathlib import Path

from bench.workspace import Workspace, job
from watchkeeper.boot import database_of
from watchkeeper.model.job import JobSpec
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import Interval
from watchkeeper.store.driver import sqlite_module

JOBS = 1_000
#: Days over which the runs lie, the last of them a moment ago.
_DAYS = 90
#: Of the most recent runs of five jobs all fail, so that something needs a person.
_FAILING = 5

_RUNS = """
WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < :count),
made AS (
    SELECT n, n * 7919 % :jobs AS place, :now - (:count - n) * (:days * 86400000000 / :count) AS at FROM counted
)
INSERT INTO runs (
    number, id, job_id, job_name, job_version, trigger_id, nominal_at, origin, state, attempt, priority, created_at,
    due_at, started_at, ended_at, exit_code, has_warning, host, log_size, log_dropped, missed_count, actor
)
SELECT n, printf('%032x', n), jobs.id, jobs.name, 1, jobs.trigger_id, at, 'fire',
    CASE WHEN n % 89 = 0 THEN 'SKIPPED' WHEN n % 61 = 0 THEN 'FAILED'
         WHEN made.place < :failing AND n > :count - 10 * :jobs THEN 'FAILED'
         WHEN n % 100003 = 0 THEN 'TIMED_OUT' ELSE 'SUCCEEDED' END,
    1, 5, at, at, at + 1000000, at + 1000000 + made.place * 100000 + n % 7 * 1000000,
    CASE WHEN n % 61 = 0 THEN 1 ELSE 0 END, 0, 'local', 200, 0, 0, 'scheduler'
FROM made JOIN numbered AS jobs ON jobs.place = made.place
"""


def fill(workspace: Workspace, count: int) -> None:
    """Save the jobs and give them so many runs."""
    workspace.save([_hourly(number) for number in range(JOBS)])
    _write(database_of(workspace.home), count, workspace.now_us())


def _hourly(number: int) -> JobSpec:
    return job(
        f"{'report' if number % 100 == 0 else 'job'} {number}",
        "shell",
        params={"script": "true"},
        tags=("nightly",) if number % 10 == 0 else (),
        triggers=(Interval(every=Span(hours=1)),),
    )


def _write(database: Path, count: int, now_us: int) -> None:
    """Indexes are made anew afterwards: that is quicker than to keep them up to date."""
    with contextlib.closing(sqlite_module().connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-400000")
        connection.execute(
            "CREATE TEMP TABLE numbered AS SELECT row_number() OVER (ORDER BY jobs.id) - 1 AS place, jobs.id, "
            "jobs.name, triggers.id AS trigger_id FROM jobs JOIN triggers ON triggers.job_id = jobs.id"
        )
        connection.execute("CREATE INDEX temp.ix_numbered ON numbered (place)")
        made = "FROM sqlite_master WHERE type = 'index' AND tbl_name = 'runs' AND sql IS NOT NULL"
        indexes = [row[0] for row in connection.execute(f"SELECT sql {made}")]
        for (name,) in connection.execute(f"SELECT name {made}").fetchall():
            connection.execute(f"DROP INDEX {name}")
        values = {"count": count, "jobs": JOBS, "now": now_us, "days": _DAYS, "failing": _FAILING}
        connection.execute("BEGIN")
        connection.execute(_RUNS, values)
        for sql in indexes:
            connection.execute(sql)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
