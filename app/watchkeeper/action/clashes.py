"""Which of the fires ahead meet other jobs where there is no room for all of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

import msgspec

from watchkeeper.action.contention import UNKNOWN, Busy, Sharers, busy, contention_of, names, sharers, usual
from watchkeeper.model.days import opened
from watchkeeper.model.ids import JobId
from watchkeeper.model.job import Job
from watchkeeper.model.schedule import NO_CALENDARS, Calendars
from watchkeeper.store import calendars as saved_calendars
from watchkeeper.store.tx import Tx

#: Fires of each trigger that are looked at.
MOST = 60
#: Others that a clash names with their times.
_MOST_MET = 20


class Meeting(msgspec.Struct, frozen=True):
    """Another job, and from when to when it is expected to run."""

    job_id: JobId
    job: str
    begins_at: datetime
    ends_at: datetime


class Clash(msgspec.Struct, frozen=True):
    """A fire that will have to wait for others, or keep them waiting."""

    at: datetime
    jobs: tuple[str, ...]
    #: The pool or the key that they share.
    shared: str
    #: So many of them run at once.
    slots: int
    #: When this fire's own run is expected to end.
    ends_at: datetime
    met: tuple[Meeting, ...]


class Lookout:
    """One look at what comes until a moment; what jobs share is worked out once for all of them."""

    def __init__(self, tx: Tx, until: datetime) -> None:
        self._tx, self._until = tx, until
        self._known: dict[str, tuple[Sharers, list[Busy]] | None] = {}
        self._calendars: Calendars | None = None

    def clashes(self, job: Job, fires: Sequence[datetime]) -> list[Clash]:
        """Those of a job's fires that meet others, in order."""
        found = self._met(job) if fires else None
        if found is None:
            return []
        shared, met = found
        contention = contention_of([each for each in met if each.job != job.name], shared)
        span = max(usual(self._tx, job.id) or UNKNOWN, UNKNOWN)
        at_once = ((moment, contention.at(moment, span)) for moment in fires)
        ids = {each.name: each.id for each in shared.jobs}
        return [_clash(moment, span, shared, others, ids) for moment, others in at_once if others]

    def _met(self, job: Job) -> tuple[Sharers, list[Busy]] | None:
        what = job.spec.pool or job.spec.key or ""
        if what not in self._known:
            found = sharers(self._tx, job.spec) if what else None
            self._known[what] = None if found is None else (found, self._busy(found))
        return self._known[what]

    def _busy(self, found: Sharers) -> list[Busy]:
        if self._calendars is None:
            specs = saved_calendars.all(self._tx)
            self._calendars = opened(specs) if specs else NO_CALENDARS
        now, until, calendars = self._tx.now, self._until, self._calendars
        return [each for job in found.jobs for each in busy(self._tx, job, now, until, calendars, MOST)]


def _clash(
    moment: datetime, span: timedelta, shared: Sharers, others: Sequence[Busy], ids: Mapping[str, JobId]
) -> Clash:
    met = (Meeting(ids[each.job], each.job, each.begins_at, each.ends_at) for each in others)
    return Clash(
        moment,
        names(others),
        shared.shared,
        slots=shared.room + 1,
        ends_at=moment + span,
        met=tuple(islice(met, _MOST_MET)),
    )
