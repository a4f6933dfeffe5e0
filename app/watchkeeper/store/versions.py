"""The versions of jobs, those of deleted ones as well."""

from watchkeeper.model.codec import encode
from watchkeeper.model.ids import JobId
from watchkeeper.model.job import Job
from watchkeeper.store import jobs
from watchkeeper.store.tx import Tx


def page(tx: Tx, job_id: JobId, *, before: int | None = None, limit: int = 100) -> list[Job]:
    """A job's versions, the newest first, those with a number below `before`."""
    rows = tx.rows(
        "SELECT version FROM job_versions WHERE job_id = :id AND version < :before ORDER BY version DESC LIMIT :limit",
        id=job_id,
        before=2**31 - 1 if before is None else before,
        limit=limit,
    )
    return [jobs.version(tx, job_id, row.version) for row in rows]


def deleted(tx: Tx, job_id: JobId) -> Job | None:
    """The newest version of a job that was deleted; None where no such job is known, or it is there."""
    (row,) = tx.rows(
        "SELECT max(version) AS version FROM job_versions WHERE job_id = :id "
        "AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.id = :id)",
        id=job_id,
    )
    return None if row.version is None else jobs.version(tx, job_id, row.version)


def last_deleted(tx: Tx, name: str) -> Job | None:
    """The newest version of the job that was deleted last of those called `name`; None."""
    rows = tx.rows(
        "SELECT v.job_id, v.version FROM job_versions v WHERE v.spec LIKE :begun ESCAPE '!' "
        "AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.id = v.job_id) AND NOT EXISTS "
        "(SELECT 1 FROM job_versions w WHERE w.job_id = v.job_id AND w.version > v.version) "
        "ORDER BY v.saved_at DESC",
        begun=_beginning(name),
    )
    found = (jobs.version(tx, JobId(row.job_id), row.version) for row in rows)
    return next((job for job in found if job.name == name), None)


def _beginning(name: str) -> str:
    """How the stored form of a job with this name begins: LIKE is blind to case, so what it finds is looked at."""
    words = '{"name":' + encode(name).decode()
    return "".join(f"!{mark}" if mark in "!%_" else mark for mark in words) + "%"
