"""The dashboard: what needs attention, the timeline around now, and the next fires; at first also the first steps."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from watchkeeper.action.attention import Attention, Cause
from watchkeeper.action.schedule import Agenda
from watchkeeper.model.events import Event
from watchkeeper.model.run import MakeUp
from watchkeeper.model.text import _, plural
from watchkeeper.ui.clock import now
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.dashboard.attention import AttentionCard, Deeds
from watchkeeper.ui.pages.dashboard.beginning import Beginning
from watchkeeper.ui.pages.dashboard.fires import FiresCard
from watchkeeper.ui.pages.dashboard.timeline import TimelineCard
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.spans import long_day
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.question import Question
from watchkeeper.ui.widgets.segmented import Segmented
from watchkeeper.ui.widgets.words import Button, Label, plain

#: Next fires that are listed, and lanes of the timeline.
FIRES, LANES = 20, 30
#: How far the timeline reaches to both sides of now.
REACHES = (
    ("6h", _("6 h"), timedelta(hours=6)),
    ("24h", _("24 h"), timedelta(hours=24)),
    ("7d", _("7 d"), timedelta(days=7)),
)


class Dashboard(Page):
    """The first page."""

    def __init__(self, console: Console) -> None:
        super().__init__(console, "dashboard", _("Dashboard"), "")
        plain(self, 0)
        self._title = Label(_("Dashboard"), Role.PAGE_TITLE)
        self._day = Label("", Role.BODY, ink=2)
        self.beginning = Beginning(console, self.tasks, self.reread)
        self._remove = Button(_("Remove the samples"), self.beginning.remove_samples, kind="ghost")
        self._away = Button(_("Since you left"), self._open_away, kind="ghost", icon="ui/history")
        deeds = Deeds(
            open_run=self._open,
            rerun=self._rerun,
            acknowledge=self._acknowledge,
            settle=self._settle,
        )
        self.attention = AttentionCard(deeds, self._acknowledge_all)
        self.timeline = TimelineCard(console.zone, console.go)
        self.fires = FiresCard(console.zone, self._open_job)
        self._reach = Segmented([(name, text) for name, text, _span in REACHES], self.reread)
        self._found: Attention | None = None
        self._lay_out()
        self.retranslate()

    async def refresh(self) -> None:
        """Read what needs attention and what comes."""
        self._found = await self.console.desk.ask("attention.list")
        self.attention.take(self._found)
        reach = next(span for name, _text, span in REACHES if name == self._reach.chosen)
        self.timeline.timeline.take(
            await self.console.desk.ask("timeline.show", since=now() - reach, until=now() + reach, limit=LANES)
        )
        agenda: Agenda = await self.console.desk.ask("schedule.next", limit=FIRES)
        self.fires.take(agenda.rows)
        await self.beginning.refresh()
        self._show_beginning()
        self.retranslate()

    def arrive(self) -> None:
        if not (self.beginning.is_on and self.beginning.steps.take_keyboard()):
            super().arrive()

    def open_part(self, part: str) -> None:
        """`first-steps` brings the list of them back."""
        if part == "first-steps":
            self.beginning.bring_back()

    def retranslate(self) -> None:
        if self.beginning.is_on:
            self._title.say(_("Welcome to Watchkeeper"))
            self._day.say(_("The engine runs on this machine. Five steps show how to work with it."))
        else:
            self._title.say(_("Dashboard"))
            self._day.say(long_day(now(), self.console.zone()))

    def _show_beginning(self) -> None:
        """The cards of the beginning, and not what nobody has use for then."""
        beginning = self.beginning
        is_new = beginning.is_on and not beginning.steps.isVisible()
        beginning.steps.setVisible(beginning.is_on)
        beginning.samples.setVisible(beginning.is_on and beginning.has_samples)
        self._remove.setVisible(beginning.is_on and beginning.has_samples)
        for usual in (self._away, self._reach, self.fires):
            usual.setVisible(not beginning.is_on)
        if is_new and self.isVisible() and self.window().focusWidget() in (None, self):
            beginning.steps.take_keyboard()

    def concerns(self, events: Sequence[Event]) -> bool:
        return bool(events)

    def _open(self, cause: Cause) -> None:
        self.console.go(f"run/{cause.run_id}" if cause.run_id else f"job/{cause.job_id}")

    def _open_job(self, job_id: str) -> None:
        self.console.go(f"job/{job_id}")

    def _open_away(self) -> None:
        self.console.go("away")

    def _rerun(self, cause: Cause) -> None:
        self.tasks.start(self._acted("run.rerun", cause))

    def _acknowledge(self, cause: Cause) -> None:
        self.tasks.start(self._acted("attention.acknowledge", cause))

    def _acknowledge_all(self) -> None:
        for cause in self._found.rows if self._found else ():
            if cause.run_id is not None:
                self._acknowledge(cause)

    def _settle(self, cause: Cause) -> None:
        """Ask what is to be made up for."""
        title = _("Make up for what {job} has missed?", job=cause.job)
        text = plural("{n} run was missed: {why}", "{n} runs were missed: {why}", cause.count, why=cause.reason or "")
        answers = (
            (_("Let it be"), partial(self._make_up, cause, MakeUp.NONE)),
            (_("Run all of them"), partial(self._make_up, cause, MakeUp.ALL)),
            (_("Run once"), partial(self._make_up, cause, MakeUp.ONCE)),
        )
        self.console.lay_over(Question(title, text, answers))

    def _make_up(self, cause: Cause, choice: MakeUp, _is_remembered: bool) -> None:
        self.tasks.start(self._made_up(cause, choice))

    async def _made_up(self, cause: Cause, choice: MakeUp) -> None:
        await self.console.act("missed.settle", job=cause.job_id, choice=choice)
        self.reread()

    async def _acted(self, action: str, cause: Cause) -> None:
        await self.console.act(action, run=cause.run_id)
        self.reread()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(self._title)
        top.addWidget(self._day)
        top.addStretch(1)
        for widget in (self._remove, self._away, self._reach):
            top.addWidget(widget)
        below = QHBoxLayout()
        below.setSpacing(12)
        below.addWidget(self.timeline, 3)
        below.addWidget(self.fires, 1)
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addWidget(self.attention)
        column.addWidget(self.beginning.samples)
        column.addLayout(below, 1)
        body = QHBoxLayout()
        body.setSpacing(12)
        body.addWidget(self.beginning.steps)
        body.addLayout(column, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addLayout(body, 1)
        self._show_beginning()
