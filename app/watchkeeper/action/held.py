"""What a calendar holds, in words: its stretches with the rules and the holidays that they come from."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec

from watchkeeper.model import public_holidays
from watchkeeper.model.calendar import (
    ByDay,
    CalendarSpec,
    Country,
    Dates,
    Event,
    Include,
    Monthly,
    Rule,
    Weekly,
    Which,
    weekdays_of,
)
from watchkeeper.model.country_names import country_name
from watchkeeper.model.cron_fields import Weekdays
from watchkeeper.model.cron_words import weekday_words
from watchkeeper.model.days import Held, opened
from watchkeeper.model.stretches import Stretch, cut, united
from watchkeeper.model.text import Text, _
from watchkeeper.model.zone import zone

#: Names of holidays and events that one stretch tells.
_MOST_NAMED = 10

_WHICH = {
    Which.HOLIDAYS: _("public holidays of {country}"),
    Which.MAKE_UP: _("make-up workdays of {country}"),
    Which.OFF: _("days off in {country}"),
    Which.WORKING: _("workdays in {country}"),
}


class HeldStretch(msgspec.Struct, frozen=True):
    """From one moment to another that no longer belongs to it, on the clocks of the calendar's zone."""

    begins_at: datetime
    ends_at: datetime
    #: The rules that it comes from.
    why: list[Text]
    #: What the holidays in it are called, by language.
    names: Mapping[str, str]


def held_between(specs: Mapping[str, CalendarSpec], name: str, first: date, last: date) -> list[HeldStretch]:
    """What the calendar `name` holds of the local days from `first` to `last`, both included."""
    calendar = opened(specs)[name]
    here = zone(calendar.zone)
    begin = datetime.combine(first, datetime.min.time(), here).astimezone(UTC)
    end = datetime.combine(last + timedelta(days=1), datetime.min.time(), here).astimezone(UTC)
    years = range(begin.year, end.year + 1)
    held = united(stretch for number in years for stretch in calendar.year(number).stretches())
    rules = [
        (rule, united(stretch for number in years for stretch in calendar.of_rule(rule, number)))
        for rule in calendar.spec.holds
    ]
    return [_told(calendar, stretch, rules) for stretch in cut(held, begin, end)]


def words_of_rule(rule: Rule) -> Text:
    """A rule in words."""
    said = _words_of_days(rule)
    if isinstance(rule, ByDay) and rule.hours is not None:
        return _("{days}, {hours}", days=said, hours=rule.hours)
    return said


def doubts_of(spec: CalendarSpec, year: int) -> list[Text]:
    """What is not known of the calendar's days in `year`, a sentence each."""
    rules = [rule for _place, rule in spec.rules() if isinstance(rule, Country)]
    return [doubt for rule in rules for doubt in public_holidays.doubts(rule, year)]


def _words_of_days(rule: Rule) -> Text:
    match rule:
        case Weekly():
            days = weekday_words(Weekdays(frozenset((day + 1) % 7 for day in weekdays_of(rule.days))))
            return _("every day") if days is None else _("every {days}", days=days)
        case Dates():
            return _("on {dates}", dates=", ".join(rule.dates))
        case Monthly(of=None):
            return _("day {days} of the month", days=", ".join(map(str, rule.monthly)))
        case Monthly():
            return _(
                "day {days} of the month, of those in {calendar}",
                days=", ".join(map(str, rule.monthly)),
                calendar=rule.of,
            )
        case Country():
            return Text(_WHICH[rule.which].message, {"country": country_name(rule.country, rule.subdivision)})
        case Include():
            return _("the calendar {calendar}", calendar=rule.calendar)
        case Event():
            return Text("{title}", {"title": rule.title or rule.event})


def _told(calendar: Held, stretch: Stretch, rules: Sequence[tuple[Rule, list[Stretch]]]) -> HeldStretch:
    here = zone(calendar.zone)
    begin, end = (moment.astimezone(here) for moment in stretch)
    why = [words_of_rule(rule) for rule, stretches in rules if cut(stretches, *stretch)]
    days = [begin.date() + timedelta(days=number) for number in range((end - begin).days + 2)]
    last = (end - timedelta(microseconds=1)).date()
    names = _names([rule for rule, _stretches in rules], [day for day in days if day <= last])
    return HeldStretch(begin, end, why[:_MOST_NAMED], names)


def _names(rules: Sequence[Rule], days: Sequence[date]) -> dict[str, str]:
    """What the public holidays among `days` are called, by language."""
    found: dict[str, list[str]] = {}
    for rule in rules:
        if isinstance(rule, Country) and rule.which in (Which.HOLIDAYS, Which.OFF):
            for language, name in _named(rule, days):
                if name not in found.setdefault(language, []):
                    found[language].append(name)
    return {language: ", ".join(names[:_MOST_NAMED]) for language, names in found.items()}


def _named(rule: Country, days: Sequence[date]) -> Iterator[tuple[str, str]]:
    for day in days:
        yield from public_holidays.names_of(rule.country, rule.subdivision, day.year).get(day, {}).items()
