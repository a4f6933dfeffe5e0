"""What the store says of its disk: that it is low, so that whoever asks why a run waits is told."""

import msgspec

from watchkeeper.model.codec import encode, from_own
from watchkeeper.store import workspace
from watchkeeper.store.tx import Tx

_FACT = "disk_is_low"


class Low(msgspec.Struct, frozen=True):
    """How much was free when it turned low, and the least that has to be; MiB."""

    free: int
    floor: int


def low(tx: Tx) -> Low | None:
    """What was found when the disk turned low; None when it has room."""
    value = workspace.fact(tx, _FACT)
    return None if value is None else from_own(value, Low)


def note(tx: Tx, found: Low | None) -> None:
    """Write down that the disk is low, or with None that it is not."""
    tx.run("DELETE FROM facts WHERE name = :name", name=_FACT)
    if found is not None:
        tx.run("INSERT INTO facts (name, value) VALUES (:name, :value)", name=_FACT, value=encode(found).decode())
