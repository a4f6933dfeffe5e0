"""What happened while nobody looked."""

from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.away.page import AwayPage


def page(console: Console, rest: str) -> AwayPage:
    return AwayPage(console)
