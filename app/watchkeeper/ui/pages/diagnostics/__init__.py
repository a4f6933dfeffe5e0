"""What the console and its engine run on, and what is not as it should be."""

from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.diagnostics.page import Diagnostics


def page(console: Console, rest: str) -> Diagnostics:
    """There is one only."""
    return Diagnostics(console)
