"""The pause: while it lasts no trigger fires; what is started by hand still runs."""

from datetime import datetime

import msgspec

from watchkeeper.model.codec import encode, from_own
from watchkeeper.model.events import EnginePaused, EngineResumed
from watchkeeper.model.text import Text
from watchkeeper.store import workspace
from watchkeeper.store.tx import Tx

_FACT = "paused"


class Pause(msgspec.Struct, frozen=True):
    """Why no trigger fires, since when, and until when (None: until somebody resumes)."""

    since: datetime
    reason: Text
    by: str
    until: datetime | None = None
    #: Runs that were there before this moment do not start either; None: only triggers are paused.
    holds_before: datetime | None = None

    def lasts_at(self, moment: datetime) -> bool:
        """Whether it has not ended by itself."""
        return self.until is None or moment < self.until


def pause(
    tx: Tx, reason: Text, by: str, until: datetime | None = None, *, holds_before: datetime | None = None
) -> Pause:
    """Let no trigger fire from now on; a pause that lasts already keeps its begin, and the runs that it holds."""
    before = find(tx)
    held = holds_before or (before.holds_before if before else None)
    begun = Pause(before.since if before else tx.now, reason, by, until, held)
    workspace.set_fact(tx, _FACT, encode(begun).decode())
    tx.tell(EnginePaused(reason, until))
    return begun


def resume(tx: Tx) -> Pause | None:
    """Let triggers fire again; the pause that was ended by this, None if none lasted."""
    ended = find(tx)
    if tx.run("DELETE FROM facts WHERE name = :name", name=_FACT):
        tx.tell(EngineResumed())
    return ended


def find(tx: Tx) -> Pause | None:
    """The pause that lasts; None."""
    value = workspace.fact(tx, _FACT)
    held = None if value is None else from_own(value, Pause)
    return held if held is not None and held.lasts_at(tx.now) else None
