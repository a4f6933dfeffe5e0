"""What can be done with the tags of a job, without saving the rest of it."""

from collections.abc import Iterable
from typing import Annotated

import msgspec

from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action.checks import checked
from watchkeeper.action.door import Door
from watchkeeper.action.spec import Help, action
from watchkeeper.model.errors import Conflict
from watchkeeper.model.job import Job, Name
from watchkeeper.model.text import _
from watchkeeper.store import jobs
from watchkeeper.store.tx import Tx

Tag = Annotated[Name, Help(_("the tag"))]


@action("job.tag", title=_("Give a job a tag"), permission=Permission.EDIT, on="job", undo="job.untag")
def tag(tx: Tx, actor: Actor, door: Door, *, job: Job, tag: Tag) -> Job:
    """A new version with one tag more; Conflict when the job has it already."""
    if tag in job.spec.tags:
        raise Conflict(_("{job} has the tag {tag} already", job=job.name, tag=tag[:60]))
    return _saved(tx, actor, door, job, (*job.spec.tags, tag))


@action("job.untag", title=_("Take a tag from a job"), permission=Permission.EDIT, on="job", undo="job.tag")
def untag(tx: Tx, actor: Actor, door: Door, *, job: Job, tag: Tag) -> Job:
    """A new version without the tag; Conflict when the job does not have it."""
    if tag not in job.spec.tags:
        raise Conflict(_("{job} does not have the tag {tag}", job=job.name, tag=tag[:60]))
    return _saved(tx, actor, door, job, (each for each in job.spec.tags if each != tag))


def _saved(tx: Tx, actor: Actor, door: Door, job: Job, tags: Iterable[str]) -> Job:
    spec = checked(door, msgspec.structs.replace(job.spec, tags=tuple(tags)))
    return jobs.save(tx, spec, actor.name, job_id=job.id)
