"""Who did what."""

from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action.jobs import Limit
from watchkeeper.action.spec import query
from watchkeeper.model.text import _
from watchkeeper.store import audit
from watchkeeper.store.audit import Entry
from watchkeeper.store.tx import Tx


@query("audit.list", title=_("List the audit trail, newest first"), permission=Permission.ADMIN)
def listed(
    tx: Tx,
    actor: Actor,
    *,
    before: int | None = None,
    limit: Limit = 100,
    action: str | None = None,
    by: str | None = None,
) -> list[Entry]:
    """Entries with a number below `before`, of one action or actor or of all."""
    return audit.page(tx, before=before, limit=limit, action=action, actor=by)
