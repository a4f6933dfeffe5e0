"""The live log: every event of the engine as it comes, narrowed by words and by what it tells of."""

from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import NamedTuple

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from watchkeeper.model import events
from watchkeeper.model.events import Event
from watchkeeper.model.run import State
from watchkeeper.model.saying import sentence_of
from watchkeeper.model.text import Text, _
from watchkeeper.ui.glyphs import glyph_of
from watchkeeper.ui.spans import clock
from watchkeeper.ui.widgets.choice import Choice
from watchkeeper.ui.widgets.lines import Line, Lines
from watchkeeper.ui.words import Spoken, shown

#: Events that are remembered.
MOST = 1_000
#: What a line may tell of.
KINDS: tuple[tuple[str, Text], ...] = (
    ("", _("All events")),
    ("failed", _("Failed")),
    ("waiting", _("Waiting")),
    ("running", _("Running")),
    ("succeeded", _("Succeeded")),
    ("engine", _("Engine and jobs")),
)
_NOTHING_YET = _("Nothing has happened yet. Every event of the engine is told here as it comes.")
_NONE_FITS = _("No event fits. Empty the filter to see all of them.")


class Told(NamedTuple):
    """One event; its line is made when it is shown, for a thousand lines are a megabyte that nobody may look at."""

    event: Event
    at: datetime


class LiveLog(Lines):
    """`tools` narrow it; they are to stand beside it."""

    def __init__(self, zone: Callable[[], str], go: Callable[[str], None]) -> None:
        super().__init__(_NOTHING_YET)
        self._zone, self._go = zone, go
        self._told: deque[Told] = deque(maxlen=MOST)
        self.filter = Filter(self.narrow)

    def add(self, batch: Iterable[Event], at: datetime) -> None:
        """What has happened."""
        self._told.extend(Told(event, at) for event in batch)
        if self.isVisible():
            self.narrow()

    def narrow(self) -> None:
        """Show what fits the filter now."""
        self.say_empty(_NONE_FITS if self._told else _NOTHING_YET)
        self.set_lines([self._line(told) for told in self._told if self.filter.fits(told.event)], follows_end=True)

    def clear(self) -> None:
        """Forget all."""
        self._told.clear()
        self.narrow()

    def showEvent(self, event: QShowEvent) -> None:
        self.narrow()

    def hideEvent(self, event: QHideEvent) -> None:
        """Lines that are not seen are not kept."""
        self.set_lines(())

    def _line(self, told: Told) -> Line:
        place = _place(told.event)
        follow = partial(self._go, place) if place else None
        return Line(sentence_of(told.event), icon_of(told.event), when=self._when(told.at), open=follow)

    def _when(self, at: datetime) -> str:
        return clock(at, self._zone(), has_seconds=True)


class Filter(Spoken, QWidget):
    """Words, and a kind of event."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        super().__init__()
        self.words = QLineEdit()
        self.words.setClearButtonEnabled(True)
        self.words.setMaximumWidth(220)
        self.words.textChanged.connect(on_change)
        self.kind = Choice(_("Kind of event"), KINDS, 150)
        self.kind.setFixedHeight(28)
        self.kind.show_value("")
        self.kind.picked.connect(on_change)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.kind)
        self.retranslate()

    def retranslate(self) -> None:
        self.words.setPlaceholderText(shown(_("Filter the events")))
        self.words.setAccessibleName(shown(_("Filter the events")))

    def fits(self, event: Event) -> bool:
        """Whether a line is to be seen; every word has to be in it."""
        if self.kind.value not in ("", None, _kind(event)):
            return False
        wanted = self.words.text().casefold().split()
        said = shown(sentence_of(event)).casefold() if wanted else ""
        return all(word in said for word in wanted)


def icon_of(event: Event) -> str:
    """The glyph of what an event tells."""
    match event:
        case events.RunEnded() | events.RunResolved():
            return glyph_of(event.state)
        case events.RunStarted():
            return "status/running"
        case events.RunQueued():
            return "status/queued"
        case events.RunRetryPlanned():
            return "status/retry-wait"
        case events.RunLost():
            return "status/lost"
        case events.OccurrencesMissed():
            return "status/missed"
        case events.EnginePaused():
            return "status/paused"
        case events.StoreStalled() | events.DiskIsLow() | events.BackupFailed() | events.ClockSet():
            return "status/late"
    return "ui/clock"


def _kind(event: Event) -> str:
    match event:
        case events.RunEnded(state=State.SUCCEEDED) | events.RunResolved(state=State.SUCCEEDED):
            return "succeeded"
        case events.RunEnded(state=State.CANCELLED | State.SKIPPED):
            return "engine"
        case events.RunEnded() | events.RunLost() | events.OccurrencesMissed() | events.StoreStalled():
            return "failed"
        case events.BackupFailed() | events.DiskIsLow():
            return "failed"
        case events.RunQueued() | events.RunRetryPlanned():
            return "waiting"
        case events.RunStarted():
            return "running"
    return "engine"


def _place(event: Event) -> str:
    """Where there is more about it; "" where there is nothing."""
    if (run_id := getattr(event, "run_id", None)) is not None:
        return f"run/{run_id}"
    match event:
        case events.JobSaved():
            return f"job/{event.job_id}"
        case events.JobDeleted():
            return "jobs"
    return "dashboard"
