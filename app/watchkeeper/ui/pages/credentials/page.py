"""The page of credentials: the vault on top, the secrets by folder below it, and one of them beside."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from watchkeeper.action.secret_table import SecretTable, SecretTableRow
from watchkeeper.model import events
from watchkeeper.model.audit import Entry
from watchkeeper.model.errors import Known, Refused
from watchkeeper.model.events import Event
from watchkeeper.model.secret import VaultState, VaultStatus
from watchkeeper.model.text import Text, _
from watchkeeper.ui.clock import now
from watchkeeper.ui.commands import Command
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.credentials import words
from watchkeeper.ui.pages.credentials.deeds import commands_of, menu_of
from watchkeeper.ui.pages.credentials.doing import Doing
from watchkeeper.ui.pages.credentials.list import SecretList
from watchkeeper.ui.pages.credentials.panel import Deeds, SecretPanel
from watchkeeper.ui.pages.credentials.vault_bar import NOT_ALLOWED, VaultBar, Ways
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.problems import Problem
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.empty import Empty
from watchkeeper.ui.widgets.words import Button, Label, line
from watchkeeper.ui.words import shown

_PLACE = "credentials"
_CONCERNS = (events.SecretsChanged, events.VaultChanged, events.JobSaved, events.JobDeleted)
#: What changes who waits while the vault is shut.
_WAITING = (events.RunQueued, events.RunStarted, events.RunEnded)
#: Entries of the audit trail that are told of a secret.
_MOST_ENTRIES = 20
_LOCKED = _("The vault is shut: unlock it first.")


class CredentialsPage(Page):
    """Every secret, without its value. `wanted`: the name of one that is to be shown beside."""

    topic = "credentials"

    def __init__(self, console: Console, wanted: str = "") -> None:
        super().__init__(console, _PLACE, _("Credentials"), "ui/credentials")
        self._wanted = wanted
        self.vault: VaultStatus | None = None
        self.found: SecretTable | None = None
        self.doing = Doing(console, self.tasks, self._done)
        self.bar = VaultBar(Ways(self.unlock, self.doing.lock, console.go))
        self.list = SecretList(console.zone, lambda: self.vault, self)
        self.panel = self.own(SecretPanel(self._panel_deeds(), console.zone))
        self.field = QLineEdit()
        self.field.setFixedSize(232, 32)
        self.field.setClearButtonEnabled(True)
        self._count = Label("", Role.PANEL_TITLE, ink=2)
        self.adding = Button(_("Add a secret"), self.add, kind="primary", icon="ui/plus")
        self.no_vault = Empty(
            _("No vault yet"),
            _("Passwords, keys and tokens of jobs lie sealed in a vault: choose where the key is kept that opens it."),
            Button(_("Choose the vault…"), self.choose, kind="primary", icon="ui/lock"),
        )
        self.no_secret = Empty(
            _("No secret yet"),
            _("A job names a secret, and its runs are given the value that lies in the vault."),
            Button(_("Add a secret"), self.add, kind="primary", icon="ui/plus"),
        )
        self.no_match = Empty(
            _("No secret fits"),
            _("The filter looks in names, kinds, notes and who changed or used them."),
            Button(_("Show all"), self.field.clear),
        )
        self._stack = QStackedWidget()
        for widget in (self.list.table, self.no_vault, self.no_secret, self.no_match):
            self._stack.addWidget(widget)
        self._arrange()
        self._lay_out()
        self.retranslate()

    async def refresh(self) -> None:
        """Read the vault's state and every secret."""
        ask = self.console.desk.ask
        self.vault, self.found = await ask("vault.status"), await ask("secret.table")
        self.bar.show_vault(self.vault, self.found)
        self._count.say(str(len(self.found.rows)))
        self.list.show_rows(self.found.rows)
        self._dress()
        self._report()
        if self._wanted:
            wanted, self._wanted = self._wanted, ""
            self._show_secret(wanted)
        elif self.panel.row is not None:
            self._show_current()

    def holds(self, place: str) -> bool:
        return place.partition("/")[0] == _PLACE

    def turn_to(self, place: str) -> None:
        if name := place.partition("/")[2]:
            self._show_secret(name)

    def arrive(self) -> None:
        self.list.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self.field.setPlaceholderText(shown(_("Filter")))
        self.field.setAccessibleName(shown(_("Filter")))
        self.list.table.retranslate()

    def concerns(self, told: Sequence[Event]) -> bool:
        """Whether a secret, the vault, or who uses and waits for them has changed."""
        kinds = (*_CONCERNS, *_WAITING) if self.vault is not None and self.vault.is_shut else _CONCERNS
        return any(isinstance(event, kinds) for event in told)

    def commands(self) -> list[Command]:
        """What can be done with secrets and the vault."""
        return commands_of(self)

    def leave(self) -> None:
        self.console.problems.report(self.place, ())
        super().leave()

    def hideEvent(self, event: QHideEvent) -> None:
        """Whoever turns away sees no value any more."""
        super().hideEvent(event)
        self.doing.conceal()

    # What is possible.

    @property
    def row(self) -> SecretTableRow | None:
        """The secret that has the keyboard."""
        return self.list.table.current

    def can_change(self) -> bool:
        """Whether this person may change anything here."""
        return self.found is not None and self.found.may_change

    def can_add(self) -> bool:
        """Whether the vault takes a value now."""
        return self._barred() is None

    def can_change_row(self) -> bool:
        """Whether something can be done with the value of a secret that is chosen."""
        return self.row is not None and self._barred() is None

    def can_delete(self) -> bool:
        """Whether there is one that may go; that takes no open vault."""
        return self.row is not None and self.can_change()

    def can_choose(self) -> bool:
        """Whether a vault is still to be chosen."""
        return self.can_change() and self.vault is not None and self.vault.state is VaultState.NONE

    def has_earlier(self) -> bool:
        """Whether the chosen secret has an earlier value."""
        return self.row is not None and bool(self.row.earlier) and self.can_change()

    def _barred(self) -> Text | None:
        """Why no value goes in or out now."""
        if not self.can_change():
            return NOT_ALLOWED
        return _LOCKED if self.vault is None or self.vault.state is not VaultState.READY else None

    # What is done.

    def add(self) -> None:
        """Ask for a new secret; for a vault where there is none."""
        if self.can_choose():
            self.doing.choose()
        elif self.found is not None and self.can_add():
            self.doing.add([row.name for row in self.found.rows])

    def rotate(self) -> None:
        """Ask for a new value in the place of one that was good."""
        if self.row is not None and self.can_change_row():
            self.doing.rotate(self.row)

    def replace(self) -> None:
        """Ask for another value in the place of one that was wrong."""
        if self.row is not None and self.can_change_row():
            self.doing.replace(self.row)

    def revert(self) -> None:
        """Ask which earlier value is to hold again."""
        if self.row is not None and self.has_earlier():
            self.doing.revert(self.row)

    def test(self) -> None:
        """Look at the value where it lies."""
        if self.row is not None and self.can_change_row():
            self.tasks.start(self._tested(self.row.name), "test")

    def reveal(self) -> None:
        """Ask why, then once more, then show it."""
        if self.row is not None and self.can_change_row():
            self.doing.reveal(self.row)

    def delete(self) -> None:
        """Ask, with what that means for the jobs."""
        if self.row is not None and self.can_delete():
            self.doing.delete(self.row)

    def choose(self) -> None:
        """Ask where the key of the vault is to lie."""
        if self.can_choose():
            self.doing.choose()

    def unlock(self) -> None:
        """Open the vault."""
        if self.vault is not None:
            self.doing.unlock(self.vault)

    def open_actions(self) -> None:
        """The menu of the current secret, beside it."""
        table = self.list.table
        self._open_menu(table.visualRect(table.currentIndex()).bottomLeft() + QPoint(24, 0))

    async def _done(self, name: str) -> None:
        """Something was done, with the secret of this name if it has one."""
        await self.refresh()
        if name:
            self.list.go_to(name)
            self._show_current()

    async def _tested(self, name: str) -> None:
        try:
            told, glyph = (await self.console.desk.ask("secret.test", name=name)).told, "status/success"
        except Known as refusal:
            told, glyph = refusal.text, "status/failed"
        self.panel.tell_test(told, glyph)

    # What is shown.

    def _dress(self) -> None:
        """What the page shows in its middle, and whether something can be added."""
        assert self.vault is not None and self.found is not None
        has_vault = self.vault.state is not VaultState.NONE
        barred = self._barred()
        self.adding.setVisible(has_vault)
        self.adding.setEnabled(barred is None)
        self.adding.hint(barred or "")
        for empty in (self.no_vault, self.no_secret):
            for button in empty.findChildren(Button):
                is_barred = barred is not None and (empty is self.no_secret or not self.can_change())
                button.setEnabled(not is_barred)
                button.hint(barred if is_barred and barred is not None else "")
        if not self.found.rows:
            middle: QWidget = self.no_secret if has_vault else self.no_vault
        else:
            middle = self.list.table if self.list.matches else self.no_match
        self._stack.setCurrentWidget(middle)
        self.field.setEnabled(bool(self.found.rows))
        if middle is not self.list.table and self.isVisible() and self.panel.row is not None:
            self._close_panel()

    def _report(self) -> None:
        """What expires stands among the problems as long as the page is open."""
        zone = self.console.zone()
        told = [(row, words.advice(row, now(), zone)) for row in self.list.rows]
        self.console.problems.report(
            self.place,
            [
                Problem(text, row.name, is_error=False, show=partial(self.console.go, f"{_PLACE}/{row.name}"))
                for row, text in told
                if text is not None
            ],
        )

    def _show_secret(self, name: str) -> None:
        self.field.clear()
        self.list.go_to(name)
        self._show_current()

    def _filter(self, text: str) -> None:
        self.list.filter = text
        self.list.look()
        if self.found is not None and self.vault is not None:
            self._dress()
            self._show_current()

    def _show(self, number: int) -> None:
        row = self.list.model.row(number) if number >= 0 else None
        if row is None or not self.isVisible():
            return
        self.panel.take(row, self.vault, barred=self._barred())
        self.console.inspect(self.panel)
        self.tasks.start(self._learned(row), "panel")

    def _show_current(self) -> None:
        self._show(self.list.table.currentIndex().row())

    async def _learned(self, row: SecretTableRow) -> None:
        """Who uses it, and what was done with it, for whoever may see that."""
        users = await self.console.desk.ask("secret.used_by", name=row.name)
        history: list[Entry] | None = None
        try:
            told = await self.console.desk.ask("audit.list", object=row.name, limit=_MOST_ENTRIES)
            history = [entry for entry in told if entry.action.startswith("secret.")]
        except Refused:
            pass
        if self.panel.row is not None and self.panel.row.id == row.id:
            self.panel.learn(users, history)

    def _panel_deeds(self) -> Deeds:
        return Deeds(
            rotate=self.rotate,
            test=self.test,
            reveal=self.reveal,
            more=self._open_more,
            go=self.console.go,
            close=self._close_panel,
        )

    def _open_more(self, button: QWidget) -> None:
        self.console.menu(menu_of(self), button.mapToGlobal(button.rect().bottomLeft()))

    def _open_menu(self, at: QPoint) -> None:
        self.console.menu(menu_of(self), self.list.table.viewport().mapToGlobal(at))

    def _close_panel(self) -> None:
        self.panel.row = None
        self.console.inspect(None)

    def _arrange(self) -> None:
        table, memory = self.list.table, self.console.memory
        self.list.model.close_all(memory.get("credentials.closed", []))
        table.header.arrange(memory.get("credentials.columns", {}))
        self.list.folded.connect(partial(memory.put, "credentials.closed"))
        table.header.arranged.connect(self._remember_columns)
        table.moved.connect(self._show)
        table.opened.connect(self._show)
        table.customContextMenuRequested.connect(self._open_menu)
        self.field.textChanged.connect(self._filter)

    def _remember_columns(self) -> None:
        self.console.memory.put("credentials.columns", self.list.table.header.arrangement)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(16, 0, 16, 0)
        top.setSpacing(12)
        top.addWidget(Label(_("Credentials"), Role.PAGE_TITLE))
        top.addWidget(self._count)
        top.addStretch(1)
        top.addWidget(self.field)
        top.addWidget(self.adding)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addSpacing(11)
        layout.addWidget(line())
        layout.addWidget(self.bar)
        layout.addWidget(self._stack, 1)
