"""Triggers with their cursors: the last nominal instant that became a run or a MISSED row."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

import msgspec

from watchkeeper.model.codec import encode, from_own
from watchkeeper.model.ids import JobId, TriggerId, trigger_id
from watchkeeper.model.job import Job
from watchkeeper.model.trigger import Trigger
from watchkeeper.store.lists import among, listed
from watchkeeper.store.tx import Tx


class Armed(msgspec.Struct, frozen=True):
    """A trigger of a job, as the planner needs it of enabled ones. Moments in microseconds since 1970."""

    id: TriggerId
    job_id: JobId
    trigger: Trigger
    cursor_us: int
    #: Fixed delay only.
    next_us: int | None


def replace(tx: Tx, job: Job) -> None:
    """Let the job have these triggers: unchanged ones keep id and cursor, new ones begin now."""
    spare = _by_spec(tx, job.id)
    for position, trigger in enumerate(job.spec.triggers):
        spec = encode(trigger).decode()
        if spare.get(spec):
            tx.run("UPDATE triggers SET position = :p WHERE id = :id", p=position, id=spare[spec].pop())
        else:
            _insert(tx, job.id, position, spec)
    for trigger_ids in spare.values():
        for gone in trigger_ids:
            tx.run("DELETE FROM triggers WHERE id = :id", id=gone)


def start_from_now(tx: Tx, job_id: JobId) -> None:
    """Forget what was due before this moment."""
    tx.run("UPDATE triggers SET cursor_at = :now WHERE job_id = :id AND cursor_at < :now", now=tx.now_us, id=job_id)


def step_back(tx: Tx, moment_us: int) -> int:
    """A clock that was far ahead is right again: let cursors that it carried away stand at `moment_us`; how many."""
    return tx.run("UPDATE triggers SET cursor_at = :moment WHERE cursor_at > :moment", moment=moment_us)


def armed(tx: Tx, job_id: JobId | None = None) -> list[Armed]:
    """The triggers of all enabled jobs, or of one."""
    where = "" if job_id is None else "AND jobs.id = :job_id"
    rows = tx.rows(
        "SELECT triggers.* FROM triggers JOIN jobs ON jobs.id = triggers.job_id "
        f"WHERE jobs.is_enabled = 1 {where} ORDER BY triggers.job_id, triggers.position",
        **({} if job_id is None else {"job_id": job_id}),
    )
    return [_armed(row) for row in rows]


def of_jobs(tx: Tx, job_ids: Collection[JobId]) -> dict[JobId, list[Armed]]:
    """The triggers of these jobs, enabled or not, in their order."""
    found: dict[JobId, list[Armed]] = {}
    sql = f"SELECT * FROM triggers WHERE job_id IN {among(tx, 'ids')} ORDER BY job_id, position"
    for row in tx.rows(sql, ids=listed(job_ids)):
        found.setdefault(JobId(row.job_id), []).append(_armed(row))
    return found


def _armed(row: Any) -> Armed:
    return Armed(TriggerId(row.id), JobId(row.job_id), _trigger(row.spec), row.cursor_at, row.next_at)


@lru_cache(maxsize=20_000)
def _trigger(spec: str) -> Trigger:
    """One object for all triggers that say the same."""
    found: Trigger = from_own(spec, Trigger)
    return found


def _by_spec(tx: Tx, job_id: JobId) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in tx.rows("SELECT id, spec FROM triggers WHERE job_id = :id ORDER BY position DESC", id=job_id):
        found.setdefault(row.spec, []).append(row.id)
    return found


def _insert(tx: Tx, job_id: JobId, position: int, spec: str) -> None:
    tx.run(
        "INSERT INTO triggers (id, job_id, position, spec, cursor_at) VALUES (:id, :job_id, :position, :spec, :now)",
        id=trigger_id(),
        job_id=job_id,
        position=position,
        spec=spec,
        now=tx.now_us,
    )
