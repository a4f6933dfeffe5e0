"""Which other jobs are due at the same time and would have to share: a pool that has no room for both, or a key."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from watchkeeper.model.ids import JobId
from watchkeeper.model.job import Job, JobSpec, Policy
from watchkeeper.model.schedule import Calendars, next_after
from watchkeeper.model.trigger import ByClock
from watchkeeper.store import jobs, pools, runs
from watchkeeper.store.tx import Tx

#: Runs of one other job that are looked at, and other jobs.
_MOST_RUNS = 2_000
_MOST_JOBS = 200
#: What a run is taken to last of which none has succeeded yet.
UNKNOWN = timedelta(seconds=1)
#: Runs whose median is the usual duration.
_SAMPLE = 50


class Busy(NamedTuple):
    """From when to when another job is expected to run."""

    begins_at: datetime
    ends_at: datetime
    job: str


class Sharers(NamedTuple):
    """Jobs that share a pool or a key, and for how many beside one of them there is room."""

    shared: str
    room: int
    jobs: Sequence[Job]


class Contention(NamedTuple):
    """What is expected of the others, and how many of them there is room for beside this job."""

    others: Sequence[Busy]
    room: int
    #: The pool or the key that is shared.
    shared: str
    longest: timedelta

    def at(self, moment: datetime, span: timedelta) -> tuple[Busy, ...]:
        """The others that leave no room for a run from `moment` on; none while there is room."""
        first = bisect_left(self.others, moment - self.longest, key=lambda busy: busy.begins_at)
        last = bisect_left(self.others, moment + span, key=lambda busy: busy.begins_at)
        met = tuple(busy for busy in self.others[first:last] if busy.ends_at > moment)
        return met if len(met) > self.room else ()


def usual(tx: Tx, job_id: JobId | None) -> timedelta | None:
    """The median of a job's last successful runs; None while there is none."""
    if job_id is None:
        return None
    spans = sorted(runs.durations(tx, job_id, _SAMPLE))
    return spans[len(spans) // 2] if spans else None


def sharers(tx: Tx, spec: JobSpec) -> Sharers | None:
    """Who has to share with such a job, itself among them if it is saved; None when it shares nothing."""
    if spec.pool is not None:
        size = next((pool.size for pool in pools.all(tx) if pool.name == spec.pool), 1)
        return Sharers(spec.pool, max(size - 1, 0), jobs.in_pool(tx, spec.pool, _MOST_JOBS))
    if spec.key and "${{" not in spec.key and spec.concurrency.policy is not Policy.ALLOW:
        return Sharers(spec.key, 0, jobs.with_key(tx, spec.key, _MOST_JOBS))
    return None


def contention(
    tx: Tx, spec: JobSpec, own_id: JobId | None, since: datetime, until: datetime, calendars: Calendars
) -> Contention | None:
    """What this job would share with others between two moments; None when it shares nothing."""
    found = sharers(tx, spec)
    if found is None:
        return None
    others = (job for job in found.jobs if job.id != own_id)
    met = [each for job in others for each in busy(tx, job, since, until, calendars, _MOST_RUNS)]
    return contention_of(met, found)


def contention_of(met: Sequence[Busy], found: Sharers) -> Contention:
    """The same when it is known from when to when the others run."""
    longest = max((each.ends_at - each.begins_at for each in met), default=UNKNOWN)
    return Contention(sorted(met), found.room, found.shared, longest)


def busy(tx: Tx, job: Job, since: datetime, until: datetime, calendars: Calendars, most: int) -> Iterator[Busy]:
    """When a job is expected to run, `most` times of each trigger."""
    if not job.spec.is_enabled:
        return
    span = max(usual(tx, job.id) or UNKNOWN, UNKNOWN)
    for trigger in job.spec.triggers:
        if isinstance(trigger, ByClock):
            for moment in islice(instants(trigger, since - span, until, calendars), most):
                yield Busy(moment, moment + span, job.name)


def instants(trigger: ByClock, since: datetime, until: datetime, calendars: Calendars) -> Iterator[datetime]:
    """What a trigger fires after one moment and before another."""
    moment: datetime | None = since
    while moment is not None and (moment := next_after(trigger, moment, calendars)) is not None and moment < until:
        yield moment


def names(met: Iterable[Busy]) -> tuple[str, ...]:
    """The jobs among them, each once, in order."""
    return tuple(dict.fromkeys(busy.job for busy in met))
