"""What is done with the value of a secret: it is tested where it lies, and shown to whoever asks twice."""

import asyncio
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action.door import Door
from watchkeeper.action.names import at, require_line
from watchkeeper.action.secrets import SecretName
from watchkeeper.action.spec import Asked, Help, Values, action, query
from watchkeeper.model.errors import Refused
from watchkeeper.model.secret import SecretKind
from watchkeeper.model.text import Text, _
from watchkeeper.store import secrets
from watchkeeper.store.tx import Tx
from watchkeeper.vault.kinds import judged

Why = Annotated[str, Help(_("why it has to be seen, for the audit trail"))]
Ticket = Annotated[str, Asked, Meta(max_length=100), Help(_("the ticket that secret.ticket gave"))]


class Tested(msgspec.Struct, frozen=True):
    """What can be said of a secret's value."""

    name: str
    kind: SecretKind
    told: Text
    expires_at: datetime | None


class Leave(msgspec.Struct, frozen=True):
    """A ticket for one look at a value, good for a minute."""

    name: str
    ticket: str

    def __repr__(self) -> str:
        return f"Leave({self.name!r}, ***)"


class Revealed(msgspec.Struct, frozen=True):
    """A value, for the eyes of whoever asked. It shows itself to nobody else."""

    name: str
    version: int
    value: str
    passphrase: str

    def __repr__(self) -> str:
        return f"Revealed({self.name!r}, {self.version}, ***)"


@query("secret.test", title=_("Test a secret"), permission=Permission.ADMIN, on="name")
async def test(door: Door, actor: Actor, *, name: SecretName) -> Tested:
    """Whether a key opens with its passphrase, until when a certificate is valid, where a connection leads."""
    await asyncio.to_thread(door.vault.look)
    secret, kept = await door.read(lambda tx: ((found := secrets.find(tx, name)), secrets.value(tx, found)))
    content = door.vault.opened(kept)
    found = await asyncio.to_thread(judged, secret.kind, content)
    return Tested(secret.name, secret.kind, found.told, found.expires_at or secret.expires_at)


def _told(door: Door, values: Values) -> Values:
    with at("reason"):
        require_line(values["reason"], 500)
    return values


@action(
    "secret.ticket",
    title=_("Ask to see a secret's value"),
    permission=Permission.ADMIN,
    on="name",
    prepare=_told,
)
def ticket(tx: Tx, actor: Actor, door: Door, *, name: SecretName, reason: Why = "") -> Leave:
    """The first of two steps: a ticket that shows the value once, within a minute."""
    return Leave(name, door.vault.tickets.give(secrets.find(tx, name).id, actor.name))


def _taken(door: Door, values: Values) -> Values:
    """The ticket is used up here, once, whatever becomes of the rest; the secret's id stands in its place."""
    door.vault.look()
    return {**values, "ticket": door.vault.tickets.take(values["ticket"])}


@action("secret.reveal", title=_("Show a secret's value"), permission=Permission.ADMIN, on="name", prepare=_taken)
def reveal(tx: Tx, actor: Actor, door: Door, *, name: SecretName, ticket: Ticket) -> Revealed:
    """The second step: the value, for a ticket."""
    secret = secrets.find(tx, name)
    if ticket != f"{secret.id} {actor.name}":
        raise Refused(_("this ticket is for another secret, or another person's: ask for a new one"))
    content = door.vault.opened(secrets.value(tx, secret))
    return Revealed(name, secret.version, content.value, content.passphrase)
