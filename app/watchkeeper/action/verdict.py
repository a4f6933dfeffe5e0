"""What stands against a job as it is written, and what is doubtful about it; nothing is saved."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Annotated

import msgspec

from watchkeeper.access.actor import Actor
from watchkeeper.action.checks import faults
from watchkeeper.action.contention import usual
from watchkeeper.action.door import Door
from watchkeeper.action.draft import Draft, Fix, Problem, problem_of, read_through
from watchkeeper.action.spec import Help, query
from watchkeeper.model.errors import Known
from watchkeeper.model.job import Job, JobSpec, Policy
from watchkeeper.model.span import Span, written
from watchkeeper.model.span_words import about_words
from watchkeeper.model.text import _
from watchkeeper.model.trigger import After, Interval, Pace
from watchkeeper.store import calendars, chains, jobs, pools
from watchkeeper.store.tx import Tx

Spec = Annotated[Draft, Help(_("a YAML file with one job, - for the standard input"))]
Former = Annotated[Job | None, Help(_("the saved job that it is to take the place of"))]

#: Room for a run to be slower than usual.
_SLACK = 1.4
_ROUND = timedelta(minutes=5)


class Verdict(msgspec.Struct, frozen=True):
    """It can be saved when no problem is an error."""

    problems: list[Problem]
    #: The median of its last successful runs.
    usual: Span | None = None

    @property
    def is_right(self) -> bool:
        return not any(problem.is_error for problem in self.problems)


@query("job.check", title=_("Tell what is wrong with a job, without saving it"))
def check(tx: Tx, actor: Actor, door: Door, *, spec: Spec, job: Former = None) -> Verdict:
    """Every fault with its field, all at once, and what is doubtful."""
    draft, wrong = read_through(spec)
    if draft is None:
        return Verdict(wrong)
    named = {problem.field for problem in wrong}
    rest = [problem_of(fault) for fault in (*faults(door, draft), *_loose_ends(tx, draft, job))]
    found = [*wrong, *(problem for problem in rest if problem.field not in named)]
    median = usual(tx, job.id if job else None)
    return Verdict([*found, *_doubts(draft, median)], None if median is None else Span(seconds=median.total_seconds()))


def _loose_ends(tx: Tx, spec: JobSpec, former: Job | None) -> Iterator[Known]:
    """What it names and is not there."""
    yield from _placed("pool", lambda: spec.pool is not None and pools.require(tx, spec.pool))
    yield from _placed("", lambda: calendars.require(spec, calendars.names(tx)))
    after = next((i for i, each in enumerate(spec.triggers) if isinstance(each, After)), None)
    if after is not None:
        renamed = msgspec.structs.replace(spec, name=former.name) if former else spec
        yield from _placed(f"triggers[{after}].after", lambda: chains.require_sound(tx, [renamed]))
    namesake = jobs.by_name(tx, spec.name)
    if namesake is not None and (former is None or namesake.id != former.id):
        yield Known(_("{place}: {what}", place="name", what=_("another job has this name: choose a different one")))


def _placed(place: str, asked: Callable[[], object]) -> Iterator[Known]:
    try:
        asked()
    except Known as fault:
        yield Known(_("{place}: {what}", place=place, what=fault.text)) if place else fault


def _doubts(spec: JobSpec, median: timedelta | None) -> Iterator[Problem]:
    if median is not None:
        yield from _against_usual(spec, median)
    if not spec.triggers:
        yield Problem("triggers", _("nothing starts it: it runs only when it is asked for"), is_error=False)


def _against_usual(spec: JobSpec, median: timedelta) -> Iterator[Problem]:
    """What does not go with how long it usually takes."""
    enough = _rounded(median * _SLACK)
    for field in ("soft", "hard"):
        limit = getattr(spec.timeouts, field)
        if limit and limit < median:
            yield Problem(
                f"timeouts.{field}",
                _("it is shorter than usual ({usual}): every run will be cut off", usual=about_words(median)),
                is_error=False,
                fix=Fix(_("Make it {span}", span=about_words(enough)), f"timeouts.{field}", written(enough)),
            )
    for position, trigger in enumerate(spec.triggers):
        is_close = isinstance(trigger, Interval) and trigger.pace is Pace.FIXED_RATE and trigger.every < median
        if is_close and spec.concurrency.policy is Policy.QUEUE:
            yield Problem(
                f"triggers[{position}].every",
                _("it usually takes {usual}, so runs will queue up without end", usual=about_words(median)),
                is_error=False,
                fix=Fix(_("Make it {span}", span=about_words(enough)), f"triggers[{position}].every", written(enough)),
            )


def _rounded(span: timedelta) -> timedelta:
    step = _ROUND if span > _ROUND else timedelta(seconds=10)
    return -(-span // step) * step
