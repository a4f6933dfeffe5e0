"""The only place that wires rooms together: opens a workspace, starts its engine, gives desks, shows the window."""

from watchkeeper.boot.desks import open_desk, running_engine
from watchkeeper.boot.house import House
from watchkeeper.boot.serving import run_engine, serve
from watchkeeper.boot.workspace import database_of, init_workspace, restore_workspace, store_of

__all__ = [
    "House",
    "database_of",
    "init_workspace",
    "open_desk",
    "restore_workspace",
    "run_engine",
    "running_engine",
    "serve",
    "store_of",
]
