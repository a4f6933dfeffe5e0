"""What starts a job. The pure ones are functions of a moment; the others say what they need."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated

import msgspec

from watchkeeper.model import cron
from watchkeeper.model.errors import Misfit
from watchkeeper.model.span import Span, written
from watchkeeper.model.text import _

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
#: A job that repeats faster only starves the others.
SHORTEST = timedelta(milliseconds=10)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Misfire(StrEnum):
    """What to do with an occurrence that is later than its grace."""

    SKIP = "skip"
    RUN_LATEST = "run_latest"


class Pace(StrEnum):
    """Fixed rate counts from the anchor, fixed delay from the end of the run before."""

    FIXED_RATE = "fixed_rate"
    FIXED_DELAY = "fixed_delay"


class Cron(msgspec.Struct, frozen=True, tag_field="kind", tag="cron", omit_defaults=True, forbid_unknown_fields=True):
    """At the times of a cron expression."""

    cron: str
    #: IANA name; the workspace's zone if None, filled in when the job is saved.
    zone: str | None = None
    misfire: Misfire = Misfire.RUN_LATEST
    grace: Span = Span(seconds=60)


class Interval(
    msgspec.Struct, frozen=True, tag_field="kind", tag="interval", omit_defaults=True, forbid_unknown_fields=True
):
    """Again and again."""

    every: Span
    pace: Pace = Pace.FIXED_RATE
    #: A fixed rate fires at the anchor plus whole multiples of `every`; midnight 1 January 1970 UTC if None.
    anchor: Moment | None = None
    misfire: Misfire = Misfire.RUN_LATEST
    grace: Span = Span(seconds=60)

    def __post_init__(self) -> None:
        if self.every < SHORTEST:
            raise Misfit(_("every {every} is too often: use 10ms or more", every=written(self.every)))


class Once(msgspec.Struct, frozen=True, tag_field="kind", tag="once", omit_defaults=True, forbid_unknown_fields=True):
    """At one moment."""

    at: Moment
    misfire: Misfire = Misfire.RUN_LATEST
    grace: Span = Span(seconds=60)


class Manual(
    msgspec.Struct, frozen=True, tag_field="kind", tag="manual", omit_defaults=True, forbid_unknown_fields=True
):
    """Only when a person or another program asks."""


Trigger = Cron | Interval | Once | Manual

#: The field by which a trigger's kind is told when it is not named.
KIND_BY_FIELD = {"cron": "cron", "every": "interval", "at": "once"}


def next_after(trigger: Trigger, moment: datetime) -> datetime | None:
    """The first nominal instant after the aware `moment`; None when it never fires again by itself.

    A fixed delay has no such function: its next moment hangs on the end of the run before.
    """
    match trigger:
        case Cron():
            return cron.next_after(trigger.cron, trigger.zone or "UTC", moment)
        case Interval(pace=Pace.FIXED_RATE):
            return _next_multiple(trigger.anchor or _EPOCH, trigger.every, moment)
        case Once():
            return trigger.at.astimezone(UTC) if trigger.at > moment else None
        case _:
            return None


def _next_multiple(anchor: datetime, every: timedelta, moment: datetime) -> datetime:
    if moment < anchor:
        return anchor.astimezone(UTC)
    return (anchor + ((moment - anchor) // every + 1) * every).astimezone(UTC)
