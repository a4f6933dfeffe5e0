"""What the engine does at this moment, for whoever looks again and again."""

from datetime import datetime, timedelta

import msgspec

from watchkeeper import __version__
from watchkeeper.access.actor import Actor
from watchkeeper.action.door import Door
from watchkeeper.action.spec import query
from watchkeeper.model.fire import Fire
from watchkeeper.model.ids import JobId
from watchkeeper.model.pulse import Pulse, Slots
from watchkeeper.model.text import _
from watchkeeper.store import disk, jobs, leases, pause, runs
from watchkeeper.store.disk import Low
from watchkeeper.store.pause import Pause
from watchkeeper.store.tx import Tx


class Next(msgspec.Struct, frozen=True):
    """Which job fires next, and when."""

    job_id: JobId
    job: str
    at: datetime


class Status(msgspec.Struct, frozen=True):
    """The engine, its room, and what comes next."""

    #: The moment of this answer, by the clock of the engine's machine.
    now: datetime
    #: Who holds the workspace; empty where no engine is heard of.
    holder: str
    #: None where another machine's engine holds it, or nobody does.
    since: datetime | None
    slots: tuple[Slots, ...]
    #: Runs that hold room: they run, or nobody knows that they don't.
    running: int
    #: Runs that could start if there were room.
    queued: int
    #: Runs that wait for something else, like a retry's delay.
    waiting: int
    #: None where nothing is going to fire.
    next: Next | None
    #: The pause that lasts, with its reason and its end; None while triggers fire.
    pause: Pause | None
    #: Set while no run starts because the disk is low.
    disk: Low | None
    zone: str
    store: str
    version: str
    #: The longest of the last ten seconds that the engine's loop kept somebody waiting; None where it is not known.
    lag: timedelta | None

    @property
    def is_running(self) -> bool:
        """Whether an engine is heard of."""
        return bool(self.holder)


@query("engine.status", title=_("Show what the engine does"))
async def status(door: Door, actor: Actor) -> Status:
    """Its room, what waits, what fires next; where no engine runs behind this door, as far as the store knows."""
    memory = None if door.engine is None else door.engine.memory
    pulse, fires = (None, []) if memory is None else (memory.pulse(), memory.soonest(1))
    return await door.read(lambda tx: _status(tx, door, pulse, fires))


def _status(tx: Tx, door: Door, remembered: Pulse | None, fires: list[Fire]) -> Status:
    pulse = remembered or runs.pulse(tx)
    return Status(
        now=tx.now,
        holder=_holder(tx, door),
        since=door.engine.started_at if door.engine else None,
        slots=pulse.slots,
        running=sum(each.used for each in pulse.slots),
        queued=pulse.queued,
        waiting=pulse.waiting,
        next=_next(tx, fires),
        pause=pause.find(tx),
        disk=disk.low(tx),
        zone=door.zone,
        store=door.store,
        version=__version__,
        lag=None if remembered is None else remembered.lag,
    )


def _holder(tx: Tx, door: Door) -> str:
    if door.engine is not None:
        return door.engine.holder
    lease = leases.living(tx)
    return "" if lease is None else lease.holder


def _next(tx: Tx, fires: list[Fire]) -> Next | None:
    names = jobs.names_of(tx, [fire.job_id for fire in fires])
    return next((Next(fire.job_id, names[fire.job_id], fire.at) for fire in fires if fire.job_id in names), None)
