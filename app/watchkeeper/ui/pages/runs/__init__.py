"""The monitor: what runs and what waits, now."""

from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.runs.page import Monitor


def page(console: Console, rest: str) -> Monitor:
    return Monitor(console)
