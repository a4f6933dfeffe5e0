"""The runs on their way: elapsed against the usual, and why those that wait do so."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from PySide6.QtCore import QPoint, QRectF, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from watchkeeper.action.live import Live, LiveRun
from watchkeeper.model.events import Event
from watchkeeper.model.run import State
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.clock import now
from watchkeeper.ui.commands import Command
from watchkeeper.ui.console import Console
from watchkeeper.ui.glyphs import color_of, glyph_of_run
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.pages.runs.deeds import Deeds
from watchkeeper.ui.pages.runs.groups import Group, groups
from watchkeeper.ui.run_columns import began, paint_name, state_text, took, took_words
from watchkeeper.ui.spans import ahead, duration
from watchkeeper.ui.theme import Role, density, tokens
from watchkeeper.ui.why_words import way_of
from watchkeeper.ui.widgets.column import Column, write
from watchkeeper.ui.widgets.empty import Empty
from watchkeeper.ui.widgets.kept import kept, select
from watchkeeper.ui.widgets.lines import Line, Lines, Link
from watchkeeper.ui.widgets.rows_model import WINDOW, RowsModel
from watchkeeper.ui.widgets.table import Table
from watchkeeper.ui.widgets.words import Button, Label
from watchkeeper.ui.words import shown

#: Milliseconds between two looks at what time has gone by.
SECOND = 1_000
MOST = 1_000
#: Reasons of waiting that are seen at once.
MOST_REASONS = 5


class Monitor(Page):
    """What runs first, then what waits."""

    topic = "states"

    def __init__(self, console: Console) -> None:
        super().__init__(console, "runs", _("Monitor"), "ui/monitor")
        self._count = Label("", Role.PANEL_TITLE, ink=2)
        self.model = RowsModel[LiveRun](self._columns(), self)
        self.table = Table[LiveRun](self.model, self)
        self.table.call(self.title)
        self.table.opened.connect(self._open)
        self.table.customContextMenuRequested.connect(self._open_menu)
        self.deeds = Deeds(console, self.tasks, self.reread)
        self.reasons = Lines(_("Nothing waits"))
        self.reasons.call(_("Why it waits"))
        self._settle = Button(_("Say what unknown runs were…"), self.deeds.settle, icon="ui/check")
        self._stop_them = Button(_("Stop"), self._stop, icon="ui/stop")
        self.table.selectionModel().selectionChanged.connect(self._tell_chosen)
        self._empty = Empty(
            _("Nothing runs"),
            _("Runs appear here when they start, and stay until they end; those that wait say why."),
            Button(_("Look at the history"), partial(console.go, "history"), kind="link"),
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self._lay_out()
        self._second = QTimer(self)
        self._second.setInterval(SECOND)
        self._second.timeout.connect(self.table.viewport().update)

    async def refresh(self) -> None:
        """Read what is on its way."""
        live: Live = await self.console.desk.ask("run.live", limit=MOST)
        with kept(self.table, _id_of):
            if len(live.rows) <= WINDOW:
                self.model.renew(len(live.rows), 0, live.rows)
            else:
                self._take_many(live)
        self._count.say(_("{running} running, {waiting} waiting", running=live.running, waiting=live.waiting))
        self._tell_reasons(live)
        self._tell_chosen()
        self._stack.setCurrentWidget(self.table if live.rows else self._empty)

    def arrive(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def commands(self) -> list[Command]:
        """What can be done with the selected runs."""
        run = partial(Command, menu="run", is_possible=self._has_chosen)
        return [
            run("runs.open", _("Open"), self._open_current, (), "ui/monitor"),
            run("runs.log", _("Open the log"), self._open_current, ("L",), "ui/file"),
            run("runs.stop", _("Stop"), self._stop, ("S",), "ui/stop", action="run.cancel"),
            run("runs.edit", _("Edit job"), self._edit, ("E",), "ui/edit"),
            Command(
                "runs.settle",
                _("Say what unknown runs were…"),
                self.deeds.settle,
                (),
                "ui/check",
                "run",
                "run.settle",
                self._has_unknown,
            ),
        ]

    def concerns(self, events: Sequence[Event]) -> bool:
        return any(hasattr(event, "run_id") for event in events)

    def showEvent(self, event: QShowEvent) -> None:
        self._second.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._second.stop()

    def retranslate(self) -> None:
        self.table.retranslate()

    def _take_many(self, live: Live) -> None:
        self.model.begin(len(live.rows), live.rows[:WINDOW])
        for offset in range(WINDOW, len(live.rows), WINDOW):
            self.model.put(offset, live.rows[offset : offset + WINDOW])

    def _columns(self) -> list[Column[LiveRun]]:
        zone = self.console.zone
        return [
            Column("job", _("Job"), 230, lambda row: f"{row.run.job_name} #{row.run.number}", _paint_job),
            Column("state", _("State"), 110, lambda row: state_text(row.run)),
            Column("attempt", _("Attempt"), 72, lambda row: str(row.run.attempt), is_right=True),
            Column("started", _("Started"), 130, lambda row: began(row.run, zone)),
            Column("elapsed", _("Elapsed"), 80, lambda row: took_words(row.run), is_right=True),
            Column("usual", _("Against the usual"), 190, _usual_text, _paint_usual),
            Column("host", _("Host"), 80, lambda row: row.run.host or ""),
            Column("why", _("Why is it not running?"), 300, lambda row: row.why or "", is_stretched=True),
        ]

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(16, 0, 16, 0)
        top.setSpacing(12)
        top.addWidget(Label(_("Monitor"), Role.PAGE_TITLE))
        top.addWidget(self._count)
        top.addStretch(1)
        top.addWidget(self._stop_them)
        top.addWidget(self._settle)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addWidget(self.reasons)
        layout.addWidget(self._stack, 1)

    def _has_chosen(self) -> bool:
        return bool(self.table.chosen())

    def _open(self, number: int) -> None:
        row = self.model.row(number)
        if row is not None:
            self.console.go(f"run/{row.run.id}")

    def _open_current(self) -> None:
        self._open(self.table.currentIndex().row())

    def _open_menu(self, at: QPoint) -> None:
        self.console.menu(self.commands(), self.table.viewport().mapToGlobal(at))

    def _edit(self) -> None:
        for row in self.table.chosen()[:1]:
            self.console.go(f"job/{row.run.job_id}")

    def _stop(self) -> None:
        self.deeds.stop([row.run for row in self.table.chosen()])

    # What is told.

    def _tell_reasons(self, live: Live) -> None:
        found = groups(live.rows, self.console.zone())
        self.reasons.set_lines([self._line(group) for group in found])
        self.reasons.setFixedHeight(density().row * min(len(found), MOST_REASONS))
        self.reasons.setVisible(bool(found))
        self._settle.setVisible(any(group.blocker == "unknown" for group in found))

    def _line(self, group: Group) -> Line:
        place, words = way_of(group.blocker, group.blocker_id)
        links = [Link(_("Select them"), partial(self._select, frozenset(group.ids)))]
        if group.blocker == "unknown":
            links.append(Link(_("Say what they were…"), self.deeds.settle))
        elif words is not None and place != self.place:
            links.append(Link(words, partial(self.console.go, place)))
        at = group.likely_at if group.blocker else None
        when = "" if at is None else _("room likely {soon}", soon=ahead(at, now()))
        return Line(group.words, group.icon, when=when, links=tuple(links))

    def _select(self, ids: frozenset[str]) -> None:
        """Those rows that wait for one thing."""
        select(self.table, (number for number, row in enumerate(self.model.rows()) if row.run.id in ids))
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell_chosen(self) -> None:
        count = len(self.table.selectionModel().selectedRows())
        self._stop_them.setVisible(bool(count))
        self._stop_them.say(plural("Stop {n} run", "Stop {n} runs", count) if count > 1 else _("Stop"))

    def _has_unknown(self) -> bool:
        return any(row.run.state is State.UNKNOWN for row in self.model.rows())


def _id_of(row: LiveRun) -> str:
    return row.run.id


def _paint_job(painter: QPainter, rect: QRectF, row: LiveRun) -> None:
    paint_name(painter, rect, row.run)


def _usual_text(row: LiveRun) -> Text | str:
    return "" if row.usual.p50 is None else _("usually {span}", span=duration(row.usual.p50))


def _paint_usual(painter: QPainter, rect: QRectF, row: LiveRun) -> None:
    span, usual = took(row.run), row.usual.p50
    if span is None or not usual:
        write(painter, rect, shown(_usual_text(row)))
        return
    t, full = tokens(), max(span, usual * 1.25)
    bar = QRectF(rect.left() + 8, rect.center().y() - 2, 72, 4)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(t.track)
    painter.drawRoundedRect(bar, 2, 2)
    painter.setBrush(color_of(glyph_of_run(row.run)) or t.running)
    painter.drawRoundedRect(QRectF(bar.left(), bar.top(), max(4.0, bar.width() * (span / full)), 4), 2, 2)
    painter.fillRect(QRectF(round(bar.left() + bar.width() * (usual / full)), bar.top() - 3, 1, 10), t.text)
    write(painter, rect.adjusted(80, 0, 0, 0), _("{n}× {usual}", n=_times(span, usual), usual=duration(usual)))


def _times(span: timedelta, usual: timedelta) -> str:
    return f"{span / usual:.1f}"
