"""Public holidays: China's make-up days as announced, and a word on what has not been announced."""

import subprocess
import sys
from datetime import date, timedelta

import pytest

from tests.laws.sources import ROOT
from watchkeeper.model.calendar import Country, Which
from watchkeeper.model.errors import Known
from watchkeeper.model.public_holidays import doubts, names_of, require, year_of

#: The notices of the State Council: weekends that are worked, and weekdays that are off.
WORKED = {
    2024: "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    2025: "01-26 02-08 04-27 09-28 10-11",
    2026: "01-04 02-14 02-28 05-09 09-20 10-10",
}
OFF = {
    2024: "01-01 02-12..02-16 04-04 04-05 05-01..05-03 06-10 09-16 09-17 10-01..10-04 10-07",
    2025: "01-01 01-28..01-31 02-03 02-04 04-04 05-01 05-02 05-05 06-02 10-01..10-03 10-06..10-08",
    2026: "01-01 01-02 02-16..02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25 10-01 10-02 10-05..10-07",
}


def days(year: int, text: str) -> set[date]:
    found: set[date] = set()
    for item in text.split():
        first, _mark, last = item.partition("..")
        begin, end = (date.fromisoformat(f"{year}-{part}") for part in (first, last or first))
        found |= {begin + timedelta(days=number) for number in range((end - begin).days + 1)}
    return found


@pytest.mark.parametrize("year", WORKED)
def test_china_works_and_rests_on_the_days_of_the_notice(year: int) -> None:
    found = year_of("CN", None, year)
    assert found.make_up == days(year, WORKED[year])
    assert {day for day in found.off if day.weekday() < 5} == days(year, OFF[year])
    every = {date(year, 1, 1) + timedelta(days=number) for number in range(365)}
    weekends = {day for day in every if day.weekday() >= 5}
    assert weekends - found.off == found.make_up


def test_make_up_days_that_are_not_announced_are_doubts() -> None:
    for which in Which:
        assert doubts(Country(country="CN", which=which), 2026) == []
        assert "no make-up days are known for China in 2090" in str(doubts(Country(country="CN", which=which), 2090)[0])


def test_the_first_year_without_a_notice_says_so() -> None:
    """Whatever the library knows by the time this is read: the year after its last one is in doubt."""
    years = [year for year in range(2026, 2060) if year_of("CN", None, year).make_up]
    assert years[0] == 2026
    (doubt, *_more) = doubts(Country(country="CN"), years[-1] + 1)
    assert f"no make-up days are known for China in {years[-1] + 1} yet" in str(doubt)


def test_a_country_without_make_up_days_is_in_no_doubt() -> None:
    assert doubts(Country(country="DE", subdivision="BY"), 2027) == []


def test_years_that_nobody_has_reckoned_are_doubts() -> None:
    (doubt,) = doubts(Country(country="DE"), 2150)
    assert "are known from 1991 to 2100, not for 2150" in str(doubt)


def test_days_that_hang_on_the_moon_are_named_as_estimates() -> None:
    told = " ".join(map(str, doubts(Country(country="EG"), 2028)))
    assert "are estimates: 2028-" in told


def test_a_part_of_a_country_has_holidays_of_its_own() -> None:
    assert date(2026, 1, 6) in year_of("DE", "BY", 2026).holidays
    assert date(2026, 1, 6) not in year_of("DE", "BE", 2026).holidays


def test_a_weekend_is_the_countrys_own() -> None:
    assert date(2026, 3, 6) in year_of("EG", None, 2026).off  # a Friday
    assert date(2026, 3, 8) not in year_of("EG", None, 2026).off  # a Sunday


def test_holidays_are_named_in_our_languages_where_they_have_names() -> None:
    assert names_of("CN", None, 2026)[date(2026, 10, 1)]["zh_CN"] == "国庆节"
    assert names_of("CN", None, 2026)[date(2026, 10, 1)]["en"] == "National Day"
    assert set(names_of("FR", None, 2026)[date(2026, 7, 14)]) == {"en", "zh_CN"}


@pytest.mark.parametrize(
    ("country", "subdivision", "sentence"),
    [("XX", None, "ISO 3166"), ("DE", "BX", "known are: "), ("CN", "X" * 300, "no part X")],
)
def test_what_is_no_country_is_refused(country: str, subdivision: str | None, sentence: str) -> None:
    with pytest.raises(Known, match=sentence):
        require(country, subdivision)


def test_a_country_that_the_library_lost_is_a_doubt_and_no_crash() -> None:
    assert len(year_of("XX", None, 2026).off) == 104
    assert "no public holidays are known for XX" in str(doubts(Country(country="XX"), 2026)[0])


@pytest.mark.parametrize("module", ["watchkeeper.cli.commands", "watchkeeper.engine.planner"])
def test_the_libraries_are_loaded_only_when_a_calendar_wants_them(module: str) -> None:
    code = (
        f"import sys, {module}; print([name for name in ('holidays', 'icalendar', 'dateutil') if name in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={"PYTHONPATH": str(ROOT / "app")}, capture_output=True, text=True
    )
    assert told.stdout.strip() == "[]", told.stderr
