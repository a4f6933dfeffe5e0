"""What can be done with calendars: keep them, take events in, and see what they hold."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action.door import Door
from watchkeeper.action.held import HeldStretch, doubts_of, held_between
from watchkeeper.action.jobs import After, Limit
from watchkeeper.action.names import at, require_line, require_name, require_text
from watchkeeper.action.pages import MOST_ROWS
from watchkeeper.action.spec import Help, Values, action, query
from watchkeeper.model import public_holidays, zone
from watchkeeper.model.calendar import FIRST_YEAR, LAST_YEAR, MOST_RULES, Calendar, CalendarSpec, Country, Event, Rule
from watchkeeper.model.errors import Conflict, Known
from watchkeeper.model.job import Name
from watchkeeper.model.text import Text, _
from watchkeeper.store import calendars
from watchkeeper.store.tx import Tx

#: Days of one look.
_MOST_DAYS = 3_660

Spec = Annotated[CalendarSpec, Help(_("a YAML file with one calendar, - for the standard input"))]
CalendarName = Annotated[Name, Help(_("the name of the calendar"))]
Events = Annotated[tuple[Event, ...], Meta(max_length=MOST_RULES), Help(_("what is to be taken in"))]
Place = Annotated[str | None, Help(_("the time zone of a new calendar; the workspace's if none is named"))]
First = Annotated[date | None, Help(_("the first day; today if none is named"))]
Last = Annotated[date | None, Help(_("the last day; a year later if none is named"))]
Base = Annotated[
    CalendarSpec | None, Help(_("a YAML file with the form that was changed; refused when it is no longer so"))
]
Former = Annotated[CalendarSpec | None, Help(_("a YAML file with its earlier form; without one it is removed"))]


class CalendarDetail(msgspec.Struct, frozen=True):
    """A calendar, and what is not known of its days in this year and the next."""

    calendar: Calendar
    doubts: list[Text]


class Saved(Calendar, frozen=True):
    """A calendar, and what it was before the save; None where it was not there."""

    former: CalendarSpec | None = None

    @property
    def undo(self) -> Mapping[str, Any]:
        """What `calendar.restore` is to be given to take this back."""
        return {"name": self.name, "former": self.former, "base": self.spec}


class Before(msgspec.Struct, frozen=True):
    """What a calendar was, and what it is now; None where it is not there."""

    name: str
    former: CalendarSpec | None
    spec: CalendarSpec | None

    @property
    def undo(self) -> Mapping[str, Any]:
        """What `calendar.restore` is to be given to take this back."""
        return {"name": self.name, "former": self.former, "base": self.spec}


def checked(door: Door, spec: CalendarSpec) -> CalendarSpec:
    """`spec` with the workspace's zone where it names none; Known with the field's path."""
    with at("name"):
        require_name(spec.name)
    with at("description"):
        require_text(spec.description, 10_000)
    placed = spec if spec.zone is not None else msgspec.structs.replace(spec, zone=door.zone)
    with at("zone"):
        zone.zone(str(placed.zone))
    for place, rule in spec.rules():
        with at(place):
            check_rule(rule)
    return placed


def check_rule(rule: Rule) -> None:
    """Known when a rule names a country, a part of one or a zone that is not there."""
    if isinstance(rule, Country):
        public_holidays.require(rule.country, rule.subdivision)
    elif isinstance(rule, Event):
        with at("title"):
            require_line(rule.title, 200)
        if rule.zone is not None:
            with at("zone"):
                zone.zone(rule.zone)


def _checked(door: Door, values: Values) -> Values:
    with at(f"calendars[{values['spec'].name}]"[:220]):
        return {**values, "spec": checked(door, values["spec"])}


def _checked_events(door: Door, values: Values) -> Values:
    spec = CalendarSpec(values["name"], zone=values["zone"], holds=values["events"])
    return {**values, "zone": checked(door, spec).zone}


@query("calendar.list", title=_("List calendars"))
def listed(tx: Tx, actor: Actor, *, after: After = "", limit: Limit = 100) -> list[Calendar]:
    """Calendars by name, those that follow the name `after`."""
    return calendars.page(tx, after=after, limit=limit)


@query("calendar.show", title=_("Show a calendar, and what is not known of its days"), on="name")
def show(tx: Tx, actor: Actor, *, name: CalendarName) -> CalendarDetail:
    """A calendar as it is; a doubt is something like make-up workdays that nobody has announced yet."""
    found = calendars.find(tx, name)
    doubts = [doubt for year in (tx.now.year, tx.now.year + 1) for doubt in doubts_of(found.spec, year)]
    return CalendarDetail(found, list({str(doubt): doubt for doubt in doubts}.values()))


@query("calendar.days", title=_("Show what a calendar holds, in words"), on="name")
def days(tx: Tx, actor: Actor, *, name: CalendarName, first: First = None, last: Last = None) -> list[HeldStretch]:
    """Its stretches that touch the local days from `first` to `last`, on the clocks of its zone."""
    spec = calendars.find(tx, name).spec
    begin = first or tx.now.astimezone(zone.zone(spec.zone or "UTC")).date()
    end = last or begin + timedelta(days=365)
    if not timedelta(0) <= end - begin <= timedelta(days=_MOST_DAYS) or not _is_known(begin, end):
        raise Known(
            _(
                "from {first} to {last}: at most {most} days, and forwards",
                first=begin.isoformat(),
                last=end.isoformat(),
                most=_MOST_DAYS,
            )
        )
    found = held_between(calendars.all(tx), name, begin, end)
    if len(found) > MOST_ROWS:
        raise Known(_("{count} stretches are too many at once: choose fewer days", count=len(found)))
    return found


def _is_known(first: date, last: date) -> bool:
    return first.year > FIRST_YEAR and last.year < LAST_YEAR


@action(
    "calendar.save",
    title=_("Save a calendar"),
    permission=Permission.EDIT,
    on="spec",
    undo="calendar.restore",
    prepare=_checked,
)
def save(tx: Tx, actor: Actor, *, spec: Spec, base: Base = None) -> Saved:
    """A new calendar, or a new form of the one with this name; triggers that follow it are planned anew."""
    _require_base(tx, spec.name, base)
    return _saved(tx, actor, spec)


@action(
    "calendar.import",
    title=_("Take the events of an iCalendar file into a calendar"),
    permission=Permission.EDIT,
    on="name",
    undo="calendar.restore",
    prepare=_checked_events,
)
def take_in(tx: Tx, actor: Actor, *, name: CalendarName, events: Events, zone: Place = None) -> Saved:
    """Let a calendar hold these events in place of those that were taken in before; its other rules stay."""
    spec = calendars.all(tx).get(name) or CalendarSpec(name, zone=zone)
    others = tuple(rule for rule in spec.holds if not isinstance(rule, Event))
    return _saved(tx, actor, msgspec.structs.replace(spec, holds=(*others, *events)))


@action("calendar.delete", title=_("Delete a calendar"), permission=Permission.EDIT, on="name", undo="calendar.restore")
def delete(tx: Tx, actor: Actor, *, name: CalendarName) -> Before:
    """Remove a calendar that no job and no other calendar names."""
    former = calendars.all(tx).get(name)
    calendars.delete(tx, name)
    return Before(name, former, None)


def _checked_former(door: Door, values: Values) -> Values:
    former = values["former"]
    if former is None:
        return values
    with at("former"):
        if former.name != values["name"]:
            raise Known(_("it is called {other}, not {name}", other=former.name[:60], name=values["name"][:60]))
        return {**values, "former": checked(door, former)}


@action(
    "calendar.restore",
    title=_("Give a calendar its earlier form back"),
    permission=Permission.EDIT,
    on="name",
    undo="calendar.restore",
    prepare=_checked_former,
)
def restore(tx: Tx, actor: Actor, *, name: CalendarName, former: Former = None, base: Base = None) -> Before:
    """Let a calendar be what it was before a save or a removal; one that was not there goes."""
    _require_base(tx, name, base)
    now = calendars.all(tx).get(name)
    if former is None:
        calendars.delete(tx, name)
        return Before(name, now, None)
    return Before(name, now, _saved(tx, actor, former).spec)


def _saved(tx: Tx, actor: Actor, spec: CalendarSpec) -> Saved:
    former = calendars.all(tx).get(spec.name)
    calendars.save(tx, [spec], actor.name)
    found = calendars.find(tx, spec.name)
    return Saved(found.name, found.spec, found.saved_at, found.saved_by, former)


def _require_base(tx: Tx, name: str, base: CalendarSpec | None) -> None:
    if base is None:
        return
    found = calendars.find(tx, name)
    if found.spec != base:
        raise Conflict(
            _(
                "{actor} has saved the calendar {calendar} meanwhile: look at what has changed, then save anew",
                actor=found.saved_by,
                calendar=name[:60],
            )
        )
