"""Two runs side by side: what was different, and what the outputs say."""

from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.compare.page import Compare


def page(console: Console, rest: str) -> Compare:
    """`rest` is `RUN/OTHER`, or `RUN` alone for its job's last success."""
    return Compare(console, *rest.split("/", 1))
