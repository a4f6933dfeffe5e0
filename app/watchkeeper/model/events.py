"""What happened, in the past tense; told after the commit that made it true."""

from datetime import datetime

import msgspec

from watchkeeper.model.ids import JobId, RunId
from watchkeeper.model.run import State
from watchkeeper.model.secret import VaultState
from watchkeeper.model.span import Span
from watchkeeper.model.text import Text


class Event(msgspec.Struct, frozen=True):
    """The root of all events."""


class JobSaved(Event, frozen=True, tag=True):
    """A job was made or changed."""

    job_id: JobId
    name: str


class JobDeleted(Event, frozen=True, tag=True):
    job_id: JobId
    name: str


class PoolsChanged(Event, frozen=True, tag=True):
    """A pool was made, resized or removed."""


class CalendarsChanged(Event, frozen=True, tag=True):
    """A calendar was made, changed or removed."""


class SettingsChanged(Event, frozen=True, tag=True):
    """A setting of the workspace's file has another value, or its default again."""

    name: str


class SecretsChanged(Event, frozen=True, tag=True):
    """A secret was made, given another value or removed; the value is nobody's to hear."""

    name: str


class VaultChanged(Event, frozen=True, tag=True):
    """The vault was chosen, opens or has shut; runs that need a secret wait for it or start."""

    state: VaultState
    sentence: Text


class PluginDecided(Event, frozen=True, tag=True):
    """Somebody has allowed or forbidden a plugin file, or taken that back."""

    path: str


class PluginsReloadAsked(Event, frozen=True, tag=True):
    """Somebody wants all plugins read anew."""


class PluginsChanged(Event, frozen=True, tag=True):
    """A plugin was loaded, reloaded or forgotten, or can't be used any more."""


class RunQueued(Event, frozen=True, tag=True):
    """A run stands in the queue (new, or back for another attempt)."""

    run_id: RunId
    job_name: str
    attempt: int = 1


class RunStarted(Event, frozen=True, tag=True):
    """An attempt began."""

    run_id: RunId
    job_name: str
    attempt: int


class RunRetryPlanned(Event, frozen=True, tag=True):
    """An attempt failed and another will follow."""

    run_id: RunId
    job_name: str
    attempt: int
    reason: Text


class RunEnded(Event, frozen=True, tag=True):
    """A run has its ending."""

    run_id: RunId
    job_name: str
    state: State
    reason: Text | None = None


class RunLost(Event, frozen=True, tag=True):
    """Nobody can say whether the run happened."""

    run_id: RunId
    job_name: str
    reason: Text | None = None


class RunStopRequested(Event, frozen=True, tag=True):
    run_id: RunId
    #: So long it may take to end by itself; as its job says if None.
    grace: Span | None = None


class RunResolved(Event, frozen=True, tag=True):
    """A person decided what an unknown run was."""

    run_id: RunId
    job_name: str
    state: State


class RunAcknowledged(Event, frozen=True, tag=True):
    """A person has seen what became of a run."""

    run_id: RunId
    job_name: str
    actor: str


class RunReopened(Event, frozen=True, tag=True):
    """What a person had seen needs one again."""

    run_id: RunId
    job_name: str
    actor: str


class OccurrencesMissed(Event, frozen=True, tag=True):
    """A gap of one trigger."""

    job_name: str
    count: int
    reason: Text


class EngineStarted(Event, frozen=True, tag=True):
    holder: str
    epoch: int


class EngineStopped(Event, frozen=True, tag=True):
    reason: Text | None = None


class EnginePaused(Event, frozen=True, tag=True):
    """No trigger fires any more."""

    reason: Text
    until: datetime | None = None


class EngineResumed(Event, frozen=True, tag=True):
    """Triggers fire again."""


class ClockSet(Event, frozen=True, tag=True):
    """Somebody set the machine's clock, by so many seconds; back if below zero."""

    seconds: float
    #: By so much that it was wrong before.
    is_correction: bool


class StoreStalled(Event, frozen=True, tag=True):
    """Nothing can be written; what is running goes on."""

    reason: Text


class StoreRecovered(Event, frozen=True, tag=True):
    """Writing works again."""


class DiskIsLow(Event, frozen=True, tag=True):
    """No run starts any more; those that run go on. MiB."""

    free: int
    floor: int


class DiskHasRoom(Event, frozen=True, tag=True):
    """Runs start again. MiB."""

    free: int


class BackupMade(Event, frozen=True, tag=True):
    """A copy of the store was made by itself."""

    file: str


class BackupFailed(Event, frozen=True, tag=True):
    """The daily copy could not be made; it is tried again."""

    reason: Text | str


Told = (
    JobSaved
    | JobDeleted
    | PoolsChanged
    | CalendarsChanged
    | SettingsChanged
    | SecretsChanged
    | VaultChanged
    | PluginDecided
    | PluginsReloadAsked
    | PluginsChanged
    | RunQueued
    | RunStarted
    | RunRetryPlanned
    | RunEnded
    | RunLost
    | RunStopRequested
    | RunResolved
    | RunAcknowledged
    | RunReopened
    | OccurrencesMissed
    | EngineStarted
    | EngineStopped
    | EnginePaused
    | EngineResumed
    | ClockSet
    | StoreStalled
    | StoreRecovered
    | DiskIsLow
    | DiskHasRoom
    | BackupMade
    | BackupFailed
)
