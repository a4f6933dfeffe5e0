"""The panel at the bottom: problems, what happens, what was done, notices."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from watchkeeper.model.events import Event
from watchkeeper.model.text import Text, _
from watchkeeper.ui.activity import Activity, Deed
from watchkeeper.ui.clock import now
from watchkeeper.ui.console import Toast
from watchkeeper.ui.problems import Problem, Problems
from watchkeeper.ui.shell.live_log import LiveLog
from watchkeeper.ui.shell.notices import Notice, Notices
from watchkeeper.ui.shell.quiet import Quiet
from watchkeeper.ui.spans import clock, moment
from watchkeeper.ui.theme import tokens
from watchkeeper.ui.widgets import page_tabs
from watchkeeper.ui.widgets.lines import Line, Lines, Link
from watchkeeper.ui.widgets.page_tabs import PageTabs
from watchkeeper.ui.widgets.words import IconButton, plain

HEIGHT = 200
TITLES: dict[str, Text] = {
    "problems": _("Problems"),
    "live": _("Live log"),
    "activity": _("Activity"),
    "notices": _("Notifications"),
}


class Panel(QWidget):
    """Below the pages; shows one list at a time."""

    def __init__(
        self,
        activity: Activity,
        problems: Problems,
        notices: Notices,
        quiet: Quiet,
        *,
        zone: Callable[[], str],
        go: Callable[[str], None],
        rerun: Callable[[str], None],
        toast: Toast,
    ) -> None:
        """`rerun` runs a run again, by its id."""
        super().__init__()
        plain(self, 1)
        self._activity, self._problems, self._notices, self._quiet = activity, problems, notices, quiet
        self._zone, self._go, self._rerun, self._toast = zone, go, rerun, toast
        self.problems = Lines(_("No problems. What is wrong with what you edit is listed here."))
        self.live = LiveLog(zone, go)
        self.activity = Lines(_("Nothing was done yet. Each thing you do is listed here as a command, with its undo."))
        self.notices = Lines(_("No notices. Failures, missed runs and trouble of the engine are kept here."))
        self._lists: dict[str, Lines] = {
            "problems": self.problems,
            "live": self.live,
            "activity": self.activity,
            "notices": self.notices,
        }
        for name, lines in self._lists.items():
            lines.call(TITLES[name])
        self._stack, self._tools = QStackedWidget(), QStackedWidget()
        self.tabs = PageTabs(tuple(TITLES.items()), self._show)
        self._lay_out()
        activity.changed.connect(self._show_activity)
        problems.changed.connect(self._show_problems)
        notices.changed.connect(self._show_notices)
        quiet.changed.connect(self._show_quiet)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QPainter(self).fillRect(QRectF(0, page_tabs.HEIGHT - 1, self.width(), 1), tokens().border)

    def open_on(self, name: str) -> None:
        """Show one of them."""
        self.tabs.choose(name)
        self.show()
        self._show(name)
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
        self.live.add(batch, now())

    def _show(self, name: str) -> None:
        fill = {
            "problems": self._show_problems,
            "activity": self._show_activity,
            "notices": self._show_notices,
        }
        if name in fill:
            fill[name]()
        self._stack.setCurrentWidget(self._lists[name])
        self._tools.setCurrentIndex(list(TITLES).index(name))

    def _show_activity(self) -> None:
        self.activity.set_lines([self._deed_line(deed) for deed in reversed(self._activity.deeds)])

    def _show_problems(self) -> None:
        found = self._problems.all()
        self.tabs.rename("problems", _("Problems {n}", n=len(found)) if found else TITLES["problems"])
        self.problems.set_lines([_problem_line(problem) for problem in found])

    def _show_notices(self) -> None:
        if self.isVisible() and self.tabs.chosen == "notices" and self._notices.unseen:
            # Which calls this once more.
            return self._notices.see()
        self._show_quiet()
        unseen = self._notices.unseen
        self.tabs.rename("notices", _("Notifications {n}", n=unseen) if unseen else TITLES["notices"])
        self.notices.set_lines([self._notice_line(notice) for notice in self._notices.all()])

    def _show_quiet(self) -> None:
        self.quiet.setChecked(self._quiet.is_on)
        self.quiet.say(self._quiet.words(self._zone()))

    def _deed_line(self, deed: Deed) -> Line:
        copy = Link(_("Copy"), partial(self.copy, deed))
        undo = () if deed.undo is None else (Link(_("Undo"), deed.undo),)
        icon = "status/success" if deed.refusal is None else "status/failed"
        when = clock(deed.at, self._zone(), has_seconds=True)
        follow = partial(self._go, deed.place) if deed.place else copy.follow
        return Line(deed.cli, icon, deed.refusal or deed.title, when, (*undo, copy), open=follow, is_mono=True)

    def _notice_line(self, notice: Notice) -> Line:
        links = []
        if notice.is_open and notice.run_id:
            links.append(Link(_("Run again"), partial(self._rerun, notice.run_id)))
        if notice.is_open and notice.snoozed_until is None:
            links.append(Link(_("Snooze for 1 hour"), partial(self._notices.snooze, notice.key)))
        when = moment(notice.at, self._zone(), now())
        follow = partial(self._go, notice.place)
        return Line(notice.words, notice.glyph, notice.details, when, tuple(links), open=follow)

    def _turn_quiet(self) -> None:
        self._quiet.turn(not self._quiet.is_on)

    def _lay_out(self) -> None:
        for lines in self._lists.values():
            self._stack.addWidget(lines)
        self.quiet = IconButton("ui/moon", _("Do not disturb"), self._turn_quiet)
        self.quiet.setCheckable(True)
        self._tools.addWidget(QWidget())
        self._tools.addWidget(_row(self.live.filter, _clearer(self.live.clear)))
        self._tools.addWidget(_row(_clearer(self._activity.clear)))
        self._tools.addWidget(_row(self.quiet, _clearer(self._notices.clear)))
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 8, 0)
        top.addWidget(self.tabs, 1)
        top.addWidget(self._tools)
        top.addWidget(IconButton("ui/chevron-down", _("Hide the panel"), self.hide))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self._stack, 1)


def _row(*widgets: QWidget) -> QWidget:
    made = QWidget()
    layout = QHBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    layout.addStretch(1)
    for widget in widgets:
        layout.addWidget(widget)
    return made


def _clearer(clear: Callable[[], None]) -> IconButton:
    return IconButton("ui/trash", _("Clear the list"), clear)


def _problem_line(problem: Problem) -> Line:
    fix = () if problem.fix is None else (Link(*problem.fix),)
    icon = "status/failed" if problem.is_error else "status/late"
    return Line(problem.text, icon, problem.place, links=fix, open=problem.show)
