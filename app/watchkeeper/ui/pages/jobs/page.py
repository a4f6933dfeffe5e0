"""The jobs page: a query bar, a table of any length, and what is known of the selected job beside it."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from watchkeeper.model import events
from watchkeeper.model.events import Event
from watchkeeper.model.job_table import JobRow, JobTable
from watchkeeper.model.text import _
from watchkeeper.ui.commands import Command
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.jobs.cells import columns
from watchkeeper.ui.pages.jobs.foot import Foot
from watchkeeper.ui.pages.jobs.grammar import JobGrammar
from watchkeeper.ui.pages.jobs.inspector import Deeds, JobInspector
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.empty import Empty
from watchkeeper.ui.widgets.query_bar import QueryBar
from watchkeeper.ui.widgets.rows_model import WINDOW, RowsModel
from watchkeeper.ui.widgets.table import Table
from watchkeeper.ui.widgets.words import Button, Label, line

#: Milliseconds after a keystroke until it is looked for.
PATIENCE = 60
_EVENTS = (events.JobSaved, events.JobDeleted, events.RunQueued, events.RunStarted, events.RunEnded, events.RunLost)


class Jobs(Page):
    """All jobs."""

    topic = "jobs-file"

    def __init__(self, console: Console) -> None:
        super().__init__(console, "jobs", _("Jobs"), "ui/jobs")
        self._sort = "name"
        self._count = Label("", Role.PANEL_TITLE, ink=2)
        self.grammar = JobGrammar()
        self.bar = QueryBar(
            self.grammar, _("Filter"), _("Filter: status:failed tag:etl owner:me, or words of the name"), parent=self
        )
        self.bar.show_query(console.memory.get("jobs.filter", ""))
        self.model = RowsModel[JobRow](columns(console.zone), self)
        self.table = Table[JobRow](self.model, self)
        self._none = Empty(
            _("No jobs yet"),
            _("A job is a command, a time and a place. Make one, or take over a crontab with `watchkeeper import`."),
            Button(_("New job"), self.make, kind="primary", icon="ui/plus"),
            Button(_("Help: jobs"), partial(console.go, "help/jobs-file"), kind="link"),
        )
        self._no_match = Empty(
            _("No job fits"), _("Fewer words find more."), Button(_("Clear the filter"), self.bar.clear)
        )
        self._stack = QStackedWidget()
        self.inspector = JobInspector(
            Deeds(
                run=self._run, edit=self._edit, turn=self._turn, open_run=self._open_run, close=self._close_inspector
            ),
            console.zone,
        )
        self._is_inspecting = True
        self.foot = Foot()
        self._typing = QTimer(self)
        self._lay_out()
        self._connect()
        self.retranslate()

    async def refresh(self) -> None:
        """Read the first window, or the one that is seen."""
        offset = max(0, self.table.rowAt(0)) // WINDOW * WINDOW
        found: JobTable = await self._ask(offset)
        self.model.renew(found.matches, offset, found.rows)
        self._count.say(str(found.total))
        self.foot.take(found.matches, found.total, len(self.table.selectionModel().selectedRows()))
        page: QWidget = self.table if found.matches else self._no_match if found.total else self._none
        self._stack.setCurrentWidget(page)
        if not self.table.currentIndex().isValid():
            self.table.go_to(0)
        self._inspect_current()

    def arrive(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._inspect_current()

    def retranslate(self) -> None:
        self.table.retranslate()

    def concerns(self, events_told: Sequence[Event]) -> bool:
        return any(isinstance(event, _EVENTS) for event in events_told)

    def commands(self) -> list[Command]:
        """What can be done with the selected jobs."""
        job = partial(Command, menu="run", is_possible=self._has_chosen)
        return [
            Command("jobs.new", _("New job"), self.make, ("N",), "ui/plus", "file"),
            job("jobs.run", _("Run now"), self._run_chosen, ("R",), "ui/play", action="run.start"),
            job("jobs.edit", _("Edit"), self._edit_current, ("E",), "ui/edit"),
            job("jobs.pause", _("Disable or enable"), self._turn_chosen, ("P",), "ui/pause", action="job.disable"),
            job("jobs.log", _("Open the last log"), self._open_last, ("L",), "ui/file"),
            job("jobs.history", _("History of the job"), self._open_history, ("H",), "ui/history"),
            job("jobs.delete", _("Delete"), self._delete_chosen, ("Delete",), "ui/trash", action="job.delete"),
            Command("jobs.find", _("Filter"), self._find, ("/",), "ui/search", "edit"),
            Command("jobs.inspect", _("Show or hide the inspector"), self._toggle_inspector, ("Space",), menu="view"),
        ]

    def make(self) -> None:
        """A new job."""
        self.console.go("job/new")

    # Reading.

    async def _ask(self, offset: int) -> JobTable:
        found: JobTable = await self.console.desk.ask(
            "job.table", filter=self.bar.query, sort=self._sort, offset=offset, limit=WINDOW
        )
        return found

    async def _read_facets(self) -> None:
        self.grammar.learn(await self.console.desk.ask("job.facets"))

    def _want(self, offset: int) -> None:
        self.tasks.start(self._fetched(offset), f"window {offset}")

    async def _fetched(self, offset: int) -> None:
        found = await self._ask(offset)
        self.model.put(offset, found.rows)

    def _look(self) -> None:
        """What was typed: an older question is given up."""
        self.console.memory.put("jobs.filter", self.bar.query)
        self.tasks.start(self._looked(), "refresh")

    async def _looked(self) -> None:
        found = await self._ask(0)
        self.model.begin(found.matches, found.rows)
        await self.refresh()

    def _take_sort(self, by: str, is_down: bool) -> None:
        self._sort = f"-{by}" if is_down else by
        self._look()

    # Deeds.

    def _has_chosen(self) -> bool:
        return bool(self.table.chosen())

    def _run_chosen(self) -> None:
        for row in self.table.chosen():
            self._run(row)

    def _turn_chosen(self) -> None:
        for row in self.table.chosen():
            self._turn(row)

    def _delete_chosen(self) -> None:
        for row in self.table.chosen():
            self._act("job.delete", job=row.id)

    def _edit_current(self) -> None:
        if (row := self.table.current) is not None:
            self._edit(row)

    def _open_last(self) -> None:
        if (row := self.table.current) is not None and row.runs:
            self._open_run(row.runs[-1].id)

    def _open_history(self) -> None:
        if (row := self.table.current) is not None:
            self.console.go(f"history/{row.id}")

    def _run(self, row: JobRow) -> None:
        self._act("run.start", job=row.id)

    def _turn(self, row: JobRow) -> None:
        self._act("job.disable" if row.is_enabled else "job.enable", job=row.id)

    def _edit(self, row: JobRow) -> None:
        self.console.go(f"job/{row.id}")

    def _open(self, number: int) -> None:
        if (row := self.model.row(number)) is not None:
            self._edit(row)

    def _open_run(self, run_id: str) -> None:
        self.console.go(f"run/{run_id}")

    def _act(self, action: str, **given: Any) -> None:
        self.tasks.start(self._acted(action, given))

    async def _acted(self, action: str, given: dict[str, Any]) -> None:
        await self.console.act(action, **given)
        self.reread()

    # Parts.

    def _find(self) -> None:
        self.bar.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.tasks.start(self._read_facets(), "facets")

    def _close_inspector(self) -> None:
        self._is_inspecting = False
        self.console.inspect(None)

    def _toggle_inspector(self) -> None:
        self._is_inspecting = not self._is_inspecting
        self.console.inspect(None)
        self._inspect_current()

    def _inspect_current(self) -> None:
        row = self.table.current
        if row is not None and self._is_inspecting and self.isVisible():
            self.inspector.take(row)
            self.console.inspect(self.inspector)

    def _open_menu(self, at: QPoint) -> None:
        self.console.menu(self.commands(), self.table.viewport().mapToGlobal(at))

    def _connect(self) -> None:
        self._typing.setSingleShot(True)
        self._typing.setInterval(PATIENCE)
        self._typing.timeout.connect(self._look)
        self.bar.asked.connect(self._typing.start)
        self.bar.left.connect(self.arrive)
        self.model.wanted.connect(self._want)
        self.table.opened.connect(self._open)
        self.table.moved.connect(self._inspect_current)
        self.table.sorting.connect(self._take_sort)
        self.table.customContextMenuRequested.connect(self._open_menu)

    def _lay_out(self) -> None:
        for widget in (self.table, self._none, self._no_match):
            self._stack.addWidget(widget)
        top = QHBoxLayout()
        top.setContentsMargins(16, 0, 16, 0)
        top.setSpacing(8)
        top.addWidget(Label(_("Jobs"), Role.PAGE_TITLE))
        top.addSpacing(4)
        top.addWidget(self._count)
        top.addStretch(1)
        top.addWidget(Button(_("New job"), self.make, kind="primary", icon="ui/plus"))
        query = QHBoxLayout()
        query.setContentsMargins(16, 0, 16, 0)
        query.addWidget(self.bar)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addSpacing(10)
        layout.addLayout(query)
        layout.addSpacing(12)
        layout.addWidget(self._stack, 1)
        layout.addWidget(line())
        layout.addWidget(self.foot)
