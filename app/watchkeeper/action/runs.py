"""What can be done with runs: start, look, cancel, run again, and say what an unknown one was."""

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action.door import Door
from watchkeeper.action.jobs import Limit
from watchkeeper.action.likely import likely
from watchkeeper.action.names import at, require_line, require_storable
from watchkeeper.action.spec import Help, action, query
from watchkeeper.model import codec
from watchkeeper.model.errors import Conflict
from watchkeeper.model.events import RunQueued
from watchkeeper.model.ids import run_id
from watchkeeper.model.job import Job, JobSpec
from watchkeeper.model.run import NAMES, Attempt, Origin, Run, State
from watchkeeper.model.span import Span
from watchkeeper.model.text import _
from watchkeeper.settings import EXECUTION_ID_WINDOW
from watchkeeper.store import chains, execution_ids, jobs, runs
from watchkeeper.store.blockers import Why, why
from watchkeeper.store.tx import Tx

ExecutionId = Annotated[
    str, Meta(min_length=1, max_length=200), Help(_("your own id: with the same one the job starts only once"))
]
JobOnly = Annotated[Job | None, Help(_("only runs of this job"))]
States = Annotated[tuple[State, ...], Help(_("only runs in this state; may be repeated"))]
Before = Annotated[int | None, Help(_("only what has a lower number"))]
Verdict = Annotated[State, Help(_("SUCCEEDED or FAILED"))]
Reason = Annotated[str, Meta(min_length=1, max_length=1_000), Help(_("why, in a sentence that stays beside the run"))]
AttemptNumber = Annotated[int, Meta(ge=1), Help(_("which attempt; the newest that began if none is named"))]
Offset = Annotated[int, Meta(ge=0), Help(_("from this byte on"))]
Grace = Annotated[Span | None, Help(_("so long it may take to end by itself, like 10s; 0s kills it at once"))]
Length = Annotated[int, Meta(ge=1, le=524_288), Help(_("so many bytes at most"))]


#: What is said of parameters that a run is given.
CHANGED = Help(_("another value for a parameter, this once; may be repeated"))
#: Unknown runs that are settled in one transaction, if nobody says otherwise.
MOST_SETTLED = 1_000


class Started(msgspec.Struct, frozen=True):
    """The run that a start led to."""

    run: Run
    #: It was there already: the same execution id was given before.
    is_deduplicated: bool = False

    @property
    def undo(self) -> Mapping[str, Any]:
        """What takes the start back: the run is stopped."""
        return {"run": self.run.id}


class Detail(msgspec.Struct, frozen=True):
    """A run with its earlier attempts."""

    run: Run
    attempts: list[Attempt]


class Settled(msgspec.Struct, frozen=True):
    """How many unknown runs were settled, and whether there are more."""

    count: int
    has_more: bool


class LogPart(msgspec.Struct, frozen=True):
    """Some bytes of an attempt's output, as they are."""

    attempt: int
    offset: int
    data: bytes
    #: Nothing will be added to this attempt's output.
    is_closed: bool
    #: The newest attempt.
    last_attempt: int


@action("run.start", title=_("Run now"), permission=Permission.RUN, on="job", undo="run.cancel")
def start(
    tx: Tx,
    actor: Actor,
    door: Door,
    *,
    job: Job,
    params: Annotated[Mapping[str, Any], CHANGED] = {},
    execution_id: ExecutionId | None = None,
) -> Started:
    """A new run in the queue, with some parameters changed; the first one when the execution id was given before.

    Conflict when the id was given with another job or other parameters.
    """
    run = _new(job, _changed(door, job.spec, params), actor, tx, Origin.MANUAL, execution_id)
    first = _claimed(tx, run) if execution_id is not None else None
    return Started(runs.get(tx, first), is_deduplicated=True) if first else Started(_queued(tx, run))


@query("run.list", title=_("List runs, newest first"))
def listed(
    tx: Tx,
    actor: Actor,
    *,
    job: JobOnly = None,
    states: States = (),
    before: Before = None,
    limit: Limit = 50,
) -> list[Run]:
    """Runs with a number below `before`, of one job or of all, in some states or in any."""
    return runs.page(tx, job_id=job.id if job else None, states=states, before=before, limit=limit)


@query("run.show", title=_("Show a run with its attempts"), on="run")
def show(tx: Tx, actor: Actor, *, run: Run) -> Detail:
    """A run and the attempts that another followed."""
    return Detail(run, runs.attempts(tx, run.id))


@query("run.why", title=_("Why is it not running?"), on="run")
def reason(tx: Tx, actor: Actor, *, run: Run) -> Why:
    """One sentence, what stands in the way, and until when that is likely."""
    found = why(tx, run)
    return msgspec.structs.replace(found, likely_at=likely(tx, run, found))


@query("run.log", title=_("Read the output of a run"), on="run")
async def log(
    door: Door,
    actor: Actor,
    *,
    run: Run,
    attempt: AttemptNumber | None = None,
    offset: Offset = 0,
    length: Length = 65_536,
) -> LogPart:
    """Up to `length` bytes of an attempt's output from `offset`; of the newest that began if none is named."""
    wanted = newest_attempt(run) if attempt is None else attempt
    data = await door.log(run, wanted, offset, length)
    is_closed = wanted < run.attempt or not run.is_live or run.state is State.UNKNOWN
    return LogPart(wanted, offset, data, is_closed, last_attempt=run.attempt)


@action("run.cancel", title=_("Stop a run"), permission=Permission.RUN, on="run")
def cancel(tx: Tx, actor: Actor, *, run: Run, grace: Grace = None) -> Run:
    """Wish that a run stops: the engine sees to it, and its ending tells what happened."""
    return runs.request_cancel(tx, run.id, actor.name, grace)


@action("run.rerun", title=_("Run again"), permission=Permission.RUN, on="run")
def rerun(tx: Tx, actor: Actor, door: Door, *, run: Run, params: Annotated[Mapping[str, Any], CHANGED] = {}) -> Run:
    """A new run of the job as it is now, with the parameters of an earlier run, some of them changed."""
    if run.is_live:
        raise Conflict(_("run #{number} has not ended yet: {state}", number=run.number, state=NAMES[run.state]))
    job, given = jobs.get(tx, run.job_id), run.params
    if params:
        given = _changed(door, job.spec, {**(run.params or {}), **params})
    again = _new(job, given, actor, tx, Origin.RERUN, None)
    return _queued(tx, msgspec.structs.replace(again, rerun_of=run.id))


@action("run.resolve", title=_("Say what an unknown run was"), permission=Permission.RUN, on="run")
def resolve(tx: Tx, actor: Actor, *, run: Run, state: Verdict, reason: Reason) -> Run:
    """A person, who has looked, decides that an UNKNOWN run SUCCEEDED or FAILED."""
    resolved = runs.resolve(tx, run.id, state, actor.name, reason)
    chains.go_on(tx, run.job_id, run.id, state)
    return resolved


@action("run.settle", title=_("Say what all unknown runs were"), permission=Permission.RUN)
def settle(
    tx: Tx, actor: Actor, *, state: Verdict, reason: Reason, job: JobOnly = None, limit: Limit = MOST_SETTLED
) -> Settled:
    """The same for many, after a restore: every UNKNOWN run of a job, or of all; Conflict when there is none."""
    found = runs.unknown(tx, job.id if job else None, limit + 1)
    if not found:
        raise Conflict(_("no run is unknown") if job is None else _("no run of {job} is unknown", job=job.name))
    for run in found[:limit]:
        resolve(tx, actor, run=run, state=state, reason=reason)
    return Settled(len(found[:limit]), has_more=len(found) > limit)


@action("run.mark", title=_("Judge a run that has ended"), permission=Permission.RUN, on="run")
def mark(tx: Tx, actor: Actor, *, run: Run, state: Verdict, reason: Reason) -> Run:
    """A verdict beside the ending, which stays: SUCCEEDED or FAILED."""
    return runs.give_verdict(tx, run.id, state, actor.name, reason)


def newest_attempt(run: Run) -> int:
    """The newest attempt that began."""
    is_yet_to_begin = run.state in (State.WAITING, State.QUEUED)
    return max(1, run.attempt - is_yet_to_begin)


def _changed(door: Door, spec: JobSpec, params: Mapping[str, Any]) -> dict[str, Any] | None:
    """The changed parameters in their handler's types; words from a command line are read."""
    from watchkeeper.plugin.schema import params_of, plain_params

    with at("params"):
        require_storable(params)
        read = plain_params(params_of(door.registry.handler(spec.handler), {**spec.params, **params}, is_text=True))
    return {name: read[name] for name in params} or None


def _new(
    job: Job, params: Mapping[str, Any] | None, actor: Actor, tx: Tx, origin: Origin, execution_id: str | None
) -> Run:
    with at("execution_id"):
        require_line(execution_id or "", 200)
    return Run(
        id=run_id(),
        job_id=job.id,
        job_name=job.name,
        job_version=job.version,
        caller_execution_id=execution_id,
        origin=origin,
        state=State.QUEUED,
        priority=job.spec.priority,
        params=params,
        concurrency_key=job.concurrency_key(params),
        pool=job.spec.pool,
        created_at=tx.now,
        due_at=tx.now,
        actor=actor.name,
    )


def _claimed(tx: Tx, run: Run) -> str | None:
    payload = hashlib.sha256(codec.encode([run.job_id, run.params or {}])).hexdigest()
    return execution_ids.claim(tx, run.execution_id, payload, run.id, tx.now + EXECUTION_ID_WINDOW)


def _queued(tx: Tx, run: Run) -> Run:
    inserted = runs.insert(tx, run)
    tx.tell(RunQueued(run.id, run.job_name))
    return inserted
