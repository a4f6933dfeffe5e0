"""What is wrong now, what comes next."""

from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.dashboard.page import Dashboard


def page(console: Console, rest: str) -> Dashboard:
    return Dashboard(console)
