"""A run that has not ended, as the engine remembers it between two commits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from watchkeeper.model.ids import RunId, TriggerId
from watchkeeper.model.instant import from_us, to_us
from watchkeeper.model.job import Job
from watchkeeper.model.run import Ground, Run, State, execution_id_of

#: The place of handlers that need no process.
INSIDE = "inside"
#: The place, and the host, of processes on this machine.
LOCAL = "local"


@dataclass(slots=True, eq=False)
class Live:
    """Moments in microseconds since 1970."""

    id: RunId
    job: Job
    #: INSIDE or the name of a host.
    place: str
    state: State
    attempt: int
    priority: int
    created_us: int
    due_us: int
    #: The same for a run that waits for a retry or its host, as a moment of the timers.
    put_off_until: int = 0
    params: Mapping[str, Any] | None = None
    caller_execution_id: str | None = None
    trigger_id: TriggerId | None = None
    nominal_us: int | None = None
    after_run: RunId | None = None
    file: str | None = None
    key: str | None = None
    pool: str | None = None
    holds_key: bool = False
    holds_room: bool = False
    started_us: int | None = None
    #: The key of its directory on the host.
    host_key: str = ""
    ground: Ground | None = None
    cancelled_by: str | None = None
    #: What the handler asked the host to do; asked again after a restart.
    command: Any = None
    #: Starts that the host put off: no descriptors, no memory, no disk.
    refusals: int = 0
    #: The attempt's result is being written.
    is_settled: bool = False

    @property
    def execution_id(self) -> str:
        """What makes this run's effects idempotent elsewhere (see model/run.py)."""
        nominal = None if self.nominal_us is None else from_us(self.nominal_us)
        after = None if self.after_run is None else (self.after_run, self.job.id)
        return execution_id_of(self.id, self.caller_execution_id, self.trigger_id, nominal, after)

    @property
    def is_on_host(self) -> bool:
        return self.place != INSIDE

    @property
    def has_forgotten_attempts(self) -> bool:
        """Whether later attempts may have been, which the copy that it was restored from does not know."""
        return self.state is State.UNKNOWN and self.is_on_host and self.ground is None


def live_of(run: Run, job: Job, place: str) -> Live:
    """A stored run as it is taken up again."""
    return Live(
        id=run.id,
        job=job,
        place=run.host or place,
        state=run.state,
        attempt=run.attempt,
        priority=run.priority,
        created_us=to_us(run.created_at),
        due_us=to_us(run.due_at),
        params=run.params,
        caller_execution_id=run.caller_execution_id,
        trigger_id=run.trigger_id,
        nominal_us=None if run.nominal_at is None else to_us(run.nominal_at),
        after_run=run.after_run,
        file=run.file,
        key=run.concurrency_key,
        pool=run.pool,
        holds_key=run.holds_key,
        started_us=None if run.started_at is None else to_us(run.started_at),
        ground=run.ground,
        cancelled_by=run.cancel_requested_by,
    )
