"""Pools: how many runs of their jobs may be live at once, who is in them, and who waits."""

from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.pools.page import PoolsPage


def page(console: Console, rest: str) -> PoolsPage:
    return PoolsPage(console)
