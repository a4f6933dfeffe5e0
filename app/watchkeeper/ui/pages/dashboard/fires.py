"""The next fires: when, which job, in how long, and what will keep it."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import partial

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from watchkeeper.action.schedule import Coming
from watchkeeper.model.ids import JobId
from watchkeeper.model.text import _
from watchkeeper.ui.clock import now
from watchkeeper.ui.spans import ahead, clock, day, weekday
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.lines import Line, Lines
from watchkeeper.ui.widgets.words import Label
from watchkeeper.ui.words import Spoken

NARROWEST = 264
#: Days within which the name of the day says enough.
_WEEK = 6
#: A fire of a job.
Fire = tuple[JobId, datetime]


class FiresCard(Spoken, QFrame):
    """A card; a row opens its job."""

    def __init__(self, zone: Callable[[], str], open_job: Callable[[str], None]) -> None:
        super().__init__()
        self._zone, self._open_job = zone, open_job
        self._coming: Sequence[Coming] = ()
        self._clashing: Collection[Fire] = ()
        self.setProperty("kind", "card")
        self.setMinimumWidth(NARROWEST)
        self.lines = Lines(_("Nothing fires by the clock"))
        self.lines.call(_("Next fires"))
        top = QHBoxLayout()
        top.setContentsMargins(15, 0, 15, 0)
        top.addWidget(Label(_("Next fires"), Role.SECTION))
        top.addStretch(1)
        holder = QWidget()
        holder.setFixedHeight(40)
        holder.setLayout(top)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 0, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(holder)
        layout.addWidget(self.lines, 1)

    def take(self, coming: Sequence[Coming], clashing: Collection[Fire] = ()) -> None:
        """Show what comes; those of `clashing` will meet others without room for all."""
        self._coming, self._clashing = coming, clashing
        self.retranslate()

    @property
    def is_near(self) -> bool:
        """Whether seconds count: something fires within a minute."""
        return bool(self._coming) and self._coming[0].at - now() < timedelta(minutes=1)

    def retranslate(self) -> None:
        self.lines.set_lines([self._line(each) for each in self._coming])

    def _line(self, coming: Coming) -> Line:
        mark = "status/late" if (coming.job_id, coming.at) in self._clashing else ""
        when = _("held by the pause") if coming.is_held else ahead(coming.at, now())
        return Line(
            coming.job,
            when=when,
            open=partial(self._open_job, coming.job_id),
            lead=self._at(coming.at),
            mark="status/paused" if coming.is_held else mark,
        )

    def _at(self, at: datetime) -> str:
        """The time of day; from tomorrow's on with the day."""
        zone, span = self._zone(), at - now()
        if span < timedelta(days=1):
            return clock(at, zone)
        return f"{weekday(at, zone)} {clock(at, zone)}" if span.days < _WEEK else day(at, zone)
