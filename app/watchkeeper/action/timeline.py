"""Jobs side by side in time: what ran, what runs, and what is going to fire."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Annotated

import msgspec
from msgspec import Meta

from watchkeeper.access.actor import Actor
from watchkeeper.action import fires
from watchkeeper.action.clashes import Clash, Lookout
from watchkeeper.action.contention import usual
from watchkeeper.action.door import Door
from watchkeeper.action.names import at
from watchkeeper.action.spec import Help, query
from watchkeeper.model.errors import Known
from watchkeeper.model.fire import Fire
from watchkeeper.model.ids import JobId, RunId
from watchkeeper.model.run import HOLDING, Run, State
from watchkeeper.model.schedule import Calendars, count_after
from watchkeeper.model.text import _
from watchkeeper.model.trigger import ByClock, Moment
from watchkeeper.store import attention, history, jobs, runs, triggers
from watchkeeper.store import pause as pauses
from watchkeeper.store.history import Filter, Span
from watchkeeper.store.pause import Pause
from watchkeeper.store.triggers import Armed
from watchkeeper.store.tx import Tx

Since = Annotated[Moment, Help(_("from this moment on: 2026-12-24T18:00+01:00"))]
Until = Annotated[Moment, Help(_("up to this moment: 2026-12-24T18:00+01:00"))]
Lanes = Annotated[int, Meta(ge=1, le=50), Help(_("so many jobs at most, 1 to 50"))]

#: Runs in all lanes together.
MOST_RUNS = 1_000
#: Fires that a lane tells; the rest is counted.
MOST_FIRES = 40
#: Runs of a lane are counted up to here.
MOST_COUNTED = 1_000
#: The newest runs of the time, among which the jobs are looked for that ran last.
_LOOKED_AT = 5_000
#: Runs of a job that began before the time and may reach into it.
_REACHING = 5
_LONGEST = timedelta(days=400)


class Bar(msgspec.Struct, frozen=True):
    """One run in a lane."""

    run_id: RunId
    number: int
    state: State
    #: A person's word on it, if there is one.
    verdict: State | None
    has_warning: bool
    attempt: int
    due_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class Lane(msgspec.Struct, frozen=True):
    """One job."""

    job_id: JobId
    job: str
    #: What its newest run up to the end of the time is; None where it has none.
    state: State | None
    needs_attention: bool
    #: Newest first; those that reach into the time as well.
    runs: list[Bar]
    #: How many there are, also beyond those told; 1,000 stands for as many or more.
    run_count: int
    #: What is going to fire within the time.
    fires: list[datetime]
    fire_count: int
    #: Those of the fires for which there will be no room.
    clashes: list[Clash] = []
    #: How long a run of it takes as a rule; None while none has succeeded.
    usual: timedelta | None = None


class Timeline(msgspec.Struct, frozen=True):
    """Lanes: what needs a person first, then what runs, then what ran last or fires next."""

    now: datetime
    since: datetime
    until: datetime
    lanes: list[Lane]
    #: While it lasts nothing fires.
    pause: Pause | None


@query("timeline.show", title=_("Show jobs side by side in time"))
async def show(door: Door, actor: Actor, *, since: Since, until: Until, limit: Lanes = 12) -> Timeline:
    """A lane for each job with its runs and what it is going to fire; the same effort however many runs are kept."""
    if not timedelta(0) < until - since <= _LONGEST:
        with at("until"):
            raise Known(
                _("{until} is not within 400 days after {since}", until=until.isoformat(), since=since.isoformat())
            )
    soonest = [] if door.engine is None else door.engine.memory.soonest(limit)
    return await door.read(lambda tx: _timeline(tx, since, until, limit, soonest))


def _timeline(tx: Tx, since: datetime, until: datetime, limit: int, soonest: list[Fire]) -> Timeline:
    span = history.span_of(tx, since, until)
    needing = dict.fromkeys(run.job_id for run in (*attention.failures(tx, limit), *attention.unknown(tx, limit)))
    names = dict(islice(_named(tx, _candidates(tx, needing, span, since, soonest)), limit))
    armed = {job_id: triggers.armed(tx, job_id) for job_id in names}
    calendars = fires.calendars_of(tx, list(chain.from_iterable(armed.values())))
    most = MOST_RUNS // max(1, len(names))
    lanes = [_lane(tx, job_id, name, span, since, most, job_id in needing) for job_id, name in names.items()]
    planned = [_with_fires(tx, lane, armed[lane.job_id], until, calendars) for lane in lanes]
    return Timeline(tx.now, since, until, _with_clashes(tx, planned, until), pauses.find(tx))


def _candidates(
    tx: Tx, needing: dict[JobId, None], span: Span, since: datetime, soonest: list[Fire]
) -> Iterator[JobId]:
    """Jobs in the order of their lanes, each once."""
    live = (run.job_id for run in runs.holding(tx, 100))
    recent = runs.jobs_of_newest(tx, span.last, since, _LOOKED_AT)
    yield from dict.fromkeys(chain(needing, live, recent, (fire.job_id for fire in soonest)))


def _named(tx: Tx, job_ids: Iterator[JobId]) -> Iterator[tuple[JobId, str]]:
    """Those that exist, with their names."""
    for job_id in job_ids:
        yield from jobs.names_of(tx, [job_id]).items()


def _lane(tx: Tx, job_id: JobId, name: str, span: Span, since: datetime, most: int, needs_attention: bool) -> Lane:
    wanted = Filter(jobs=(job_id,))
    within = history.page(tx, wanted, span, before=None, above=None, limit=most)
    count = len(within) if len(within) < most else history.count_up_to(tx, wanted, span, MOST_COUNTED)
    earlier = history.page(tx, wanted, Span(0, span.first - 1), before=None, above=None, limit=_REACHING)
    found = within + [run for run in earlier if run.ended_at is None or run.ended_at > since]
    newest = next((run for run in found if run.state in HOLDING), next(iter((*within, *earlier)), None))
    return Lane(
        job_id,
        name,
        None if newest is None else newest.outcome,
        needs_attention,
        [_bar(run) for run in found],
        max(count, len(found)),
        [],
        0,
        usual=usual(tx, job_id),
    )


def _with_fires(tx: Tx, lane: Lane, armed: list[Armed], until: datetime, calendars: Calendars) -> Lane:
    if until <= tx.now:
        return lane
    told = [fire.at for fire in islice(fires.upcoming(tx, armed, until, calendars), MOST_FIRES)]
    count = sum(count_after(each.trigger, tx.now, until) for each in armed if isinstance(each.trigger, ByClock))
    return msgspec.structs.replace(lane, fires=told, fire_count=count if len(told) == MOST_FIRES else len(told))


def _with_clashes(tx: Tx, lanes: list[Lane], until: datetime) -> list[Lane]:
    lookout = Lookout(tx, until)
    known = {job.id: job for job in jobs.many(tx, [lane.job_id for lane in lanes if lane.fires])}
    return [
        msgspec.structs.replace(lane, clashes=lookout.clashes(known[lane.job_id], lane.fires)) if lane.fires else lane
        for lane in lanes
    ]


def _bar(run: Run) -> Bar:
    return Bar(
        run.id,
        run.number,
        run.state,
        run.verdict,
        run.has_warning,
        run.attempt,
        run.due_at,
        run.started_at,
        run.ended_at,
    )
