"""The audit trail, newest first; more is read as somebody goes down."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout

from watchkeeper.action import ACTIONS
from watchkeeper.model.audit import Entry
from watchkeeper.model.events import Event
from watchkeeper.model.text import Text, _
from watchkeeper.ui.clock import now
from watchkeeper.ui.commands import Command
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.audit.told import told
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.spans import moment
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.column import Column, glyph_and_words
from watchkeeper.ui.widgets.detail import Detail
from watchkeeper.ui.widgets.empty import Empty
from watchkeeper.ui.widgets.rows_model import WINDOW, RowsModel
from watchkeeper.ui.widgets.segmented import Segmented
from watchkeeper.ui.widgets.table import Table
from watchkeeper.ui.widgets.words import Button, Label
from watchkeeper.ui.words import shown

#: Milliseconds after a keystroke until it is looked for.
PATIENCE = 150
#: Entries that are in the table at the most; a filter finds older ones.
MOST = 2_000

OUTCOMES: tuple[tuple[str, Text], ...] = (
    ("all", _("All")),
    ("ok", _("Done")),
    ("refused", _("Refused")),
    ("failed", _("Failed")),
)
_GLYPHS = {"ok": "status/success", "refused": "status/cancelled", "failed": "status/failed"}


class Audit(Page):
    """Who did what."""

    def __init__(self, console: Console) -> None:
        super().__init__(console, "audit", _("Audit"), "ui/audit")
        self.field = QLineEdit()
        self._outcome = Segmented(OUTCOMES, self.reread)
        self.model = RowsModel[Entry](self._columns(), self)
        self.table = Table[Entry](self.model, self)
        self.table.call(self.title)
        self.detail = self.own(Detail(self._close_detail))
        self._empty = Empty(
            _("No entry fits"),
            _("Whatever a person does to jobs, runs, calendars and the schedule is kept here, and what was refused."),
            Button(_("Show all"), self._show_all),
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(PATIENCE)
        self._typing.timeout.connect(self.reread)
        self.field.textChanged.connect(self._typing.start)
        self.table.moved.connect(self._show_detail)
        self._lay_out()
        self.retranslate()

    async def refresh(self) -> None:
        """Read the newest entries, window by window up to the most."""
        outcome = None if self._outcome.chosen == "all" else self._outcome.chosen
        rows: list[Entry] = []
        while len(rows) < MOST:
            found: list[Entry] = await self.console.desk.ask(
                "audit.list",
                text=self.field.text().strip(),
                outcome=outcome,
                limit=WINDOW,
                before=rows[-1].number if rows else None,
            )
            rows += found
            if len(found) < WINDOW:
                break
        self.model.begin(len(rows), rows[:WINDOW])
        for offset in range(WINDOW, len(rows), WINDOW):
            self.model.put(offset, rows[offset : offset + WINDOW])
        self._stack.setCurrentWidget(self.table if rows else self._empty)

    def arrive(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self.field.setPlaceholderText(shown(_("Words of an entry: job.save, a name, a person")))
        self.field.setAccessibleName(shown(_("Filter")))
        self.table.retranslate()

    def concerns(self, events: Sequence[Event]) -> bool:
        """Read anew by F5 only: somebody who reads a trail does not want it to move."""
        return False

    def commands(self) -> list[Command]:
        """Search only."""
        return [Command("audit.find", _("Filter"), self.field.setFocus, ("/",), "ui/search", "edit")]

    def _columns(self) -> list[Column[Entry]]:
        zone = self.console.zone
        return [
            Column("what", _("What"), 280, what_text, _paint_what),
            Column("object", _("On"), 260, lambda entry: entry.object or "", is_stretched=True),
            Column("actor", _("Who"), 160, lambda entry: entry.actor),
            Column("at", _("When"), 180, lambda entry: moment(entry.at, zone(), now())),
            Column("action", _("Command"), 200, lambda entry: entry.action.replace(".", " ")),
        ]

    def _show_detail(self, number: int) -> None:
        entry = self.model.row(number) if number >= 0 else None
        if entry is not None and self.isVisible():
            what = f"{entry.action} {entry.object or ''}".strip()
            who = f"{entry.actor}, {moment(entry.at, self.console.zone(), now())}"
            self.detail.show_thing(_glyph_of(entry), what, who, told(entry.detail))
            self.console.inspect(self.detail)

    def _close_detail(self) -> None:
        self.console.inspect(None)

    def _show_all(self) -> None:
        self.field.clear()
        self._outcome.choose("all")
        self.reread()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(16, 0, 16, 0)
        top.setSpacing(12)
        top.addWidget(Label(_("Audit"), Role.PAGE_TITLE))
        top.addStretch(1)
        top.addWidget(self._outcome)
        query = QHBoxLayout()
        query.setContentsMargins(16, 0, 16, 0)
        self.field.setFixedHeight(32)
        self.field.setClearButtonEnabled(True)
        query.addWidget(self.field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addLayout(query)
        layout.addWidget(self._stack, 1)


def what_text(entry: Entry) -> Text | str:
    """The action's title; one of another version by its name."""
    known = ACTIONS.get(entry.action)
    return known.title if known is not None else entry.action


def _glyph_of(entry: Entry) -> str:
    return _GLYPHS.get(entry.outcome, "status/scheduled")


def _paint_what(painter: QPainter, rect: QRectF, entry: Entry) -> None:
    glyph_and_words(painter, rect, _glyph_of(entry), what_text(entry))
