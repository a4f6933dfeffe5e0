"""What the engine asks of any host, local or remote: start, stat, read, kill, collect; endings are pushed."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Protocol

import msgspec

from watchkeeper.model.run import Ground
from watchkeeper.model.text import Text


class Limits(msgspec.Struct, frozen=True, omit_defaults=True):
    """Enforced on the host, so they hold while the engine is down. Seconds; None is no limit."""

    #: TERM after so many seconds.
    soft: float | None = None
    #: KILL (by the whole kill ladder) after so many seconds.
    hard: float | None = None
    #: TERM and the ladder after so many seconds without a byte of output.
    silence: float | None = None
    #: Seconds between TERM and KILL.
    grace: float = 10.0


class Start(msgspec.Struct, frozen=True, omit_defaults=True):
    """One attempt to be started, at most once however often it is asked."""

    #: `<32 hex>.<attempt>`; names the run directory.
    key: str
    #: The program and its arguments; `{script}` as a whole item stands for the path of the script file.
    argv: tuple[str, ...]
    #: Written to a 0600 file in the run directory; never spliced into a command line.
    script: str | None = None
    #: How the script's file is to end (".ps1", ".cmd"), where an interpreter insists on it.
    script_suffix: str = ""
    stdin: str | None = None
    #: Added to the keeper user's own environment.
    env: Mapping[str, str] = {}
    #: By name; each is written to a 0600 file named by WATCHKEEPER_SECRET_<NAME>_FILE.
    secrets: Mapping[str, str] = {}
    #: The working folder; the user's home if None.
    cwd: str | None = None
    limits: Limits = Limits()

    def __repr__(self) -> str:
        """Without what must not be seen: parameters, environment, secrets."""
        return f"Start({self.key!r})"


class Phase(StrEnum):
    """What a host knows of a key."""

    ABSENT = "ABSENT"
    CLAIMED_NOT_STARTED = "CLAIMED_NOT_STARTED"
    STARTING = "STARTING"
    RUNNING = "RUNNING"
    EXITED = "EXITED"
    LOST_NO_RC = "LOST_NO_RC"
    LOST_REBOOT = "LOST_REBOOT"


class Cut(StrEnum):
    """Why the host itself ended a run."""

    KILLED = "killed"
    SOFT = "soft"
    HARD = "hard"
    SILENCE = "silence"


class KillProof(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a kill found and what is left: "3 of 3 gone"."""

    found: int
    gone: int
    #: The host cannot see every process (no /proc): what left both its group and its parents was not looked for.
    is_limited: bool = False


class Status(msgspec.Struct, frozen=True, omit_defaults=True):
    """The evidence about one key. EXITED has `exit_code`; a run that the host cut says so in `cut`."""

    key: str
    phase: Phase
    exit_code: int | None = None
    #: Wall-clock seconds since 1970, by the host's clock.
    started_at: float | None = None
    ended_at: float | None = None
    #: The run's wrapper: the parent of the payload.
    pid: int | None = None
    #: Bytes of output kept, and bytes that the cap dropped.
    size: int = 0
    dropped: int = 0
    #: The offset in the kept output behind which the dropped bytes are missing; None if none are.
    gap_at: int | None = None
    cut: Cut | None = None
    proof: KillProof | None = None
    #: The lines of WATCHKEEPER_OUTPUT as `name=value`, at most 64 KiB; only with EXITED.
    outputs: str = ""


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one Start: its status, or the reason why it was refused before anything started."""

    key: str
    status: Status | None = None
    #: A sentence of the host ("the working folder /x does not exist"); nothing has started.
    refusal: Text | None = None
    #: The refusal will pass by itself (no file descriptors, no memory, disk full): try the same attempt again.
    is_passing: bool = False


class Unreachable(Exception):
    """The host did not answer; this is evidence of nothing and changes no state."""


class Fenced(Exception):
    """The host has seen a higher fence from this workspace: another engine has taken over."""


class Host(Protocol):
    """One host as one engine sees it. Every method raises Unreachable when there is no answer."""

    name: str
    #: Called on the loop with a batch of EXITED / LOST statuses as they happen; CLAIMED_NOT_STARTED among them proves
    #: that the host had no process or disk left to start the payload with.
    on_ended: Callable[[list[Status]], None]
    #: Called on the loop when the channel came back after a loss: ask STAT for everything live.
    on_reconnected: Callable[[Ground], None]

    async def connect(self, workspace: str, fence: int) -> Ground:
        """Start the keeper if need be and say HELLO; Fenced when a higher fence is known there."""

    async def start(self, starts: Sequence[Start]) -> list[Answer]:
        """Start many in one message; of any number of starts for one key one wins, the others get its status."""

    async def stat(self, keys: Sequence[str]) -> list[Status]:
        """The evidence, in the order of `keys`."""

    async def kill(self, key: str, grace: float) -> KillProof:
        """TERM, grace, KILL, sweep by cookie, proof. Returns when the ladder is at its end."""

    async def read(self, key: str, offset: int, length: int) -> bytes:
        """Up to `length` (<= 1 MiB) bytes of kept output from `offset`; empty at the end.

        What was once read at an offset stays there: beyond the cap's head nothing more comes until the run has ended;
        then the tail follows, and `gap_at` and `dropped` of the status tell where and how much is missing.
        """

    async def take_logs(self, targets: Mapping[str, str]) -> list[str]:
        """Move finished outputs (local) or copy them, each to the file named for its key; the keys that had one."""

    async def collect(self, keys: Sequence[str]) -> list[str]:
        """Remove finished run directories, a trickle; the keys that are gone."""

    async def close(self) -> None:
        """Leave the host; its runs go on."""
