"""The plugin files, and what is wrong with those that can't be used."""

from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.plugins.page import Plugins


def page(console: Console, rest: str) -> Plugins:
    """There is one only."""
    return Plugins(console)
