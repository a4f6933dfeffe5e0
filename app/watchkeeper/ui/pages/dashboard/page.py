"""The dashboard: what needs attention, the timeline around now, and the next fires; at first also the first steps."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from watchkeeper.action.attention import Attention, Cause
from watchkeeper.action.schedule import Agenda
from watchkeeper.action.timeline import Lane, Timeline
from watchkeeper.model.events import Event
from watchkeeper.model.text import _
from watchkeeper.ui.clock import now
from watchkeeper.ui.commands import Command
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.dashboard.attention import AttentionCard
from watchkeeper.ui.pages.dashboard.attention_deeds import AttentionDeeds
from watchkeeper.ui.pages.dashboard.beginning import Beginning
from watchkeeper.ui.pages.dashboard.fires import FiresCard
from watchkeeper.ui.pages.dashboard.scale import Reach
from watchkeeper.ui.pages.dashboard.things import Thing
from watchkeeper.ui.pages.dashboard.timeline_card import TimelineCard, timeline_commands
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.seen import seen_at
from watchkeeper.ui.spans import long_day, span
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.segmented import Segmented
from watchkeeper.ui.widgets.words import Button, Label, plain

if TYPE_CHECKING:
    from watchkeeper.ui.pages.dashboard.clash_card import ClashCard

#: Next fires that are listed, and lanes of the timeline.
FIRES, LANES = 20, 30
#: How far the timeline reaches to both sides of now.
REACHES = (
    ("6h", _("6 h"), timedelta(hours=6)),
    ("24h", _("24 h"), timedelta(hours=24)),
    ("7d", _("7 d"), timedelta(days=7)),
)
#: Milliseconds after the last step of a zoom until what is shown is read.
PAUSE = 120
#: Milliseconds between two looks at the clock; after so many of them minutes are told anew, or all is read anew.
BEAT, TELL_EVERY, READ_EVERY = 1_000, 10, 30


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
        self.deeds = AttentionDeeds(console, self.tasks, self.reread)
        self.attention = AttentionCard(self.deeds.rows, self._acknowledge_all)
        self.timeline = TimelineCard(console.zone, _reach("6h"), self._open_thing, console.go)
        self._clash: ClashCard | None = None
        self.fires = FiresCard(console.zone, self._open_job)
        self._reach = Segmented(
            [(name, text) for name, text, _half in REACHES], self._choose_reach, name=_("Time that is shown")
        )
        self._found: Attention | None = None
        self._zoomed, self._beat = QTimer(self), QTimer(self)
        self._beats = 0
        self._connect()
        self._lay_out()
        self.retranslate()

    async def refresh(self) -> None:
        """Read what needs attention and what comes."""
        self._found = await self.console.desk.ask("attention.list")
        self.attention.take(self._found)
        since, until = self.timeline.timeline.reach.of(now())
        shown: Timeline = await self.console.desk.ask("timeline.show", since=since, until=until, limit=LANES)
        self.timeline.take(shown)
        agenda: Agenda = await self.console.desk.ask("schedule.next", limit=FIRES)
        self.fires.take(agenda.rows, {(lane.job_id, clash.at) for lane in shown.lanes for clash in lane.clashes})
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
        self._tell_absence()
        if self.beginning.is_on:
            self._title.say(_("Welcome to Watchkeeper"))
            self._day.say(_("The engine runs on this machine. Five steps show how to work with it."))
        else:
            self._title.say(_("Dashboard"))
            self._day.say(long_day(now(), self.console.zone()))

    def _tell_absence(self) -> None:
        """Since when somebody has not looked at what happens meanwhile."""
        seen = seen_at(self.console.memory)
        self._away.say(_("Since you left") if seen is None else _("Since you left, {span}", span=span(now() - seen)))

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

    def commands(self) -> list[Command]:
        """The timeline by keys, wherever the keyboard is on the page."""
        return [
            *self.deeds.commands(self._current_cause),
            Command(
                "actions",
                _("Menu of the row"),
                self._open_row_menu,
                (".",),
                "ui/more",
                "run",
                is_possible=lambda: self.attention.current is not None,
            ),
            *timeline_commands(self.timeline.timeline),
        ]

    def _connect(self) -> None:
        self._zoomed.setSingleShot(True)
        self._zoomed.setInterval(PAUSE)
        self._zoomed.timeout.connect(self.reread)
        self.timeline.timeline.reach_changed.connect(self._take_reach)
        self._beat.setInterval(BEAT)
        self._beat.timeout.connect(self._go_on)
        self._beat.start()

    def _go_on(self) -> None:
        """Spans grow and shrink by themselves; the line of now moves when all is read anew."""
        if not self.isVisible():
            return
        self._beats += 1
        if self.fires.is_near or self._beats % TELL_EVERY == 0:
            self.fires.retranslate()
        if self._beats % READ_EVERY == 0:
            self.attention.retranslate()
            self.reread()

    def _choose_reach(self) -> None:
        self.timeline.timeline.show_reach(_reach(self._reach.chosen))

    def _take_reach(self) -> None:
        shown = self.timeline.timeline.reach.span
        self._reach.show_choice(next((name for name, _text, half in REACHES if 2 * half == shown), None))
        self._zoomed.start()

    def _open_thing(self, lane: Lane, thing: Thing | None) -> None:
        """What the timeline leads to."""
        if thing is not None and thing.bar is not None:
            self.console.go(f"run/{thing.bar.run_id}")
        elif thing is not None and thing.clash is not None:
            self.clash.take(lane, thing.clash)
            self.console.inspect(self.clash)
            self.clash.take_keyboard()
        else:
            self.console.go(f"job/{lane.job_id}#schedule" if thing is not None else f"job/{lane.job_id}")

    @property
    def clash(self) -> "ClashCard":
        """For the inspector; made when a clash is first looked at."""
        from watchkeeper.ui.pages.dashboard.clash_card import ClashCard

        if self._clash is None:
            self._clash = self.own(ClashCard(self.console.zone, self.console.go, self._close_clash))
        return self._clash

    def _close_clash(self) -> None:
        self.console.inspect(None)
        self.timeline.timeline.setFocus()

    def _open_job(self, job_id: str) -> None:
        self.console.go(f"job/{job_id}")

    def _open_away(self) -> None:
        self.console.go("away")

    def _acknowledge_all(self) -> None:
        self.deeds.acknowledge_all(self._found)

    def _current_cause(self) -> Cause | None:
        row = self.attention.current
        return None if row is None else row.cause

    def _open_row_menu(self) -> None:
        if (row := self.attention.current) is not None:
            row.open_more()

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


def _reach(name: str) -> Reach:
    return next(Reach(2 * half) for each, _text, half in REACHES if each == name)
