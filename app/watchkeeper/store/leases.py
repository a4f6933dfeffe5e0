"""The lease: one engine at a time, each with a higher epoch; the epoch fences every write and every host call."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from watchkeeper.model.errors import Conflict, LeaseLost
from watchkeeper.model.instant import from_us, span_us
from watchkeeper.model.text import _
from watchkeeper.store.lock import seat_of
from watchkeeper.store.rows import stored
from watchkeeper.store.tx import Tx


class Lease(msgspec.Struct, frozen=True):
    """Who schedules here, until when, and how much may run at once."""

    epoch: int
    holder: str
    slots: Mapping[str, int]
    expires_at: datetime


def take(tx: Tx, holder: str, slots: Mapping[str, int], span: timedelta, *, is_sole: bool = False) -> Lease:
    """The lease with the next epoch; Conflict while another holder's has not expired.

    `is_sole`: there is no other machine, and whoever asks holds `engine.lock`, so the holder before is dead and is not
    waited for.
    """
    current = find(tx)
    if current is not None and not (is_sole or _is_over(tx, current, holder)):
        raise Conflict(_("the engine {holder} holds this workspace: stop it first", holder=current.holder))
    epoch = current.epoch + 1 if current else 1
    tx.run(
        "INSERT INTO lease (id, epoch, holder, slots, expires_at) VALUES (1, :epoch, :holder, :slots, :until) "
        "ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch, holder = excluded.holder, slots = excluded.slots, "
        "expires_at = excluded.expires_at",
        epoch=epoch,
        holder=holder,
        slots=stored(dict(slots)) or "{}",
        until=_now_us(tx) + span_us(span),
    )
    return Lease(epoch, holder, slots, tx.now + span)


def renew(tx: Tx, epoch: int, span: timedelta) -> None:
    """Hold the lease for another span; LeaseLost when another engine has taken it."""
    touched = tx.run(
        "UPDATE lease SET expires_at = :until WHERE id = 1 AND epoch = :epoch",
        until=_now_us(tx) + span_us(span),
        epoch=epoch,
    )
    if not touched:
        raise LeaseLost(_("another engine has taken over this workspace; this one has stopped writing"))


def give_up(tx: Tx, epoch: int) -> None:
    """Let the lease end now, if it is still ours."""
    tx.run("UPDATE lease SET expires_at = :now WHERE id = 1 AND epoch = :epoch", now=_now_us(tx), epoch=epoch)


def find(tx: Tx) -> Lease | None:
    """The lease as it stands, its end by this machine's clock; None when no engine ever ran here."""
    row = tx.row("SELECT * FROM lease WHERE id = 1 AND epoch > 0")
    if row is None:
        return None
    expires_us = row.expires_at - _now_us(tx) + tx.now_us
    return Lease(row.epoch, row.holder, msgspec.json.decode(row.slots), from_us(expires_us))


def living(tx: Tx) -> Lease | None:
    """The lease, if its holder is heard of."""
    lease = find(tx)
    return lease if lease is not None and lease.expires_at > tx.now else None


def _is_over(tx: Tx, lease: Lease, holder: str) -> bool:
    """Whether it has expired, or whoever asks sits where its holder sat, who is dead then."""
    return lease.expires_at <= tx.now or lease.holder == holder or seat_of(lease.holder) == seat_of(holder) != ""


def _now_us(tx: Tx) -> int:
    """On a server its clock counts, for those of two machines differ."""
    if tx.is_sqlite:
        return tx.now_us
    return int(tx.value("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)"))
