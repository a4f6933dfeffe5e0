"""A page of the past, newest first; pages are found by numbers, so that millions of rows cost no more than a few."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from watchkeeper.action.history import RunPage
from watchkeeper.model import events
from watchkeeper.model.events import Event
from watchkeeper.model.run import Run, State
from watchkeeper.model.text import Text, _
from watchkeeper.ui.clock import now
from watchkeeper.ui.commands import Command
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.run_columns import began, origin_text, paint_name, state_text, took_words
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.column import Column
from watchkeeper.ui.widgets.empty import Empty
from watchkeeper.ui.widgets.rows_model import WINDOW, RowsModel
from watchkeeper.ui.widgets.segmented import Segmented
from watchkeeper.ui.widgets.table import Table
from watchkeeper.ui.widgets.words import Button, Label, line
from watchkeeper.ui.words import shown

#: Milliseconds after a keystroke until it is looked for.
PATIENCE = 120

STATES: tuple[tuple[str, Text, tuple[State, ...]], ...] = (
    ("all", _("All"), ()),
    ("failed", _("Failed"), (State.FAILED, State.TIMED_OUT, State.EXPIRED, State.UPSTREAM_FAILED)),
    ("unknown", _("Unknown"), (State.UNKNOWN, State.ORPHANED)),
    ("missed", _("Missed"), (State.MISSED, State.SKIPPED)),
    ("cancelled", _("Cancelled"), (State.CANCELLED,)),
    ("succeeded", _("Succeeded"), (State.SUCCEEDED,)),
)
REACHES: tuple[tuple[str, Text, timedelta | None], ...] = (
    ("24h", _("24 h"), timedelta(days=1)),
    ("7d", _("7 d"), timedelta(days=7)),
    ("30d", _("30 d"), timedelta(days=30)),
    ("ever", _("all time"), None),
)


class History(Page):
    """`job_id`: only the runs of this job."""

    topic = "states"

    def __init__(self, console: Console, job_id: str = "") -> None:
        place = f"history/{job_id}" if job_id else "history"
        super().__init__(console, place, _("History"), "ui/history")
        self._job_id = job_id
        self._at: dict[str, int] = {}
        self._found: RunPage | None = None
        self._count = Label("", Role.PANEL_TITLE, ink=2)
        self.field = QLineEdit()
        self._states = Segmented([(name, text) for name, text, _states in STATES], self._begin)
        self._reach = Segmented([(name, text) for name, text, _span in REACHES], self._begin)
        self._reach.choose("7d")
        self.model = RowsModel[Run](self._columns(), self)
        self.table = Table[Run](self.model, self)
        self.table.opened.connect(self._open)
        self.table.customContextMenuRequested.connect(self._open_menu)
        self._empty = Empty(
            _("No run fits"),
            _("Choose a longer time, other states, or fewer letters."),
            Button(_("Show all"), self._show_all),
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self._newest = Button(_("Newest"), partial(self._go, "newest"), kind="ghost", icon="ui/up")
        self._newer = Button(_("Newer"), partial(self._go, "newer"), kind="ghost", icon="ui/chevron-up")
        self._older = Button(_("Older"), partial(self._go, "older"), kind="ghost", icon="ui/chevron-down")
        self._oldest = Button(_("Oldest"), partial(self._go, "oldest"), kind="ghost", icon="ui/down")
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(PATIENCE)
        self._typing.timeout.connect(self._begin)
        self.field.textChanged.connect(self._typing.start)
        self._lay_out()
        self.retranslate()

    async def refresh(self) -> None:
        """Read this page anew."""
        reach = next(span for name, _text, span in REACHES if name == self._reach.chosen)
        found: RunPage = await self.console.desk.ask(
            "run.table",
            job=self._job_id or None,
            text=self.field.text().strip(),
            states=next(states for name, _text, states in STATES if name == self._states.chosen),
            since=None if reach is None else now() - reach,
            limit=WINDOW,
            **self._at,
        )
        self._found = found
        self.model.renew(len(found.rows), 0, found.rows)
        self._count.say(_("{n}", n=found.total) if found.is_exact else _("about {n}", n=found.total))
        self._stack.setCurrentWidget(self.table if found.rows else self._empty)
        for button, is_possible in (
            (self._newest, found.has_newer),
            (self._newer, found.has_newer),
            (self._older, found.has_older),
            (self._oldest, found.has_older),
        ):
            button.setEnabled(is_possible)

    def arrive(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self.field.setPlaceholderText(shown(_("Job name, or #number of a run")))
        self.field.setAccessibleName(shown(_("Job name, or #number of a run")))
        self.table.retranslate()

    def concerns(self, events_told: Sequence[Event]) -> bool:
        """New rows come on the newest page only."""
        return not self._at and any(isinstance(event, events.RunEnded | events.RunQueued) for event in events_told)

    def commands(self) -> list[Command]:
        """What can be done with the selected runs."""
        run = partial(Command, menu="run", is_possible=self._has_chosen)
        return [
            run("history.open", _("Open"), self._open_current, ("L",), "ui/monitor"),
            run("history.again", _("Run again"), self._rerun, ("R",), "ui/rerun", action="run.rerun"),
            run("history.compare", _("Compare two runs"), self._compare, ("C",), "ui/compare"),
            run("history.edit", _("Edit job"), self._edit, ("E",), "ui/edit"),
            Command("history.find", _("Search"), self.field.setFocus, ("/",), "ui/search", "edit"),
        ]

    def _columns(self) -> list[Column[Run]]:
        zone = self.console.zone
        return [
            Column("job", _("Job"), 300, lambda run: f"{run.job_name} #{run.number}", paint_name),
            Column("state", _("State"), 130, state_text),
            Column("started", _("Started"), 160, lambda run: began(run, zone)),
            Column("took", _("Duration"), 90, took_words, is_right=True),
            Column("attempt", _("Attempts"), 80, lambda run: str(run.attempt), is_right=True),
            Column("origin", _("Started by"), 150, origin_text),
            Column("host", _("Host"), 110, lambda run: run.host or ""),
            Column("reason", _("Reason"), 300, lambda run: run.reason or "", is_stretched=True),
        ]

    def _begin(self) -> None:
        """Look from the newest on."""
        self._at = {}
        self.reread()

    def _go(self, where: str) -> None:
        rows = self._found.rows if self._found else []
        match where:
            case "newest":
                self._at = {}
            case "oldest":
                self._at = {"above": 0}
            case "newer" if rows:
                self._at = {"above": rows[0].number}
            case "older" if rows:
                self._at = {"before": rows[-1].number}
        self.reread()

    def _show_all(self) -> None:
        self.field.clear()
        self._states.choose("all")
        self._reach.choose("ever")
        self._begin()

    def _has_chosen(self) -> bool:
        return bool(self.table.chosen())

    def _open(self, number: int) -> None:
        run = self.model.row(number)
        if run is not None:
            self.console.go(f"run/{run.id}")

    def _open_current(self) -> None:
        self._open(self.table.currentIndex().row())

    def _open_menu(self, at: QPoint) -> None:
        self.console.menu(self.commands(), self.table.viewport().mapToGlobal(at))

    def _edit(self) -> None:
        for run in self.table.chosen()[:1]:
            self.console.go(f"job/{run.job_id}")

    def _compare(self) -> None:
        """The newer of two with the older; one alone with the last success of its job."""
        chosen = self.table.chosen()
        if len(chosen) > 2:
            self.console.toast(_("Two runs can be compared: {n} are selected", n=len(chosen)), glyph="status/late")
        elif chosen:
            self.console.go("/".join(("compare", *(run.id for run in chosen))))

    def _rerun(self) -> None:
        for run in self.table.chosen():
            self.tasks.start(self._reran(run))

    async def _reran(self, run: Run) -> None:
        await self.console.act("run.rerun", run=run.id)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(16, 0, 16, 0)
        top.setSpacing(12)
        top.addWidget(Label(_("History"), Role.PAGE_TITLE))
        top.addWidget(self._count)
        top.addStretch(1)
        top.addWidget(self._states)
        top.addWidget(self._reach)
        query = QHBoxLayout()
        query.setContentsMargins(16, 0, 16, 0)
        self.field.setFixedHeight(32)
        self.field.setClearButtonEnabled(True)
        query.addWidget(self.field)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 0, 16, 0)
        foot.addStretch(1)
        for button in (self._newest, self._newer, self._older, self._oldest):
            foot.addWidget(button)
        holder = QWidget()
        holder.setFixedHeight(36)
        holder.setLayout(foot)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addSpacing(12)
        layout.addLayout(query)
        layout.addSpacing(12)
        layout.addWidget(self._stack, 1)
        layout.addWidget(line())
        layout.addWidget(holder)
