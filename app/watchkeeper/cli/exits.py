"""What a command's exit code means."""

from enum import IntEnum

from watchkeeper.model.errors import Bug, Conflict, LeaseLost, NotFound, Stale, StoreDown, WatchkeeperError
from watchkeeper.model.text import Text, _


class Exit(IntEnum):
    """The codes, by meaning."""

    OK = 0
    NOT_SUCCEEDED = 1
    USAGE = 2
    REFUSED = 3
    NOT_FOUND = 4
    CONFLICT = 5
    OUT_OF_REACH = 6
    BUG = 70
    TIMED_OUT = 124
    INTERRUPTED = 130


MEANINGS: dict[Exit, Text] = {
    Exit.OK: _("done"),
    Exit.NOT_SUCCEEDED: _("with --wait the run, with `plugin test` the plugin did not succeed"),
    Exit.USAGE: _("the command was written wrongly"),
    Exit.REFUSED: _("refused, or not possible; the sentence says what to do"),
    Exit.NOT_FOUND: _("there is no such thing"),
    Exit.CONFLICT: _("conflict: somebody else holds the workspace, or the execution id is taken"),
    Exit.OUT_OF_REACH: _("the store can't be written, or the engine does not answer"),
    Exit.BUG: _("a mistake in Watchkeeper; the details are in a file in the workspace"),
    Exit.TIMED_OUT: _("--wait took too long"),
    Exit.INTERRUPTED: _("ended by Ctrl-C"),
}

_BY_ERROR: dict[type[WatchkeeperError], Exit] = {
    NotFound: Exit.NOT_FOUND,
    Conflict: Exit.CONFLICT,
    Stale: Exit.CONFLICT,
    LeaseLost: Exit.CONFLICT,
    StoreDown: Exit.OUT_OF_REACH,
    Bug: Exit.BUG,
}


def exit_of(error: WatchkeeperError) -> Exit:
    """The code that an error ends a command with."""
    return next((code for kind, code in _BY_ERROR.items() if isinstance(error, kind)), Exit.REFUSED)
