"""Public holidays and make-up workdays, as the kept library `holidays` knows them.

Decision: the library `holidays` (MIT, pure Python, about 250 countries, a release each month).
Question: who knows the days off of every country, and the weekends that China works instead?
Why: its make-up days are those of the State Council's notices of 2024, 2025 and 2026, day by day (a test holds them);
the year and country that is not known yet can be told from its data.
Alternatives: workalendar (China ends with 2023), chinesecalendar (right, but China alone).
State: in force. It costs 80 ms to import, so it is imported when a calendar wants it. A year without a notice has the
days that the law names and no make-up days: `doubts` says so.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from watchkeeper.model.calendar import Country, Which
from watchkeeper.model.country_names import country_name
from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text, _

#: The library's languages for ours, the first that it has.
_LANGUAGES = {"en": ("en_US", "en_GB"), "zh_CN": ("zh_CN",)}
#: How it marks a day that it has reckoned before anybody has announced it.
_ESTIMATED = "estimated"
#: A country that had make-up days in one of these years is taken to have them still.
_MAKE_UP_YEARS = range(2022, 2027)


class Year(NamedTuple):
    """The days of a country in one year."""

    holidays: frozenset[date]
    make_up: frozenset[date]
    #: Weekends and holidays but for make-up days.
    off: frozenset[date]

    def days(self, which: Which) -> frozenset[date]:
        """Those that a rule means; of the working ones their complement, `off`."""
        return {Which.HOLIDAYS: self.holidays, Which.MAKE_UP: self.make_up}.get(which, self.off)


class About(NamedTuple):
    """What is known of a country at all."""

    #: Code and name of each part with holidays of its own; the code again where it has no name.
    parts: tuple[tuple[str, str], ...]
    first_year: int
    last_year: int
    has_make_up: bool


def countries() -> list[str]:
    """The ISO 3166 codes of all countries that are known, in order."""
    import holidays

    return sorted(holidays.list_supported_countries(include_aliases=False))


def about(country: str) -> About:
    """The parts of a country and the years that are known; Known with a sentence when it is not there."""
    require(country, None)
    import holidays

    found: Any = holidays.country_holidays(country)
    names = {code: name for name, code in getattr(found, "subdivisions_aliases", {}).items()}
    return About(
        tuple((code, names.get(code, code)) for code in found.subdivisions),
        found.start_year,
        found.end_year,
        _has_make_up(country, None),
    )


def require(country: str, subdivision: str | None) -> None:
    """Known with the nearest code unless the library knows the country and its part."""
    import difflib

    import holidays

    parts = holidays.list_supported_countries(include_aliases=True)
    if country not in parts:
        raise Known(
            _(
                "no public holidays are known for {country}: use an ISO 3166 code of two letters, like CN or DE",
                country=country[:20],
            )
        )
    if subdivision is None or subdivision in parts[country]:
        return
    near = difflib.get_close_matches(subdivision.upper(), parts[country], n=1, cutoff=0.3)
    known = near[0] if near else ", ".join(sorted(parts[country])[:20]) or "-"
    raise Known(
        _(
            "no part {subdivision} is known of {country}; known are: {known}",
            subdivision=subdivision[:40],
            country=country,
            known=known,
        )
    )


@lru_cache(maxsize=1_000)
def year_of(country: str, subdivision: str | None, year: int) -> Year:
    """The days of a year; all of them empty but for weekends where the library knows nothing."""
    found = _asked(country, subdivision, year)
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(366)]
    of_year = [day for day in days if day.year == year]
    if found is None:
        return Year(frozenset(), frozenset(), frozenset(day for day in of_year if day.weekday() >= 5))
    return Year(
        holidays=frozenset(day for day in of_year if day in found),
        make_up=frozenset(day for day in found.weekend_workdays if day.year == year),
        off=frozenset(day for day in of_year if not found.is_working_day(day)),
    )


def names_of(country: str, subdivision: str | None, year: int) -> Mapping[date, Mapping[str, str]]:
    """What each holiday of a year is called, by our language; the country's own name where it has none in it."""
    told: dict[date, dict[str, str]] = {}
    for ours in _LANGUAGES:
        found = _asked(country, subdivision, year, ours)
        for day in found or ():
            if day.year == year:
                told.setdefault(day, {})[ours] = str(found[day])
    return told


def doubts(rule: Country, year: int) -> list[Text]:
    """What is not known, or not known for certain, of a rule's days in `year`; a sentence each."""
    known = _asked(rule.country, rule.subdivision, year)
    if known is None:
        return [_("no public holidays are known for {country}", country=country_name(rule.country))]
    if not known.start_year <= year <= known.end_year:
        return [
            _(
                "the public holidays of {country} are known from {first} to {last}, not for {year}",
                country=country_name(rule.country),
                first=known.start_year,
                last=known.end_year,
                year=year,
            )
        ]
    return [*_make_up_doubts(rule, year), *_estimate_doubts(rule, year)]


def _make_up_doubts(rule: Country, year: int) -> list[Text]:
    if year_of(rule.country, rule.subdivision, year).make_up:
        return []
    if not _has_make_up(rule.country, rule.subdivision):
        return []
    return [
        _(
            "no make-up days are known for {country} in {year} yet: only the holidays that its law names; "
            "an update of Watchkeeper's holidays brings them once they are announced",
            country=country_name(rule.country),
            year=year,
        )
    ]


def _has_make_up(country: str, subdivision: str | None) -> bool:
    return any(year_of(country, subdivision, year).make_up for year in _MAKE_UP_YEARS)


def _estimate_doubts(rule: Country, year: int) -> list[Text]:
    names = names_of(rule.country, rule.subdivision, year)
    days = sorted(day for day, name in names.items() if _ESTIMATED in name.get("en", ""))
    if not days:
        return []
    told = ", ".join(day.isoformat() for day in days)
    return [_("these holidays of {country} are estimates: {days}", country=country_name(rule.country), days=told)]


@lru_cache(maxsize=200)
def _asked(country: str, subdivision: str | None, year: int, language: str = "") -> Any:
    """The library's answer for a year and those around it, for a notice names days of the year before; None."""
    import holidays

    years = range(year - 1, year + 2)
    try:
        found = holidays.country_holidays(country, subdivision, years=years, expand=False)
        wanted = next((each for each in _LANGUAGES.get(language, ()) if each in found.supported_languages), None)
        if wanted is None:
            return found
        return holidays.country_holidays(country, subdivision, years=years, expand=False, language=wanted)
    except NotImplementedError:
        return None
