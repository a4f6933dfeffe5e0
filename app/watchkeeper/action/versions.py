"""What can be done with the versions of a job: look at them, compare them, take one back."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action.checks import checked
from watchkeeper.action.differences import Difference, differences
from watchkeeper.action.door import Door
from watchkeeper.action.jobs import Limit
from watchkeeper.action.spec import Help, action, query
from watchkeeper.model.errors import Conflict, NotFound
from watchkeeper.model.ids import JobId
from watchkeeper.model.job import Job, JobSpec
from watchkeeper.model.text import _
from watchkeeper.store import jobs
from watchkeeper.store import versions as kept
from watchkeeper.store.tx import Tx

Below = Annotated[int | None, Help(_("only versions with a lower number"))]
From = Annotated[int | None, Help(_("the earlier version; the one before if none is given"))]
To = Annotated[int | None, Help(_("the later version; the newest if none is given"))]
Wanted = Annotated[int | None, Help(_("which one; of a deleted job the last if none is given"))]
JobRef = Annotated[
    str, Meta(min_length=1, max_length=200), Help(_("a job, by its name or id; also one that was deleted"))
]


class Version(msgspec.Struct, frozen=True):
    """One version of a job, and what it changed of the one before."""

    number: int
    saved_at: datetime
    saved_by: str
    #: Nothing for the first.
    differences: tuple[Difference, ...]


@query("job.versions", title=_("List the versions of a job, newest first"), on="job")
def listed(tx: Tx, actor: Actor, *, job: Job, before: Below = None, limit: Limit = 100) -> list[Version]:
    """Each version with who saved it when, and what it changed."""
    found = kept.page(tx, job.id, before=before, limit=limit + 1)
    earlier = [each.spec for each in found[1:]] + [None]
    return [_version(each, former) for each, former in zip(found, earlier, strict=True)][:limit]


@query("job.diff", title=_("Compare two versions of a job"), on="job")
def compared(tx: Tx, actor: Actor, *, job: Job, from_: From = None, to: To = None) -> list[Difference]:
    """What became of each field between the two, texts line by line."""
    later = job.version if to is None else to
    earlier = max(later - 1, 1) if from_ is None else from_
    before, after = (jobs.version(tx, job.id, number) for number in (earlier, later))
    return list(differences(before.spec, after.spec, with_lines=True))


@action(
    "job.restore",
    title=_("Take back an earlier version of a job, or a deleted job"),
    permission=Permission.EDIT,
    on="job",
    undo="job.restore",
)
def restore(tx: Tx, actor: Actor, door: Door, *, job: JobRef, version: Wanted = None) -> Job:
    """A new version that says what the earlier one says; a deleted job comes back with its id and its runs."""
    present = _present(tx, job)
    former = _former(tx, job, present, version)
    actor.require(Permission.EDIT, former.name)
    _require_free(tx, former)
    spec = checked(door, former.spec)
    if present is not None:
        return jobs.save(tx, spec, actor.name, job_id=present.id)
    return jobs.revive(tx, msgspec.structs.replace(former, spec=spec), actor.name)


def _version(job: Job, former: JobSpec | None) -> Version:
    changed = differences(former, job.spec) if former is not None else ()
    return Version(job.version, job.saved_at, job.saved_by, changed)


def _present(tx: Tx, ref: str) -> Job | None:
    """The job that is meant, if it has not been deleted."""
    named = jobs.by_name(tx, ref)
    return named or next(iter(jobs.many(tx, [JobId(ref)])), None)


def _former(tx: Tx, ref: str, present: Job | None, version: int | None) -> Job:
    if present is not None:
        if version is None:
            raise NotFound(
                _(
                    "say which version of {job} with --version: `watchkeeper job versions {job}` lists them",
                    job=ref[:60],
                )
            )
        return jobs.version(tx, present.id, version)
    last = kept.deleted(tx, JobId(ref)) or kept.last_deleted(tx, ref)
    if last is None:
        raise NotFound(_("there is no job {job}, and none of this name was deleted", job=ref[:60]))
    return last if version is None else jobs.version(tx, last.id, version)


def _require_free(tx: Tx, former: Job) -> None:
    namesake = jobs.by_name(tx, former.name)
    if namesake is not None and namesake.id != former.id:
        raise Conflict(_("there is another job called {name} by now: rename it first", name=former.name[:60]))
