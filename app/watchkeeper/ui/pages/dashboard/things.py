"""What stands in a lane of the timeline, runs and fires ahead alike, and how the keys walk through it. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from watchkeeper.action.clashes import Clash
from watchkeeper.action.timeline import Bar, Lane


@dataclass(frozen=True)
class Thing:
    """A run, or a fire that comes."""

    at: datetime
    #: None for a fire.
    bar: Bar | None = None
    #: What a fire will meet.
    clash: Clash | None = None


def things_of(lane: Lane) -> list[Thing]:
    """All of a lane by time."""
    clashes = {clash.at: clash for clash in lane.clashes}
    runs = [Thing(bar.started_at or bar.due_at, bar) for bar in lane.runs]
    return sorted([*runs, *(Thing(at, clash=clashes.get(at)) for at in lane.fires)], key=lambda thing: thing.at)


def nearest(things: Sequence[Thing], at: datetime) -> int:
    """The place of the thing that is nearest in time; -1 in an empty lane."""
    return min(range(len(things)), key=lambda place: abs(things[place].at - at), default=-1)


def beside(things: Sequence[Thing], at: datetime, step: int) -> Thing | None:
    """The next thing, or the one before; at either end the last one; None in an empty lane."""
    if not things:
        return None
    place = nearest(things, at)
    return things[min(max(place + step, 0), len(things) - 1)]
