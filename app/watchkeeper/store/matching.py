"""Which jobs some words or a tag mean, those that are gone as well: their runs are still there."""

from collections.abc import Iterator

from watchkeeper.model.codec import encode, from_own
from watchkeeper.model.ids import JobId
from watchkeeper.model.job import JobSpec
from watchkeeper.store.tx import Tx

_GONE = (
    "SELECT job_id, spec FROM job_versions v WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.id = v.job_id) "
    "AND version = (SELECT max(version) FROM job_versions w WHERE w.job_id = v.job_id)"
)
_TAGGED = (
    "SELECT jobs.id, v.spec FROM jobs JOIN job_versions v ON v.job_id = jobs.id AND v.version = jobs.version "
    "WHERE v.spec LIKE :tag ESCAPE '\\'"
)


def named_like(tx: Tx, words: str) -> set[JobId]:
    """The jobs whose name holds `words`, in large or small letters."""
    sql = "SELECT id FROM jobs WHERE lower(name) LIKE :words ESCAPE '\\'"
    rows = tx.rows(sql, words=holding(words.lower()))
    gone = (job_id for job_id, spec in _gone(tx) if words.lower() in spec.name.lower())
    return {JobId(row.id) for row in rows} | set(gone)


def tagged(tx: Tx, tag: str) -> set[JobId]:
    """The jobs that have this tag."""
    rows = tx.rows(_TAGGED, tag=holding(encode(tag).decode()))
    present = {JobId(row.id) for row in rows if tag in from_own(row.spec, JobSpec).tags}
    return present | {job_id for job_id, spec in _gone(tx) if tag in spec.tags}


def _gone(tx: Tx) -> Iterator[tuple[JobId, JobSpec]]:
    """The jobs that were deleted, as they were last."""
    return ((JobId(row.job_id), from_own(row.spec, JobSpec)) for row in tx.rows(_GONE))


def holding(text: str) -> str:
    """The pattern of LIKE for what holds `text`, with \\ as its ESCAPE."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
