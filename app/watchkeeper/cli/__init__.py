"""Every action as a command, and the few commands that are no action. What a command does not need is not imported."""

from watchkeeper.cli.main import main

__all__ = ["main"]
