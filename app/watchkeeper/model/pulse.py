"""What an engine knows of itself at a moment: its room, what waits for it, and how late its loop is."""

from datetime import timedelta

import msgspec


class Slots(msgspec.Struct, frozen=True):
    """The room of one place: `local` for processes of this machine, `inside` for handlers without one."""

    place: str
    used: int
    size: int


class Pulse(msgspec.Struct, frozen=True):
    """Taken from memory; costs no look at the store."""

    slots: tuple[Slots, ...]
    #: Runs that could start if there were room.
    queued: int
    #: Runs that wait for something else: a retry's delay, a host.
    waiting: int
    #: The longest that the engine's loop kept somebody waiting, of late.
    lag: timedelta = timedelta()
