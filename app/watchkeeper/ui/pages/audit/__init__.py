"""Who did what, and what came of it."""

from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.audit.page import Audit


def page(console: Console, rest: str) -> Audit:
    return Audit(console)
