"""Secrets by name: putting them in, giving them other values, and who uses them. A value comes out by reveal alone."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action.door import Door
from watchkeeper.action.names import at, require_line, require_path, require_text
from watchkeeper.action.secret_users import SecretUser, users_of
from watchkeeper.action.spec import Asked, Help, Values, action, query
from watchkeeper.model.errors import Conflict, Known
from watchkeeper.model.ids import uuid7
from watchkeeper.model.secret import PART, Secret, SecretKind
from watchkeeper.model.text import Text, _, plural
from watchkeeper.store import secrets
from watchkeeper.store.secrets import New
from watchkeeper.store.tx import Tx
from watchkeeper.vault.kinds import judged, pem_kind, require_form
from watchkeeper.vault.value import Content

SecretName = Annotated[str, Meta(min_length=1, max_length=200), Help(_("the secret, as folder/name"))]
Kind = Annotated[SecretKind, Help(_("password, token, key, connection or certificate"))]
Value = Annotated[str, Meta(max_length=1 << 18), Asked, Help(_("the value"))]
Passphrase = Annotated[str, Meta(max_length=1_000), Asked, Help(_("the passphrase of a private key, if it has one"))]
Note = Annotated[str, Help(_("a line on what it is for"))]
Expires = Annotated[datetime | None, Help(_("when it ceases to be good; a certificate says so itself"))]
Keep = Annotated[int, Meta(ge=1, le=3_650), Help(_("days for which the earlier value is kept, then it is wiped"))]
TrashKeep = Annotated[int, Meta(ge=1, le=3_650), Help(_("days within which it can be brought back"))]
Force = Annotated[bool, Help(_("true: also while jobs use it, which fail then"))]
SecretId = Annotated[str, Meta(max_length=64), Help(_("its id, as the removal told it"))]
VersionOf = Annotated[int, Meta(ge=1), Help(_("the version that is to hold again"))]

#: Days for which an earlier value is kept, and a deleted secret.
_KEEP, _TRASH = 30, 7


class SecretRow(Secret, frozen=True):
    """A secret without its value, and what stands out about it."""

    #: It expires within 30 days, or has.
    warning: Text | None = None


class Changed(msgspec.Struct, frozen=True):
    """A secret that got another value, and the version before."""

    name: str
    version: int
    former: int
    expires_at: datetime | None = None

    @property
    def undo(self) -> Mapping[str, Any]:
        """What `secret.revert` is to be given to take this back."""
        return {"name": self.name, "version": self.former}


class Deleted(msgspec.Struct, frozen=True):
    """A secret that was put away, and until when it can be brought back."""

    id: str
    name: str
    until: datetime

    @property
    def undo(self) -> Mapping[str, Any]:
        """What `secret.undelete` is to be given to take this back."""
        return {"secret_id": self.id}


@query("secret.list", title=_("List secrets"))
def listed(tx: Tx, actor: Actor) -> list[SecretRow]:
    """Every secret by name, without its value."""
    return [row_of(tx, each) for each in secrets.all(tx)]


@query("secret.show", title=_("Show what is known of a secret"), on="name")
def show(tx: Tx, actor: Actor, *, name: SecretName) -> SecretRow:
    """Its kind, version, use and expiry; not its value."""
    return row_of(tx, secrets.find(tx, name))


def _checked(door: Door, values: Values) -> Values:
    with at("name"):
        require_path(values["name"])
        if PART in values["name"]:
            raise Known(_("a name has no {mark}: it tells a part of a secret", mark=PART))
    with at("note"):
        require_line(values["note"], 200)
    return _judged(door, values, values["kind"])


def _fitting(door: Door, values: Values) -> Values:
    return _judged(door, values, pem_kind(values["value"]) or SecretKind.PASSWORD)


def _judged(door: Door, values: Values, kind: SecretKind) -> Values:
    """With the expiry that the value itself tells; the vault is looked at, so that nobody waits for it later."""
    with at("value"):
        require_text(values["value"], 1 << 18)
        found = judged(kind, Content(values["value"], values["passphrase"]))
    door.vault.look()
    return {**values, "expires": found.expires_at or values["expires"]}


@action("secret.add", title=_("Add a secret"), permission=Permission.ADMIN, on="name", prepare=_checked)
def add(
    tx: Tx, actor: Actor, door: Door, *, name: SecretName, value: Value, passphrase: Passphrase = "",
    kind: Kind = SecretKind.PASSWORD, note: Note = "", expires: Expires = None,
) -> Secret:  # fmt: skip
    """Put a new secret into the vault."""
    content = Content(value, passphrase)
    secret = Secret(uuid7(), name, kind, 1, note, expires, tx.now, actor.name)
    return secrets.add(tx, secret, door.vault.sealed(content, record=secret.id, version=1))


@action(
    "secret.replace",
    title=_("Give a secret another value"),
    permission=Permission.ADMIN,
    on="name",
    undo="secret.revert",
    prepare=_fitting,
)
def replace(
    tx: Tx, actor: Actor, door: Door, *, name: SecretName, value: Value, passphrase: Passphrase = "",
    expires: Expires = None,
) -> Changed:  # fmt: skip
    """The value was wrong; runs get this one from now on, and the earlier one is kept for a week."""
    return _put(tx, actor, door, name, Content(value, passphrase), expires, _TRASH)


@action(
    "secret.rotate",
    title=_("Rotate a secret"),
    permission=Permission.ADMIN,
    on="name",
    undo="secret.revert",
    prepare=_fitting,
)
def rotate(
    tx: Tx, actor: Actor, door: Door, *, name: SecretName, value: Value, passphrase: Passphrase = "",
    expires: Expires = None, keep: Keep = _KEEP,
) -> Changed:  # fmt: skip
    """A new value in the old one's place, which is kept for some days and then wiped."""
    return _put(tx, actor, door, name, Content(value, passphrase), expires, keep)


@action(
    "secret.revert",
    title=_("Give a secret its earlier value back"),
    permission=Permission.ADMIN,
    on="name",
    undo="secret.revert",
)
def revert(tx: Tx, actor: Actor, *, name: SecretName, version: VersionOf) -> Changed:
    """As long as that version has not been wiped."""
    secret = secrets.find(tx, name)
    now = secrets.revert(tx, secret, version, actor.name, tx.now + timedelta(days=_TRASH))
    return Changed(name, now.version, secret.version, now.expires_at)


@action("secret.delete", title=_("Delete a secret"), permission=Permission.ADMIN, on="name", undo="secret.undelete")
def delete(
    tx: Tx, actor: Actor, door: Door, *, name: SecretName, force: Force = False, keep: TrashKeep = _TRASH
) -> Deleted:
    """Put it away, and wipe it some days later. Refused while jobs use it."""
    secret = secrets.find(tx, name)
    users = users_of(tx, door.registry, name)
    if users and not force:
        raise Conflict(
            plural(
                "the job {job} uses the secret {name}: change it first, or force it",
                "{n} jobs use the secret {name}, {job} for one: change them first, or force it",
                len(users),
                name=name,
                job=users[0].job,
            )
        )
    until = tx.now + timedelta(days=keep)
    secrets.delete(tx, secret, until)
    return Deleted(secret.id, name, until)


@action("secret.undelete", title=_("Bring a deleted secret back"), permission=Permission.ADMIN, on="secret_id")
def undelete(tx: Tx, actor: Actor, *, secret_id: SecretId) -> Secret:
    """As it was, with the value that it had."""
    return secrets.bring_back(tx, secret_id)


@query("secret.used_by", title=_("Show which jobs use a secret"), on="name")
def used_by(tx: Tx, actor: Actor, door: Door, *, name: SecretName) -> list[SecretUser]:
    """The jobs whose parameters name it, by name."""
    return users_of(tx, door.registry, secrets.find(tx, name).name)


def _put(tx: Tx, actor: Actor, door: Door, name: str, content: Content, expires: datetime | None, days: int) -> Changed:
    secret = secrets.find(tx, name)
    require_form(secret.kind, content)
    version = secrets.next_version(tx, secret)
    new = New(door.vault.sealed(content, record=secret.id, version=version), expires)
    secrets.put(tx, secret, version, new, actor.name, tx.now + timedelta(days=days))
    return Changed(name, version, secret.version, expires)


def row_of(tx: Tx, secret: Secret) -> SecretRow:
    """A secret with what stands out about it at this moment."""
    return SecretRow(**msgspec.structs.asdict(secret), warning=_warning(tx, secret))


def _warning(tx: Tx, secret: Secret) -> Text | None:
    if secret.expires_at is None or secret.expires_at - tx.now > timedelta(days=30):
        return None
    day = f"{secret.expires_at:%Y-%m-%d}"
    return _("it has expired, on {day}", day=day) if secret.expires_at <= tx.now else _("it expires on {day}", day=day)
