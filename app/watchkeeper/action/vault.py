"""The vault of the workspace: which one it is, whether it gives secrets, and opening it."""

import asyncio
from typing import Annotated

from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action.door import Door
from watchkeeper.action.names import at, require_name
from watchkeeper.action.spec import Asked, Help, Values, action, query
from watchkeeper.model.errors import Known
from watchkeeper.model.events import VaultChanged
from watchkeeper.model.secret import Place, VaultStatus
from watchkeeper.model.text import _
from watchkeeper.store import secrets
from watchkeeper.store.tx import Tx

Where = Annotated[Place, Help(_("keyring: the system's; file: in the workspace, under a passphrase"))]
Passphrase = Annotated[str, Asked, Help(_("the passphrase of a vault in a file"))]
NewPassphrase = Annotated[str, Asked, Help(_("the passphrase that is to hold from now on"))]
Credential = Annotated[str, Help(_("the systemd credential that holds the passphrase, if nobody is to type it"))]

#: Letters of a passphrase that is worth its name.
_LEAST = 12


@query("vault.status", title=_("Show how it stands with the vault"))
async def status(door: Door, actor: Actor) -> VaultStatus:
    """Whether secrets are given, and if not, why and what to do."""
    return await looked_at(door)


def _made(door: Door, values: Values) -> Values:
    place, passphrase, credential = values["place"], values["passphrase"], values["credential"]
    if place is Place.KEYRING and (passphrase or credential):
        raise Known(_("a passphrase goes with a vault in a file: the keyring has its own"))
    if credential:
        with at("credential"):
            require_name(credential)
    elif place is Place.FILE:
        with at("passphrase"):
            require_long(passphrase)
    door.vault.make(place, passphrase, credential)
    return values


@action("vault.init", title=_("Choose the vault of the workspace"), permission=Permission.ADMIN, prepare=_made)
def init(
    tx: Tx, actor: Actor, door: Door, *, place: Where, credential: Credential = "", passphrase: Passphrase = ""
) -> VaultStatus:
    """Make a key in the system's keyring, or in a file of the workspace. It is chosen once."""
    if door.vault.choice is not None:
        secrets.choose(tx, door.vault.choice)
    return _told(tx, door)


def _unlocked(door: Door, values: Values) -> Values:
    door.vault.unlock(values["passphrase"])
    return values


@action("vault.unlock", title=_("Unlock the vault"), permission=Permission.ADMIN, prepare=_unlocked)
def unlock(tx: Tx, actor: Actor, door: Door, *, passphrase: Passphrase = "") -> VaultStatus:
    """Give the file its passphrase, or let the keyring ask at the screen; what waits for a secret starts."""
    return _told(tx, door)


def _locked(door: Door, values: Values) -> Values:
    door.vault.lock()
    return values


@action("vault.lock", title=_("Lock the vault"), permission=Permission.ADMIN, prepare=_locked)
def lock(tx: Tx, actor: Actor, door: Door) -> VaultStatus:
    """Forget the key of a vault in a file; runs that need a secret wait until it is unlocked."""
    return _told(tx, door)


def _changed(door: Door, values: Values) -> Values:
    with at("new"):
        require_long(values["new"])
    with at("passphrase"):
        door.vault.change_passphrase(values["passphrase"], values["new"])
    return values


@action(
    "vault.passphrase",
    title=_("Change the passphrase of the vault"),
    permission=Permission.ADMIN,
    prepare=_changed,
)
def passphrase(tx: Tx, actor: Actor, door: Door, *, passphrase: Passphrase, new: NewPassphrase) -> VaultStatus:
    """Put the key of a vault in a file under another passphrase. Key and secrets stay as they are."""
    return _told(tx, door)


def require_long(passphrase: str) -> None:
    """Known unless a passphrase is worth its name."""
    if len(passphrase) < _LEAST:
        raise Known(_("at least {least} characters are wanted, a few words are best", least=_LEAST))


async def looked_at(door: Door) -> VaultStatus:
    """The status of this moment."""
    return await asyncio.to_thread(door.vault.look)


def _told(tx: Tx, door: Door) -> VaultStatus:
    now = door.vault.status
    tx.tell(VaultChanged(now.state, now.sentence))
    return now
