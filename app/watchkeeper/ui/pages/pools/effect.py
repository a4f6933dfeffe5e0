"""What another size of a pool means for the runs that are in it and before it."""

from watchkeeper.action.pools import PoolRow
from watchkeeper.model.text import Text, _, plural

LARGEST = 100_000


def size_of(words: str) -> int | None:
    """The number of slots that was typed; None when it is none."""
    plain = words.strip()
    is_number = plain.isascii() and plain.isdecimal() and len(plain) < 7
    return int(plain) if is_number and int(plain) <= LARGEST else None


def effect_of(row: PoolRow | None, size: int) -> Text:
    """What becomes of it, in a sentence."""
    if row is None:
        return _("No job names it yet: choose it in a job's limits.") if size else _("It holds all its runs back.")
    if size == row.size:
        return now_of(row)
    if size > row.size and row.waiting:
        starting = min(row.waiting, max(0, size - row.used))
        return plural(
            "{n} of the waiting runs can start at once.", "{n} of the waiting runs can start at once.", starting
        )
    if size == 0 and (row.used or row.waiting):
        return plural(
            "No run starts any more; {n} that is in it goes on.",
            "No run starts any more; {n} that are in it go on.",
            row.used,
        )
    if size < row.used:
        return plural(
            "{n} run more than that is in it: all go on, and none starts until there is room.",
            "{n} runs more than that are in it: all go on, and none starts until there is room.",
            row.used - size,
        )
    return now_of(row)


def now_of(row: PoolRow) -> Text:
    """How it stands."""
    if row.waiting:
        return plural("{n} run waits for a slot.", "{n} runs wait for a slot.", row.waiting)
    return plural("No run waits; {n} is in it.", "No run waits; {n} are in it.", row.used)
