"""The vault of one workspace: has the key while it is ready, and seals and opens with it."""

import base64
import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from watchkeeper.model.errors import Conflict, Known
from watchkeeper.model.secret import Choice, Place, VaultState, VaultStatus
from watchkeeper.model.text import Text, _
from watchkeeper.store.secrets import Sealed
from watchkeeper.vault.file_place import FILE, Cost, FilePlace
from watchkeeper.vault.found import Found
from watchkeeper.vault.keyring_place import ANSWER, KeyringPlace, called
from watchkeeper.vault.sealing import Tampered, new_key, sealed, unsealed
from watchkeeper.vault.tickets import Tickets
from watchkeeper.vault.value import Content

_KNOWN, _RECORD = b"watchkeeper", "vault"
_STRANGE_KEY = _("the key that was found is another vault's: this workspace's secrets were sealed with a different one")
_NONE = _("no vault has been chosen: `watchkeeper vault init`")


class Shut(Known):
    """The vault gives nothing for now; `text` says why and what to do."""


class Vault:
    """May be used from any thread. What blocks, for some seconds at most, says so."""

    def __init__(
        self,
        home: Path,
        workspace_id: str,
        *,
        environ: Mapping[str, str] = os.environ,
        cost: Cost | None = None,
        patience: float = ANSWER,
    ) -> None:
        """`cost` is that of the passphrase of a new file, `patience` the seconds given to a keyring."""
        self._home, self._environ, self._cost = home, environ, cost or Cost()
        self._keyring = KeyringPlace(workspace_id, patience)
        self._turn = threading.Lock()
        self._choice: Choice | None = None
        self._key: bytes | None = None
        self._status = _status(None, VaultState.NONE, _NONE)
        self.tickets = Tickets()

    @property
    def status(self) -> VaultStatus:
        """How it stood when it was last looked at."""
        return self._status

    @property
    def choice(self) -> Choice | None:
        """Which vault it is."""
        return self._choice

    def take(self, choice: Choice | None) -> None:
        """The vault that the store knows of; a new one is shut until it is looked at.

        One that has just been chosen is not yet in the store, and none is ever unchosen.
        """
        with self._turn:
            if choice is None or choice == self._choice:
                return
            self._choice = choice
            if self._key is None or not _fits(self._key, choice):
                self._settle(Found(VaultState.LOCKED, _("it is being opened")))

    def look(self) -> VaultStatus:
        """How it stands now: the key is taken where it is to be had, and dropped where it no longer is. Blocks."""
        with self._turn:
            if self._choice is None:
                return self._status
            place = self._keyring if self._choice.place is Place.KEYRING else self._file(self._choice.credential)
            return self._settle(place.look(self._key))

    def unlock(self, passphrase: str) -> VaultStatus:
        """Open the file with its passphrase, or let the keyring ask whoever sits there; Known. Blocks."""
        with self._turn:
            if self._choice is None:
                raise Known(_NONE)
            if self._choice.place is Place.KEYRING:
                status = self._settle(self._keyring.unlock())
            else:
                status = self._settle(self._file("").unlock(passphrase))
        if status.state is not VaultState.READY:
            raise Shut(status.sentence)
        return status

    def lock(self) -> VaultStatus:
        """Drop the key of a file until its passphrase is given again."""
        with self._turn:
            self._require_typed()
            return self._settle(self._file("").look())

    def change_passphrase(self, passphrase: str, new: str) -> None:
        """Put the key of a file under another passphrase; Known, and all is as before, unless the old one fits. Blocks.

        The key stays the same, and so do all secrets; an open vault stays open.
        """
        with self._turn:
            self._require_typed()
            file = self._file("")
            found = file.unlock(passphrase)
            if found.key is None or self._choice is None or not _fits(found.key, self._choice):
                raise Known(_STRANGE_KEY)
            file.keep(found.key, new)

    def make(self, place: Place, passphrase: str = "", credential: str = "") -> Choice:
        """The vault of a workspace that has none, ready; the store has to be told. Known where it can't be. Blocks."""
        with self._turn:
            if self._choice is not None:
                raise Conflict(_("this workspace has a vault already: `watchkeeper vault status` tells which"))
            found = self._kept(place, passphrase, credential)
            if (key := found.key) is None:
                raise Known(found.why)
            check = sealed(key, _KNOWN, record=_RECORD, version=0)
            self._choice = Choice(place, base64.b64encode(check).decode(), credential)
            self._settle(found)
            return self._choice

    def _kept(self, place: Place, passphrase: str, credential: str) -> Found:
        """A key that lies there already is taken: an older copy of the store may have been sealed with it."""
        if place is Place.KEYRING:
            found = self._keyring.look()
            return found if found.key is not None else self._keyring.keep(new_key())
        file = self._file(credential)
        return file.unlock(passphrase) if file.exists else file.keep(new_key(), passphrase)

    def sealed(self, content: Content, *, record: str, version: int) -> bytes:
        """The content of a secret as the store may have it; Shut."""
        return sealed(self._open_key(), msgspec.json.encode(content), record=record, version=version)

    def parts(self, found: Sequence[Sealed]) -> Mapping[str, str]:
        """What runs may ask for by name; Shut, or Known when a seal is broken."""
        values: dict[str, str] = {}
        for each in found:
            values |= self.opened(each).parts(each.name)
        return values

    def maskable(self, found: Sealed) -> Sequence[str]:
        """What is to be masked of a secret wherever it stands; Shut, or Known when its seal is broken."""
        return self.opened(found).maskable()

    def opened(self, found: Sealed) -> Content:
        """The content of a stored secret; Shut, or Known when its seal is broken."""
        try:
            plain = unsealed(self._open_key(), found.data, record=found.secret_id, version=found.version)
        except Tampered:
            raise Known(
                _(
                    "the seal of the secret {name} is broken: the store was changed by another hand; give it its value "
                    "anew with `watchkeeper secret replace`",
                    name=found.name,
                )
            ) from None
        return msgspec.json.decode(plain, type=Content)

    def _open_key(self) -> bytes:
        key = self._key
        if key is None:
            raise Shut(self._status.sentence)
        return key

    def _require_typed(self) -> None:
        if self._choice is None or self._choice.place is Place.KEYRING or self._choice.credential:
            raise Known(_("this goes with a vault in a file whose passphrase is typed: a keyring has its own"))

    def _file(self, credential: str) -> FilePlace:
        return FilePlace(self._home, credential, self._environ, self._cost)

    def _settle(self, found: Found) -> VaultStatus:
        if found.key is not None and self._choice is not None and not _fits(found.key, self._choice):
            found = Found(VaultState.GONE, _STRANGE_KEY)
        self._key = found.key
        self._status = _status(self._choice, found.state, found.why, self._name)
        return self._status

    @property
    def _name(self) -> str:
        """What the place is called where its key lies."""
        place = None if self._choice is None else self._choice.place
        return called() if place is Place.KEYRING else FILE if place is Place.FILE else ""


def _fits(key: bytes, choice: Choice) -> bool:
    try:
        return unsealed(key, base64.b64decode(choice.check), record=_RECORD, version=0) == _KNOWN
    except (Tampered, ValueError):
        return False


def _status(choice: Choice | None, state: VaultState, why: Text, name: str = "") -> VaultStatus:
    place = None if choice is None else choice.place
    match state:
        case VaultState.NONE:
            return VaultStatus(state, None, why)
        case VaultState.READY if place is Place.KEYRING:
            sentence = _("the vault is ready: its key lies in the system's keyring")
        case VaultState.READY:
            sentence = _("the vault is ready: its key lies in a file, under a passphrase")
        case VaultState.LOCKED:
            sentence = _("the vault is locked: {why}", why=why)
        case VaultState.GONE:
            sentence = _("the vault can't be reached: {why}", why=why)
    return VaultStatus(state, place, sentence, why, name, "" if choice is None else choice.credential)
