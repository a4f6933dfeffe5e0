"""Calendars in the store: whole among each other, and never taken from under a job."""

from typing import Any

import pytest

from tests.store.making import START, saved, spec
from watchkeeper.model.calendar import CalendarSpec, Country, Include, Rule, Weekly, Which
from watchkeeper.model.errors import Conflict, NotFound
from watchkeeper.model.events import CalendarsChanged, Event
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import Interval
from watchkeeper.store import calendars
from watchkeeper.store.store import Store


def calendar(name: str, *holds: Rule, **more: Any) -> CalendarSpec:
    return CalendarSpec(name, zone="UTC", holds=holds, **more)


async def keep(store: Store, *specs: CalendarSpec) -> None:
    await store.write(lambda tx: calendars.save(tx, specs, "me"))


async def test_a_calendar_is_made_changed_and_removed(store: Store, told: list[Event]) -> None:
    work = calendar("work", Country(country="CN", which=Which.WORKING))
    await keep(store, work, calendar("off", Weekly(days="sat,sun")))
    found = await store.read(lambda tx: calendars.find(tx, "work"))
    assert (found.spec, found.saved_at, found.saved_by) == (work, START, "me")
    await keep(store, calendar("off", Weekly(days="sun")))
    assert await store.read(calendars.all) == {"off": calendar("off", Weekly(days="sun")), "work": work}
    assert [each.name for each in await store.read(lambda tx: calendars.page(tx, after="off"))] == ["work"]
    await store.write(lambda tx: calendars.delete(tx, "off"))
    assert await store.read(calendars.names) == ["work"]
    assert told == [CalendarsChanged()] * 3


async def test_saving_the_same_again_changes_and_tells_nothing(store: Store, told: list[Event]) -> None:
    for _count in range(2):
        await keep(store, calendar("work", Weekly(days="mon-fri")))
    assert told == [CalendarsChanged()]


async def test_calendars_that_name_each_other_are_saved_together(store: Store) -> None:
    await keep(store, calendar("a", Include("b")), calendar("b", Weekly()))
    with pytest.raises(NotFound, match=r"holds\[0\].calendar: there is no calendar bb: did you mean b"):
        await keep(store, calendar("c", Include("bb")))
    with pytest.raises(Conflict, match="needs itself: b → a → b"):
        await keep(store, calendar("b", Include("a")))
    assert await store.read(calendars.names) == ["a", "b"]
    with pytest.raises(Conflict, match="b is part of the calendar a"):
        await store.write(lambda tx: calendars.delete(tx, "b"))


async def test_a_job_follows_only_calendars_that_are_there(store: Store) -> None:
    await keep(store, calendar("work", Weekly(days="mon-fri")))
    every = Interval(every=Span(minutes=1), only_on=("work",), not_on=("wrok",))
    with pytest.raises(NotFound, match=r"triggers\[0\].not_on: there is no calendar wrok: did you mean work"):
        await saved(store, spec(triggers=(every,)))
    await saved(store, spec(triggers=(Interval(every=Span(minutes=1), only_on=("work",)),)))


async def test_a_calendar_that_jobs_follow_stays_and_they_are_named(store: Store) -> None:
    await keep(store, calendar("work", Weekly()), calendar("other", Weekly()))
    every = Interval(every=Span(minutes=1), not_on=("work",))
    for number in range(7):
        await saved(store, spec(f"job{number}", triggers=(every,)))
    with pytest.raises(Conflict, match=r"followed by triggers.* of job0, job1, job2, job3, job4, \.\.\."):
        await store.write(lambda tx: calendars.delete(tx, "work"))
    await store.write(lambda tx: calendars.delete(tx, "other"))
    for number in range(7):
        await saved(store, spec(f"job{number}"))
    await store.write(lambda tx: calendars.delete(tx, "work"))


async def test_an_unknown_calendar_is_named_with_the_nearest(store: Store) -> None:
    await keep(store, calendar("workdays", Weekly()))
    with pytest.raises(NotFound, match="did you mean workdays"):
        await store.read(lambda tx: calendars.find(tx, "workday"))
    with pytest.raises(NotFound, match="calendar save"):
        await store.write(lambda tx: calendars.delete(tx, "moon"))
