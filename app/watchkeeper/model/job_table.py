"""The table of jobs as it is asked for: a window of rows, and what is counted around it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from watchkeeper.model.ids import JobId, RunId
from watchkeeper.model.run import State
from watchkeeper.model.text import Text


class PastRun(msgspec.Struct, frozen=True, array_like=True):
    """One of the last runs, as a bar shows it; it travels as a list, for there are 4,000 in a window."""

    id: RunId
    number: int
    state: State
    #: From its start to its end; None while it lives, and where it never started.
    took: timedelta | None = None
    attempt: int = 1
    has_warning: bool = False
    verdict: State | None = None


class LastRun(msgspec.Struct, frozen=True):
    """The run whose ending was written last."""

    id: RunId
    #: A person's verdict, else what it ended as.
    state: State
    ended_at: datetime
    has_warning: bool
    #: 0 when the run is not kept any more; then nothing below is known either.
    number: int = 0
    started_at: datetime | None = None
    reason: Text | None = None
    exit_code: int | None = None
    host: str | None = None


class LiveRun(msgspec.Struct, frozen=True):
    """A run that has not ended; of several the one that is farthest, and the newest of those."""

    id: RunId
    number: int
    state: State
    attempt: int
    started_at: datetime | None
    due_at: datetime
    reason: Text | None
    #: Somebody wants it to stop.
    is_stopping: bool
    #: How many of the job's runs live.
    count: int


class JobRow(msgspec.Struct, frozen=True):
    """A job, with what happened and what will."""

    id: JobId
    name: str
    group: str
    owner: str
    tags: tuple[str, ...]
    handler: str
    #: Empty for none.
    pool: str
    is_enabled: bool
    #: Its triggers in words.
    triggers: tuple[Text, ...]
    #: The nearest moment by the clock; None when none is known, and while the job is disabled.
    next_at: datetime | None
    last: LastRun | None
    live: LiveRun | None
    #: The last 20, the newest last; live ones are among them.
    runs: tuple[PastRun, ...]
    #: What 50 % and 95 % of the last 20 runs that succeeded did not exceed.
    p50: timedelta | None
    p95: timedelta | None


class Tally(msgspec.Struct, frozen=True):
    """How many jobs have a value."""

    value: str
    count: int


class GroupTally(msgspec.Struct, frozen=True):
    """A group by its path, without those within it: its jobs, by what their last runs ended as and by live runs."""

    path: str
    count: int
    #: Jobs by what their last run came to; those whose runs succeeded with a warning are in `warned` as well.
    ended: Mapping[State, int]
    warned: int
    #: Jobs by the states of their live runs.
    live: Mapping[State, int]
    #: The worst of all these; None when nothing has run.
    worst: State | None


class JobTable(msgspec.Struct, frozen=True):
    """How many jobs there are, how many the filter lets through, and a window of those."""

    total: int
    matches: int
    rows: tuple[JobRow, ...]
    #: Of all that the filter lets through, when it is grouped; in the order of their paths, that of no group last.
    groups: tuple[GroupTally, ...] = ()


class JobFacets(msgspec.Struct, frozen=True):
    """What jobs can be told apart by."""

    tags: tuple[Tally, ...]
    owners: tuple[Tally, ...]
    handlers: tuple[Tally, ...]
    pools: tuple[Tally, ...]
    calendars: tuple[Tally, ...]
    #: As a grouped table has them.
    groups: tuple[GroupTally, ...]
