"""What a schedule will do that is not saved yet: the next times with their notes, and five weeks day by day."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from heapq import merge
from itertools import islice
from operator import attrgetter
from typing import Annotated

import msgspec
from msgspec import Meta

from watchkeeper.access.actor import Actor
from watchkeeper.action import contention
from watchkeeper.action.contention import Contention
from watchkeeper.action.contention import contention as contention_of
from watchkeeper.action.door import Door
from watchkeeper.action.draft import Draft, read
from watchkeeper.action.held import HeldStretch, held_between
from watchkeeper.action.names import at
from watchkeeper.action.spec import Help, query
from watchkeeper.action.trigger_checks import checked_trigger
from watchkeeper.model.calendar import CalendarSpec
from watchkeeper.model.days import opened
from watchkeeper.model.job import Job, JobSpec
from watchkeeper.model.schedule import NO_CALENDARS, Calendars, count_after
from watchkeeper.model.text import Text, _
from watchkeeper.model.trigger import ByClock, Cron, Interval, Pace, Window
from watchkeeper.model.upcoming import Upcoming, upcoming
from watchkeeper.model.words import words_of
from watchkeeper.model.zone import zone as zone_called
from watchkeeper.store import calendars as saved_calendars
from watchkeeper.store.tx import Tx

Spec = Annotated[Draft, Help(_("a YAML file with one job, - for the standard input"))]
Former = Annotated[Job | None, Help(_("the saved job that it is to take the place of"))]
Count = Annotated[int, Meta(ge=1, le=200), Help(_("so many times, 1 to 200; 10 if it is left out"))]
Days = Annotated[int, Meta(ge=1, le=366), Help(_("so many days, 1 to 366; 35 if it is left out"))]

#: Of a day with more runs it is not told which of them meet others.
_MOST_RUNS_OF_A_DAY = 48
_MOMENT = timedelta(microseconds=1)


class Fire(msgspec.Struct, frozen=True, omit_defaults=True):
    """One time at which it will be due."""

    at: datetime
    local: str
    offset: str
    note: Text | None
    trigger: Text
    #: The jobs that are due or running then and leave it no room.
    meets: tuple[str, ...] = ()


class DayOutlook(msgspec.Struct, frozen=True, omit_defaults=True):
    """One day on the clocks of the schedule's zone."""

    day: date
    count: int
    #: How many times calendars take out, and which calendars do.
    excluded: int = 0
    calendars: tuple[str, ...] = ()
    #: The rules that take them out, and what holidays among them are called, by language.
    why: tuple[Text, ...] = ()
    holidays: Mapping[str, str] = {}
    #: Which of the day's runs, counted from 0, meet others.
    meeting: tuple[int, ...] = ()
    #: The clocks are set forward or back.
    is_changed: bool = False
    #: Of today: how often it would have fired until now.
    passed: int = 0


class Clash(msgspec.Struct, frozen=True):
    """The first time that it meets others."""

    at: datetime
    local: str
    jobs: tuple[str, ...]
    #: When there is expected to be room again.
    until: datetime
    until_local: str
    #: The pool or the key that they share.
    shared: str
    #: How often that is, of so many times that were looked at.
    count: int
    looked_at: int


class Preview(msgspec.Struct, frozen=True):
    """What is to be expected."""

    zone: str
    fires: list[Fire]
    days: list[DayOutlook]
    clash: Clash | None
    #: What keeps it from firing, or can't be foretold.
    remarks: list[Text]


@query("schedule.preview", title=_("Tell what a job that is not saved yet would fire"))
def preview(
    tx: Tx, actor: Actor, door: Door, *, spec: Spec, job: Former = None, count: Count = 10, days: Days = 35
) -> Preview:
    """The next times with what meets them, and day by day how often it fires and what calendars take out."""
    draft = _read(spec, door.zone)
    clocked = [trigger for trigger in draft.triggers if isinstance(trigger, ByClock)]
    place = next((each.zone for each in clocked if isinstance(each, Cron | Window) and each.zone), door.zone)
    placed = [_placed(trigger, door.zone) for trigger in clocked]
    specs = saved_calendars.all(tx)
    saved_calendars.require(draft, specs)
    look = _Look(tx, draft, job, placed, place, specs, opened(specs) if specs else NO_CALENDARS)
    fires = list(islice(look.fires(), count))
    return Preview(
        place, fires, look.days(days), look.clash(), [*_remarks(draft), *([_NOTHING] if placed and not fires else [])]
    )


#: Whatever else is still wrong with a job, its times can be told.
_NEEDED = ("triggers", "pool", "key", "concurrency", "is_enabled")
_NOTHING = _("nothing fires by the clock within 50 years of now")


def _read(spec: Draft, place: str) -> JobSpec:
    draft = read({**{name: spec[name] for name in _NEEDED if name in spec}, "name": "-", "handler": "-"})
    for position, trigger in enumerate(draft.triggers):
        with at(f"triggers[{position}]"):
            checked_trigger(trigger, place)
    return draft


class _Look:
    """One look ahead."""

    def __init__(
        self,
        tx: Tx,
        spec: JobSpec,
        former: Job | None,
        triggers: list[ByClock],
        place: str,
        specs: Mapping[str, CalendarSpec],
        calendars: Calendars,
    ) -> None:
        self._tx, self._triggers, self._place = tx, triggers, place
        self._specs, self._calendars = specs, calendars
        own = former.id if former else None
        self._span = max(contention.usual(tx, own) or contention.UNKNOWN, contention.UNKNOWN)
        horizon = tx.now + timedelta(days=36)
        self._contention: Contention | None = contention_of(tx, spec, own, tx.now, horizon, calendars)

    def fires(self) -> Iterator[Fire]:
        """What is due next, in order."""
        told = [upcoming(each, words_of(each), self._place, self._tx.now, self._calendars) for each in self._triggers]
        for row in merge(*told, key=attrgetter("at")):
            yield self._fire(row)

    def days(self, count: int) -> list[DayOutlook]:
        """From today on."""
        here = zone_called(self._place)
        today = self._tx.now.astimezone(here).date()
        held = self._holidays(today, today + timedelta(days=count))
        return [self._day(today + timedelta(days=number), held) for number in range(count)]

    def clash(self) -> Clash | None:
        """The first meeting among the next hundred times, and how many there are."""
        looked = list(islice(self.fires(), 100))
        meeting = [fire for fire in looked if fire.meets]
        if not meeting or self._contention is None:
            return None
        first = meeting[0]
        until = min(busy.ends_at for busy in self._contention.at(first.at, self._span))
        until = max(until, first.at + contention.UNKNOWN)
        local = until.astimezone(zone_called(self._place)).replace(tzinfo=None).isoformat(timespec="seconds")
        return Clash(
            first.at, first.local, first.meets, until, local, self._contention.shared, len(meeting), len(looked)
        )

    def _fire(self, row: Upcoming) -> Fire:
        met = self._contention.at(row.at, self._span) if self._contention else ()
        return Fire(row.at, row.local, row.offset, row.note, row.trigger, contention.names(met))

    def _day(self, day: date, held: Mapping[str, list[HeldStretch]]) -> DayOutlook:
        begin, end = (_midnight(each, self._place) for each in (day, day + timedelta(days=1)))
        begin_left = max(begin, self._tx.now)
        passed = fired = excluded = 0
        names: dict[str, None] = {}
        for trigger in self._triggers:
            for first, last, closing in _open_and_closed(trigger, begin, begin_left, self._calendars):
                passed += 0 if closing else count_after(trigger, first - _MOMENT, last - _MOMENT)
            for first, last, closing in _open_and_closed(trigger, begin_left, end, self._calendars):
                found = count_after(trigger, first - _MOMENT, last - _MOMENT)
                fired += 0 if closing else found
                excluded += found if closing else 0
                if closing and found:
                    names[closing] = None
        met = [each for name in names for each in held.get(name, ()) if each.begins_at < end and each.ends_at > begin]
        return DayOutlook(
            day,
            fired,
            excluded,
            tuple(names),
            tuple({str(why): why for each in met for why in each.why}.values()),
            {language: name for each in met for language, name in each.names.items()},
            self._meeting(begin_left, end, fired),
            begin.utcoffset() != end.utcoffset(),
            passed,
        )

    def _meeting(self, begin: datetime, end: datetime, count: int) -> tuple[int, ...]:
        if self._contention is None or not self._contention.others or not 0 < count <= _MOST_RUNS_OF_A_DAY:
            return ()
        each = (contention.instants(trigger, begin - _MOMENT, end, self._calendars) for trigger in self._triggers)
        return tuple(n for n, moment in enumerate(merge(*each)) if self._contention.at(moment, self._span))

    def _holidays(self, first: date, last: date) -> dict[str, list[HeldStretch]]:
        wanted = {name for trigger in self._triggers for name in trigger.not_on}
        return {name: held_between(self._specs, name, first, last) for name in wanted if name in self._specs}


def _placed(trigger: ByClock, place: str) -> ByClock:
    if isinstance(trigger, Cron | Window) and trigger.zone is None:
        return msgspec.structs.replace(trigger, zone=place)
    return trigger


def _midnight(day: date, place: str) -> datetime:
    return datetime.combine(day, datetime.min.time(), zone_called(place))


def _open_and_closed(
    trigger: ByClock, begin: datetime, end: datetime, calendars: Calendars
) -> Iterator[tuple[datetime, datetime, str]]:
    """The parts of a stretch of time, each with the calendar that closes it; "" for an open one."""
    followed = [calendars[name] for name in (*trigger.only_on, *trigger.not_on)]
    first, stop = begin.astimezone(UTC), end.astimezone(UTC)
    while first < stop:
        changes = (calendar.change_after(first) for calendar in followed)
        last = min((change for change in changes if change is not None), default=stop)
        last = min(last, stop)
        yield first, last, _closing(trigger, first, calendars)
        first = last


def _closing(trigger: ByClock, moment: datetime, calendars: Calendars) -> str:
    for names, is_wanted in ((trigger.only_on, True), (trigger.not_on, False)):
        for name in names:
            if calendars[name].holds(moment) is not is_wanted:
                return name
    return ""


def _remarks(spec: JobSpec) -> Iterator[Text]:
    if not spec.is_enabled:
        yield _("it is disabled: its triggers do not fire")
    for trigger in spec.triggers:
        if not isinstance(trigger, ByClock) or (isinstance(trigger, Interval) and trigger.pace is Pace.FIXED_DELAY):
            yield _("no clock tells when this is: {when}", when=words_of(trigger))
