"""The key in the keyring of the operating system, which is named and never guessed."""

import base64
import binascii
import sys
from contextlib import closing
from functools import lru_cache
from typing import TYPE_CHECKING

from watchkeeper.model.secret import VaultState
from watchkeeper.model.text import Text, _
from watchkeeper.vault.found import Found
from watchkeeper.vault.waiting import Patience

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

#: Seconds within which a keyring answers; a person who is asked to unlock it is given longer.
PROMPT, ANSWER = 120.0, 5.0
SERVICE = "watchkeeper"

_UNLOCK = _("the keyring is locked: unlock it by logging in to the desktop, or with `watchkeeper vault unlock`")
_NO_ANSWER = _("the keyring does not answer: look whether it asks for something on the screen")
_NO_KEY = _(
    "the keyring holds no key for this workspace: it is another account's or was emptied, and what was sealed with its "
    "key stays shut until that key is back"
)


def called() -> str:
    """What the keyring of this system is called by its makers."""
    return {"win32": "Windows Credential Manager", "darwin": "Keychain"}.get(sys.platform, "Secret Service")


class KeyringPlace:
    """The key of one workspace. Every method may block for some seconds, and says so in what it returns."""

    def __init__(self, workspace_id: str, seconds: float = ANSWER) -> None:
        self._name = workspace_id
        late = Found(VaultState.GONE, _NO_ANSWER)
        self._patience, self._prompted = Patience(seconds, late), Patience(PROMPT, late)

    def look(self, known: bytes | None = None) -> Found:
        """The key if the keyring gives it without asking anybody; one that is known is not read again."""
        return self._patience.ask(lambda: self._look(known))

    def unlock(self) -> Found:
        """The same, but a person may be asked to unlock the keyring."""
        return self._prompted.ask(self._unlock)

    def keep(self, key: bytes) -> Found:
        """Put the key of a new vault there, and read it back."""
        return self._patience.ask(lambda: self._kept(key))

    def _look(self, known: bytes | None = None) -> Found:
        return _barred() or (self._read() if known is None else _found(known))

    def _unlock(self) -> Found:
        if sys.platform == "linux" and (refused := _asked_to_unlock()) is not None:
            return refused
        return self._look()

    def _kept(self, key: bytes) -> Found:
        from keyring.errors import KeyringError

        if (barred := _barred()) is not None:
            return barred
        try:
            _backend().set_password(SERVICE, self._name, base64.b64encode(key).decode())
        except (KeyringError, OSError) as error:
            return _gone(error)
        return self._read()

    def _read(self) -> Found:
        from keyring.errors import KeyringError, KeyringLocked

        try:
            words = _backend().get_password(SERVICE, self._name)
            return Found(VaultState.GONE, _NO_KEY) if words is None else _found(base64.b64decode(words, validate=True))
        except binascii.Error:
            return Found(VaultState.GONE, _NO_KEY)
        except KeyringLocked:
            return Found(VaultState.LOCKED, _UNLOCK)
        except (KeyringError, OSError) as error:
            return _gone(error)


def _found(key: bytes) -> Found:
    return Found(VaultState.READY, Text(""), key)


def _gone(error: Exception) -> Found:
    told = str(error).strip()[:200] or type(error).__name__
    return Found(VaultState.GONE, _("the keyring can't be used: {why}", why=told))


@lru_cache(maxsize=1)
def _backend() -> "KeyringBackend":
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring

        windows = WinVaultKeyring()
        # Else the key would travel with a roaming profile.
        windows.persist = "local machine"  # type: ignore[assignment]  # its own way
        return windows
    if sys.platform == "darwin":
        from keyring.backends.macOS import Keyring as Keychain

        return Keychain()
    from keyring.backends.SecretService import Keyring as SecretService

    service: KeyringBackend = SecretService()  # type: ignore[no-untyped-call]  # keyring has few types
    return service


def _barred() -> Found | None:
    """Why the keyring would give nothing, found out without a prompt; None when it is open."""
    if sys.platform != "linux":
        return None
    from jeepney import DBusErrorResponse
    from jeepney.io.common import RouterClosed
    from secretstorage import SecretStorageException, check_service_availability, dbus_init, get_collection_by_alias
    from secretstorage.exceptions import ItemNotFoundException

    try:
        with closing(dbus_init()) as bus:
            if not check_service_availability(bus):
                return Found(
                    VaultState.GONE,
                    _("no keyring runs in this session: start one, like gnome-keyring or KWallet, or choose a file"),
                )
            is_locked = get_collection_by_alias(bus, "default").is_locked()
    except ItemNotFoundException:
        return Found(
            VaultState.GONE, _("the keyring has no default collection: make one in the desktop's password program")
        )
    except (SecretStorageException, DBusErrorResponse, RouterClosed, OSError, ValueError) as error:
        return Found(
            VaultState.GONE,
            _("there is no keyring: the session has no bus that answers ({why})", why=str(error)[:200]),
        )
    return Found(VaultState.LOCKED, _UNLOCK) if is_locked else None


def _asked_to_unlock() -> Found | None:
    """Let the keyring ask the person at the screen; why it stays shut, or None."""
    from jeepney import DBusErrorResponse
    from secretstorage import SecretStorageException, dbus_init, get_collection_by_alias

    try:
        with closing(dbus_init()) as bus:
            collection = get_collection_by_alias(bus, "default")
            if collection.is_locked() and collection.unlock(timeout=PROMPT):
                return Found(VaultState.LOCKED, _UNLOCK)
    except TimeoutError:
        return Found(VaultState.LOCKED, _UNLOCK)
    except (SecretStorageException, DBusErrorResponse, OSError, ValueError) as error:
        return _gone(error)
    return None
