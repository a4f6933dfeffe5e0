"""Calendars: the days and hours that triggers follow, year by year, with what a change would do to the jobs."""

from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.calendars.page import CalendarsPage


def page(console: Console, rest: str) -> CalendarsPage:
    return CalendarsPage(console, rest)
