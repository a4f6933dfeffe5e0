"""A torn store: what is said of it, with the copy that mends it and the command to type."""

import shlex
from pathlib import Path

from watchkeeper.model.errors import Damaged
from watchkeeper.model.text import _
from watchkeeper.store import backup


def damaged(database: str | None, why: object) -> Damaged:
    """The error for a store of which SQLite says `why`."""
    place = Path(database or "")
    copy = backup.newest(place.parent)
    words = str(why).splitlines()[-1][:200]
    if copy is None:
        return Damaged(
            _(
                "the store {place} is damaged ({why}): nothing is scheduled. There is no copy in {folder}; "
                "`watchkeeper workspace restore FILE` puts one back that you have elsewhere",
                place=str(place),
                why=words,
                folder=str(place.parent / backup.FOLDER),
            )
        )
    return Damaged(
        _(
            "the store {place} is damaged ({why}): nothing is scheduled. "
            "`watchkeeper workspace restore {copy}` puts the newest copy back",
            place=str(place),
            why=words,
            copy=shlex.quote(str(copy)),
        )
    )
