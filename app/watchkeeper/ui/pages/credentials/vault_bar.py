"""How it stands with the vault, over the table: which one it is, whether it gives secrets, and what can be done."""

from collections.abc import Callable
from typing import NamedTuple

from watchkeeper.action.secret_table import SecretTable
from watchkeeper.model.secret import Place, VaultState, VaultStatus
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.widgets.banner import Banner

_GLYPHS = {VaultState.READY: "status/success", VaultState.LOCKED: "status/late", VaultState.GONE: "status/failed"}
NOT_ALLOWED = _("This takes the permission “admin”, which you do not have.")


class Ways(NamedTuple):
    """What the buttons do."""

    unlock: Callable[[], object]
    lock: Callable[[], object]
    #: Opens a place.
    go: Callable[[str], None]


class VaultBar(Banner):
    """Hidden while none has been chosen: the page says that in its middle."""

    def __init__(self, ways: Ways) -> None:
        super().__init__()
        self._ways = ways
        self._told: tuple[object, ...] = ()

    def show_vault(self, vault: VaultStatus, table: SecretTable) -> None:
        """Show how it stands; the buttons are made anew only when something has changed, for one may be in use."""
        told = (vault, table.waiting, table.first_waiting, table.may_change)
        if told == self._told:
            return
        self._told = told
        if vault.state is VaultState.NONE:
            return self.say(None)
        self.say(sentence(vault, table.waiting), self._choices(vault, table), _GLYPHS[vault.state])
        for button in self.buttons[: len(self._deeds(vault))]:
            button.setEnabled(table.may_change)
            button.hint("" if table.may_change else NOT_ALLOWED)

    def _choices(self, vault: VaultStatus, table: SecretTable) -> tuple[tuple[Text, Callable[[], object]], ...]:
        return (*self._deeds(vault), *self._places(table))

    def _deeds(self, vault: VaultStatus) -> tuple[tuple[Text, Callable[[], object]], ...]:
        if can_unlock(vault):
            return ((_("Unlock…") if vault.place is Place.FILE else _("Unlock"), self._ways.unlock),)
        return ((_("Lock"), self._ways.lock),) if can_lock(vault) else ()

    def _places(self, table: SecretTable) -> tuple[tuple[Text, Callable[[], object]], ...]:
        if not table.waiting:
            return ()
        first = table.first_waiting[0]
        place = f"run/{first.run_id}" if table.waiting == 1 else "runs"
        return ((plural("Show the run", "Show the runs", table.waiting), lambda: self._ways.go(place)),)


def can_unlock(vault: VaultStatus | None) -> bool:
    """Whether a person can open it: with a passphrase, or by letting the keyring ask."""
    if vault is None:
        return False
    is_keyring = vault.place is Place.KEYRING
    return vault.state is VaultState.LOCKED or (vault.state is VaultState.GONE and is_keyring)


def can_lock(vault: VaultStatus | None) -> bool:
    """Whether it is locked here; a keyring is locked by the system, and what systemd opens stays open."""
    return vault is not None and vault.state is VaultState.READY and has_passphrase(vault)


def has_passphrase(vault: VaultStatus | None) -> bool:
    """Whether a person types a passphrase, which can be another one."""
    return vault is not None and vault.place is Place.FILE and not vault.credential


def sentence(vault: VaultStatus, waiting: int) -> Text:
    """Which vault it is and how it stands, with the runs that wait for it."""
    told = _stand(vault)
    if not waiting:
        return told
    wait = plural("{n} run waits for it.", "{n} runs wait for it.", waiting)
    return _("{vault} {waiting}", vault=told, waiting=wait)


def _stand(vault: VaultStatus) -> Text:
    match vault.state, vault.place:
        case VaultState.READY, Place.KEYRING:
            return _("The vault is open: its key lies in the keyring ({name}).", name=vault.name)
        case VaultState.READY, _place if vault.credential:
            return _(
                "The vault is open: its key lies in the file {name}, under a passphrase of systemd ({credential}).",
                name=vault.name,
                credential=vault.credential,
            )
        case VaultState.READY, _place:
            return _("The vault is open: its key lies in the file {name}, under a passphrase.", name=vault.name)
        case VaultState.LOCKED, Place.KEYRING:
            return _("The vault is locked: the keyring ({name}) waits to be unlocked.", name=vault.name)
        case VaultState.LOCKED, _place if not vault.credential:
            return _("The vault is locked: the file {name} waits for its passphrase.", name=vault.name)
        case VaultState.LOCKED, _place:
            return _("The vault is locked: {why}.", why=vault.why)
    return _("The vault can't be reached: {why}.", why=vault.why)
