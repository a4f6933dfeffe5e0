"""The card of the timeline: its head with the legend, and what stands there while there are no jobs."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from watchkeeper.action.timeline import Timeline
from watchkeeper.model.text import _
from watchkeeper.ui.commands import Command
from watchkeeper.ui.pages.dashboard.lanes import AXIS, LANE
from watchkeeper.ui.pages.dashboard.legend import Legend
from watchkeeper.ui.pages.dashboard.scale import Reach
from watchkeeper.ui.pages.dashboard.timeline import ASIDE, FARTHER, NEARER, Open, TimelineView
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.empty import Empty
from watchkeeper.ui.widgets.words import Button, Label


class TimelineCard(QFrame):
    """`go` opens a place."""

    def __init__(self, zone: Callable[[], str], reach: Reach, open_thing: Open, go: Callable[[str], None]) -> None:
        super().__init__()
        self._go = go
        self.setProperty("kind", "card")
        self.timeline = TimelineView(zone, reach, open_thing)
        self.now = Button(_("Back to now"), self.timeline.go_to_now, kind="link", hint="N")
        self.timeline.reach_changed.connect(self._tell_reach)
        self._tell_reach()
        self._empty = Empty(
            _("Your jobs appear on this timeline"),
            _("At the left what ran, at the right what is planned, with a mark where jobs meet without room for all."),
            Button(_("New job"), self._make_job, icon="ui/plus"),
            Button(_("Take over a crontab"), self._read_imports, kind="link"),
        )
        self._empty.setParent(self.timeline)
        self._empty.hide()
        self.timeline.installEventFilter(self)
        self._lay_out()

    def take(self, found: Timeline) -> None:
        """Show it; without a lane what will stand there."""
        self.timeline.take(found)
        self._empty.setVisible(not found.lanes)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The words for nothing stay below the axis."""
        if event.type() is QEvent.Type.Resize:
            top = AXIS + 2 * LANE
            self._empty.setGeometry(0, top, self.timeline.width(), max(0, self.timeline.height() - top))
        return False

    def _tell_reach(self) -> None:
        self.now.setVisible(self.timeline.reach.middle is not None)

    def _make_job(self) -> None:
        self._go("job/new")

    def _read_imports(self) -> None:
        self._go("help/imports")

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(15, 0, 15, 0)
        top.setSpacing(12)
        top.addWidget(Label(_("Timeline"), Role.SECTION))
        top.addWidget(self.now)
        top.addWidget(Legend(), 1)
        holder = QWidget()
        holder.setFixedHeight(38)
        holder.setLayout(top)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 0, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(holder)
        layout.addWidget(self.timeline, 1)


def timeline_commands(view: TimelineView) -> list[Command]:
    """The timeline by keys, wherever the keyboard is on its page."""
    nearer, farther = partial(view.zoom, NEARER), partial(view.zoom, FARTHER)
    earlier, later = partial(view.pan, -ASIDE), partial(view.pan, ASIDE)
    return [
        Command("timeline.now", _("Timeline: back to now"), view.go_to_now, ("N",), "ui/clock", "view"),
        Command("timeline.nearer", _("Timeline: nearer"), nearer, ("+", "Shift++", "="), menu="view"),
        Command("timeline.farther", _("Timeline: farther away"), farther, ("-",), menu="view"),
        Command("timeline.earlier", _("Timeline: earlier"), earlier, ("Shift+Left",), menu="view"),
        Command("timeline.later", _("Timeline: later"), later, ("Shift+Right",), menu="view"),
    ]
