"""The schedule as a whole: whether triggers fire."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action import fires
from watchkeeper.action.door import Door
from watchkeeper.action.names import at, require_storable
from watchkeeper.action.spec import Help, action, query
from watchkeeper.action.upcoming import Count
from watchkeeper.model.errors import Known
from watchkeeper.model.fire import Fire
from watchkeeper.model.ids import JobId
from watchkeeper.model.span import Span
from watchkeeper.model.text import Text, _, plural
from watchkeeper.model.trigger import Moment
from watchkeeper.model.words import words_of
from watchkeeper.store import jobs, leases
from watchkeeper.store import pause as pauses
from watchkeeper.store.pause import Pause
from watchkeeper.store.tx import Tx

Why = Annotated[str, Meta(max_length=500), Help(_("why, in a few words"))]
For = Annotated[Span | None, Help(_("for so long: 15m, 1h; until somebody resumes if not given"))]
Until = Annotated[Moment | None, Help(_("until this moment: 2026-12-24T18:00+01:00"))]


class Schedule(msgspec.Struct, frozen=True):
    """Whether triggers fire; the pause if they don't."""

    pause: Pause | None


class Coming(msgspec.Struct, frozen=True):
    """The next time that a job's trigger fires."""

    job_id: JobId
    job: str
    at: datetime
    #: The trigger in words.
    when: Text
    #: The pause lasts until after it: it will not fire then.
    is_held: bool


class Agenda(msgspec.Struct, frozen=True):
    """What fires next, and what keeps it from firing."""

    rows: list[Coming]
    #: Sentences: no engine runs, triggers are paused, so many jobs are disabled.
    remarks: list[Text]


@query("schedule.next", title=_("Tell what fires next"))
async def following(door: Door, actor: Actor, *, limit: Count = 10) -> Agenda:
    """The next fire of each trigger of all enabled jobs, the earliest first.

    A running engine knows them by heart; without one every trigger is worked out, a second for 100,000.
    """
    remembered = None if door.engine is None else door.engine.memory.soonest(limit)
    return await door.read(lambda tx: _agenda(tx, remembered, limit))


@query("schedule.show", title=_("Show whether triggers fire"))
def show(tx: Tx, actor: Actor) -> Schedule:
    """The pause that lasts, if any."""
    return Schedule(pauses.find(tx))


@action("schedule.pause", title=_("Pause all triggers"), permission=Permission.RUN, undo="schedule.resume")
def pause(tx: Tx, actor: Actor, *, reason: Why = "", span: For = None, until: Until = None) -> Schedule:
    """Let no trigger fire, for a while or until somebody resumes; what is started by hand runs."""
    if span is not None and until is not None:
        raise Known(_("give either a span or a moment for the end of the pause"))
    end = tx.now + span if span is not None else until
    if end is not None and not tx.now < end <= tx.now + timedelta(days=3660):
        with at("until"):
            raise Known(_("{moment} is past, or more than ten years away", moment=end.isoformat()))
    require_storable({"reason": reason})
    return Schedule(pauses.pause(tx, _reason(reason, actor), actor.name, end))


@action("schedule.resume", title=_("Let triggers fire again"), permission=Permission.RUN, undo="schedule.pause")
def resume(tx: Tx, actor: Actor) -> Schedule:
    """End the pause; what was due in it is made up for as each trigger's misfire policy says.

    Runs from before a restore, which had not started, may start.
    """
    if pauses.resume(tx) is None:
        raise Known(_("triggers are not paused"))
    return Schedule(None)


def _agenda(tx: Tx, remembered: list[Fire] | None, limit: int) -> Agenda:
    found = fires.soonest(tx, limit) if remembered is None else remembered
    names, paused = jobs.names_of(tx, [fire.job_id for fire in found]), pauses.find(tx)
    rows = [
        Coming(
            fire.job_id,
            names[fire.job_id],
            fire.at,
            words_of(fire.trigger),
            paused is not None and paused.lasts_at(fire.at),
        )
        for fire in found
        if fire.job_id in names
    ]
    return Agenda(rows, list(_remarks(tx, paused)))


def _remarks(tx: Tx, paused: Pause | None) -> Iterator[Text]:
    if leases.living(tx) is None:
        yield _("no engine is running: start one with `watchkeeper engine`")
    if paused is not None:
        yield _("all triggers are paused: {reason}", reason=paused.reason)
    if disabled := jobs.count_disabled(tx):
        yield plural("{n} job is disabled", "{n} jobs are disabled", disabled)


def _reason(given: str, actor: Actor) -> Text:
    if given:
        return _("paused by {actor}: {reason}", actor=actor.name, reason=given)
    return _("paused by {actor}", actor=actor.name)
