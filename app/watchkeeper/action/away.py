"""What happened while nobody looked, for whoever comes back or takes over."""

from datetime import datetime
from typing import Annotated

import msgspec

from watchkeeper.access.actor import Actor
from watchkeeper.action.names import at
from watchkeeper.action.spec import Help, query
from watchkeeper.model.audit import Entry
from watchkeeper.model.errors import Known
from watchkeeper.model.ids import JobId
from watchkeeper.model.text import _
from watchkeeper.model.trigger import Moment
from watchkeeper.store import attention, audit, away, history, missed
from watchkeeper.store import pause as pauses
from watchkeeper.store.audit import Filter
from watchkeeper.store.away import Gap, Recovery, Trouble
from watchkeeper.store.pause import Pause
from watchkeeper.store.tx import Tx

#: What a summary is made of is told here too, for whoever shows it.
__all__ = ["Away", "Gap", "Recovery", "Trouble", "summary"]

Since = Annotated[Moment, Help(_("from this moment on: 2026-12-24T18:00+01:00"))]

#: Rows of each kind.
MOST = 200
#: Jobs of which it is looked whether their gaps are decided on.
_MOST_OPEN = 1_000
_CHANGES = (
    "job.save",
    "job.enable",
    "job.disable",
    "job.delete",
    "job.restore",
    "job.tag",
    "job.untag",
    "samples.add",
    "samples.remove",
    "jobs.apply",
    "pool.save",
    "pool.delete",
    "pool.restore",
    "calendar.save",
    "calendar.import",
    "calendar.delete",
    "calendar.restore",
    "plugin.allow",
    "plugin.forbid",
    "plugin.decide",
    "plugin.reload",
    "settings.change",
    "settings.reset",
    "secret.add",
    "secret.replace",
    "secret.rotate",
    "secret.revert",
    "secret.delete",
    "secret.undelete",
    "secret.ticket",
    "secret.reveal",
    "vault.init",
    "vault.unlock",
    "vault.lock",
    "vault.passphrase",
    "plugin.allow",
    "plugin.forbid",
    "plugin.decide",
    "plugin.reload",
)
_PAUSES = ("schedule.pause", "schedule.resume")
_DECISIONS = (
    "attention.acknowledge",
    "attention.reopen",
    "run.resolve",
    "run.settle",
    "run.mark",
    "run.cancel",
    "missed.settle",
)


class Away(msgspec.Struct, frozen=True):
    """From one moment to another; at most 200 of each kind, the newest first."""

    since: datetime
    until: datetime
    #: About how many runs were made meanwhile.
    runs: int
    failures: list[Trouble]
    recoveries: list[Recovery]
    missed: list[Gap]
    #: The jobs among them on whose gaps nobody has decided yet.
    undecided: list[JobId]
    #: Runs of which nobody can say whether they happened, now.
    unknown: int
    #: What was done to jobs, pools, calendars, plugins, settings and secrets.
    changes: list[Entry]
    #: Pauses that began or ended.
    pauses: list[Entry]
    #: What people said of runs.
    decisions: list[Entry]
    #: The pause that lasts now.
    pause: Pause | None


@query("away.summary", title=_("Tell what happened since a moment"))
def summary(tx: Tx, actor: Actor, *, since: Since) -> Away:
    """Failures, recoveries, gaps, changes, pauses, and what people decided, since then."""
    if since > tx.now:
        with at("since"):
            raise Known(_("{moment} is yet to come: give a moment that has passed", moment=since.isoformat()))
    gaps = away.gaps(tx, since, MOST)
    is_open = {each.job_id for each in missed.of_jobs(tx, limit=_MOST_OPEN)}
    return Away(
        since=since,
        until=tx.now,
        runs=history.span_of(tx, since).size,
        failures=away.troubles(tx, since, MOST),
        recoveries=away.recoveries(tx, since, MOST),
        missed=gaps,
        undecided=[gap.job_id for gap in gaps if gap.job_id in is_open],
        unknown=len(attention.unknown(tx, MOST)),
        changes=_done(tx, since, _CHANGES),
        pauses=_done(tx, since, _PAUSES),
        decisions=_done(tx, since, _DECISIONS),
        pause=pauses.find(tx),
    )


def _done(tx: Tx, since: datetime, actions: tuple[str, ...]) -> list[Entry]:
    """What was done, not what was only tried; of the detail nothing: it is the audit trail's."""
    found = audit.page(tx, Filter(actions=actions, outcome="ok", since=since), limit=MOST)
    return [msgspec.structs.replace(entry, detail={}) for entry in found]
