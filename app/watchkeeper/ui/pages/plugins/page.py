"""Every plugin file, usable or not: its state, what it brings, where it comes from; allowed, forbidden and tried."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from watchkeeper.action.plugins import PluginDetail, PluginRow
from watchkeeper.action.system import Facts
from watchkeeper.model.errors import Known
from watchkeeper.model.events import EngineStarted, Event, PluginDecided, PluginsChanged
from watchkeeper.model.text import Text, _
from watchkeeper.ui.commands import Command
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.pages.plugins.panel import PluginPanel
from watchkeeper.ui.pages.plugins.trying import Trying
from watchkeeper.ui.pages.plugins.words import GLYPHS, UNDECIDED, WORDS, fact_of, name_of, origin_of
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.column import Column, glyph_and_words
from watchkeeper.ui.widgets.empty import Empty
from watchkeeper.ui.widgets.rows_model import RowsModel
from watchkeeper.ui.widgets.segmented import Segmented
from watchkeeper.ui.widgets.table import Table
from watchkeeper.ui.widgets.words import Button, Label

WHICH: tuple[tuple[str, Text], ...] = (("all", _("All")), ("own", _("Your own")), ("faulty", _("Not usable")))


class Plugins(Page):
    """The files that are there now."""

    topic = "plugins"

    def __init__(self, console: Console) -> None:
        super().__init__(console, "plugins", _("Plugins"), "ui/plugins")
        self._which = Segmented(WHICH, self.reread, name=_("Which plugins"))
        self._fact = Label("", Role.SMALL, ink=2)
        self.model = RowsModel[PluginRow](_columns(), self)
        self.table = Table[PluginRow](self.model, self)
        self.table.call(self.title)
        self.panel = self.own(PluginPanel(partial(console.inspect, None)))
        self.trying = Trying(console, self.tasks)
        learn = partial(console.go, "help/plugins")
        self._help = Button(_("Help: plugins"), learn, kind="link")
        self._settings = Button(
            _("Folders and limits"),
            partial(console.go, "settings/plugins"),
            kind="link",
            hint=_("Which folders there are, which of them you write yourself, and how much memory a plugin may have"),
        )
        self._own = Empty(
            _("No plugin of your own"), _("A plugin is a Python file."), Button(_("How to write one"), learn)
        )
        self._sound = Empty(
            _("Every plugin can be used"),
            _("A file that can't be read or is in conflict with another one would stand here with its error."),
            Button(_("Show all"), partial(self._which.choose, "all")),
        )
        self._stack = QStackedWidget()
        for widget in (self.table, self._own, self._sound):
            self._stack.addWidget(widget)
        self.table.moved.connect(self._show_row)
        self.table.customContextMenuRequested.connect(self._open_menu)
        self.panel.allow_asked.connect(self.allow)
        self.panel.forbid_asked.connect(self.forbid)
        self.panel.try_asked.connect(self.try_it)
        self._lay_out()
        self.retranslate()

    async def refresh(self) -> None:
        """Read the list, and where the folder is."""
        rows: list[PluginRow] = await self.console.desk.ask("plugin.list")
        facts: Facts = await self.console.desk.ask("system.facts")
        wanted = [row for row in rows if self._is_wanted(row)]
        self.model.renew(len(wanted), 0, wanted)
        self._fact.say(fact_of(rows))
        self._own.say(
            _("No plugin of your own"),
            _(
                "A plugin is a Python file in {folder} that brings handlers for jobs; only you may be able to write to "
                "that folder. What is put there is found at once, and waits for permission unless you have said that "
                "you write what is in it.",
                folder=f"{facts.home}/plugins",
            ),
        )
        empty = self._sound if self._which.chosen == "faulty" else self._own
        self._stack.setCurrentWidget(self.table if wanted else empty)
        self._renew_panel(wanted)

    def arrive(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self.table.retranslate()

    def concerns(self, events: Sequence[Event]) -> bool:
        return any(isinstance(event, EngineStarted | PluginsChanged | PluginDecided) for event in events)

    def commands(self) -> list[Command]:
        """What can be done with plugins."""
        return [
            Command(
                "plugin.allow", _("Allow the file"), self.allow, (), "ui/check", "edit", "plugin.allow", self._may_allow
            ),
            Command(
                "plugin.forbid",
                _("Forbid the file"),
                self.forbid,
                (),
                "ui/lock",
                "edit",
                "plugin.forbid",
                self._may_forbid,
            ),
            Command("handler.try", _("Try it"), self.try_it, (), "ui/flask", "edit", "handler.try", self._may_try),
            Command("plugin.reload", _("Read all anew"), self.reload, (), "ui/rerun", "edit", "plugin.reload"),
        ]

    def allow(self) -> None:
        """Let the file be loaded as it was shown."""
        self._decide("plugin.allow")

    def forbid(self) -> None:
        """Let the file not be loaded as it was shown."""
        self._decide("plugin.forbid")

    def reload(self) -> None:
        """Also those that were broken."""
        self.tasks.start(self.console.act("plugin.reload"))

    def try_it(self) -> None:
        """Run a handler of the file once; where it has several, one is chosen first."""
        row = self.panel.row
        if row is None or not row.kinds:
            return
        if len(row.kinds) == 1:
            return self.trying.begin(row.kinds[0])
        choices = [
            Command(f"try.{kind}", Text(kind), partial(self.trying.begin, kind), icon="ui/flask") for kind in row.kinds
        ]
        self.console.menu(choices, self.panel.attempt.mapToGlobal(QPoint(0, self.panel.attempt.height())))

    def _is_wanted(self, row: PluginRow) -> bool:
        which = self._which.chosen
        return which == "all" or (not row.is_bundled if which == "own" else row.state != "loaded")

    def _show_row(self, number: int) -> None:
        row = self.model.row(number) if number >= 0 else None
        if row is not None and self.isVisible():
            self._show(row)
            self.console.inspect(self.panel)

    def _show(self, row: PluginRow) -> None:
        self.panel.show_row(row)
        if row.hash:
            self.tasks.start(self._show_source(row), "source")

    async def _show_source(self, row: PluginRow) -> None:
        try:
            detail: PluginDetail = await self.console.desk.ask("plugin.show", path=row.path)
        except Known:
            # It has gone meanwhile: the list tells so.
            return
        if self.panel.row == row and detail.hash == row.hash:
            self.panel.show_source(detail)

    def _renew_panel(self, rows: Sequence[PluginRow]) -> None:
        """The file that is shown, as it is now."""
        shown = self.panel.row
        if shown is None or not self.isVisible():
            return
        now = next((row for row in rows if row.path == shown.path), None)
        if now is None:
            self.panel.row = None
            self.console.inspect(None)
        elif now != shown:
            self._show(now)

    def _decide(self, action: str) -> None:
        row = self.panel.row
        if row is not None:
            self.tasks.start(self.console.act(action, path=row.path, hash=row.hash))

    def _open_menu(self, at: QPoint) -> None:
        self.console.menu(self.commands(), self.table.viewport().mapToGlobal(at))

    def _may_allow(self) -> bool:
        row = self.panel.row
        return row is not None and not row.is_bundled and row.state in UNDECIDED

    def _may_forbid(self) -> bool:
        row = self.panel.row
        return row is not None and not row.is_bundled and bool(row.hash) and row.state != "forbidden"

    def _may_try(self) -> bool:
        return self.panel.row is not None and self.panel.row.state == "loaded"

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(16, 0, 16, 0)
        top.setSpacing(12)
        top.addWidget(Label(_("Plugins"), Role.PAGE_TITLE))
        top.addWidget(self._fact)
        top.addStretch(1)
        top.addWidget(self._help)
        top.addWidget(self._settings)
        top.addWidget(Button(_("Read all anew"), self.reload, icon="ui/rerun"))
        top.addWidget(self._which)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addWidget(self._stack, 1)


def _columns() -> list[Column[PluginRow]]:
    return [
        Column("file", _("File"), 220, name_of, _paint_file),
        Column("version", _("Version"), 80, lambda row: row.version),
        Column("state", _("State"), 150, lambda row: WORDS[row.state]),
        Column("kinds", _("Kinds"), 240, lambda row: ", ".join(row.kinds)),
        Column("error", _("Error"), 260, lambda row: row.error or "", is_stretched=True),
        Column("origin", _("Origin"), 180, origin_of),
        Column("hash", _("Hash"), 124, lambda row: row.hash[:12]),
    ]


def _paint_file(painter: QPainter, rect: QRectF, row: PluginRow) -> None:
    glyph_and_words(painter, rect, GLYPHS[row.state], name_of(row))
