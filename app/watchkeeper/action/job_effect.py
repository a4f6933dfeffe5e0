"""What a deed would do to many jobs: to which, to which not and why, and what comes of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from watchkeeper.access.actor import Actor
from watchkeeper.action.fires import calendars_of, next_of
from watchkeeper.action.names import at
from watchkeeper.action.spec import Help, query
from watchkeeper.model.errors import Known
from watchkeeper.model.ids import JobId
from watchkeeper.model.job import Job, Policy
from watchkeeper.model.text import Text, _, plural
from watchkeeper.store import chains, job_table, jobs, triggers
from watchkeeper.store.tx import Tx

#: Jobs of one look.
MOST_JOBS = 1_000
#: Fires that are told of those that fall away.
MOST_FIRES = 5


class Deed(StrEnum):
    """What can be done to many jobs at once."""

    RUN = "run"
    ENABLE = "enable"
    DISABLE = "disable"
    TAG = "tag"
    UNTAG = "untag"
    DELETE = "delete"


class Skipped(msgspec.Struct, frozen=True):
    """A job that it would not be done to."""

    job: str
    why: Text


class Lost(msgspec.Struct, frozen=True):
    """The next time that a job would have fired."""

    job: str
    at: datetime


class Effect(msgspec.Struct, frozen=True):
    """What one deed would do."""

    deed: Deed
    #: The names of the jobs that it is done to, in an order in which it can be done.
    jobs: list[str]
    skipped: list[Skipped]
    #: How many runs of these jobs live.
    live: int
    #: Of how many jobs the next fire falls away, and the first of these fires.
    fires: int
    first_fires: list[Lost]
    #: What comes of it, a sentence each.
    remarks: list[Text]


JobRefs = Annotated[
    tuple[Annotated[str, Meta(min_length=1, max_length=200)], ...],
    Help(_("a job, by its name or id; may be repeated")),
]
Deeds = Annotated[
    tuple[Deed, ...], Help(_("run, enable, disable, tag, untag or delete; may be repeated, all but tags if left out"))
]
Tag = Annotated[str, Meta(max_length=200), Help(_("the tag that is given or taken"))]

_USUAL = (Deed.RUN, Deed.ENABLE, Deed.DISABLE, Deed.DELETE)


@query("job.effect", title=_("Tell what a deed would do to jobs"))
def effect(tx: Tx, actor: Actor, *, jobs: JobRefs = (), deeds: Deeds = (), tag: Tag = "") -> list[Effect]:
    """Each deed with the jobs that it would be done to, those it would not, and what would come of it."""
    if len(jobs) > MOST_JOBS:
        with at("jobs"):
            raise Known(_("{count} at once are too many: give at most {most}", count=len(jobs), most=MOST_JOBS))
    look = _Look(tx, jobs, tag)
    return [look.effect(deed) for deed in deeds or _USUAL]


class _Look:
    """The jobs as they are now."""

    def __init__(self, tx: Tx, refs: Sequence[str], tag: str) -> None:
        self._tx, self._tag = tx, tag
        self._jobs = [jobs.find(tx, ref) for ref in dict.fromkeys(refs)]
        self._live = job_table.live_counts(tx, [job.id for job in self._jobs])

    def effect(self, deed: Deed) -> Effect:
        skipped = self._spared() if deed is Deed.DELETE else self._refused(deed)
        done = [job for job in self._jobs if job.id not in skipped]
        fires = self._lost(done) if deed in (Deed.DISABLE, Deed.DELETE) else []
        return Effect(
            deed=deed,
            jobs=[job.name for job in (self._ends_first(done) if deed is Deed.DELETE else done)],
            skipped=[Skipped(job.name, skipped[job.id]) for job in self._jobs if job.id in skipped],
            live=sum(self._live.get(job.id, 0) for job in done),
            fires=len(fires),
            first_fires=fires[:MOST_FIRES],
            remarks=list(_REMARKS.get(deed, _nothing)(done, self._live)),
        )

    def _refused(self, deed: Deed) -> dict[JobId, Text]:
        return {job.id: why for job in self._jobs if (why := self._refusal(deed, job)) is not None}

    def _refusal(self, deed: Deed, job: Job) -> Text | None:
        match deed:
            case Deed.ENABLE if job.spec.is_enabled:
                return _("it is enabled already")
            case Deed.DISABLE if not job.spec.is_enabled:
                return _("it is disabled already")
            case Deed.TAG if self._tag in job.spec.tags:
                return _("it has the tag already")
            case Deed.UNTAG if self._tag not in job.spec.tags:
                return _("it does not have the tag")
        return None

    def _spared(self) -> dict[JobId, Text]:
        """Those after which others run that stay, and what those that are spared run after."""
        others = {job.id: self._dependents(job) for job in self._jobs}
        gone, skipped = {job.name: job for job in self._jobs}, dict[JobId, Text]()
        while kept := [job for job in gone.values() if others[job.id] - gone.keys()]:
            for job in kept:
                names = ", ".join(sorted(others[job.id] - gone.keys())[:5])
                skipped[job.id] = _("after it run {others}", others=names)
            for job in kept:
                del gone[job.name]
        return skipped

    def _dependents(self, job: Job) -> set[str]:
        return set(chains.downstream(self._tx, job.id)) - {job.name}

    def _ends_first(self, done: Sequence[Job]) -> list[Job]:
        """Those after which no other of them runs any more come first."""
        left, order = {job.name: job for job in done}, list[Job]()
        waits = {job.name: self._dependents(job) for job in done}
        while left:
            free = [name for name in left if not waits[name] & left.keys()] or list(left)
            order += [left.pop(name) for name in free]
        return order

    def _lost(self, done: Sequence[Job]) -> list[Lost]:
        enabled = [job for job in done if job.spec.is_enabled]
        armed = triggers.of_jobs(self._tx, [job.id for job in enabled])
        calendars = calendars_of(self._tx, [each for group in armed.values() for each in group])
        moments = ((job.name, next_of(self._tx, armed.get(job.id, ()), calendars)) for job in enabled)
        return sorted((Lost(name, at) for name, at in moments if at is not None), key=lambda lost: lost.at)


_Live = Mapping[JobId, int]


def _of_run(done: Sequence[Job], live: _Live) -> Iterator[Text]:
    busy = [job.spec.concurrency.policy for job in done if live.get(job.id)]
    if n := sum(policy in (Policy.QUEUE, Policy.COALESCE) for policy in busy):
        yield plural("{n} waits until the run before it has ended", "{n} wait until the run before them has ended", n)
    if n := busy.count(Policy.FORBID):
        yield plural(
            "{n} has a run already: the new one is skipped", "{n} have a run already: the new ones are skipped", n
        )
    if n := busy.count(Policy.REPLACE):
        yield plural(
            "{n} has a run, which is stopped for the new one", "{n} have a run, which is stopped for the new one", n
        )
    if n := sum(not job.spec.is_enabled for job in done):
        yield plural("{n} is disabled and runs this once", "{n} are disabled and run this once", n)


def _of_end(done: Sequence[Job], live: _Live) -> Iterator[Text]:
    if n := sum(live.get(job.id, 0) for job in done):
        yield plural("{n} live run goes on to its end", "{n} live runs go on to their end", n)


def _nothing(done: Sequence[Job], live: _Live) -> Iterator[Text]:
    yield from ()


_REMARKS: Mapping[Deed, Callable[[Sequence[Job], _Live], Iterator[Text]]] = {
    Deed.RUN: _of_run,
    Deed.DISABLE: _of_end,
    Deed.DELETE: _of_end,
}
