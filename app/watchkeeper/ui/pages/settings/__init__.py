"""What the window and the program are told once and for all."""

from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.settings.page import Settings


def page(console: Console, rest: str) -> Settings:
    """`rest` is a field like `engine.lease`, or nothing."""
    return Settings(console, rest)
