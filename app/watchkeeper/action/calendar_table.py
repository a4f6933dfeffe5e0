"""Every calendar with who follows it and when it turns next, and the countries whose holidays are known."""

import asyncio
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from watchkeeper.access.actor import Actor
from watchkeeper.action.calendar_users import users
from watchkeeper.action.door import Door
from watchkeeper.action.held import words_of_rule
from watchkeeper.action.spec import Help, query
from watchkeeper.model import public_holidays
from watchkeeper.model.calendar import CalendarSpec, Country, Event
from watchkeeper.model.country_names import country_name
from watchkeeper.model.days import Held, opened
from watchkeeper.model.public_holidays import doubts
from watchkeeper.model.text import Text, _, plural
from watchkeeper.store import calendars
from watchkeeper.store.tx import Tx

#: Rules that the table tells of a calendar.
_MOST_TOLD = 3

Code = Annotated[str, Meta(pattern="^[A-Z]{2}$"), Help(_("the ISO 3166 code of a country, like CN"))]


class CalendarRow(msgspec.Struct, frozen=True):
    """A calendar among others."""

    name: str
    #: What it holds, its first rules in words; empty when it holds nothing.
    what: tuple[Text, ...]
    #: Names of the first jobs that follow it, and how many do.
    jobs: tuple[str, ...]
    job_count: int
    #: Whether this moment belongs to it, and when that changes; None where it does not within 50 years.
    is_held: bool
    turns_at: datetime | None
    zone: str


class CountryRow(msgspec.Struct, frozen=True):
    """A country whose public holidays are known."""

    code: str
    name: Text


class CountryPart(msgspec.Struct, frozen=True):
    """A part of a country with holidays of its own."""

    code: str
    name: str


class CountryDetail(msgspec.Struct, frozen=True):
    """What is known of a country."""

    code: str
    name: Text
    parts: tuple[CountryPart, ...]
    first_year: int
    last_year: int
    #: Whether days of the weekend are worked there in place of others.
    has_make_up: bool
    #: What is not known of this year and the next.
    doubts: tuple[Text, ...]


@query("calendar.table", title=_("Show every calendar with the jobs that follow it"))
def table(tx: Tx, actor: Actor) -> list[CalendarRow]:
    """By name: what it holds in words, who follows it, and when it begins or ends next."""
    specs = calendars.all(tx)
    held, followers = opened(specs), users(tx, specs)
    return [_row(specs[name], held[name], [user.name for user in followers[name]], tx.now) for name in sorted(specs)]


@query("calendar.countries", title=_("List the countries whose public holidays are known"))
async def countries(door: Door, actor: Actor) -> list[CountryRow]:
    """By their codes."""
    codes = await asyncio.to_thread(public_holidays.countries)
    return [CountryRow(code, country_name(code)) for code in codes]


@query("calendar.country", title=_("Show what is known of a country's public holidays"))
def country(tx: Tx, actor: Actor, *, country: Code) -> CountryDetail:
    """Its parts, the years that are known, and what is not known of this year and the next."""
    about = public_holidays.about(country)
    rule = Country(country=country)
    found = [doubt for year in (tx.now.year, tx.now.year + 1) for doubt in doubts(rule, year)]
    parts = tuple(CountryPart(code, name) for code, name in about.parts)
    return CountryDetail(
        country, country_name(country), parts, about.first_year, about.last_year, about.has_make_up, tuple(found)
    )


def summary(spec: CalendarSpec) -> tuple[Text, ...]:
    """What a calendar holds, its first rules in words; events are counted."""
    events = sum(isinstance(rule, Event) for rule in spec.holds)
    told = [words_of_rule(rule) for rule in spec.holds if not isinstance(rule, Event)]
    if events:
        told.append(plural("{n} event", "{n} events", events))
    if len(told) > _MOST_TOLD:
        told = [*told[: _MOST_TOLD - 1], _("{n} more", n=len(told) - _MOST_TOLD + 1)]
    return tuple(told)


def _row(spec: CalendarSpec, held: Held, jobs: list[str], now: datetime) -> CalendarRow:
    return CalendarRow(
        spec.name,
        summary(spec),
        tuple(jobs[:_MOST_TOLD]),
        len(jobs),
        held.holds(now),
        held.change_after(now),
        spec.zone or "UTC",
    )
