"""Who did what."""

from typing import Annotated

from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action.jobs import Limit
from watchkeeper.action.runs import Before
from watchkeeper.action.spec import Help, query
from watchkeeper.model.text import _
from watchkeeper.store import audit
from watchkeeper.store.audit import Entry
from watchkeeper.store.tx import Tx

Action = Annotated[str | None, Help(_("only entries of this action, like job.save"))]
ActorName = Annotated[str | None, Help(_("only what this person or program did"))]


@query("audit.list", title=_("List the audit trail, newest first"), permission=Permission.ADMIN)
def listed(
    tx: Tx,
    actor: Actor,
    *,
    before: Before = None,
    limit: Limit = 100,
    action: Action = None,
    by: ActorName = None,
) -> list[Entry]:
    """Entries with a number below `before`, of one action or actor or of all."""
    return audit.page(tx, before=before, limit=limit, action=action, actor=by)
