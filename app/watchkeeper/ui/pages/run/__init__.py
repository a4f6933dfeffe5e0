"""One run: what became of it, its attempts, its output, and what can be done about it."""

from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.run.page import RunPage


def page(console: Console, rest: str) -> RunPage:
    """`rest` is the run's id or number."""
    return RunPage(console, rest)
