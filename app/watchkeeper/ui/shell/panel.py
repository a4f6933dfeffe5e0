"""The panel at the bottom: problems, what happens, what was done, notices."""

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from watchkeeper.model import events
from watchkeeper.model.events import Event
from watchkeeper.model.run import State
from watchkeeper.model.saying import sentence_of
from watchkeeper.model.text import _
from watchkeeper.ui.activity import Activity, Deed
from watchkeeper.ui.clock import now
from watchkeeper.ui.console import Toast
from watchkeeper.ui.glyphs import glyph_of
from watchkeeper.ui.problems import Problem, Problems
from watchkeeper.ui.spans import clock
from watchkeeper.ui.widgets.lines import Line, Lines, Link
from watchkeeper.ui.widgets.page_tabs import PageTabs
from watchkeeper.ui.widgets.words import IconButton, plain

#: Sentences of the live log, and notices, that are remembered.
MOST = 1_000
HEIGHT = 200
#: What becomes a notice.
_NOTED = (events.OccurrencesMissed, events.RunLost, events.StoreStalled, events.DiskIsLow, events.BackupFailed)
_BAD = (State.FAILED, State.TIMED_OUT, State.UPSTREAM_FAILED, State.EXPIRED)


class Panel(QWidget):
    """Below the pages; shows one list at a time."""

    def __init__(
        self, activity: Activity, problems: Problems, zone: Callable[[], str], go: Callable[[str], None], toast: Toast
    ) -> None:
        super().__init__()
        plain(self, 1)
        self._activity, self._problems, self._zone, self._go = activity, problems, zone, go
        self._toast = toast
        self._told: deque[tuple[datetime, Event]] = deque(maxlen=MOST)
        self._noticed: deque[tuple[datetime, Event]] = deque(maxlen=MOST)
        #: Notices that have not been looked at.
        self.unseen = 0
        self.problems = Lines(_("No problems. What is wrong with what you edit is listed here."))
        self.live = Lines(_("Nothing has happened yet. Every event of the engine is told here as it comes."))
        self.activity = Lines(_("Nothing was done yet. Each thing you do is listed here as a command, with its undo."))
        self.notices = Lines(_("No notices. Failures, missed runs and trouble of the engine are kept here."))
        self._lists = {
            "problems": self.problems,
            "live": self.live,
            "activity": self.activity,
            "notices": self.notices,
        }
        self._stack = QStackedWidget()
        for lines in self._lists.values():
            self._stack.addWidget(lines)
        self.tabs = PageTabs(
            (
                ("problems", _("Problems")),
                ("live", _("Live log")),
                ("activity", _("Activity")),
                ("notices", _("Notifications")),
            ),
            self._show,
        )
        self._lay_out()
        activity.changed.connect(self._show_activity)
        problems.changed.connect(self._show_problems)

    def open_on(self, name: str) -> None:
        """Show one of them."""
        self.tabs.choose(name)
        self._show(name)
        self.show()
        self._lists[name].setFocus()

    def copy(self, deed: Deed) -> None:
        """Put a deed on the clipboard, as a command."""
        QGuiApplication.clipboard().setText(deed.cli)
        self._toast(_("The command is on the clipboard"), glyph="status/success")

    def copy_command(self) -> None:
        """The same with the deed that is selected, else with the last one."""
        number = self.activity.current if self.activity.hasFocus() else 0
        self.copy(self._activity.deeds[-1 - max(0, number)])

    def take(self, batch: Sequence[Event]) -> None:
        """Tell what happened."""
        moment = now()
        self._told.extend((moment, event) for event in batch)
        noted = [event for event in batch if _is_noted(event)]
        self._noticed.extend((moment, event) for event in noted)
        if noted and not (self.isVisible() and self.tabs.chosen == "notices"):
            self.unseen += len(noted)
        if self.isVisible():
            self._show(self.tabs.chosen)

    def _show(self, name: str) -> None:
        match name:
            case "problems":
                self._show_problems()
                self._stack.setCurrentWidget(self.problems)
            case "live":
                self.live.set_lines([self._line(*told) for told in self._told], follows_end=True)
                self._stack.setCurrentWidget(self.live)
            case "activity":
                self._show_activity()
                self._stack.setCurrentWidget(self.activity)
            case _:
                self.unseen = 0
                self.notices.set_lines([self._line(*noticed) for noticed in reversed(self._noticed)])
                self._stack.setCurrentWidget(self.notices)

    def _show_activity(self) -> None:
        self.activity.set_lines([self._deed_line(deed) for deed in reversed(self._activity.deeds)])

    def _show_problems(self) -> None:
        found = self._problems.all()
        self.tabs.rename("problems", _("Problems {n}", n=len(found)) if found else _("Problems"))
        self.problems.set_lines([_problem_line(problem) for problem in found])

    def _deed_line(self, deed: Deed) -> Line:
        copy = Link(_("Copy"), partial(self.copy, deed))
        undo = () if deed.undo is None else (Link(_("Undo"), deed.undo),)
        icon = "status/success" if deed.refusal is None else "status/failed"
        when = clock(deed.at, self._zone(), has_seconds=True)
        return Line(deed.cli, icon, deed.refusal or deed.title, when, (*undo, copy), copy.follow, is_mono=True)

    def _line(self, at: datetime, event: Event) -> Line:
        run_id = getattr(event, "run_id", None)
        follow = None if run_id is None else partial(self._go, f"run/{run_id}")
        return Line(sentence_of(event), _icon(event), when=clock(at, self._zone(), has_seconds=True), open=follow)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 8, 0)
        top.addWidget(self.tabs, 1)
        top.addWidget(IconButton("ui/chevron-down", _("Hide the panel"), self.hide))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self._stack, 1)


def _problem_line(problem: Problem) -> Line:
    fix = () if problem.fix is None else (Link(*problem.fix),)
    icon = "status/failed" if problem.is_error else "status/late"
    return Line(problem.text, icon, problem.place, links=fix, open=problem.show)


def _is_noted(event: Event) -> bool:
    return isinstance(event, _NOTED) or (isinstance(event, events.RunEnded) and event.state in _BAD)


def _icon(event: Event) -> str:
    match event:
        case events.RunEnded():
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
