"""When somebody looked last at what happened meanwhile, remembered by the window."""

from datetime import datetime, timedelta

from watchkeeper.ui.clock import now
from watchkeeper.ui.memory import Memory

SEEN = "away.seen"
#: What is told when nothing is remembered.
FIRST = timedelta(hours=24)


def seen_at(memory: Memory) -> datetime | None:
    """The moment that is remembered, if it can be read and has passed."""
    try:
        seen = datetime.fromisoformat(memory.get(SEEN, ""))
    except ValueError:
        return None
    return seen if seen.tzinfo is not None and seen < now() else None


def since_of(memory: Memory) -> datetime:
    """From when on it is told; a day where nothing is remembered."""
    return seen_at(memory) or now() - FIRST


def saw(memory: Memory, at: datetime | None = None) -> None:
    """Somebody has looked, just now or then."""
    memory.put(SEEN, (at or now()).isoformat())
