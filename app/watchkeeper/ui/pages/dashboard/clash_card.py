"""A fire for which there will be no room: who shares what, from when to when, and the way to each schedule."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from watchkeeper.action.clashes import Clash
from watchkeeper.action.timeline import Lane
from watchkeeper.model.text import _, plural
from watchkeeper.ui.spans import clock, day
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.glyph import Glyph
from watchkeeper.ui.widgets.lines import Line, Lines, Link
from watchkeeper.ui.widgets.reason_box import ReasonBox
from watchkeeper.ui.widgets.words import Button, IconButton, Label, plain
from watchkeeper.ui.words import Spoken

WIDTH = 336


class ClashCard(Spoken, QWidget):
    """For the inspector. `go` opens a place, `close` takes the card out."""

    def __init__(self, zone: Callable[[], str], go: Callable[[str], None], close: Callable[[], object]) -> None:
        super().__init__()
        plain(self, 1)
        self.setFixedWidth(WIDTH)
        self._zone, self._go = zone, go
        self.shown: tuple[Lane, Clash] | None = None
        self._title, self._fact = Label("", Role.PANEL_TITLE), Label("", Role.SMALL, ink=2)
        self._title.setWordWrap(True)
        self.reason = ReasonBox()
        self.lines = Lines(_("Nothing is in its way"))
        self.lines.call(_("Who meets"))
        self._edit = Button(_("Change the schedule"), self._open_own, kind="primary", icon="ui/edit")
        self._lay_out(close)

    def take(self, lane: Lane, clash: Clash) -> None:
        """Show it, and give the list of those who meet the keyboard."""
        self.shown = (lane, clash)
        self.retranslate()

    def take_keyboard(self) -> None:
        """To the first thing that can be done."""
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        if self.shown is None:
            return
        lane, clash = self.shown
        zone = self._zone()
        self._title.say(_("No room for {job}", job=lane.job))
        self._fact.say(f"{day(clash.at, zone)} {self._between(clash.at, clash.ends_at)}")
        text = plural(
            "{shared} lets {n} run at a time, and {count} are due: one of them will wait.",
            "{shared} lets {n} run at a time, and {count} are due: one of them will wait.",
            clash.slots,
            shared=clash.shared,
            count=len(clash.met) + 1,
        )
        self.reason.tell(_("Why there is no room"), text)
        self.lines.set_lines(list(self._lines(lane, clash)))

    def _lines(self, lane: Lane, clash: Clash) -> Iterator[Line]:
        yield self._line(lane.job_id, lane.job, clash.at, clash.ends_at, "status/late")
        for met in clash.met:
            yield self._line(met.job_id, met.job, met.begins_at, met.ends_at, "status/scheduled")

    def _line(self, job_id: str, job: str, begin: datetime, end: datetime, icon: str) -> Line:
        follow = partial(self._go, f"job/{job_id}#schedule")
        return Line(job, icon, when=self._between(begin, end), links=(Link(_("Schedule"), follow),), open=follow)

    def _between(self, begin: datetime, end: datetime) -> str:
        return f"{clock(begin, self._zone())}–{clock(end, self._zone())}"  # from one to the other

    def _open_own(self) -> None:
        if self.shown is not None:
            self._go(f"job/{self.shown[0].job_id}#schedule")

    def _lay_out(self, close: Callable[[], object]) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(16, 14, 12, 0)
        top.setSpacing(8)
        top.addWidget(Glyph("status/late", 20))
        top.addWidget(self._title, 1)
        top.addWidget(IconButton("ui/close", _("Close"), close, size=14), alignment=Qt.AlignmentFlag.AlignTop)
        facts = QHBoxLayout()
        facts.setContentsMargins(44, 0, 16, 0)
        facts.addWidget(self._fact, 1)
        deeds = QHBoxLayout()
        deeds.setContentsMargins(16, 4, 16, 4)
        deeds.addWidget(self._edit)
        deeds.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 12)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addLayout(facts)
        layout.addLayout(deeds)
        layout.addWidget(self.reason)
        layout.addWidget(self.lines, 1)
