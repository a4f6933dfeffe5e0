"""The vault in a file, and what a seal is worth."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from watchkeeper.model.errors import Conflict, Known
from watchkeeper.model.secret import Place, VaultState
from watchkeeper.store.secrets import Sealed
from watchkeeper.vault.value import Content
from watchkeeper.vault.vault import Shut, Vault

NewVault = Callable[..., Vault]
WORDS = "a few good words"


@pytest.fixture
def vault(new_vault: NewVault) -> Vault:
    made = new_vault()
    made.make(Place.FILE, WORDS)
    return made


def test_a_file_opens_with_its_passphrase_only(vault: Vault, new_vault: NewVault) -> None:
    later = new_vault()
    later.take(vault.choice)
    assert later.look().state is VaultState.LOCKED
    with pytest.raises(Known, match="not the passphrase"):
        later.unlock("a few bad words")
    assert later.status.state is VaultState.LOCKED
    assert later.unlock(WORDS).state is VaultState.READY
    assert later.lock().state is VaultState.LOCKED
    with pytest.raises(Shut, match="vault unlock"):
        later.sealed(Content("a value"), record="r", version=1)


def test_the_file_is_for_its_owner_and_holds_neither_key_nor_passphrase(vault: Vault, tmp_path: Path) -> None:
    file = tmp_path / "vault.key"
    assert file.stat().st_mode & 0o777 == 0o600
    written = msgspec.json.decode(file.read_bytes())
    assert sorted(written) == ["cost", "key", "salt"]
    assert WORDS not in file.read_text()


@pytest.mark.parametrize(
    "change", [lambda text: text[:-9], lambda text: text.replace('"passes":1', '"passes":9999'), lambda _text: "{}"]
)
def test_a_file_that_is_not_as_it_was_written_is_told(
    change: Callable[[str], str], vault: Vault, tmp_path: Path
) -> None:
    file = tmp_path / "vault.key"
    file.write_text(change(file.read_text()))
    vault.lock()
    with pytest.raises(Known, match="not as it was written"):
        vault.unlock(WORDS)


def test_a_file_that_has_gone_shuts_the_vault_and_back_again_opens_it(vault: Vault, tmp_path: Path) -> None:
    file = tmp_path / "vault.key"
    file.rename(tmp_path / "elsewhere")
    status = vault.look()
    assert (status.state, "put it back" in str(status.sentence)) == (VaultState.GONE, True)
    (tmp_path / "elsewhere").rename(file)
    assert vault.unlock(WORDS).state is VaultState.READY


def test_a_systemd_credential_opens_the_file_without_anybody(new_vault: NewVault, tmp_path: Path) -> None:
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "vault-key").write_text(WORDS + "\n")
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path / "given")}
    choice = new_vault(environ=environ).make(Place.FILE, credential="vault-key")
    later, other = new_vault(environ=environ), new_vault()
    later.take(choice)
    other.take(choice)
    assert later.look().state is VaultState.READY
    assert "LoadCredential=vault-key" in str(other.look().sentence)
    assert other.unlock(WORDS).state is VaultState.READY


def test_a_second_vault_is_refused(vault: Vault) -> None:
    with pytest.raises(Conflict, match="has a vault already"):
        vault.make(Place.FILE, WORDS)


def test_a_key_that_lies_there_already_is_taken_and_never_written_over(vault: Vault, new_vault: NewVault) -> None:
    """As after an older copy of the store, which knows of no vault, was put in its place."""
    data = vault.sealed(Content("a value"), record="r", version=1)
    with pytest.raises(Known, match="not the passphrase"):
        new_vault().make(Place.FILE, "a few other words")
    later = new_vault()
    later.make(Place.FILE, WORDS)
    assert later.opened(Sealed("r", "team/key", 1, data)).value == "a value"


def test_what_is_sealed_opens_as_the_same_record_in_the_same_version_only(vault: Vault) -> None:
    data = vault.sealed(Content("a value", "its passphrase"), record="one", version=2)
    assert b"a value" not in data
    found = vault.opened(Sealed("one", "team/key", 2, data))
    assert (found.value, found.passphrase) == ("a value", "its passphrase")
    changed = bytes([*data[:-1], data[-1] ^ 1])
    strange = [("two", 2, data), ("one", 1, data), ("one", 2, changed), ("one", 2, data[:20]), ("one", 2, b"")]
    for record, version, each in strange:
        with pytest.raises(Known, match="the seal of the secret team/key is broken"):
            vault.opened(Sealed(record, "team/key", version, each))


def test_two_seals_of_one_value_have_nothing_in_common(vault: Vault) -> None:
    seals = {vault.sealed(Content("a value"), record="one", version=1) for _time in range(50)}
    assert len(seals) == len({seal[:12] for seal in seals}) == len({seal[12:] for seal in seals}) == 50


def test_a_value_shows_itself_nowhere(vault: Vault) -> None:
    content = Content("a value", "its passphrase")
    for told in (repr(content), str(content), f"{content}", repr([content]), repr({"x": content})):
        assert "a value" not in told and "its passphrase" not in told
    assert "key=" not in repr(vault._file("").unlock(WORDS))


def test_tickets_are_good_once_and_for_one_secret(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = vault.tickets.give("id", "ann")
    assert vault.tickets.take(ticket) == "id ann"
    for worn in (ticket, "", "made up"):
        with pytest.raises(Known, match="used up or older"):
            vault.tickets.take(worn)
    monkeypatch.setattr("watchkeeper.vault.tickets.GOOD_FOR", 0.0)
    with pytest.raises(Known, match="used up or older"):
        vault.tickets.take(vault.tickets.give("id", "ann"))
