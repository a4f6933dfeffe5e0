"""What is written and not saved, kept in the window's memory so that a crash costs nothing."""

from datetime import datetime
from typing import Any

import msgspec
from PySide6.QtCore import QDateTime

from watchkeeper.model import codec
from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text, _
from watchkeeper.ui import clock
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.words import locale

_NAME = "job.drafts"
#: The oldest give way.
_MOST = 50


class Kept(msgspec.Struct, frozen=True):
    """One draft."""

    values: dict[str, Any]
    #: The version that it began from; 0 for a new job.
    base: int
    #: What that version said.
    saved: dict[str, Any]
    at: datetime


class Drafts:
    """By the job's place."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def find(self, place: str) -> Kept | None:
        """The draft of a job; None when there is none, or none that can be read."""
        found = self._all().get(place)
        try:
            return codec.convert(found, Kept) if found is not None else None
        except Known:
            return None

    def keep(self, place: str, values: dict[str, Any], base: int, saved: dict[str, Any]) -> Kept:
        """Remember it, at once."""
        kept = Kept(values, base, saved, clock.now())
        rest = {name: each for name, each in self._all().items() if name != place}
        latest = dict(list(rest.items())[-(_MOST - 1) :])
        self._memory.put(_NAME, {**latest, place: codec.plain(kept)})
        return kept

    def forget(self, place: str) -> None:
        """It is saved, or given up."""
        if place in self._all():
            self._memory.put(_NAME, {name: each for name, each in self._all().items() if name != place})

    def _all(self) -> dict[str, Any]:
        found: dict[str, Any] = self._memory.get(_NAME, {})
        return found


def draft_words(kept_at: datetime | None, base: int) -> Text:
    """How it stands with a draft: when it was kept, and from which version it began."""
    if kept_at is None:
        return _("Changed, based on v{base}", base=base) if base else _("Not saved yet")
    at = locale().toString(QDateTime.fromSecsSinceEpoch(int(kept_at.timestamp())).time(), "HH:mm")
    if not base:
        return _("Draft kept at {time}", time=at)
    return _("Draft kept at {time}, based on v{base}", time=at, base=base)
