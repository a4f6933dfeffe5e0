"""What can be done with jobs, one at a time."""

from typing import Annotated

from msgspec import Meta

from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action.checks import checked
from watchkeeper.action.door import Door
from watchkeeper.action.job_filter import Filter, clauses_of, only_by_clock
from watchkeeper.action.names import at
from watchkeeper.action.spec import Help, Values, action, query
from watchkeeper.model.errors import Conflict
from watchkeeper.model.job import Job, JobSpec
from watchkeeper.model.text import _
from watchkeeper.store import jobs
from watchkeeper.store.job_filters import condition
from watchkeeper.store.tx import Tx

Limit = Annotated[int, Meta(ge=1, le=1_000), Help(_("so many at most, 1 to 1000"))]
After = Annotated[str, Help(_("only what follows this name"))]
Version = Annotated[int | None, Help(_("as it was in this version"))]
Spec = Annotated[JobSpec, Help(_("a YAML file with one job, - for the standard input"))]
Former = Annotated[Job | None, Help(_("the job that is to get the name in the file"))]
Base = Annotated[int | None, Help(_("the version that was changed; refused when it is no longer the newest"))]


def _checked(door: Door, values: Values) -> Values:
    with at(f"jobs[{values['spec'].name}]"[:220]):
        return {**values, "spec": checked(door, values["spec"])}


@query("job.list", title=_("List jobs by name"))
def listed(tx: Tx, actor: Actor, *, filter: Filter = "", after: After = "", limit: Limit = 100) -> list[Job]:
    """Jobs by name that the filter lets through, those that follow the name `after`."""
    clauses = clauses_of(filter, actor)
    return jobs.page(tx, after=after, limit=limit, wanted=condition(tx, clauses, only_by_clock(tx, clauses)))


@query("job.show", title=_("Show a job"), on="job")
def show(tx: Tx, actor: Actor, *, job: Job, version: Version = None) -> Job:
    """A job as it is, or as it was in one of its versions."""
    return job if version is None else jobs.version(tx, job.id, version)


@action("job.save", title=_("Save a job"), permission=Permission.EDIT, on="spec", prepare=_checked)
def save(tx: Tx, actor: Actor, *, spec: Spec, job: Former = None, base: Base = None) -> Job:
    """A new job, a new version of the one with this name, or of `job`, which may so get a new name."""
    if base is not None and job is not None and job.version != base:
        raise Conflict(
            _(
                "{actor} has saved version {version} of {job} meanwhile: look at what has changed, then save anew",
                actor=job.saved_by,
                version=job.version,
                job=job.name[:60],
            )
        )
    namesake = jobs.by_name(tx, spec.name)
    if job is not None and namesake is not None and namesake.id != job.id:
        raise Conflict(_("there is another job called {name}: choose a different name", name=spec.name))
    return jobs.save(tx, spec, actor.name, job_id=job.id if job else None)


@action("job.enable", title=_("Enable a job"), permission=Permission.EDIT, on="job", undo="job.disable")
def enable(tx: Tx, actor: Actor, *, job: Job) -> Job:
    """Let a job's triggers fire again, from now on."""
    return jobs.set_enabled(tx, job.id, True, actor.name)


@action("job.disable", title=_("Disable a job"), permission=Permission.EDIT, on="job", undo="job.enable")
def disable(tx: Tx, actor: Actor, *, job: Job) -> Job:
    """Keep a job's triggers from firing; it can still be started by hand."""
    return jobs.set_enabled(tx, job.id, False, actor.name)


@action("job.delete", title=_("Delete a job"), permission=Permission.EDIT, on="job", undo="job.restore")
def delete(tx: Tx, actor: Actor, *, job: Job) -> None:
    """Remove a job and its triggers; its runs stay."""
    jobs.delete(tx, job.id)
