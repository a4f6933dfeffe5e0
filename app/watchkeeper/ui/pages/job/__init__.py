"""The job editor: place `job/ID`, and `job/new` for one that is not there yet."""

from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.job.page import JobPage


def page(console: Console, rest: str) -> JobPage:
    """The editor of the job with this id or name; `new` for a new one."""
    return JobPage(console, rest)
