"""The key in a file of the workspace, under a passphrase; for machines without a keyring."""

import base64
import binascii
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from watchkeeper.model.codec import encode
from watchkeeper.model.errors import Known
from watchkeeper.model.secret import VaultState
from watchkeeper.model.text import Text, _
from watchkeeper.vault.found import Found
from watchkeeper.vault.sealing import KEY, Tampered, sealed, unsealed

FILE = "vault.key"
_SALT = 16
_RECORD = "key"
#: What a file may ask of this machine: MiB and passes.
_MOST_MEMORY, _MOST_PASSES, _MOST_LANES = 4096, 64, 64


class Cost(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What it costs to try a passphrase: argon2id's parameters (RFC 9106, the second recommendation)."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file: how the passphrase becomes a key, and the vault's key sealed with that. Base64."""

    cost: Cost
    salt: str
    key: str


class FilePlace:
    """The key of one workspace. A passphrase takes a good part of a second to try."""

    def __init__(self, home: Path, credential: str, environ: Mapping[str, str], cost: Cost) -> None:
        """`credential`: the systemd credential that holds the passphrase; empty where a person types it."""
        self._file, self._credential, self._environ, self._cost = home / FILE, credential, environ, cost

    @property
    def exists(self) -> bool:
        """Whether there is such a file already."""
        return self._file.exists()

    def look(self, known: bytes | None = None) -> Found:
        """The key as far as nobody has to type anything."""
        if not self.exists:
            return Found(VaultState.GONE, _("the file {file} is not there: put it back", file=str(self._file)))
        if known is not None:
            return Found(VaultState.READY, Text(""), known)
        if not self._credential:
            return Found(VaultState.LOCKED, _("it waits for its passphrase: `watchkeeper vault unlock`"))
        try:
            return self.unlock("")
        except Known as error:
            return Found(VaultState.LOCKED, error.text)

    def unlock(self, passphrase: str) -> Found:
        """The key; Known when the passphrase is another. Without one, that of the credential."""
        passphrase = passphrase or (self._given() if self._credential else "")
        written = self._read()
        try:
            derived = _derived(passphrase, base64.b64decode(written.salt), written.cost)
            key = unsealed(derived, base64.b64decode(written.key), record=_RECORD, version=0)
        except Tampered:
            raise Known(_("this is not the passphrase of the vault: nothing was unlocked")) from None
        except binascii.Error:
            raise self._unreadable() from None
        return Found(VaultState.READY, Text(""), key)

    def keep(self, key: bytes, passphrase: str) -> Found:
        """Write the file of a new vault, and read it back."""
        passphrase = passphrase or self._given()
        salt = os.urandom(_SALT)
        shut = sealed(_derived(passphrase, salt, self._cost), key, record=_RECORD, version=0)
        written = Written(self._cost, base64.b64encode(salt).decode(), base64.b64encode(shut).decode())
        _write(self._file, encode(written))
        return self.unlock(passphrase)

    def _given(self) -> str:
        """The passphrase that systemd hands over; Known where it does not."""
        folder = self._environ.get("CREDENTIALS_DIRECTORY", "")
        try:
            if folder:
                words = (Path(folder) / self._credential).read_text("utf-8").strip("\r\n")
                if words:
                    return words
        except (OSError, UnicodeDecodeError):
            pass
        raise Known(
            _(
                "systemd hands over no credential {name}: the unit needs LoadCredential={name}:FILE",
                name=self._credential,
            )
        )

    def _read(self) -> Written:
        try:
            written = msgspec.json.decode(self._file.read_bytes(), type=Written)
        except FileNotFoundError:
            raise Known(_("the file {file} is not there: put it back", file=str(self._file))) from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise self._unreadable() from None
        cost = written.cost
        fits = 8 <= cost.memory_kib <= _MOST_MEMORY << 10 and 1 <= cost.passes <= _MOST_PASSES
        if not (fits and 1 <= cost.lanes <= _MOST_LANES):
            raise self._unreadable()
        return written

    def _unreadable(self) -> Known:
        return Known(_("{file} is not as it was written: put a copy of it back", file=str(self._file)))


def _derived(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(
        passphrase.encode(), salt, cost.passes, cost.memory_kib, cost.lanes, hash_len=KEY, type=Type.ID
    )


def _write(file: Path, data: bytes) -> None:
    """All of it or nothing, and for the owner's eyes only."""
    new = file.with_name(f"{file.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    new.replace(file)
