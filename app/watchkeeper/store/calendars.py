"""Calendars: named sets of days and hours that triggers follow."""

from collections.abc import Collection, Iterable
from typing import Any

from watchkeeper.model.calendar import Calendar, CalendarSpec, unknown
from watchkeeper.model.codec import encode, from_own
from watchkeeper.model.days import require_whole
from watchkeeper.model.errors import Conflict, NotFound
from watchkeeper.model.events import CalendarsChanged
from watchkeeper.model.ids import JobId
from watchkeeper.model.instant import from_us
from watchkeeper.model.job import JobSpec
from watchkeeper.model.text import _
from watchkeeper.store import job_list
from watchkeeper.store.tx import Tx

#: Jobs that a refusal names.
_MOST_NAMED = 5


def save(tx: Tx, specs: Iterable[CalendarSpec], actor: str) -> None:
    """New calendars, or new forms of those with these names; all at once, for they may name each other.

    Specs that are stored already change nothing. NotFound when one needs a calendar that is not there, Conflict with
    the path when it needs itself.
    """
    before = all(tx)
    changed = [spec for spec in specs if before.get(spec.name) != spec]
    require_whole({**before, **{spec.name: spec for spec in changed}}, [spec.name for spec in changed])
    for spec in changed:
        tx.run(
            "INSERT INTO calendars (name, spec, saved_at, saved_by) VALUES (:name, :spec, :saved_at, :saved_by) "
            "ON CONFLICT (name) DO UPDATE SET "
            "spec = excluded.spec, saved_at = excluded.saved_at, saved_by = excluded.saved_by",
            name=spec.name,
            spec=encode(spec).decode(),
            saved_at=tx.now_us,
            saved_by=actor,
        )
    if changed:
        tx.tell(CalendarsChanged())


def find(tx: Tx, name: str) -> Calendar:
    """The calendar called `name`; NotFound with the nearest name."""
    row = tx.row("SELECT * FROM calendars WHERE name = :name", name=name)
    if row is None:
        raise NotFound(unknown(name, names(tx)))
    return _calendar(row)


def page(tx: Tx, *, after: str = "", limit: int = 100) -> list[Calendar]:
    """Calendars by name, those that follow `after`."""
    rows = tx.rows("SELECT * FROM calendars WHERE name > :after ORDER BY name LIMIT :limit", after=after, limit=limit)
    return [_calendar(row) for row in rows]


def all(tx: Tx) -> dict[str, CalendarSpec]:
    """Every calendar by its name; `model.days.opened` makes them tell moments."""
    return {row.name: from_own(row.spec, CalendarSpec) for row in tx.rows("SELECT name, spec FROM calendars")}


def names(tx: Tx) -> list[str]:
    """The names of all calendars, in order."""
    return [row.name for row in tx.rows("SELECT name FROM calendars ORDER BY name")]


def require(spec: JobSpec, known: Collection[str]) -> None:
    """NotFound, with the place, when a trigger follows a calendar that is not among the `known` ones."""
    for place, name in spec.calendars():
        if name not in known:
            raise NotFound(_("{place}: {what}", place=place, what=unknown(name, known)))


def delete(tx: Tx, name: str) -> None:
    """Remove a calendar; NotFound, Conflict while a job or another calendar names it."""
    find(tx, name)
    jobs = _jobs_that_follow(tx, name)
    if jobs:
        raise Conflict(
            _(
                "the calendar {calendar} is followed by triggers: take it out there first; they are those of {jobs}",
                calendar=name,
                jobs=", ".join(jobs[:_MOST_NAMED]) + (", ..." if len(jobs) > _MOST_NAMED else ""),
            )
        )
    other = next((spec.name for spec in all(tx).values() if name in {each for _place, each in spec.named()}), None)
    if other is not None:
        raise Conflict(
            _("the calendar {calendar} is part of the calendar {other}: take it out there", calendar=name, other=other)
        )
    tx.run("DELETE FROM calendars WHERE name = :name", name=name)
    tx.tell(CalendarsChanged())


def followers(tx: Tx) -> list[tuple[JobId, str, tuple[str, ...]]]:
    """Every job whose triggers follow calendars, by its name: id, name, and those calendars."""
    rows = tx.rows("SELECT job_id, name, calendars FROM job_list WHERE calendars <> '' ORDER BY name")
    return [(JobId(row.job_id), row.name, job_list.lines_of(row.calendars)) for row in rows]


def _jobs_that_follow(tx: Tx, name: str) -> list[str]:
    follows = job_list.holds(tx, "calendars", ":line")
    rows = tx.rows(f"SELECT name FROM job_list WHERE {follows} ORDER BY name", line=job_list.line(name))
    return [row.name for row in rows]


def _calendar(row: Any) -> Calendar:
    return Calendar(row.name, from_own(row.spec, CalendarSpec), from_us(row.saved_at), row.saved_by)
