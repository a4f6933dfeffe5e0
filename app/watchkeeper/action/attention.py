"""What needs a person now, each cause once, and the word that one has seen it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action.door import Door
from watchkeeper.action.first_error import first_error_of
from watchkeeper.action.jobs import Limit
from watchkeeper.action.names import at, require_storable
from watchkeeper.action.runs import newest_attempt
from watchkeeper.action.spec import Help, action, query
from watchkeeper.model.ids import JobId, RunId
from watchkeeper.model.run import Run, State
from watchkeeper.model.text import Text, _
from watchkeeper.store import attention, missed
from watchkeeper.store.attention import Acknowledgement
from watchkeeper.store.blockers import Why, why
from watchkeeper.store.missed import Missed
from watchkeeper.store.tx import Tx

Note = Annotated[str, Meta(max_length=1_000), Help(_("what others should know of it"))]

#: What should have started so long ago is late; the same as a trigger's grace if none is given.
GRACE = timedelta(seconds=60)
#: Late runs of which it is worked out why; the rest is counted.
_MOST_LATE = 100
#: Rows of which the output is looked through for its first error: so many bytes of its beginning and of its end.
_WITH_ERROR = 10
_BEGINNING, _END = 256 << 10, 64 << 10
#: Jobs that are named of those that a failure keeps from running.
_MOST_NAMED = 20
#: What can stand in the way of many runs at once.
_SHARED = ("engine", "slots", "pool", "disk", "run")


class Need(StrEnum):
    """What it is."""

    FAILED = "failed"
    TIMED_OUT = "timed_out"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    LATE = "late"
    MISSED = "missed"


#: What each is called before people.
NAMES = {
    Need.FAILED: _("failed"),
    Need.TIMED_OUT: _("timed out"),
    Need.EXPIRED: _("expired"),
    Need.UNKNOWN: _("unknown"),
    Need.LATE: _("late"),
    Need.MISSED: _("missed"),
}
_NEEDS = {State.TIMED_OUT: Need.TIMED_OUT, State.EXPIRED: Need.EXPIRED, State.UNKNOWN: Need.UNKNOWN}


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that needs a person, with all that comes of it."""

    need: Need
    job_id: JobId
    job: str
    #: None for what was missed.
    run_id: RunId | None = None
    number: int | None = None
    #: All runs that stand on the list by it: to acknowledge the cause is to acknowledge these. None of a gap.
    run_ids: tuple[RunId, ...] = ()
    #: When it ended, was lost, was due, or was missed first.
    since: datetime
    exit_code: int | None = None
    #: Why it ended so, or what stands in its way.
    reason: Text | None = None
    #: The line of its output that tells what went wrong, of the first ten rows only.
    first_error: str | None = None
    #: How many were missed, or are late for the same reason.
    count: int = 1
    #: What stands in the way of a late one, as `run.why` says it.
    blocker: str = ""
    blocker_id: str = ""
    #: Jobs that would have run after it, and have not.
    blocks: int = 0
    #: The names of the first of them.
    blocked: tuple[str, ...] = ()


class Attention(msgspec.Struct, frozen=True):
    """The causes: failures first, then what is unknown, late, missed; the newest first."""

    rows: list[Cause]
    #: How many there are of each, those that are not in `rows` as well, up to 1,000.
    counts: dict[Need, int]
    #: Jobs that all of them keep from running.
    blocked: int


@query("attention.list", title=_("List what needs a person, by cause"))
async def listed(door: Door, actor: Actor, *, limit: Limit = 100) -> Attention:
    """Jobs whose newest run failed, unknown and late runs, and gaps; what one keeps from running is in its row."""
    found, runs = await door.read(lambda tx: _found(tx, limit))
    rows = [await _with_error(door, row, run) for row, run in zip(found.rows[:_WITH_ERROR], runs, strict=False)]
    return msgspec.structs.replace(found, rows=rows + found.rows[_WITH_ERROR:])


@action(
    "attention.acknowledge",
    title=_("Acknowledge a run that needs a person"),
    permission=Permission.RUN,
    on="run",
    undo="attention.reopen",
)
def acknowledge(tx: Tx, actor: Actor, *, run: Run, note: Note = "") -> Acknowledgement:
    """Take it off the list until its job fails again."""
    with at("note"):
        require_storable(note)
    return attention.acknowledge(tx, run, actor.name, note)


@action(
    "attention.reopen",
    title=_("Take back that a run was acknowledged"),
    permission=Permission.RUN,
    on="run",
    undo="attention.acknowledge",
)
def reopen(tx: Tx, actor: Actor, *, run: Run) -> None:
    """Let it stand on the list again, if it still needs a person."""
    attention.reopen(tx, run, actor.name)


#: The first of some late runs, why it waits, and those that wait for the same.
_Group = tuple[Run, Why, list[Run]]


def _found(tx: Tx, limit: int) -> tuple[Attention, list[Run | None]]:
    """What there is, and the run of each row."""
    failed, unknown = attention.failures(tx, 1_000), attention.unknown(tx, 1_000)
    late, gaps = attention.late(tx, GRACE, 1_000), missed.of_jobs(tx, limit=1_000)
    kept = {run.id: attention.kept_back(tx, run) for run in failed[:limit]}
    waiting = _together(tx, late[:_MOST_LATE])
    rows = [
        *((_of_run(run, kept.get(run.id, ()), ()), run) for run in failed),
        *((_of_unknown(run, waiting), run) for run in unknown),
        *((_of_late(*group), group[0]) for group in waiting if not _is_part_of(group[1], unknown)),
        *((_of_gap(gap), None) for gap in gaps),
    ]
    counts = {Need.UNKNOWN: len(unknown), Need.LATE: len(late), Need.MISSED: len(gaps)}
    for run in failed:
        counts[_need(run)] = counts.get(_need(run), 0) + 1
    blocked = {name for names in kept.values() for name in names}
    told = Attention([row for row, _run in rows[:limit]], {need: n for need, n in counts.items() if n}, len(blocked))
    return told, [run for _row, run in rows[:limit]]


def _need(run: Run) -> Need:
    return _NEEDS.get(run.outcome, Need.FAILED)


def _of_unknown(run: Run, waiting: Sequence[_Group]) -> Cause:
    """With the runs that wait for its key."""
    held = _held_by(run, waiting)
    return _of_run(run, sorted({each.job_name for each in held}), held)


def _of_run(run: Run, blocked: Sequence[str], held: Sequence[Run]) -> Cause:
    return Cause(
        need=_need(run),
        job_id=run.job_id,
        job=run.job_name,
        run_id=run.id,
        run_ids=(run.id, *(each.id for each in held)),
        number=run.number,
        since=run.ended_at or run.started_at or run.due_at,
        exit_code=run.exit_code,
        reason=run.reason,
        blocks=len(blocked),
        blocked=tuple(blocked[:_MOST_NAMED]),
    )


def _of_late(run: Run, reason: Why, others: Sequence[Run]) -> Cause:
    names = sorted({other.job_name for other in others} - {run.job_name})
    return Cause(
        need=Need.LATE,
        job_id=run.job_id,
        job=run.job_name,
        run_id=run.id,
        run_ids=(run.id, *(other.id for other in others)),
        number=run.number,
        since=run.due_at,
        reason=reason.sentence,
        count=1 + len(others),
        blocker=reason.blocker,
        blocker_id=reason.blocker_id,
        blocked=tuple(names[:_MOST_NAMED]),
        blocks=len(names),
    )


def _of_gap(gap: Missed) -> Cause:
    return Cause(
        need=Need.MISSED, job_id=gap.job_id, job=gap.name, since=gap.first_at, reason=gap.reason, count=gap.count
    )


def _together(tx: Tx, late: Iterable[Run]) -> list[_Group]:
    """Late runs by what stands in their way, the oldest first."""
    groups: dict[tuple[str, str], _Group] = {}
    for run in late:
        reason = why(tx, run)
        shared = (reason.blocker, reason.blocker_id) if reason.blocker in _SHARED else ("", run.id)
        if shared in groups:
            groups[shared][2].append(run)
        else:
            groups[shared] = (run, reason, [])
    return list(groups.values())


def _is_part_of(reason: Why, unknown: Sequence[Run]) -> bool:
    """An unknown run, which stands on the list itself, stands in the way."""
    return reason.blocker == "run" and any(reason.blocker_id == run.id for run in unknown)


def _held_by(unknown: Run, waiting: Sequence[_Group]) -> list[Run]:
    """The runs that wait for the key of an unknown one."""
    held = (group for group in waiting if (group[1].blocker, group[1].blocker_id) == ("run", unknown.id))
    return [run for group in held for run in (group[0], *group[2])]


async def _with_error(door: Door, row: Cause, run: Run | None) -> Cause:
    if run is None or row.need is Need.LATE:
        return row
    found = await first_error_of(door, run, newest_attempt(run), _BEGINNING, _END)
    return row if found is None else msgspec.structs.replace(row, first_error=found.text)
