"""When a job, or a cron expression that is none's yet, fires next."""

from collections.abc import Iterator
from datetime import UTC, datetime
from heapq import merge
from itertools import islice
from operator import attrgetter
from typing import Annotated

import msgspec
from msgspec import Meta

from watchkeeper.access.actor import Actor
from watchkeeper.action.door import Door
from watchkeeper.action.names import at
from watchkeeper.action.spec import Help, query
from watchkeeper.model import cron as expressions
from watchkeeper.model.days import opened
from watchkeeper.model.errors import Known
from watchkeeper.model.job import Job
from watchkeeper.model.schedule import NO_CALENDARS, Calendars
from watchkeeper.model.text import Text, _
from watchkeeper.model.trigger import ByClock, Cron, Interval, Manual, Pace, Trigger, Window
from watchkeeper.model.upcoming import Upcoming, upcoming
from watchkeeper.model.words import words_of
from watchkeeper.model.zone import zone as zone_called
from watchkeeper.store import calendars as saved_calendars
from watchkeeper.store import pause
from watchkeeper.store.tx import Tx

Wanted = Annotated[Job | None, Help(_("a job, by its name or id"))]
Expression = Annotated[str | None, Help(_("a cron expression in place of a job"))]
Zone = Annotated[str | None, Help(_("the IANA time zone of the expression, or to tell a job's times in"))]
Since = Annotated[str | None, Help(_("what follows this moment, like 2026-03-29T02:30; now if it is left out"))]
Count = Annotated[int, Meta(ge=1, le=1_000), Help(_("so many, 1 to 1000; 10 if it is left out"))]

_EARLIEST, _LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


class Outlook(msgspec.Struct, frozen=True):
    """What fires next, and what keeps it from firing or can't be foretold."""

    rows: list[Upcoming]
    remarks: list[Text]


@query("job.next", title=_("Tell when a job fires next"))
def following(
    tx: Tx,
    actor: Actor,
    door: Door,
    *,
    job: Wanted = None,
    cron: Expression = None,
    zone: Zone = None,
    since: Since = None,
    count: Count = 10,
) -> Outlook:
    """The next times of a job's triggers, or of a cron expression, in order."""
    if (job is None) is (cron is None):
        raise Known(_("name either a job or a cron expression"))
    with at("zone"):
        place = zone or door.zone
        zone_called(place)
    with at("since"):
        begin = tx.now if since is None else _moment(since, place)
    if cron is not None:
        with at("cron"):
            expressions.checked(cron)
        triggers: tuple[Trigger, ...] = (Cron(cron=cron, zone=place),)
    else:
        assert job is not None
        triggers = job.spec.triggers
    by_clock = [trigger for trigger in triggers if isinstance(trigger, ByClock)]
    follows_any = any(trigger.only_on or trigger.not_on for trigger in by_clock)
    calendars: Calendars = opened(saved_calendars.all(tx)) if follows_any else NO_CALENDARS
    told = [upcoming(each, words_of(each), zone or _own_zone(each) or place, begin, calendars) for each in by_clock]
    rows = list(islice(merge(*told, key=attrgetter("at")), count))
    return Outlook(rows, [*_remarks(tx, job), *_unforeseen(triggers), *([] if rows else [_NOTHING])])


_NOTHING = _("nothing fires by the clock within 50 years of then")


def _own_zone(trigger: ByClock) -> str | None:
    return trigger.zone if isinstance(trigger, Cron | Window) else None


def _moment(text: str, place: str) -> datetime:
    """The moment that `text` means; without an offset of its own it is a local time in `place`."""
    try:
        moment = datetime.fromisoformat(text.strip())
        aware = moment.replace(tzinfo=zone_called(place)) if moment.tzinfo is None else moment
        is_near = _EARLIEST <= aware <= _LATEST
    except (ValueError, OverflowError):
        raise Known(
            _("{text} is no moment: write it like 2026-03-29T02:30 or 2026-03-29T02:30+01:00", text=ascii(text)[:60])
        ) from None
    if not is_near:
        raise Known(_("{text} is too far away: choose a moment from 1970 to 8999", text=text[:60]))
    return aware.astimezone(UTC)


def _remarks(tx: Tx, job: Job | None) -> Iterator[Text]:
    if job is None:
        return
    if not job.spec.is_enabled:
        yield _("{job} is disabled: its triggers fire only after `watchkeeper job enable`", job=job.name)
    if (paused := pause.find(tx)) is not None:
        yield _("all triggers are paused: {reason}", reason=paused.reason)


def _unforeseen(triggers: tuple[Trigger, ...]) -> Iterator[Text]:
    for trigger in triggers:
        is_delay = isinstance(trigger, Interval) and trigger.pace is Pace.FIXED_DELAY
        if is_delay or not isinstance(trigger, ByClock | Manual):
            yield _("no clock tells when this is: {when}", when=words_of(trigger))
