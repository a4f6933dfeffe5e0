"""Who did what."""

from typing import Annotated

from msgspec import Meta

from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action.history import Above, require_range
from watchkeeper.action.jobs import Limit
from watchkeeper.action.names import require_storable
from watchkeeper.action.runs import Before
from watchkeeper.action.spec import Help, query
from watchkeeper.model.audit import Entry
from watchkeeper.model.text import _
from watchkeeper.model.trigger import Moment
from watchkeeper.store import audit
from watchkeeper.store.audit import Filter
from watchkeeper.store.tx import Tx

Action = Annotated[str | None, Help(_("only entries of this action, like job.save"))]
ActorName = Annotated[str | None, Help(_("only what this person or program did"))]
Object = Annotated[str | None, Help(_("only what was done with this, as the trail names it"))]
Outcome = Annotated[str | None, Help(_("only ok, refused or failed"))]
Words = Annotated[str, Meta(max_length=200), Help(_("only entries that hold these words"))]
Since = Annotated[Moment | None, Help(_("of this moment or later: 2026-12-24T18:00+01:00"))]
Until = Annotated[Moment | None, Help(_("before this moment: 2026-12-24T18:00+01:00"))]


@query("audit.list", title=_("List the audit trail, newest first"), permission=Permission.ADMIN)
def listed(
    tx: Tx,
    actor: Actor,
    *,
    before: Before = None,
    above: Above = None,
    limit: Limit = 100,
    action: Action = None,
    by: ActorName = None,
    object: Object = None,
    outcome: Outcome = None,
    text: Words = "",
    since: Since = None,
    until: Until = None,
) -> list[Entry]:
    """The newest entries that the filter takes, those next below `before`, or those next above `above`."""
    require_storable({"action": action, "by": by, "object": object, "outcome": outcome, "text": text})
    require_range(since, until, before, above)
    wanted = Filter(
        actions=() if action is None else (action,),
        actor=by,
        object=object,
        outcome=outcome,
        text=text.strip(),
        since=since,
        until=until,
    )
    return audit.page(tx, wanted, before=before, above=above, limit=limit)
