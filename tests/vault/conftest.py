"""A keyring for each test that wants one, and a vault of a workspace."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.keyring_session import KeyringSession, keyring_session, led_to
from watchkeeper.vault.file_place import Cost
from watchkeeper.vault.vault import Vault

#: A passphrase that is tried at once.
CHEAP = Cost(memory_kib=64, passes=1, lanes=1)


@pytest.fixture
def keyring() -> Iterator[KeyringSession]:
    """An open keyring, to which this process is led."""
    with keyring_session() as session, led_to(session.address):
        session.start()
        yield session


@pytest.fixture
def no_bus() -> Iterator[None]:
    """A machine without a desktop."""
    with led_to(None):
        yield


@pytest.fixture
def new_vault(tmp_path: Path) -> Callable[..., Vault]:
    """The vault of a workspace, as a program that has just started has it."""
    return lambda workspace="w", **more: Vault(tmp_path, workspace, **{"environ": {}, "cost": CHEAP, **more})
