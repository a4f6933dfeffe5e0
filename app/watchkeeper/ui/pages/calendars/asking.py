"""What the page asks the engine besides the list: countries, what would become of a draft, what a calendar holds."""

from collections.abc import Sequence
from datetime import date

from watchkeeper.action.calendar_preview import CalendarPreview
from watchkeeper.action.calendar_table import CountryDetail, CountryRow
from watchkeeper.action.desk import Desk
from watchkeeper.model.text import _
from watchkeeper.ui.pages.calendars.draft import Values
from watchkeeper.ui.pages.calendars.rules import RulesSection


class Asking:
    """What is known of countries is asked once, and shown in every rule about them."""

    def __init__(self, desk: Desk, sections: Sequence[RulesSection]) -> None:
        self._desk, self._sections = desk, sections
        self._known: dict[str, CountryDetail] = {}
        self.countries: list[CountryRow] = []

    async def world(self) -> None:
        """The countries that can be chosen."""
        if not self.countries:
            self.countries = await self._desk.ask("calendar.countries")

    async def country(self, code: str) -> None:
        """Show the parts and the years of a country; one that is not known has none."""
        if not any(row.code == code for row in self.countries):
            return
        if code not in self._known:
            self._known[code] = await self._desk.ask("calendar.country", country=code)
        detail = self._known[code]
        known = _("Known from {first} to {last}.", first=detail.first_year, last=detail.last_year)
        parts = [(part.code, part.name) for part in detail.parts]
        for section in self._sections:
            section.show_country(code, parts, (known, *detail.doubts))

    async def preview(self, values: Values, year: int | None) -> CalendarPreview:
        """What is wrong with a draft, its days, and what it changes."""
        found: CalendarPreview = await self._desk.ask("calendar.preview", spec=values, year=year)
        return found

    async def held(self, values: Values, year: int) -> set[date]:
        """The days of a year and the next that a draft holds."""
        previews = [await self.preview(values, each) for each in (year, year + 1)]
        return {day.day for preview in previews for day in preview.days if day.is_held}
