"""A page of the past, newest first; pages are found by numbers, so that millions of rows cost no more than a few."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from watchkeeper.action.history import RunPage
from watchkeeper.model import events
from watchkeeper.model.errors import Known, Misfit, NotFound
from watchkeeper.model.events import Event
from watchkeeper.model.run import Run, State
from watchkeeper.model.text import Text, _
from watchkeeper.ui.commands import Command
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.history.exporting import Exporting
from watchkeeper.ui.pages.history.period import Period
from watchkeeper.ui.pages.history.words import wanted
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.run_columns import began, origin_text, paint_name, state_text, took_words
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.column import Column
from watchkeeper.ui.widgets.empty import Empty
from watchkeeper.ui.widgets.form import Complaint
from watchkeeper.ui.widgets.kept import kept
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


class History(Page):
    """`job_id`: only the runs of this job."""

    topic = "states"

    def __init__(self, console: Console, job_id: str = "") -> None:
        place = f"history/{job_id}" if job_id else "history"
        super().__init__(console, place, _("History"), "ui/history")
        self._job_id = job_id
        self._at: dict[str, int] = {}
        self._found: RunPage | None = None
        self._title, self._count = Label(_("History"), Role.PAGE_TITLE), Label("", Role.PANEL_TITLE, ink=2)
        self.field = QLineEdit()
        self._states = Segmented([(name, text) for name, text, _states in STATES], self._begin)
        self.period = Period(console.zone, self._typing_begins)
        self.complaint = Complaint()
        self.exporting = Exporting(console, self.tasks)
        self._export = Button(_("Export…"), self._open_export, icon="ui/export")
        self.model = RowsModel[Run](self._columns(), self)
        self.table = Table[Run](self.model, self)
        self.table.call(self.title)
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
        self.field.textChanged.connect(self._typing_begins)
        self._lay_out()
        self.retranslate()

    async def refresh(self) -> None:
        """Read this page anew."""
        given = self._given()
        if given is None:
            return
        try:
            found: RunPage = await self.console.desk.ask("run.table", **given, limit=WINDOW, **self._at)
        except (NotFound, Misfit) as refusal:
            return self.complaint.say(refusal.text)
        self.complaint.say(None)
        self._found = found
        with kept(self.table, _id_of):
            self.model.renew(len(found.rows), 0, found.rows)
        if self._job_id and found.rows:
            self._name_job(found.rows[0].job_name)
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
        hint = shown(_("Job name, or #number of a run; tag:etl host:db-02 job:nightly"))
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(hint)
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
            Command("history.export", _("Export runs"), self._open_export, (), "ui/export", "file"),
            Command("history.find", _("Search"), self.field.setFocus, ("/",), "ui/search", "edit"),
        ]

    def _columns(self) -> list[Column[Run]]:
        zone = self.console.zone
        return [
            Column("job", _("Job"), 250, lambda run: f"{run.job_name} #{run.number}", paint_name),
            Column("state", _("State"), 130, state_text),
            Column("started", _("Started"), 140, lambda run: began(run, zone)),
            Column("took", _("Duration"), 90, took_words, is_right=True),
            Column("attempt", _("Attempts"), 80, lambda run: str(run.attempt), is_right=True),
            Column("origin", _("Started by"), 120, origin_text),
            Column("host", _("Host"), 90, lambda run: run.host or ""),
            Column("reason", _("Reason"), 300, lambda run: run.reason or "", is_stretched=True),
        ]

    def _given(self) -> dict[str, Any] | None:
        """What is looked for; None, with a sentence at the field, where that is not right."""
        try:
            words = wanted(self.field.text())
            since, until = self.period.bounds
        except Known as refusal:
            self.complaint.say(refusal.text)
            return None
        states = next(states for name, _text, states in STATES if name == self._states.chosen)
        job = words.job or self._job_id or None
        return {"job": job, "text": words.text, "tag": words.tag, "host": words.host,
                "states": states, "since": since, "until": until}  # fmt: skip

    def _name_job(self, job: str) -> None:
        """Whose history it is."""
        self._title.say(_("History of {job}", job=job))
        self.rename(_("History of {job}", job=job), "ui/history")

    def _open_export(self) -> None:
        """All that the filter lets through, not what is seen only."""
        given = self._given()
        if given is not None and self._found is not None:
            self.exporting.ask(given, self._found)

    def _typing_begins(self) -> None:
        self._typing.start()

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
        self.period.show_all()
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
        top.addWidget(self._title)
        top.addWidget(self._count)
        top.addStretch(1)
        top.addWidget(self._states)
        top.addWidget(self._export)
        query = QHBoxLayout()
        query.setContentsMargins(16, 0, 16, 0)
        self.field.setFixedHeight(32)
        self.field.setClearButtonEnabled(True)
        query.setSpacing(12)
        query.addWidget(self.field, 1)
        query.addWidget(self.period.reach)
        said = QHBoxLayout()
        said.setContentsMargins(16, 0, 16, 0)
        said.addWidget(self.complaint)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 0, 16, 0)
        foot.addWidget(self.exporting.bar)
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
        layout.addLayout(said)
        layout.addWidget(self.period.row)
        layout.addSpacing(12)
        layout.addWidget(self._stack, 1)
        layout.addWidget(line())
        layout.addWidget(holder)


def _id_of(run: Run) -> str:
    return run.id
