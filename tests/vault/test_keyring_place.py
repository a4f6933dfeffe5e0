"""The key in a real keyring: open, locked, gone, silent, and never one that nobody chose."""

import time
from collections.abc import Callable

import pytest

from tests.keyring_session import KeyringSession
from watchkeeper.model.errors import Known
from watchkeeper.model.secret import Place, VaultState
from watchkeeper.store.secrets import Sealed
from watchkeeper.vault.value import Content
from watchkeeper.vault.vault import Shut, Vault

NewVault = Callable[..., Vault]


def test_a_key_made_in_the_keyring_opens_the_vault_for_the_next_program(
    keyring: KeyringSession, new_vault: NewVault
) -> None:
    first, second = new_vault(), new_vault()
    choice = first.make(Place.KEYRING)
    data = first.sealed(Content("a value"), record="r", version=1)
    second.take(choice)
    assert second.status.state is VaultState.LOCKED
    assert second.look().state is VaultState.READY
    assert second.sealed(Content("a value"), record="r", version=1) != data


def test_a_locked_keyring_locks_the_vault_and_an_open_one_opens_it(
    keyring: KeyringSession, new_vault: NewVault
) -> None:
    vault = new_vault()
    vault.make(Place.KEYRING)
    keyring.lock()
    status = vault.look()
    assert (status.state, "unlock" in str(status.sentence)) == (VaultState.LOCKED, True)
    with pytest.raises(Shut, match="the vault is locked: the keyring is locked"):
        vault.sealed(Content("a value"), record="r", version=1)
    keyring.unlock()
    assert vault.look().state is VaultState.READY


def test_a_keyring_that_has_gone_takes_the_key_from_memory_and_brings_it_back_with_it(
    keyring: KeyringSession, new_vault: NewVault
) -> None:
    vault = new_vault()
    vault.make(Place.KEYRING)
    keyring.end_daemon()
    status = vault.look()
    assert status.state is VaultState.GONE
    assert "no keyring runs in this session" in str(status.sentence)
    with pytest.raises(Shut):
        vault.sealed(Content("a value"), record="r", version=1)
    keyring.start_locked()
    assert vault.look().state is VaultState.LOCKED
    keyring.unlock()
    assert vault.look().state is VaultState.READY


def test_a_keyring_that_does_not_answer_holds_nobody_up(keyring: KeyringSession, new_vault: NewVault) -> None:
    vault = new_vault(patience=0.2)
    vault.make(Place.KEYRING)
    keyring.hang()
    begun = time.monotonic()
    assert "does not answer" in str(vault.look().sentence)
    assert "does not answer" in str(vault.look().sentence)
    assert time.monotonic() - begun < 10
    keyring.go_on()
    deadline = time.monotonic() + 30
    while vault.look().state is not VaultState.READY:
        assert time.monotonic() < deadline


def test_a_session_that_ends_shuts_the_vault(keyring: KeyringSession, new_vault: NewVault) -> None:
    vault = new_vault()
    vault.make(Place.KEYRING)
    keyring.end_bus()
    assert vault.look().state is VaultState.GONE


def test_a_key_that_the_keyring_has_already_is_taken_and_never_written_over(
    keyring: KeyringSession, new_vault: NewVault
) -> None:
    first, second = new_vault(), new_vault()
    data = first.sealed(Content("a value"), record="r", version=1) if first.make(Place.KEYRING) else b""
    second.make(Place.KEYRING)
    assert second.opened(Sealed("r", "team/key", 1, data)).value == "a value"


def test_two_workspaces_have_keys_of_their_own(keyring: KeyringSession, new_vault: NewVault) -> None:
    choice = new_vault("one").make(Place.KEYRING)
    other = new_vault("two")
    other.take(choice)
    assert "no key for this workspace" in str(other.look().sentence)
    other = new_vault("two")
    other.make(Place.KEYRING)
    other.take(choice)
    assert "another vault's" in str(other.look().sentence)


@pytest.mark.usefixtures("no_bus")
def test_without_a_bus_no_vault_is_made_and_none_is_chosen_instead(new_vault: NewVault) -> None:
    vault = new_vault()
    with pytest.raises(Known, match="there is no keyring"):
        vault.make(Place.KEYRING)
    assert (vault.choice, vault.look().state) == (None, VaultState.NONE)
    assert list(vault._home.iterdir()) == []


def test_what_the_keyring_holds_fits_into_windows_credential_manager(
    keyring: KeyringSession, new_vault: NewVault
) -> None:
    from keyring.backends.SecretService import Keyring

    new_vault().make(Place.KEYRING)
    kept = Keyring().get_password("watchkeeper", "w")
    assert kept is not None and len(kept) < 100
