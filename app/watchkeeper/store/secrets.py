"""Secrets: what is known of them, and their values under seal, which only the vault can open."""

import difflib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from watchkeeper.model.codec import encode, from_own
from watchkeeper.model.errors import Conflict, NotFound
from watchkeeper.model.events import SecretsChanged
from watchkeeper.model.ids import RunId
from watchkeeper.model.instant import from_us, to_us
from watchkeeper.model.secret import Choice, Earlier, Secret, SecretKind
from watchkeeper.model.text import _
from watchkeeper.store import workspace
from watchkeeper.store.lists import among, listed
from watchkeeper.store.rows import moment
from watchkeeper.store.tx import Tx

_CHOICE = "vault"


class Sealed(NamedTuple):
    """One version of a secret's value."""

    secret_id: str
    name: str
    version: int
    data: bytes


class New(NamedTuple):
    """A value as it is to be kept."""

    data: bytes
    expires_at: datetime | None


def choice(tx: Tx) -> Choice | None:
    """Which vault has been chosen; None."""
    found = workspace.fact(tx, _CHOICE)
    return None if found is None else from_own(found, Choice)


def choose(tx: Tx, chosen: Choice) -> None:
    """Remember which vault has been chosen."""
    workspace.set_fact(tx, _CHOICE, encode(chosen).decode())


def all(tx: Tx) -> list[Secret]:
    """Every secret, by name."""
    return [_secret(row) for row in tx.rows("SELECT * FROM secrets WHERE wipe_at IS NULL ORDER BY name")]


def find(tx: Tx, name: str) -> Secret:
    """The secret called `name`; NotFound with the nearest name."""
    row = _row(tx, name)
    if row is not None:
        return _secret(row)
    near = difflib.get_close_matches(name[:200], [each.name for each in all(tx)], n=1)
    if near:
        raise NotFound(_("there is no secret {name}: did you mean {near}?", name=name[:60], near=near[0]))
    raise NotFound(_("there is no secret {name}: put it there with `watchkeeper secret add`", name=name[:60]))


def get(tx: Tx, secret_id: str) -> Secret:
    """The secret with this id, also one that was deleted and is kept; NotFound."""
    row = tx.row("SELECT * FROM secrets WHERE id = :id", id=secret_id)
    if row is None:
        raise NotFound(_("this secret is gone for good"))
    return _secret(row)


def add(tx: Tx, secret: Secret, data: bytes) -> Secret:
    """A new secret in its first version; Conflict when there is one of this name."""
    _require_free(tx, secret.name)
    tx.run(
        "INSERT INTO secrets (id, name, kind, version, note, expires_at, changed_at, changed_by, last_used_by) "
        "VALUES (:id, :name, :kind, :version, :note, :expires_at, :changed_at, :changed_by, '')",
        id=secret.id,
        name=secret.name,
        kind=secret.kind,
        version=secret.version,
        note=secret.note,
        expires_at=_us(secret.expires_at),
        changed_at=tx.now_us,
        changed_by=secret.changed_by,
    )
    _keep(tx, secret.id, secret.version, New(data, secret.expires_at), secret.changed_by)
    tx.tell(SecretsChanged(secret.name))
    return secret


def put(tx: Tx, secret: Secret, version: int, new: New, actor: str, keep_until: datetime) -> Secret:
    """Another value; the one before is kept until then."""
    tx.run(
        "UPDATE secret_versions SET wipe_at = :wipe_at WHERE secret_id = :id AND version = :version",
        wipe_at=to_us(keep_until),
        id=secret.id,
        version=secret.version,
    )
    _keep(tx, secret.id, version, new, actor)
    return _point(tx, secret.id, version, new.expires_at, actor)


def next_version(tx: Tx, secret: Secret) -> int:
    """The number of its next version; none is used twice while an earlier one is kept."""
    return 1 + int(tx.value("SELECT max(version) FROM secret_versions WHERE secret_id = :id", id=secret.id))


def revert(tx: Tx, secret: Secret, version: int, actor: str, keep_until: datetime) -> Secret:
    """Let an earlier version be the value again; NotFound when it has been wiped."""
    row = tx.row(
        "SELECT expires_at FROM secret_versions WHERE secret_id = :id AND version = :version",
        id=secret.id,
        version=version,
    )
    if row is None:
        raise NotFound(_("version {version} of {name} is gone: it was wiped", version=version, name=secret.name[:60]))
    tx.run(
        "UPDATE secret_versions SET wipe_at = "
        "CASE version WHEN :version THEN NULL ELSE COALESCE(wipe_at, :wipe_at) END WHERE secret_id = :id",
        version=version,
        wipe_at=to_us(keep_until),
        id=secret.id,
    )
    return _point(tx, secret.id, version, moment(row.expires_at), actor)


def earlier(tx: Tx) -> dict[str, tuple[Earlier, ...]]:
    """By the ids of secrets, what is kept besides the version that holds; the newest first."""
    sql = (
        "SELECT v.secret_id, v.version, v.saved_at, v.saved_by, v.wipe_at FROM secret_versions v "
        "JOIN secrets s ON s.id = v.secret_id WHERE v.version <> s.version AND v.wipe_at IS NOT NULL "
        "ORDER BY v.version DESC"
    )
    found: dict[str, tuple[Earlier, ...]] = {}
    for row in tx.rows(sql):
        version = Earlier(row.version, from_us(row.saved_at), row.saved_by, from_us(row.wipe_at))
        found[row.secret_id] = (*found.get(row.secret_id, ()), version)
    return found


def queued(tx: Tx, job_ids: Sequence[str]) -> list[tuple[RunId, int, str]]:
    """The runs of these jobs that are in the queue: id, number and job, the first to start first."""
    sql = (
        "SELECT id, number, job_name FROM runs WHERE state = 'QUEUED' "
        f"AND job_id IN {among(tx, 'jobs')} ORDER BY priority DESC, number"
    )
    return [(RunId(row.id), row.number, row.job_name) for row in tx.rows(sql, jobs=listed(job_ids))]


def delete(tx: Tx, secret: Secret, wipe_at: datetime) -> None:
    """Put a secret away; until then it can be brought back."""
    tx.run("UPDATE secrets SET wipe_at = :wipe_at WHERE id = :id", wipe_at=to_us(wipe_at), id=secret.id)
    tx.tell(SecretsChanged(secret.name))


def bring_back(tx: Tx, secret_id: str) -> Secret:
    """A secret that was put away, as it was; NotFound when it is gone, Conflict when its name is taken."""
    secret = get(tx, secret_id)
    if (other := _row(tx, secret.name)) is not None and other.id != secret_id:
        _require_free(tx, secret.name)
    tx.run("UPDATE secrets SET wipe_at = NULL WHERE id = :id", id=secret_id)
    tx.tell(SecretsChanged(secret.name))
    return secret


def values(tx: Tx, names: Sequence[str]) -> list[Sealed]:
    """The values of those of these secrets that exist."""
    sql = (
        "SELECT s.id, s.name, s.version, v.sealed FROM secrets s "
        "JOIN secret_versions v ON v.secret_id = s.id AND v.version = s.version "
        f"WHERE s.wipe_at IS NULL AND s.name IN {among(tx, 'names')}"
    )
    return [Sealed(row.id, row.name, row.version, bytes(row.sealed)) for row in tx.rows(sql, names=listed(names))]


def every(tx: Tx) -> list[Sealed]:
    """All values that are kept: earlier versions and what was put away too."""
    sql = "SELECT s.id, s.name, v.version, v.sealed FROM secret_versions v JOIN secrets s ON s.id = v.secret_id"
    return [Sealed(row.id, row.name, row.version, bytes(row.sealed)) for row in tx.rows(sql)]


def value(tx: Tx, secret: Secret) -> Sealed:
    """The value of a secret."""
    data = tx.value(
        "SELECT sealed FROM secret_versions WHERE secret_id = :id AND version = :version",
        id=secret.id,
        version=secret.version,
    )
    return Sealed(secret.id, secret.name, secret.version, bytes(data))


def note_use(tx: Tx, secret_ids: Sequence[str], job: str) -> None:
    """Remember that a run of `job` was given these now."""
    sql = "UPDATE secrets SET last_used_at = :at, last_used_by = :job WHERE id = :id"
    tx.run_many(sql, [{"at": tx.now_us, "job": job, "id": secret_id} for secret_id in secret_ids])


def wipe(tx: Tx) -> int:
    """Let go for good of what was kept for a time that is over; how many rows went."""
    values = tx.run("DELETE FROM secret_versions WHERE wipe_at <= :now", now=tx.now_us)
    return values + tx.run("DELETE FROM secrets WHERE wipe_at <= :now", now=tx.now_us)


def _row(tx: Tx, name: str) -> Any:
    return tx.row("SELECT * FROM secrets WHERE name = :name AND wipe_at IS NULL", name=name)


def _require_free(tx: Tx, name: str) -> None:
    if _row(tx, name) is not None:
        raise Conflict(
            _("there is a secret {name} already: `watchkeeper secret replace` gives it another value", name=name[:60])
        )


def _keep(tx: Tx, secret_id: str, version: int, new: New, actor: str) -> None:
    tx.run(
        "INSERT INTO secret_versions (secret_id, version, sealed, expires_at, saved_at, saved_by) "
        "VALUES (:secret_id, :version, :sealed, :expires_at, :saved_at, :saved_by)",
        secret_id=secret_id,
        version=version,
        sealed=new.data,
        expires_at=_us(new.expires_at),
        saved_at=tx.now_us,
        saved_by=actor,
    )


def _point(tx: Tx, secret_id: str, version: int, expires_at: datetime | None, actor: str) -> Secret:
    tx.run(
        "UPDATE secrets SET version = :version, expires_at = :expires_at, changed_at = :at, changed_by = :actor "
        "WHERE id = :id",
        version=version,
        expires_at=_us(expires_at),
        at=tx.now_us,
        actor=actor,
        id=secret_id,
    )
    changed = get(tx, secret_id)
    tx.tell(SecretsChanged(changed.name))
    return changed


def _us(at: datetime | None) -> int | None:
    return None if at is None else to_us(at)


def _secret(row: Any) -> Secret:
    return Secret(
        id=row.id,
        name=row.name,
        kind=SecretKind(row.kind),
        version=row.version,
        note=row.note,
        expires_at=moment(row.expires_at),
        changed_at=from_us(row.changed_at),
        changed_by=row.changed_by,
        last_used_at=moment(row.last_used_at),
        last_used_by=row.last_used_by,
    )
