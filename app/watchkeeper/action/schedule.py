"""The schedule as a whole: whether triggers fire."""

from datetime import timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action.names import at, require_storable
from watchkeeper.action.spec import Help, action, query
from watchkeeper.model.errors import Known
from watchkeeper.model.span import Span
from watchkeeper.model.text import Text, _
from watchkeeper.model.trigger import Moment
from watchkeeper.store import pause as pauses
from watchkeeper.store.pause import Pause
from watchkeeper.store.tx import Tx

Why = Annotated[str, Meta(max_length=500), Help(_("why, in a few words"))]
For = Annotated[Span | None, Help(_("for so long: 15m, 1h; until somebody resumes if not given"))]
Until = Annotated[Moment | None, Help(_("until this moment: 2026-12-24T18:00+01:00"))]


class Schedule(msgspec.Struct, frozen=True):
    """Whether triggers fire; the pause if they don't."""

    pause: Pause | None


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


def _reason(given: str, actor: Actor) -> Text:
    if given:
        return _("paused by {actor}: {reason}", actor=actor.name, reason=given)
    return _("paused by {actor}", actor=actor.name)
