"""The jobs page: a query bar, a table of any length, and what is known of the selected job beside it."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex, QPoint, QRectF, Qt, QTimer
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from watchkeeper.action.job_effect import Deed
from watchkeeper.model import events
from watchkeeper.model.errors import Known
from watchkeeper.model.events import Event
from watchkeeper.model.job_table import JobRow, JobTable
from watchkeeper.model.run import FAILURES, State
from watchkeeper.model.text import Text, _
from watchkeeper.ui.activity import cli_form
from watchkeeper.ui.commands import Command
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.jobs.bulk import Bulk
from watchkeeper.ui.pages.jobs.bulk_panel import BulkPanel
from watchkeeper.ui.pages.jobs.commands import column_commands_of, commands_of, deeds_of
from watchkeeper.ui.pages.jobs.effects import TITLES
from watchkeeper.ui.pages.jobs.foot import Foot
from watchkeeper.ui.pages.jobs.grammar import JobGrammar
from watchkeeper.ui.pages.jobs.inspector import Deeds, JobInspector
from watchkeeper.ui.pages.jobs.known import known_of
from watchkeeper.ui.pages.jobs.list import JobList
from watchkeeper.ui.pages.jobs.views import View, Views
from watchkeeper.ui.pages.jobs.views_bar import ViewsBar
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.column_list import column_dialog
from watchkeeper.ui.widgets.empty import Empty
from watchkeeper.ui.widgets.menu_button import MenuButton
from watchkeeper.ui.widgets.name_dialog import NameDialog
from watchkeeper.ui.widgets.query_bar import QueryBar
from watchkeeper.ui.widgets.segmented import Segmented
from watchkeeper.ui.widgets.sparkline import run_at
from watchkeeper.ui.widgets.words import Button, IconButton, Label, line

#: Seconds that a row or a selection stays before more is asked about it.
_CALM = 0.12
_UNWELL = (*FAILURES, State.UNKNOWN)
_EVENTS = (events.JobSaved, events.JobDeleted, events.RunQueued, events.RunStarted, events.RunEnded, events.RunLost)


class Jobs(Page):
    """All jobs."""

    topic = "jobs-file"

    def __init__(self, console: Console) -> None:
        super().__init__(console, "jobs", _("Jobs"), "ui/jobs")
        self._files = MenuButton(_("Import"), self._open_files, kind="menu")
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
        self.table.call(self.title)
        self.form = Segmented((("flat", _("Flat")), ("tree", _("Tree"))), self._take_form, name=_("Form"))
        self.form.show_choice("tree" if self.list.is_grouped else "flat")
        self.views = ViewsBar(console, Views(console.memory), self._view)
        self.inspector = JobInspector(
            Deeds(
                run=self._run,
                edit=self._edit,
                turn=self._turn,
                more=self._open_menu_of,
                open_all=self._open_all,
                open_run=self._open_run,
                close=self._close_inspector,
            ),
            console.zone,
        )
        self.bulk = Bulk(console, self.tasks, self.list, self._is_told, self.reread)
        self.own(self.inspector)
        self.many = BulkPanel(self.bulk.begin, partial(self.ask_tag, Deed.TAG), self.table.clearSelection, console.zone)
        self.own(self.many)
        self._is_inspecting = True
        #: Enter was pressed before the rows were there that were meant.
        self._is_awaited = False
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
        return commands_of(self)

    def make(self) -> None:
        """A new job."""
        self.console.go("job/new")

    # Reading.

    async def _read_facets(self) -> None:
        self.grammar.learn(await self.console.desk.ask("job.facets"))

    @property
    def _is_stale(self) -> bool:
        """Other rows are on their way: nothing is done to those that are still there."""
        return self.list.shown != self.bar.query

    def _type(self) -> None:
        self._is_awaited = False
        self._typing.start()

    def _look(self) -> None:
        """What was typed: an older question is given up."""
        self.console.memory.put("jobs.filter", self.bar.query)
        self.list.take(self.bar.query)
        self.views.follow()

    def _show_found(self, found: JobTable) -> None:
        self._count.say(str(found.total))
        self._tell_choice()
        self._inspect_current()
        if self._is_awaited and not self._is_stale:
            self._is_awaited = False
            self._open(self.table.currentIndex().row())

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

    # Deeds.

    def has_chosen(self) -> bool:
        """Whether there is a job to do something with."""
        return not self._is_stale and bool(self.table.chosen())

    def turn_chosen(self) -> None:
        """Disable them, or enable them if none is enabled."""
        is_any_enabled = any(row.is_enabled for row in self.table.chosen())
        self.bulk.begin(Deed.DISABLE if is_any_enabled else Deed.ENABLE)

    def stop_chosen(self) -> None:
        """Stop the runs that live."""
        runs = [row.live.id for row in self.table.chosen() if row.live is not None]
        self.bulk.begin_runs("run.cancel", runs, _("Nothing runs that could be stopped"))

    def acknowledge_chosen(self) -> None:
        """Say that the failures have been seen."""
        runs = [row.last.id for row in self.table.chosen() if row.last is not None and row.last.state in _UNWELL]
        self.bulk.begin_runs("attention.acknowledge", runs, _("Nothing has failed that could be acknowledged"))

    def ask_tag(self, deed: Deed) -> None:
        """Ask for a tag that is given, or taken away."""
        title = TITLES[deed]
        dialog = NameDialog(title, _("Tag"), "", _refuse_tag, partial(self.bulk.begin, deed), known=self.grammar.tags)
        self.console.lay_over(dialog)

    def run_with(self) -> None:
        """Ask for other parameters, for one run of the current job."""
        if (row := self.table.current) is not None:
            self.tasks.start(self.bulk.ask_parameters(row.name))

    def copy_command(self) -> None:
        """The commands that would run the selected jobs."""
        text = "\n".join(cli_form("run.start", {"job": row.name}) for row in self.table.chosen())
        QGuiApplication.clipboard().setText(text)
        self.console.toast(_("Copied: {text}", text=text[:80]), glyph="status/success")

    def edit_current(self) -> None:
        """Open the current job's editor."""
        if (row := self.table.current) is not None:
            self._edit(row)

    def open_last(self) -> None:
        """Open the newest run of the current job."""
        if (row := self.table.current) is not None and row.runs:
            self._open_run(row.runs[-1].id)

    def open_history(self) -> None:
        """All runs of the current job."""
        if (row := self.table.current) is not None:
            self._open_all(row)

    def _open_all(self, row: JobRow) -> None:
        self.console.go(f"history/{row.id}")

    def _run(self, row: JobRow) -> None:
        self._act("run.start", job=row.name)

    def _turn(self, row: JobRow) -> None:
        self._act("job.disable" if row.is_enabled else "job.enable", job=row.name)

    def _edit(self, row: JobRow) -> None:
        self.console.go(f"job/{row.id}")

    def _open(self, number: int) -> None:
        if self._is_stale:
            self._is_awaited = True
        elif (row := self.model.row(number)) is not None:
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

    def seek(self) -> None:
        """Give the query bar the keyboard."""
        self.bar.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.tasks.start(self._read_facets(), "facets")

    def choose_columns(self) -> None:
        """The list of columns."""
        self.console.lay_over(column_dialog(self.table.header))

    def open_actions(self) -> None:
        """The menu of the current job, beside it."""
        rect = self.table.visualRect(self.table.currentIndex())
        self._open_menu(rect.bottomLeft() + QPoint(24, 0))

    def toggle_inspector(self) -> None:
        """Show what is known of the current job, or hide it."""
        self._is_inspecting = not self._is_inspecting
        self.console.inspect(None)
        self._inspect_current()

    def _close_inspector(self) -> None:
        self._is_inspecting = False
        self.console.inspect(None)

    def _inspect_current(self) -> None:
        if not self._is_inspecting or not self.isVisible():
            return
        row = self.table.current
        if self.table.chosen_count > 1:
            self.console.inspect(self.many)
        elif row is not None:
            self.inspector.take(row)
            self.console.inspect(self.inspector)
            self.tasks.start(self._learn(row), "known")

    async def _learn(self, row: JobRow) -> None:
        await asyncio.sleep(_CALM)
        with suppress(Known):
            self.inspector.learn(await known_of(self.console.desk, row))

    def _tell_choice(self) -> None:
        count = self.table.chosen_count
        self.foot.take(self.model.total, int(self._count.text() or 0), count)
        if count > 1:
            self.tasks.start(self._tell_effects(), "effects")

    def _follow_choice(self) -> None:
        self.many.begin(self.table.chosen_count)
        self._tell_choice()
        self._inspect_current()

    async def _tell_effects(self) -> None:
        await asyncio.sleep(_CALM)
        try:
            self.many.take(await self.bulk.effects())
        except Known as refusal:
            self.many.take([], refusal.text)

    def _is_told(self) -> bool:
        """What deeds would do to the selected jobs stands before the person."""
        return self.many.isVisible() and bool(self.many.effects)

    def _open_menu(self, at: QPoint) -> None:
        self.console.menu(deeds_of(self), self.table.viewport().mapToGlobal(at))

    def _open_menu_of(self, button: QWidget) -> None:
        self.console.menu(deeds_of(self), button.mapToGlobal(button.rect().bottomLeft()))

    def _open_files(self) -> None:
        """What brings jobs in and takes them out."""
        found = (self.console.commands.get(name) for name in ("jobs.import", "jobs.export"))
        below = self._files.mapToGlobal(self._files.rect().bottomLeft())
        self.console.menu([command for command in found if command is not None], below)

    def _open_header_menu(self, section: int, at: QPoint) -> None:
        self.console.menu(column_commands_of(self, section), at)

    def _connect(self) -> None:
        self._typing.setSingleShot(True)
        self._typing.setInterval(0)
        self._typing.timeout.connect(self._look)
        self.bar.asked.connect(self._type)
        self.bar.left.connect(self.arrive)
        self.list.found.connect(self._show_found)
        self.views.chosen.connect(self._show_view)
        self.table.sorting.connect(self.views.follow)
        self.table.header.arranged.connect(self.views.follow)
        self.table.opened.connect(self._open)
        self.table.clicked.connect(self._open_bar)
        self.table.moved.connect(self._inspect_current)
        self.table.chose.connect(self._follow_choice)
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
        top.addWidget(self._files)
        top.addWidget(Button(_("New job"), self.make, kind="primary", icon="ui/plus"))
        query = QHBoxLayout()
        query.setContentsMargins(16, 0, 16, 0)
        query.setSpacing(8)
        query.addWidget(self.bar, 1)
        query.addWidget(self.views.button, alignment=Qt.AlignmentFlag.AlignTop)
        columns = IconButton("ui/columns", _("Columns"), self.choose_columns, keys="C")
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


def _refuse_tag(tag: str) -> Text | None:
    return None if tag else _("a tag needs letters: write one, like nightly")
