"""The pages, one folder each; none imports another. They are made by their place and imported when first wanted."""

from collections.abc import Callable
from importlib import import_module

from watchkeeper.model.text import Text, _
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.page import Page

#: The first word of a place -> the module with `page(console, rest) -> Page`.
MODULES = {
    "dashboard": "dashboard",
    "jobs": "jobs",
    "job": "job",
    "run": "run",
    "runs": "runs",
    "compare": "compare",
    "history": "history",
    "calendars": "calendars",
    "pools": "pools",
    "credentials": "credentials",
    "audit": "audit",
    "away": "away",
    "help": "help",
    "plugins": "plugins",
    "settings": "settings",
    "diagnostics": "diagnostics",
}

#: What stands in the rail: place, icon, title. The first group above, the second at the bottom.
RAIL: tuple[tuple[tuple[str, str, Text], ...], ...] = (
    (
        ("dashboard", "ui/dashboard", _("Dashboard")),
        ("jobs", "ui/jobs", _("Jobs")),
        ("runs", "ui/monitor", _("Monitor")),
        ("history", "ui/history", _("History")),
        ("calendars", "ui/calendar", _("Calendars")),
        ("pools", "ui/pool", _("Pools")),
        ("credentials", "ui/credentials", _("Credentials")),
    ),
    (
        ("audit", "ui/audit", _("Audit")),
        ("help", "ui/help", _("Help")),
        ("plugins", "ui/plugins", _("Plugins")),
        ("settings", "ui/settings", _("Settings")),
    ),
)


def make(console: Console, place: str) -> Page:
    """The page of a place like `run/ID`; KeyError when there is none."""
    noun, _slash, rest = place.partition("/")
    module = import_module(f"watchkeeper.ui.pages.{MODULES[noun]}")
    made: Callable[[Console, str], Page] = module.page
    return made(console, rest)
