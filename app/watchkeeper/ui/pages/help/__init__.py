"""The help pages, read without a network."""

from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.help.page import Help


def page(console: Console, rest: str) -> Help:
    """`rest` is a topic like `triggers`."""
    return Help(console, rest or "getting-started")
