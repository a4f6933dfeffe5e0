"""Every action as a command, and the few commands that are no action. What a command does not need is not imported."""

import gc
from collections.abc import Callable, Sequence
from functools import cache

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command; its exit code."""
    return _loaded()(arguments)


@cache
def _loaded() -> Callable[[Sequence[str] | None], int]:
    """What imports make stays: to look for garbage among it takes a good part of a short command, so nobody does."""
    was_enabled = gc.isenabled()
    gc.disable()
    from watchkeeper.cli.command_line import carry_out

    gc.freeze()
    if was_enabled:
        gc.enable()
    return carry_out
