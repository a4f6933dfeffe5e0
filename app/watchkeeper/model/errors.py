"""The two kinds of error that leave a room: Known (the world's) and Bug (ours)."""

from watchkeeper.model.text import Text


class WatchkeeperError(Exception):
    """The root of every error that Watchkeeper raises on purpose."""


class Known(WatchkeeperError):
    """Something in the world is not as it should be; `text` names it and says what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        return str(self.text)


class Bug(WatchkeeperError):
    """Something in the program is not as it should be."""


class Misfit(Known, ValueError):
    """A value does not fit its field; a ValueError too, so that the codec's library lets it through with its place."""

    def __init__(self, text: Text, field: str = "") -> None:
        """`field` is named where a rule binds several fields of a struct: this is the one to change."""
        super().__init__(text)
        self.field = field


class NotFound(Known):
    """What was asked for does not exist."""


class Refused(Known):
    """The actor may not do this."""


class Conflict(Known):
    """What was asked for contradicts what is already there."""


class Stale(Known):
    """A guarded move found its row in another state: somebody else was first."""


class LeaseLost(Known):
    """This engine's lease has passed to another; it must stop writing."""


class StoreDown(Known):
    """The store cannot write now (disk full, disk error); nothing was changed."""


class Damaged(StoreDown):
    """The store's file is not as SQLite wrote it; only a backup helps."""


class StoreBusy(StoreDown):
    """The store cannot write for the moment (disk full, locked, out of reach); it may again without anybody's help."""
