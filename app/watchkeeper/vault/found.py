"""What a place answers when it is asked for the key."""

from dataclasses import dataclass, field

from watchkeeper.model.secret import VaultState
from watchkeeper.model.text import Text


@dataclass(frozen=True)
class Found:
    """A state, why it is so, and the key where there is one."""

    state: VaultState
    why: Text
    key: bytes | None = field(default=None, repr=False)
