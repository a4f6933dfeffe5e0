"""Why a run is where it is, in one sentence, with what stands in its way."""

from datetime import datetime

import msgspec

from watchkeeper.model.instant import from_us
from watchkeeper.model.run import ENDINGS, HOLDING, NAMES, Run, State
from watchkeeper.model.secret import WITHHELD
from watchkeeper.model.text import Text, _
from watchkeeper.model.zone import zone
from watchkeeper.store import disk, leases, pause, workspace
from watchkeeper.store.conditions import IS_LIVE, listed
from watchkeeper.store.tx import Tx

_IS_HOLDING = f"{IS_LIVE} AND state IN ({listed(HOLDING)})"


class Why(msgspec.Struct, frozen=True):
    """A sentence, and what it blames: `run`, `pool`, `engine`, `pause`, `slots`, `disk`, `vault` or nothing."""

    sentence: Text
    blocker: str = ""
    blocker_id: str = ""
    #: When it is likely to start; None where nothing tells.
    likely_at: datetime | None = None


def why(tx: Tx, run: Run) -> Why:
    """Why `run` is not running, or what became of it."""
    if run.state in ENDINGS:
        return Why(run.reason or _("it has ended: {state}", state=NAMES[run.state]))
    if run.state is State.UNKNOWN:
        return Why(
            run.reason or _("nobody can say whether it ran: look at its host, then `watchkeeper run resolve` it"),
            "host",
            run.host or "",
        )
    if run.cancel_requested_at is not None and run.state in HOLDING:
        return Why(_("{actor} asked it to stop; its host has not reported the end yet", actor=run.cancel_requested_by))
    if run.state in HOLDING:
        return Why(run.reason or _("it is running, attempt {attempt}", attempt=run.attempt))
    return (
        _without_engine(tx)
        or _without_word(tx, run)
        or _without_time(tx, run)
        or _without_disk(tx)
        or _without_secret(run)
        or _without_room(tx, run)
    )


def _without_engine(tx: Tx) -> Why | None:
    lease = leases.find(tx)
    if lease is None or lease.expires_at < tx.now:
        return Why(_("no engine is running: start one with `watchkeeper engine`"), "engine")
    return None


def _without_word(tx: Tx, run: Run) -> Why | None:
    """A person has not said yet that what was restored may go on."""
    held = pause.find(tx)
    if held is None or held.holds_before is None or run.created_at >= held.holds_before:
        return None
    return Why(
        _("it is from before the restore, and has not started: `watchkeeper schedule resume` lets it start"), "pause"
    )


def _without_time(tx: Tx, run: Run) -> Why | None:
    if run.due_at > tx.now:
        return Why(
            _(
                "attempt {attempt} starts at {at}: {why}",
                attempt=run.attempt,
                at=_in_zone(tx, run.due_at),
                why=run.reason or "",
            )
        )
    return None


def _without_disk(tx: Tx) -> Why | None:
    low = disk.low(tx)
    if low is None:
        return None
    return Why(
        _(
            "the disk of the workspace is low: of at least {floor} MiB {free} were free; it starts when there is room",
            floor=low.floor,
            free=low.free,
        ),
        "disk",
    )


def _without_secret(run: Run) -> Why | None:
    """The engine has written down that the vault is shut."""
    if run.reason is None or run.reason.message != WITHHELD.message:
        return None
    return Why(run.reason, "vault")


def _without_room(tx: Tx, run: Run) -> Why:
    return _key_taken(tx, run) or _pool_full(tx, run) or _slots_taken(tx) or Why(_("it is about to start"))


def _key_taken(tx: Tx, run: Run) -> Why | None:
    if run.concurrency_key is None or run.holds_key:
        return None
    holder = tx.row("SELECT id, number, state, started_at FROM runs WHERE held_key = :key", key=run.concurrency_key)
    if holder is None:
        return None
    since = _in_zone(tx, from_us(holder.started_at)) if holder.started_at else ""
    sentence = _(
        "run #{number} of the same key is {state} since {since}",
        number=holder.number,
        state=NAMES[State(holder.state)],
        since=since,
    )
    return Why(sentence, "run", holder.id)


def _pool_full(tx: Tx, run: Run) -> Why | None:
    size = tx.value("SELECT size FROM pools WHERE name = :name", name=run.pool) if run.pool else None
    if size is None:
        return None
    used = tx.value(f"SELECT count(*) FROM runs WHERE {_IS_HOLDING} AND pool = :name", name=run.pool)
    if used < size:
        return None
    return Why(
        _("the pool {pool} is full: {used} of {size}", pool=run.pool, used=used, size=size), "pool", run.pool or ""
    )


def _slots_taken(tx: Tx) -> Why | None:
    lease = leases.find(tx)
    for place, is_host in (("local", "NOT NULL"), ("inside", "NULL")):
        size = lease.slots.get(place, 0) if lease else 0
        used = tx.value(f"SELECT count(*) FROM runs WHERE {_IS_HOLDING} AND host IS {is_host}")
        if used >= size:
            return Why(_("all {size} slots of {place} are taken", size=size, place=place), "slots", place)
    return None


def _in_zone(tx: Tx, moment: datetime) -> str:
    """A moment by the workspace's clock on the wall."""
    return f"{moment.astimezone(zone(workspace.zone(tx))):%Y-%m-%d %H:%M:%S}"
