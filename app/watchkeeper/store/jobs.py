"""Jobs: every save keeps the version before; triggers that did not change keep their cursor."""

import difflib
from collections.abc import Sequence
from typing import Any

import msgspec

from watchkeeper.model.codec import encode, from_own
from watchkeeper.model.errors import NotFound
from watchkeeper.model.events import JobDeleted, JobSaved
from watchkeeper.model.ids import JobId
from watchkeeper.model.ids import job_id as new_job_id
from watchkeeper.model.instant import from_us
from watchkeeper.model.job import Job, JobSpec
from watchkeeper.model.text import _
from watchkeeper.model.trigger import After
from watchkeeper.store import calendars, chains, job_list, last_runs, pools, triggers
from watchkeeper.store.job_filters import EVERY, Condition
from watchkeeper.store.lists import among, listed
from watchkeeper.store.tx import Tx

_JOB = (
    "SELECT jobs.id, jobs.is_enabled, v.version, v.spec, v.saved_at, v.saved_by FROM jobs "
    "JOIN job_versions v ON v.job_id = jobs.id AND v.version = jobs.version "
)


def save(tx: Tx, spec: JobSpec, actor: str, *, job_id: JobId | None = None) -> Job:
    """A new job, or a new version of the one with this id (without an id: with this name).

    A spec that says what is stored already changes nothing. NotFound for an unknown id, pool, calendar or upstream job,
    Known for a cycle of jobs that run after each other.
    """
    before = None if job_id is None else get(tx, job_id)
    if before is not None and before.name != spec.name:
        spec = _rename(tx, before, spec, actor)
    chains.require_sound(tx, [spec])
    after = _save(tx, spec, actor, job_id)
    chains.link(tx, after)
    return after


def save_all(tx: Tx, specs: Sequence[JobSpec], actor: str) -> list[Job]:
    """Save jobs that may run after each other, in any order."""
    chains.require_sound(tx, specs)
    saved = [_save(tx, spec, actor, None) for spec in specs]
    for job in saved:
        chains.link(tx, job)
    return saved


def _save(tx: Tx, spec: JobSpec, actor: str, job_id: JobId | None) -> Job:
    if spec.pool is not None:
        pools.require(tx, spec.pool)
    if any(spec.calendars()):
        calendars.require(spec, calendars.names(tx))
    before = get(tx, job_id) if job_id is not None else by_name(tx, spec.name)
    if before is not None and before.spec == spec:
        return before
    after = Job(
        id=before.id if before else new_job_id(),
        version=before.version + 1 if before else 1,
        spec=spec,
        saved_at=tx.now,
        saved_by=actor,
    )
    _write(tx, after, is_new=before is None)
    triggers.replace(tx, after)
    if before is not None and spec.is_enabled and not before.spec.is_enabled:
        triggers.start_from_now(tx, after.id)
    tx.tell(JobSaved(after.id, spec.name))
    return after


def get(tx: Tx, job_id: JobId) -> Job:
    """The job with this id; NotFound."""
    row = tx.row(_JOB + "WHERE jobs.id = :id", id=job_id)
    if row is None:
        raise _unknown(job_id)
    return _job(row)


def many(tx: Tx, job_ids: Sequence[JobId]) -> list[Job]:
    """The jobs with these ids that exist, in no order."""
    rows = (tx.row(_JOB + "WHERE jobs.id = :id", id=job_id) for job_id in job_ids)
    return [_job(row) for row in rows if row is not None]


def by_name(tx: Tx, name: str) -> Job | None:
    """The job called `name`; None."""
    row = tx.row(_JOB + "WHERE jobs.name = :name", name=name)
    return None if row is None else _job(row)


def find(tx: Tx, ref: str) -> Job:
    """The job that a person means by its name or id; NotFound with the nearest name."""
    row = tx.row(_JOB + "WHERE jobs.name = :ref OR jobs.id = :ref", ref=ref)
    if row is not None:
        return _job(row)
    near = difflib.get_close_matches(ref[:200], names(tx), n=1)
    if near:
        raise NotFound(_("there is no job {job}: did you mean {near}?", job=ref[:60], near=near[0]))
    raise NotFound(_("there is no job {job}: `watchkeeper job list` shows them all", job=ref[:60]))


def version(tx: Tx, job_id: JobId, number: int) -> Job:
    """A version of a job, also of one that has been deleted; NotFound."""
    row = tx.row(
        "SELECT job_id AS id, version, spec, saved_at, saved_by FROM job_versions "
        "WHERE job_id = :id AND version = :version",
        id=job_id,
        version=number,
    )
    if row is None:
        raise _no_version(tx, job_id, number)
    return _job(row)


def page(tx: Tx, *, after: str = "", limit: int = 100, wanted: Condition = EVERY) -> list[Job]:
    """Jobs by name, those that follow `after` and fulfil a condition of job_filters.py."""
    among_these = "" if wanted is EVERY else f"AND jobs.id IN (SELECT job_id FROM job_list WHERE {wanted.sql})"
    sql = f"{_JOB} WHERE jobs.name > :after {among_these} ORDER BY jobs.name LIMIT :limit"
    rows = tx.rows(sql, **wanted.values, after=after, limit=limit)
    return [_job(row) for row in rows]


def names(tx: Tx) -> list[str]:
    """The names of all jobs, in order."""
    return [row.name for row in tx.rows("SELECT name FROM jobs ORDER BY name")]


def names_of(tx: Tx, job_ids: Sequence[JobId]) -> dict[JobId, str]:
    """The names of the jobs with these ids that exist."""
    found = ((job_id, tx.value("SELECT name FROM jobs WHERE id = :id", id=job_id)) for job_id in set(job_ids))
    return {job_id: str(name) for job_id, name in found if name is not None}


def count_disabled(tx: Tx) -> int:
    """How many jobs have triggers that do not fire."""
    return int(tx.value("SELECT count(*) FROM jobs WHERE is_enabled = 0"))


def enabled(tx: Tx, job_ids: Sequence[JobId]) -> set[JobId]:
    """Those of these jobs whose triggers fire."""
    sql = f"SELECT id FROM jobs WHERE is_enabled = 1 AND id IN {among(tx, 'ids')}"
    return {JobId(row.id) for row in tx.rows(sql, ids=listed(job_ids))}


def in_pool(tx: Tx, pool: str, limit: int) -> list[Job]:
    """Jobs that share a pool, by name."""
    rows = tx.rows(_JOB + "WHERE jobs.pool = :pool ORDER BY jobs.name LIMIT :limit", pool=pool, limit=limit)
    return [_job(row) for row in rows]


def with_key(tx: Tx, key: str, limit: int) -> list[Job]:
    """Jobs that have this very expression as their key, by name."""
    rows = tx.rows(_JOB + "WHERE v.spec LIKE :some ORDER BY jobs.name LIMIT :limit", some='%"key":%', limit=10 * limit)
    return [job for job in map(_job, rows) if job.spec.key == key][:limit]


def set_enabled(tx: Tx, job_id: JobId, is_enabled: bool, actor: str) -> Job:
    """Let a job's triggers fire or not; what was due while it was disabled is not made up for."""
    job = get(tx, job_id)
    return save(tx, msgspec.structs.replace(job.spec, is_enabled=is_enabled), actor, job_id=job_id)


def delete(tx: Tx, job_id: JobId) -> None:
    """Remove a job and its triggers; its runs and versions stay. NotFound, Conflict while others run after it."""
    job = get(tx, job_id)
    chains.require_end(tx, job)
    tx.run("DELETE FROM chains WHERE upstream_id = :id", id=job_id)
    tx.run("DELETE FROM triggers WHERE job_id = :id", id=job_id)
    tx.run("DELETE FROM jobs WHERE id = :id", id=job_id)
    tx.tell(JobDeleted(job_id, job.name))


def revive(tx: Tx, former: Job, actor: str) -> Job:
    """A deleted job again, with its id and its runs, as a new version that says what `former` says."""
    if former.spec.pool is not None:
        pools.require(tx, former.spec.pool)
    chains.require_sound(tx, [former.spec])
    number = tx.value("SELECT max(version) FROM job_versions WHERE job_id = :id", id=former.id)
    after = Job(id=former.id, version=number + 1, spec=former.spec, saved_at=tx.now, saved_by=actor)
    _write(tx, after, is_new=True)
    triggers.replace(tx, after)
    chains.link(tx, after)
    last_runs.recall(tx, after.id)
    tx.tell(JobSaved(after.id, after.name))
    return after


def _rename(tx: Tx, before: Job, spec: JobSpec, actor: str) -> JobSpec:
    """Let those that run after the job know it by its new name; `spec`, which may name itself, as well."""
    tx.run("UPDATE jobs SET name = :name WHERE id = :id", name=spec.name, id=before.id)
    for name in chains.downstream(tx, before.id):
        dependent = find(tx, name)
        save(tx, _told(dependent.spec, before.name, spec.name), actor, job_id=dependent.id)
    return _told(spec, before.name, spec.name)


def _told(spec: JobSpec, old: str, new: str) -> JobSpec:
    triggers = [
        msgspec.structs.replace(trigger, after=new) if isinstance(trigger, After) and trigger.after == old else trigger
        for trigger in spec.triggers
    ]
    return msgspec.structs.replace(spec, triggers=tuple(triggers))


def _no_version(tx: Tx, job_id: JobId, number: int) -> NotFound:
    row = tx.row(
        "SELECT job_id AS id, version, spec, saved_at, saved_by FROM job_versions "
        "WHERE job_id = :id ORDER BY version DESC LIMIT 1",
        id=job_id,
    )
    if row is None:
        return _unknown(job_id)
    newest = _job(row)
    return NotFound(
        _(
            "the job {job} has no version {version}: its newest is {newest}",
            job=newest.name[:60],
            version=number,
            newest=newest.version,
        )
    )


def _unknown(job_id: JobId) -> NotFound:
    return NotFound(_("there is no job with the id {job}", job=job_id[:60]))


def _write(tx: Tx, job: Job, *, is_new: bool) -> None:
    values = {
        "id": job.id,
        "name": job.name,
        "version": job.version,
        "is_enabled": int(job.spec.is_enabled),
        "pool": job.spec.pool,
    }
    if is_new:
        tx.run(
            "INSERT INTO jobs (id, name, version, is_enabled, pool) VALUES (:id, :name, :version, :is_enabled, :pool)",
            **values,
        )
    else:
        tx.run(
            "UPDATE jobs SET name = :name, version = :version, is_enabled = :is_enabled, pool = :pool WHERE id = :id",
            **values,
        )
    job_list.write(tx, job)
    tx.run(
        "INSERT INTO job_versions (job_id, version, spec, saved_at, saved_by) "
        "VALUES (:id, :version, :spec, :saved_at, :saved_by)",
        id=job.id,
        version=job.version,
        spec=encode(job.spec).decode(),
        saved_at=tx.now_us,
        saved_by=job.saved_by,
    )


def _job(row: Any) -> Job:
    return Job(
        id=JobId(row.id),
        version=row.version,
        spec=from_own(row.spec, JobSpec),
        saved_at=from_us(row.saved_at),
        saved_by=row.saved_by,
    )
