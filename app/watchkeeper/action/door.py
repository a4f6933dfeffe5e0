"""What an action may reach: the ports that boot builds for it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from watchkeeper.model.backup import Backup
from watchkeeper.model.events import Event
from watchkeeper.model.fire import Fire
from watchkeeper.model.pulse import Pulse
from watchkeeper.model.run import Run

if TYPE_CHECKING:
    from watchkeeper.plugin.registry import Registry
    from watchkeeper.settings import Settings
    from watchkeeper.store.tx import Tx
    from watchkeeper.vault.vault import Vault

T = TypeVar("T")

#: Ends what it was given for.
Stop = Callable[[], None]


class Carrier(Protocol):
    """Carries out a function in one transaction of the store; `Store.write` and `Store.read` are such."""

    def __call__(self, fn: "Callable[[Tx], T]", /) -> Awaitable[T]: ...


class Memory(Protocol):
    """What an engine knows without a look at the store; `Engine` is such. To be asked on its loop."""

    def pulse(self) -> Pulse:
        """Its room, and what waits for it."""

    def soonest(self, most: int, /) -> list[Fire]:
        """What fires next, the earliest first."""


@dataclass(frozen=True)
class EngineFacts:
    """The engine behind this door."""

    holder: str
    started_at: datetime
    pid: int
    memory: Memory


@dataclass(frozen=True)
class Door:
    """The ports of one workspace. All of them are used on one loop."""

    home: Path
    #: The IANA zone of triggers that name none.
    zone: str
    write: Carrier
    read: Carrier
    registry: "Registry"
    #: Up to `length` bytes of a run's output: (run, attempt, offset, length); empty where there is none.
    log: Callable[[Run, int, int, int], Awaitable[bytes]]
    vault: "Vault"
    #: Calls a function with every event, on the loop, until stopped.
    listen: Callable[[Callable[[Event], Any]], Stop] = lambda _callback: lambda: None
    #: Copies the store to a file, or to one with a name of its own, and is told bytes copied and bytes in all; on a
    #: thread of the caller's. None where the store is a server's.
    copy: Callable[[Path | None, Callable[[int, int], None]], Backup] | None = None
    #: Where the store is, for people: a path, or a server's URL.
    store: str = ""
    #: None where no engine runs behind this door.
    engine: EngineFacts | None = None
    #: What was read when the workspace was opened; None where that is not known.
    settings: "Settings | None" = None
