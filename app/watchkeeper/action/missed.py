"""What was missed while nobody could fire it, and what is made up for."""

from typing import Annotated

from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action.jobs import After, Limit
from watchkeeper.action.spec import Help, action, query
from watchkeeper.model.days import opened
from watchkeeper.model.job import Job
from watchkeeper.model.run import MakeUp, Run
from watchkeeper.model.text import _
from watchkeeper.store import calendars, missed
from watchkeeper.store.missed import Missed
from watchkeeper.store.tx import Tx

Choice = Annotated[MakeUp, Help(_("once: one run for all of it; all: one for each; none: let it be"))]


@query("missed.list", title=_("List what was missed, by job"))
def listed(tx: Tx, actor: Actor, *, after: After = "", limit: Limit = 100) -> list[Missed]:
    """What each job has missed and nobody has decided on yet, by job name."""
    return missed.of_jobs(tx, after=after, limit=limit)


@action("missed.settle", title=_("Make up for what a job has missed"), permission=Permission.RUN, on="job")
def settle(tx: Tx, actor: Actor, *, job: Job, choice: Choice) -> list[Run]:
    """Run once, run all of it, or none; what was missed is settled then."""
    return missed.settle(tx, job, choice, actor.name, opened(calendars.all(tx)))
