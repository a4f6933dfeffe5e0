"""Every secret with what is known around it, for a table: who uses it, what is kept of it, which runs wait for it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action.door import Door
from watchkeeper.action.secret_users import SecretUser, users_by_secret
from watchkeeper.action.secrets import SecretRow, row_of
from watchkeeper.action.spec import query
from watchkeeper.model.ids import RunId
from watchkeeper.model.secret import Earlier
from watchkeeper.model.text import _
from watchkeeper.store import secrets
from watchkeeper.store.tx import Tx

#: Runs that are named of those that wait.
_MOST_NAMED = 5


class SecretTableRow(SecretRow, frozen=True):
    """A secret among others."""

    #: How many jobs name it.
    job_count: int = 0
    #: The versions before that are still kept, the newest first.
    earlier: tuple[Earlier, ...] = ()


class WaitingRun(msgspec.Struct, frozen=True):
    """A run that is not given its secrets for now."""

    run_id: RunId
    number: int
    job: str


class SecretTable(msgspec.Struct, frozen=True):
    """All of them by name."""

    rows: tuple[SecretTableRow, ...]
    #: Runs that wait because the vault is shut, and the first of them.
    waiting: int
    first_waiting: tuple[WaitingRun, ...]
    #: Whether whoever asks may change or see any of them.
    may_change: bool
    read_at: datetime


@query("secret.table", title=_("Show every secret with who uses it"))
def table(tx: Tx, actor: Actor, door: Door) -> SecretTable:
    """By name, without a value: how many jobs name each, and how many runs wait while the vault is shut."""
    users, earlier = users_by_secret(tx, door.registry), secrets.earlier(tx)
    rows = tuple(
        SecretTableRow(
            **msgspec.structs.asdict(row_of(tx, each)),
            job_count=len(users.get(each.name, ())),
            earlier=earlier.get(each.id, ()),
        )
        for each in secrets.all(tx)
    )
    waiting = secrets.queued(tx, _job_ids(users)) if door.vault.status.is_shut else []
    named = tuple(WaitingRun(*each) for each in waiting[:_MOST_NAMED])
    return SecretTable(rows, len(waiting), named, Permission.ADMIN in actor.permissions, tx.now)


def _job_ids(users: Mapping[str, Sequence[SecretUser]]) -> list[str]:
    return list({user.job_id for each in users.values() for user in each})
