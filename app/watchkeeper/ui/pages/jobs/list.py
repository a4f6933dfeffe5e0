"""The table itself: what is asked of the engine, window by window, and how it is arranged."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from watchkeeper.model.ids import JobId
from watchkeeper.model.job_table import JobRow, JobTable
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.jobs.cells import columns
from watchkeeper.ui.pages.jobs.tree import bands_of, paint_group
from watchkeeper.ui.tasks import Tasks
from watchkeeper.ui.widgets.empty import Empty
from watchkeeper.ui.widgets.grouped_model import GroupedModel
from watchkeeper.ui.widgets.grouped_table import GroupedTable
from watchkeeper.ui.widgets.rows_model import WINDOW

#: Rows of a first look beyond those that are seen, for which it takes a fraction of a whole window's time.
BEYOND = 8


class JobList(QStackedWidget):
    """`none` is shown while there are no jobs at all, `no_match` while none fits."""

    #: What was found has been shown.
    found = Signal(object)

    def __init__(self, console: Console, tasks: Tasks, none: Empty, no_match: Empty) -> None:
        super().__init__()
        self._console, self._tasks = console, tasks
        self.none, self.no_match = none, no_match
        memory = console.memory
        self.query = ""
        #: The query whose rows are shown; None before the first.
        self.shown: str | None = None
        self.sort: str = memory.get("jobs.sort", "name")
        self.is_grouped: bool = memory.get("jobs.is_grouped", True)
        self.model = GroupedModel[JobRow](columns(console.zone), self)
        self.model.close_all(memory.get("jobs.closed", []))
        self.table = GroupedTable[JobRow](self.model, paint_group, self)
        self.table.header.arrange(memory.get("jobs.columns", {}))
        self.table.header.show_sort(self.sort.removeprefix("-"), self.sort.startswith("-"))
        for widget in (self.table, none, no_match):
            self.addWidget(widget)
        self.model.wanted.connect(self._want)
        self.model.folded.connect(self._remember_closed)
        self.table.sorting.connect(self._take_sort)
        self.table.header.arranged.connect(self._remember_columns)

    async def refresh(self) -> None:
        """Read again what is seen."""
        number = max(0, self.table.rowAt(0))
        place = next((p for n in (number, number + 1) if (p := self.model.place(n)) is not None), 0)
        offset = place // WINDOW * WINDOW
        seen = place - offset + self._first
        await self._show(offset, self._first if seen <= self._first else WINDOW)

    def look(self) -> None:
        """Read another list from its top; an older question is given up."""
        self._tasks.start(self._show(0, self._first, is_new=True), "refresh")

    def take(
        self,
        query: str,
        sort: str | None = None,
        is_grouped: bool | None = None,
        columns: Mapping[str, Any] | None = None,
    ) -> None:
        """Show what a filter lets through; by None the rest stays as it is."""
        self.query = query
        if sort is not None:
            self._set_sort(sort)
        if is_grouped is not None:
            self._set_grouped(is_grouped)
        if columns is not None:
            self.table.header.arrange(columns)
            self._remember_columns()
        self.look()

    def set_grouped(self, is_grouped: bool) -> None:
        """Show a tree of groups, or one list."""
        self._set_grouped(is_grouped)
        self.look()

    def retranslate(self) -> None:
        """Say titles and cells anew."""
        self.table.retranslate()

    async def chosen_ids(self) -> list[JobId]:
        """The selected jobs, of those that are not here as well; the current one where none is selected."""
        places = list(self.table.places())
        if not places:
            return [] if self.table.current is None else [self.table.current.id]
        found: dict[int, JobId] = {}
        for place in places:
            if place in found:
                continue
            row = self.model.row(self.model.number_of(place))
            if row is not None:
                found[place] = row.id
                continue
            offset = place // WINDOW * WINDOW
            read = await self._table(offset, WINDOW)
            found.update({offset + number: row.id for number, row in enumerate(read.rows)})
        return [found[place] for place in places if place in found]

    # Reading.

    @property
    def _first(self) -> int:
        """How many rows are seen at once, and some more."""
        seen = self.table.viewport().height() // self.table.verticalHeader().defaultSectionSize()
        return min(WINDOW, seen + BEYOND)

    async def _show(self, offset: int, limit: int, *, is_new: bool = False) -> None:
        query = self.query
        found = await self._table(offset, limit)
        self.shown = query
        current = None if is_new or self.table.current is None else self.table.current.id
        top = 0 if is_new else self.table.verticalScrollBar().value()
        before = self.model.total
        self.model.show_list(bands_of(found.groups), found.matches, found.rows, offset)
        self.setCurrentWidget(self.table if found.matches else self.no_match if found.total else self.none)
        if not self.table.currentIndex().isValid():
            self._go_back(current, found.rows, offset)
            self.table.verticalScrollBar().setValue(top if found.matches and before else 0)
        elif is_new:
            self.table.go_to(self.model.number_of(0))
            self.table.scrollToTop()
        self.found.emit(found)

    async def _table(self, offset: int, limit: int) -> JobTable:
        found: JobTable = await self._console.desk.ask(
            "job.table", filter=self.query, sort=self.sort, is_grouped=self.is_grouped, offset=offset, limit=limit
        )
        return found

    def _want(self, offset: int) -> None:
        self._tasks.start(self._fetch(offset), f"window {offset}")

    async def _fetch(self, offset: int) -> None:
        asked = (self.query, self.sort, self.is_grouped)
        found = await self._table(offset, WINDOW)
        if asked == (self.query, self.sort, self.is_grouped):
            self.model.put(offset, found.rows)

    def _go_back(self, current: JobId | None, rows: Sequence[JobRow], offset: int) -> None:
        """Make the row the current one that was, else the first."""
        place = next((offset + number for number, row in enumerate(rows) if row.id == current), 0)
        if rows:
            self.table.go_to(self.model.number_of(place))

    # What is remembered.

    def _take_sort(self, by: str, is_down: bool) -> None:
        self._set_sort(f"-{by}" if is_down else by)
        self.look()

    def _set_sort(self, sort: str) -> None:
        self.sort = sort
        self.table.header.show_sort(sort.removeprefix("-"), sort.startswith("-"))
        self._console.memory.put("jobs.sort", sort)

    def _set_grouped(self, is_grouped: bool) -> None:
        self.is_grouped = is_grouped
        self._console.memory.put("jobs.is_grouped", is_grouped)

    def _remember_columns(self) -> None:
        self._console.memory.put("jobs.columns", self.table.header.arrangement)

    def _remember_closed(self, closed: list[str]) -> None:
        self._console.memory.put("jobs.closed", closed)
