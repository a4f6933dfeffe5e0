"""The jobs page: a query bar, a table of any length, and what is known of the selected job beside it."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex, QPoint, QRectF, Qt, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from watchkeeper.model import events
from watchkeeper.model.events import Event
from watchkeeper.model.job_table import JobRow, JobTable
from watchkeeper.model.text import _
from watchkeeper.ui.commands import Command
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.jobs.foot import Foot
from watchkeeper.ui.pages.jobs.grammar import JobGrammar
from watchkeeper.ui.pages.jobs.inspector import Deeds, JobInspector
from watchkeeper.ui.pages.jobs.list import JobList
from watchkeeper.ui.pages.jobs.sparkline import run_at
from watchkeeper.ui.pages.jobs.views import View, Views
from watchkeeper.ui.pages.jobs.views_bar import ViewsBar
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.column_list import column_dialog
from watchkeeper.ui.widgets.empty import Empty
from watchkeeper.ui.widgets.query_bar import QueryBar
from watchkeeper.ui.widgets.segmented import Segmented
from watchkeeper.ui.widgets.words import Button, IconButton, Label, line

#: Milliseconds after a keystroke until it is looked for.
PATIENCE = 60
_EVENTS = (events.JobSaved, events.JobDeleted, events.RunQueued, events.RunStarted, events.RunEnded, events.RunLost)


class Jobs(Page):
    """All jobs."""

    topic = "jobs-file"

    def __init__(self, console: Console) -> None:
        super().__init__(console, "jobs", _("Jobs"), "ui/jobs")
        self._count = Label("", Role.PANEL_TITLE, ink=2)
        self.grammar = JobGrammar()
        self.bar = QueryBar(
            self.grammar, _("Filter"), _("Filter: status:failed tag:etl owner:me, or words of the name"), parent=self
        )
        self.bar.show_query(console.memory.get("jobs.filter", ""))
        self._none = Empty(
            _("No jobs yet"),
            _("A job is a command, a time and a place. Make one, or take over a crontab with `watchkeeper import`."),
            Button(_("New job"), self.make, kind="primary", icon="ui/plus"),
            Button(_("Help: jobs"), partial(console.go, "help/jobs-file"), kind="link"),
        )
        no_match = Empty(_("No job fits"), _("Fewer words find more."), Button(_("Clear the filter"), self.bar.clear))
        self.list = JobList(console, self.tasks, self._none, no_match)
        self.list.query = self.bar.query
        self.model, self.table = self.list.model, self.list.table
        self.form = Segmented((("flat", _("Flat")), ("tree", _("Tree"))), self._take_form, name=_("Form"))
        self.form.show_choice("tree" if self.list.is_grouped else "flat")
        self.views = ViewsBar(console, Views(console.memory), self._view)
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

    async def refresh(self) -> None:
        """Read what is seen."""
        await self.list.refresh()

    def arrive(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._inspect_current()

    def retranslate(self) -> None:
        self.list.retranslate()

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
            Command("jobs.form", _("Tree or flat"), self.form.choose_next, ("G",), menu="view"),
            Command("jobs.columns", _("Columns"), self._choose_columns, ("C",), "ui/columns", "view"),
            Command("jobs.views", _("Views"), self.views.open_menu, ("V",), "ui/star", "view"),
            *self.views.commands(),
            *self._sort_commands(),
        ]

    def make(self) -> None:
        """A new job."""
        self.console.go("job/new")

    # Reading.

    async def _read_facets(self) -> None:
        self.grammar.learn(await self.console.desk.ask("job.facets"))

    def _look(self) -> None:
        """What was typed: an older question is given up."""
        self.console.memory.put("jobs.filter", self.bar.query)
        self.list.take(self.bar.query)
        self.views.follow()

    def _show_found(self, found: JobTable) -> None:
        self._count.say(str(found.total))
        self._tell_choice()
        self._inspect_current()

    def _take_form(self) -> None:
        self.list.set_grouped(self.form.chosen == "tree")
        self.views.follow()

    def _view(self) -> View:
        """The view as the table stands."""
        lst = self.list
        return View("", self.bar.query, lst.sort, lst.is_grouped, lst.table.header.arrangement)

    def _show_view(self, view: View) -> None:
        self.bar.show_query(view.query)
        self.console.memory.put("jobs.filter", view.query)
        self.list.take(view.query, view.sort, view.is_grouped, view.columns)
        self.form.show_choice("tree" if self.list.is_grouped else "flat")

    def _sort_commands(self) -> list[Command]:
        return [
            Command(
                f"jobs.sort.{each.name}", _("Sort by {column}", column=each.title), partial(self._sort_by, each.sort)
            )
            for each in self.table.rows.columns
            if each.sort
        ]

    def _sort_by(self, name: str) -> None:
        self.table.header.sort_by(name)

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

    def _open_bar(self, index: QModelIndex) -> None:
        """The run whose bar was pressed."""
        row = self.model.row(index.row())
        if row is None or self.model.columns[index.column()].name != "runs":
            return
        cell = QRectF(self.table.visualRect(index))
        run = run_at(cell, self.table.viewport().mapFromGlobal(QCursor.pos()).x(), row)
        if run is not None:
            self._open_run(run.id)

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

    def _choose_columns(self) -> None:
        self.console.lay_over(column_dialog(self.table.header))

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

    def _tell_choice(self) -> None:
        self.foot.take(self.model.total, int(self._count.text() or 0), self.table.chosen_count)

    def _open_menu(self, at: QPoint) -> None:
        self.console.menu(self.commands(), self.table.viewport().mapToGlobal(at))

    def _open_header_menu(self, section: int, at: QPoint) -> None:
        column, header = self.model.columns[max(0, section)], self.table.header
        name = column.name
        deeds = (
            []
            if column.is_stretched or column.is_check
            else [
                Command("column.hide", _("Hide this column"), partial(header.want, name, False)),
                Command("column.left", _("Move to the left"), partial(header.move, name, -1)),
                Command("column.right", _("Move to the right"), partial(header.move, name, 1)),
            ]
        )
        if column.sort:
            deeds[:0] = [
                Command("column.up", _("Sort upwards"), partial(header.sort_by, column.sort, is_down=False)),
                Command("column.down", _("Sort downwards"), partial(header.sort_by, column.sort, is_down=True)),
            ]
        self.console.menu([*deeds, Command("jobs.columns", _("Columns"), self._choose_columns, icon="ui/columns")], at)

    def _connect(self) -> None:
        self._typing.setSingleShot(True)
        self._typing.setInterval(PATIENCE)
        self._typing.timeout.connect(self._look)
        self.bar.asked.connect(self._typing.start)
        self.bar.left.connect(self.arrive)
        self.list.found.connect(self._show_found)
        self.views.chosen.connect(self._show_view)
        self.table.sorting.connect(self.views.follow)
        self.table.header.arranged.connect(self.views.follow)
        self.table.opened.connect(self._open)
        self.table.clicked.connect(self._open_bar)
        self.table.moved.connect(self._inspect_current)
        self.table.chose.connect(self._tell_choice)
        self.table.header.menu_wanted.connect(self._open_header_menu)
        self.table.customContextMenuRequested.connect(self._open_menu)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(16, 0, 16, 0)
        top.setSpacing(8)
        top.addWidget(Label(_("Jobs"), Role.PAGE_TITLE))
        top.addSpacing(4)
        top.addWidget(self._count)
        top.addSpacing(8)
        top.addWidget(self.views, 1)
        top.addWidget(self.form)
        top.addWidget(Button(_("New job"), self.make, kind="primary", icon="ui/plus"))
        query = QHBoxLayout()
        query.setContentsMargins(16, 0, 16, 0)
        query.setSpacing(8)
        query.addWidget(self.bar, 1)
        query.addWidget(self.views.button, alignment=Qt.AlignmentFlag.AlignTop)
        columns = IconButton("ui/columns", _("Columns"), self._choose_columns, keys="C")
        columns.setProperty("kind", "boxed")
        columns.setFixedSize(32, 32)
        query.addWidget(columns, alignment=Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addSpacing(10)
        layout.addLayout(query)
        layout.addSpacing(12)
        layout.addWidget(self.list, 1)
        layout.addWidget(line())
        layout.addWidget(self.foot)
