"""The next fires: when, which job, in how long."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from watchkeeper.action.schedule import Coming
from watchkeeper.model.text import _
from watchkeeper.ui.clock import now
from watchkeeper.ui.spans import ahead, clock, day
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.lines import Line, Lines
from watchkeeper.ui.widgets.words import Label
from watchkeeper.ui.words import Spoken


class FiresCard(Spoken, QFrame):
    """A card; a row opens its job."""

    def __init__(self, zone: Callable[[], str], open_job: Callable[[str], None]) -> None:
        super().__init__()
        self._zone, self._open_job = zone, open_job
        self._coming: Sequence[Coming] = ()
        self.setProperty("kind", "card")
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

    def take(self, coming: Sequence[Coming]) -> None:
        """Show what comes."""
        self._coming = coming
        self.retranslate()

    def retranslate(self) -> None:
        self.lines.set_lines([self._line(each) for each in self._coming])

    def _line(self, coming: Coming) -> Line:
        zone, moment = self._zone(), now()
        is_far = (coming.at - moment).days >= 1
        at = day(coming.at, zone) if is_far else clock(coming.at, zone)
        icon = "status/paused" if coming.is_held else ""
        when = _("held by the pause") if coming.is_held else ahead(coming.at, moment)
        return Line(f"{at}   {coming.job}", icon, when=when, open=partial(self._open_job, coming.job_id))
