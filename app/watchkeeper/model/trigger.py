"""What starts a job. The pure ones are functions of a moment; the others say what they need."""

import re
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Annotated

import msgspec

from watchkeeper.model.errors import Misfit
from watchkeeper.model.span import Span, written
from watchkeeper.model.text import _

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
#: A job that repeats faster only starves the others.
SHORTEST = timedelta(milliseconds=10)


class Misfire(StrEnum):
    """What to do with occurrences that are later than their grace."""

    #: None of them runs.
    SKIP = "skip"
    #: The last one runs.
    RUN_LATEST = "run_latest"
    #: Each of them runs, the last `catch_up.most` within `catch_up.window`.
    RUN_ALL = "run_all"


class Gap(StrEnum):
    """What becomes of a local time that the clock jumps over in spring."""

    #: The first valid instant after it.
    NEXT = "next"
    SKIP = "skip"


class Fold(StrEnum):
    """Which of the two instants of a local time that comes twice in autumn."""

    FIRST = "first"
    SECOND = "second"
    BOTH = "both"


class Pace(StrEnum):
    """Fixed rate counts from the anchor, fixed delay from the end of the run before."""

    FIXED_RATE = "fixed_rate"
    FIXED_DELAY = "fixed_delay"


class On(StrEnum):
    """Which ending of another job's run starts this one."""

    SUCCESS = "success"
    FAILURE = "failure"
    ANY = "any"


class CatchUp(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """How much `run_all` makes up for."""

    most: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 100
    window: Span = Span(days=1)


class Timed(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """What all triggers that follow the clock have in common."""

    misfire: Misfire = Misfire.RUN_LATEST
    grace: Span = Span(seconds=60)
    catch_up: CatchUp = CatchUp()
    #: Fires neither before nor after these moments; both belong to the validity window.
    valid_from: Moment | None = None
    valid_until: Moment | None = None
    #: Names of calendars: fires only on what each of these holds, and on nothing that one of those holds. What they
    #: take out is excluded, not missed.
    only_on: tuple[str, ...] = ()
    not_on: tuple[str, ...] = ()
    #: Fires on every n-th of its instants, counted from `valid_from`, else from its anchor or 1 January 1970.
    every_nth: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 1
    #: Spreads the starts: each job is late by its own stable part of this span.
    jitter: Span = Span(0)

    def __post_init__(self) -> None:
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise Misfit(
                _("valid_until {until} is before valid_from", until=self.valid_until.isoformat()), "valid_until"
            )


class Cron(Timed, frozen=True, tag_field="kind", tag="cron"):
    """At the times of a cron expression of five fields, or of six with the seconds first."""

    cron: str
    #: IANA name; the workspace's zone if None, filled in when the job is saved.
    zone: str | None = None
    dst_gap: Gap = Gap.NEXT
    dst_fold: Fold = Fold.FIRST


class Interval(Timed, frozen=True, tag_field="kind", tag="interval"):
    """Again and again."""

    every: Span
    pace: Pace = Pace.FIXED_RATE
    #: A fixed rate fires at the anchor plus whole multiples of `every`; midnight 1 January 1970 UTC if None.
    anchor: Moment | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        _require_slow(self.every)


class Once(Timed, frozen=True, tag_field="kind", tag="once"):
    """At one moment."""

    at: Moment


class Window(Timed, frozen=True, tag_field="kind", tag="window"):
    """Every so often between two times of the day, both included: every 15 min, 09:00-18:00, mon-fri."""

    every: Span
    start: str
    end: str
    #: As in a cron expression's last field: mon-fri, sat,sun, *.
    days: str = "*"
    zone: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        _require_slow(self.every)
        if time_of_day("start", self.start) > time_of_day("end", self.end):
            raise Misfit(_("the window ends at {end}, before it starts: use two windows", end=self.end), "end")


class After(msgspec.Struct, frozen=True, tag_field="kind", tag="after", omit_defaults=True, forbid_unknown_fields=True):
    """When a run of another job has ended. Needs the ending's own transaction."""

    #: The other job's name.
    after: str
    on: On = On.SUCCESS


class Startup(
    msgspec.Struct, frozen=True, tag_field="kind", tag="startup", omit_defaults=True, forbid_unknown_fields=True
):
    """When the engine starts. Needs the engine's start; with `once_a_boot` the machine's."""

    delay: Span = Span(0)
    once_a_boot: bool = False


class FileArrival(
    msgspec.Struct, frozen=True, tag_field="kind", tag="file", omit_defaults=True, forbid_unknown_fields=True
):
    """When a file appears or changes. Needs to look at the engine's own disk, again and again."""

    #: An absolute path; its last part may hold * and ?.
    file: str
    poll: Span = Span(seconds=10)
    #: How long size and time must have stood still before the file counts as whole.
    settle: Span = Span(seconds=5)


class Manual(
    msgspec.Struct, frozen=True, tag_field="kind", tag="manual", omit_defaults=True, forbid_unknown_fields=True
):
    """Only when a person or another program asks."""


#: These follow the clock.
ByClock = Cron | Interval | Once | Window
Trigger = Cron | Interval | Once | Window | After | Startup | FileArrival | Manual

#: The field by which a trigger's kind is told when it is not named.
KIND_BY_FIELD = {"cron": "cron", "start": "window", "every": "interval", "at": "once", "after": "after", "file": "file"}

_TIME_OF_DAY = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)


def time_of_day(field: str, text: str) -> time:
    """The time that `text` (9:00, 17:30) means; Misfit with the field's name when it is none."""
    found = _TIME_OF_DAY.fullmatch(text.strip())
    if found is None:
        raise Misfit(
            _("{field} {text} is no time of day: write it like 09:00 or 17:30", field=field, text=text[:40]), field
        )
    return time(int(found[1]), int(found[2]))


def _require_slow(every: timedelta) -> None:
    if every < SHORTEST:
        raise Misfit(_("every {every} is too often: use 10ms or more", every=written(every)), "every")
