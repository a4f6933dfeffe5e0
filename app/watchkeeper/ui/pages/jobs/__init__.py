"""The table of jobs."""

from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.jobs.page import Jobs


def page(console: Console, rest: str) -> Jobs:
    return Jobs(console)
