"""The page of pools: every one with the runs in it, those that wait, and the jobs that name it."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from watchkeeper.action.pools import PoolRow
from watchkeeper.model import events
from watchkeeper.model.events import Event
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.commands import Command
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.pages.pools.panel import PoolPanel
from watchkeeper.ui.theme import Role, tokens
from watchkeeper.ui.widgets.column import Column, write
from watchkeeper.ui.widgets.empty import Empty
from watchkeeper.ui.widgets.question import Question
from watchkeeper.ui.widgets.rows_model import RowsModel
from watchkeeper.ui.widgets.table import Table
from watchkeeper.ui.widgets.words import Button, Label, line

#: What changes who is in a pool, who waits, or who names it.
_CONCERNS = (
    events.PoolsChanged,
    events.JobSaved,
    events.JobDeleted,
    events.RunQueued,
    events.RunStarted,
    events.RunEnded,
    events.RunRetryPlanned,
)
#: Slots that are drawn one by one.
_MOST_DRAWN = 8


class PoolsPage(Page):
    """Every pool."""

    topic = "pools"

    def __init__(self, console: Console) -> None:
        super().__init__(console, "pools", _("Pools"), "ui/pool")
        self.rows: list[PoolRow] = []
        self.model = RowsModel[PoolRow](_COLUMNS, self)
        self.table = Table[PoolRow](self.model, self)
        self.table.call(self.title)
        self.panel = self.own(PoolPanel(console.go, self._close_panel))
        #: A new pool is being written.
        self._is_new = False
        self._count = Label("", Role.PANEL_TITLE, ink=2)
        self._empty = Empty(
            _("No pool yet"),
            _("A pool is one limit over many jobs: no more of their runs are live at once than it has slots."),
            Button(_("New pool"), self.new, kind="primary", icon="ui/plus"),
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self.table.moved.connect(self._show)
        self.table.opened.connect(self._open)
        self.table.customContextMenuRequested.connect(self._open_menu)
        self.panel.save_asked.connect(self._save)
        self.panel.delete_asked.connect(self.delete)
        self._lay_out()
        self.retranslate()

    async def refresh(self) -> None:
        """Read every pool."""
        self.rows = await self.console.desk.ask("pool.table")
        self.model.renew(len(self.rows), 0, self.rows)
        self._count.say(str(len(self.rows)))
        self._stack.setCurrentWidget(self.table if self.rows else self._empty)
        if self.panel.row is not None and not self._is_new:
            found = next((row for row in self.rows if row.name == self.panel.row.name), None)
            if found is None:
                self._close_panel()
            else:
                self.panel.show_row(found, self._names())

    def arrive(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self.table.retranslate()

    def concerns(self, told: Sequence[Event]) -> bool:
        """Whether who is in a pool, who waits, or who names it has changed."""
        return any(isinstance(event, _CONCERNS) for event in told)

    def commands(self) -> list[Command]:
        """What can be done with pools."""
        return [
            Command("pool.new", _("New pool"), self.new, ("Ctrl+N",), "ui/plus", "file", "pool.save"),
            Command(
                "pool.change", _("Change the slots"), self.change, ("E",), "ui/edit", "edit", "pool.save", self._has_row
            ),
            Command(
                "pool.delete", _("Delete the pool"), self.delete, (), "ui/trash", "edit", "pool.delete", self._has_row
            ),
        ]

    def new(self) -> None:
        """Ask for a name and a number of slots."""
        self._is_new = True
        self.panel.show_row(None, self._names())
        self.console.inspect(self.panel)
        self.panel.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def change(self) -> None:
        """Give the keyboard to the slots of the current pool."""
        self._open(self.table.currentIndex().row())

    def delete(self) -> None:
        """Ask, with what that means; one that is in use stays."""
        row = self.table.current
        if row is None:
            return
        if row.job_count:
            text = plural(
                "{n} job uses it: {jobs}. Take it out there first.",
                "{n} jobs use it: {jobs}. Take it out there first.",
                row.job_count,
                jobs=", ".join(each.name for each in row.jobs[:5]) + ("…" if row.job_count > 5 else ""),
            )
            answers: Any = ((_("Close"), _nothing),)
            title = _("{pool} can't be deleted", pool=row.name)
        else:
            text = _("No job uses it. Undo brings it back.")
            answers = ((_("Cancel"), _nothing), (_("Delete"), partial(self._delete, row.name)))
            title = _("Delete the pool {pool}?", pool=row.name)
        self.console.lay_over(Question(title, text, answers))

    def _save(self, name: str, size: int) -> None:
        self.tasks.start(self._saved(name, size), "save")

    async def _saved(self, name: str, size: int) -> None:
        if await self.console.act("pool.save", name=name, size=size) is None:
            return
        self._is_new = False
        await self.refresh()
        number = next((n for n, row in enumerate(self.rows) if row.name == name), -1)
        self.table.go_to(number)
        self._show(number)

    def _delete(self, name: str, _is_remembered: bool) -> None:
        self.tasks.start(self._deleted(name))

    async def _deleted(self, name: str) -> None:
        if await self.console.act("pool.delete", name=name) is not None:
            self._close_panel()
            await self.refresh()

    def _show(self, number: int) -> None:
        row = self.model.row(number) if number >= 0 else None
        if row is not None and self.isVisible():
            self._is_new = False
            self.panel.show_row(row, self._names())
            self.console.inspect(self.panel)

    def _open(self, number: int) -> None:
        self._show(number)
        if self.panel.row is not None:
            self.panel.size_field.setFocus(Qt.FocusReason.OtherFocusReason)
            self.panel.size_field.selectAll()

    def _open_menu(self, at: QPoint) -> None:
        self.console.menu(self.commands(), self.table.viewport().mapToGlobal(at))

    def _close_panel(self) -> None:
        self._is_new = False
        self.console.inspect(None)

    def _has_row(self) -> bool:
        return self.table.current is not None

    def _names(self) -> frozenset[str]:
        return frozenset(row.name for row in self.rows)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(16, 0, 16, 0)
        top.setSpacing(12)
        top.addWidget(Label(_("Pools"), Role.PAGE_TITLE))
        top.addWidget(self._count)
        top.addStretch(1)
        top.addWidget(Button(_("New pool"), self.new, kind="primary", icon="ui/plus"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addSpacing(11)
        layout.addWidget(line())
        layout.addWidget(self._stack, 1)


def _nothing(_is_remembered: bool) -> None:
    """The question is closed, and that is all."""


def _used(row: PoolRow) -> str:
    return f"{row.used} / {row.size}"


def _waiting(row: PoolRow) -> Text | str:
    if not row.waiting:
        return ""
    named = ", ".join(f"#{each.number} {each.job}" for each in row.first_waiting)
    return f"{row.waiting}: {named}"


def _jobs(row: PoolRow) -> str:
    return ", ".join(job.name for job in row.jobs) if row.job_count else ""


def _paint_name(painter: QPainter, rect: QRectF, row: PoolRow) -> None:
    write(painter, rect, row.name, role=Role.STRONG, ink=1)


def _paint_used(painter: QPainter, rect: QRectF, row: PoolRow) -> None:
    """A block for each slot, those that are taken filled; then the numbers."""
    t, left = tokens(), rect.left() + 8
    if 0 < row.size <= _MOST_DRAWN:
        for number in range(row.size):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.running if number < row.used else t.track)
            painter.drawRoundedRect(QRectF(left, rect.center().y() - 3, 12, 6), 2, 2)
            left += 15
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.track)
        painter.drawRoundedRect(QRectF(left, rect.center().y() - 3, 100, 6), 2, 2)
        share = min(1.0, row.used / row.size) if row.size else float(row.used > 0)
        if share:
            painter.setBrush(t.running)
            painter.drawRoundedRect(QRectF(left, rect.center().y() - 3, max(4.0, 100 * share), 6), 2, 2)
    write(painter, QRectF(rect.left() + 130, rect.top(), rect.width() - 130, rect.height()), _used(row), ink=1)


_COLUMNS: list[Column[PoolRow]] = [
    Column("pool", _("Pool"), 180, lambda row: row.name, _paint_name),
    Column("size", _("Slots"), 70, lambda row: str(row.size), is_right=True),
    Column("used", _("In use now"), 210, _used, _paint_used),
    Column("waiting", _("Waiting now"), 260, _waiting),
    Column("jobs", _("Jobs"), 70, lambda row: str(row.job_count), is_right=True),
    Column("names", _("Used by"), 240, _jobs, is_stretched=True),
]
