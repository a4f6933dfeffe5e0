"""The past: every run that is kept, by filter."""

from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.history.page import History


def page(console: Console, rest: str) -> History:
    """`rest` may name a job by its id."""
    return History(console, rest)
