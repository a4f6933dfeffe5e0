"""Every plugin file, usable or not: its state, what it brings, and where it comes from."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from watchkeeper.action.plugins import PluginRow
from watchkeeper.action.system import Facts
from watchkeeper.model.events import EngineStarted, Event
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.pages.plugins.words import GLYPHS, WORDS, name_of, origin_of, text_of
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.column import Column, glyph_and_words
from watchkeeper.ui.widgets.detail import Detail
from watchkeeper.ui.widgets.empty import Empty
from watchkeeper.ui.widgets.rows_model import RowsModel
from watchkeeper.ui.widgets.segmented import Segmented
from watchkeeper.ui.widgets.table import Table
from watchkeeper.ui.widgets.words import Button, Label

WHICH: tuple[tuple[str, Text], ...] = (("all", _("All")), ("own", _("Your own")), ("faulty", _("Not usable")))


class Plugins(Page):
    """The files that were there when the engine started."""

    topic = "plugins"

    def __init__(self, console: Console) -> None:
        super().__init__(console, "plugins", _("Plugins"), "ui/plugins")
        self._which = Segmented(WHICH, self.reread, name=_("Which plugins"))
        self._fact = Label("", Role.SMALL, ink=2)
        self.model = RowsModel[PluginRow](_columns(), self)
        self.table = Table[PluginRow](self.model, self)
        self.table.call(self.title)
        self.detail = self.own(Detail(partial(console.inspect, None)))
        learn = partial(console.go, "help/plugins")
        self._help = Button(_("Help: plugins"), learn, kind="link")
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
        self.table.moved.connect(self._show_detail)
        self._lay_out()
        self.retranslate()

    async def refresh(self) -> None:
        """Read the list, and where the folder is."""
        rows: list[PluginRow] = await self.console.desk.ask("plugin.list")
        facts: Facts = await self.console.desk.ask("system.facts")
        wanted = [row for row in rows if self._is_wanted(row)]
        self.model.begin(len(wanted), wanted)
        faulty = sum(row.state != "loaded" for row in rows)
        self._fact.say(
            plural("{n} file can't be used", "{n} files can't be used", faulty)
            if faulty
            else plural("{n} file, all is well", "{n} files, all is well", len(rows))
        )
        self._own.say(
            _("No plugin of your own"),
            _(
                "A plugin is a Python file in {folder} that brings handlers for jobs; only you may be able to write to "
                "that folder. What is put there is taken when the engine starts again.",
                folder=f"{facts.home}/plugins",
            ),
        )
        empty = self._sound if self._which.chosen == "faulty" else self._own
        self._stack.setCurrentWidget(self.table if wanted else empty)
        if not wanted and self.isVisible():
            self.console.inspect(None)

    def arrive(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self.table.retranslate()

    def concerns(self, events: Sequence[Event]) -> bool:
        return any(isinstance(event, EngineStarted) for event in events)

    def _is_wanted(self, row: PluginRow) -> bool:
        which = self._which.chosen
        return which == "all" or (not row.is_bundled if which == "own" else row.state != "loaded")

    def _show_detail(self, number: int) -> None:
        row = self.model.row(number) if number >= 0 else None
        if row is not None and self.isVisible():
            fact = _("{state}, {origin}", state=WORDS[row.state], origin=origin_of(row))
            self.detail.show_thing(GLYPHS[row.state], name_of(row), fact, text_of(row))
            self.console.inspect(self.detail)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(16, 0, 16, 0)
        top.setSpacing(12)
        top.addWidget(Label(_("Plugins"), Role.PAGE_TITLE))
        top.addWidget(self._fact)
        top.addStretch(1)
        top.addWidget(self._help)
        top.addWidget(self._which)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addWidget(self._stack, 1)


def _columns() -> list[Column[PluginRow]]:
    return [
        Column("file", _("File"), 220, name_of, _paint_file),
        Column("state", _("State"), 110, lambda row: WORDS[row.state]),
        Column("kinds", _("Kinds"), 240, lambda row: ", ".join(row.kinds)),
        Column("error", _("Error"), 260, lambda row: row.error or "", is_stretched=True),
        Column("origin", _("Origin"), 180, origin_of),
        Column("hash", _("Hash"), 124, lambda row: row.hash[:12]),
    ]


def _paint_file(painter: QPainter, rect: QRectF, row: PluginRow) -> None:
    glyph_and_words(painter, rect, GLYPHS[row.state], name_of(row))
