"""What stands in a lane of the timeline, runs and fires ahead alike: in order, in words, and as the keys walk on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from watchkeeper.action.clashes import Clash
from watchkeeper.action.timeline import Bar, Lane
from watchkeeper.model.text import Text, _
from watchkeeper.ui.glyphs import WORDS
from watchkeeper.ui.spans import clock, day, duration
from watchkeeper.ui.words import shown


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


def told(job: str, thing: Thing, zone: str) -> str:
    """What it is, in a line or two: for a tooltip, and for whoever hears it."""
    at = f"{day(thing.at, zone)} {clock(thing.at, zone, has_seconds=True)}"
    if thing.bar is None:
        return shown(_planned(job, at, thing.clash))
    bar = thing.bar
    took = "" if bar.ended_at is None or bar.started_at is None else f"  {duration(bar.ended_at - bar.started_at)}"
    return f"{job}  #{bar.number}\n{shown(WORDS[bar.verdict or bar.state])}  {at}{took}"


def _planned(job: str, at: str, clash: Clash | None) -> Text:
    if clash is None:
        return _("{job} fires at {time}", job=job, time=at)
    return _(
        "{job} fires at {time} and meets {jobs}: {shared} has no room for all",
        job=job,
        time=at,
        jobs=", ".join(clash.jobs),
        shared=clash.shared,
    )
