"""Every action as a command, and the few commands that are no action. What a command does not need is not imported."""

import gc
from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command; its exit code.

    What imports make stays: to look for garbage among it takes a good part of a short command, so nobody ever does.
    """
    gc.disable()
    from watchkeeper.cli.command_line import carry_out

    gc.freeze()
    gc.enable()
    return carry_out(arguments)
