"""What is known of a secret without its value, and how it stands with the vault that keeps the values."""

from datetime import datetime
from enum import StrEnum

import msgspec

from watchkeeper.model.text import Text, _

#: Between a secret's name and the part of it that is meant: `deploy/key#passphrase`.
PART = "#"
PASSPHRASE = "passphrase"  # noqa: S105

#: Why a run waits in the queue for the vault.
WITHHELD = _("it needs a secret: {why}")


class SecretKind(StrEnum):
    """What a secret is, and so what can be tested of it."""

    PASSWORD = "password"  # noqa: S105
    TOKEN = "token"  # noqa: S105
    #: A private key as PEM or in OpenSSH's form, with its passphrase if it has one.
    KEY = "key"
    #: An address with what it takes to get in: `postgresql://user:password@host/database`.
    CONNECTION = "connection"
    #: A certificate as PEM, with its private key.
    CERTIFICATE = "certificate"


class Secret(msgspec.Struct, frozen=True):
    """A secret without its value."""

    id: str
    #: `folder/name`.
    name: str
    kind: SecretKind
    version: int
    note: str
    #: When it ceases to be good for anything; None where that is not known.
    expires_at: datetime | None
    changed_at: datetime
    changed_by: str
    last_used_at: datetime | None = None
    #: The job that was last given it.
    last_used_by: str = ""


class Earlier(msgspec.Struct, frozen=True):
    """A version before the one that holds, which is kept for a while."""

    version: int
    saved_at: datetime
    saved_by: str
    #: When it is wiped.
    until: datetime


class Place(StrEnum):
    """Where the key lies that opens all secrets."""

    KEYRING = "keyring"
    FILE = "file"


class Choice(msgspec.Struct, frozen=True):
    """Which vault a workspace has, as its store knows it."""

    place: Place
    #: Something known, sealed with the key: tells whether a key is this workspace's. Base64.
    check: str
    #: The systemd credential that holds the passphrase; empty where a person types it.
    credential: str = ""


class VaultState(StrEnum):
    """Whether the vault gives secrets."""

    NONE = "none"
    READY = "ready"
    LOCKED = "locked"
    GONE = "gone"


class VaultStatus(msgspec.Struct, frozen=True):
    """How it stands with the vault, and what to do."""

    state: VaultState
    #: None while none has been chosen.
    place: Place | None
    sentence: Text
    #: Why it is shut; empty while it is not.
    why: Text = Text("")
    #: The keyring as its makers call it, or the file.
    name: str = ""
    #: The systemd credential that holds the passphrase; empty where a person types it.
    credential: str = ""

    @property
    def is_shut(self) -> bool:
        """There is a vault, and it gives nothing for now."""
        return self.state in (VaultState.LOCKED, VaultState.GONE)
