"""Every setting on one page: parts and a search at the left, forms made from their dataclasses at the right."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from watchkeeper.model.errors import Known
from watchkeeper.model.events import Event, SettingsChanged
from watchkeeper.model.text import Text, _
from watchkeeper.ui.commands import Command
from watchkeeper.ui.console import Console
from watchkeeper.ui.fuzzy import match
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.pages.settings.described import Section
from watchkeeper.ui.pages.settings.own import own_sections
from watchkeeper.ui.pages.settings.program import program_sections
from watchkeeper.ui.pages.settings.row import DeedRow, SettingRow
from watchkeeper.ui.theme import Role, look
from watchkeeper.ui.widgets.empty import Empty
from watchkeeper.ui.widgets.form import WIDEST, narrowed
from watchkeeper.ui.widgets.nav import WIDTH, Nav
from watchkeeper.ui.widgets.words import Button, Label, line, plain
from watchkeeper.ui.words import shown

_PLACE = "settings"


class Settings(Page):
    """`name` is the setting to begin with, like `engine.lease`."""

    topic = "settings"

    def __init__(self, console: Console, name: str = "") -> None:
        super().__init__(console, _PLACE, _("Settings"), "ui/settings")
        self.parts = [_Part(section) for section in (*own_sections(console), *program_sections(console))]
        self.deeds = _deeds(console)
        self.parts[0].add(self.deeds)
        self.rows = {row.name: row for part in self.parts for row in part.rows}
        self.field = QLineEdit()
        self.nav = Nav([part.section for part in self.parts], _("Parts of the settings"))
        self._area, self._inner, self._stack = QScrollArea(), plain(QWidget(), 1), QStackedWidget()
        self._wanted = name
        for row in self.rows.values():
            row.entered.connect(self._take_value)
        self.nav.chosen.connect(self._show_part)
        self.nav.entered.connect(self._enter_part)
        self.field.textChanged.connect(self._filter)
        look().changed.connect(self._follow_look)
        self._lay_out()
        self.retranslate()

    async def refresh(self) -> None:
        """Read every value."""
        for keeper in {part.section.keeper for part in self.parts}:
            for name, held in (await keeper.held()).items():
                if name in self.rows:
                    self.rows[name].show_held(held)
        if self._wanted:
            self._go_to(self._wanted)

    def holds(self, place: str) -> bool:
        return place.partition("/")[0] == _PLACE

    def turn_to(self, place: str) -> None:
        self._wanted = place.partition("/")[2]

    def arrive(self) -> None:
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        look().changed.disconnect(self._follow_look)
        super().leave()

    def retranslate(self) -> None:
        self.field.setPlaceholderText(shown(_("Search the settings")))
        self.field.setAccessibleName(shown(_("Search the settings")))
        if self.field.text():
            self._filter(self.field.text())

    def concerns(self, events: Sequence[Event]) -> bool:
        return any(isinstance(event, SettingsChanged) for event in events)

    def commands(self) -> list[Command]:
        """Search only."""
        return [Command("settings.find", _("Search the settings"), self.field.setFocus, ("/",), "ui/search", "edit")]

    def _take_value(self, name: str, value: Any) -> None:
        self.tasks.start(self._keep(name, value), name)

    async def _keep(self, name: str, value: Any) -> None:
        keeper = next(part.section.keeper for part in self.parts if name.startswith(f"{part.section.name}."))
        try:
            await keeper.keep(name, value)
        except Known as refusal:
            return self.rows[name].complain(refusal.text)
        self.rows[name].complain(None)
        self.reread()

    def _enter_part(self, _name: str) -> None:
        self.nav.focusNextChild()

    def _follow_look(self) -> None:
        self.reread()

    def _go_to(self, name: str) -> None:
        """Scroll to a setting, or to a part, and give it the keyboard; what is not there is passed over."""
        self._wanted = ""
        row = self.rows.get(name)
        if row is None:
            return self._show_part(name)
        self.field.clear()
        self._mark(name.partition(".")[0])
        row.focus()
        # The page may not have been laid out yet.
        QTimer.singleShot(0, self, partial(self._area.ensureWidgetVisible, row, 0, 80))

    def _show_part(self, name: str) -> None:
        part = next((part for part in self.parts if part.section.name == name), None)
        if part is not None:
            self._mark(name)
            top = part.mapTo(self._inner, QPoint(0, 0)).y()
            self._area.verticalScrollBar().setValue(top - 12)

    def _mark(self, name: str) -> None:
        self.nav.choose(name)

    def _filter(self, wanted: str) -> None:
        left = [part for part in self.parts if part.filter(wanted.strip())]
        self.nav.offer([part.section for part in left])
        if left:
            self._mark(left[0].section.name)
        self._stack.setCurrentIndex(0 if left else 1)
        self._area.verticalScrollBar().setValue(0)

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(28)
        for part in self.parts:
            column.addWidget(part)
        outer = QVBoxLayout(self._inner)
        outer.setContentsMargins(30, 14, 16, 24)
        outer.addWidget(narrowed(inside, WIDEST))
        outer.addStretch(1)
        self._area.setWidgetResizable(True)
        self._area.setWidget(self._inner)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._stack.addWidget(self._area)
        none = _("Look for what it is about, like backup or theme; Chinese also by its pinyin.")
        self._stack.addWidget(Empty(_("No setting fits"), none, Button(_("Show all"), self.field.clear)))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._side())
        layout.addWidget(self._stack, 1)

    def _side(self) -> QWidget:
        side = plain(QWidget(), 1)
        side.setFixedWidth(WIDTH)
        top = QVBoxLayout()
        top.setContentsMargins(16, 12, 12, 6)
        top.setSpacing(10)
        self.field.setFixedHeight(32)
        self.field.setClearButtonEnabled(True)
        top.addWidget(Label(_("Settings"), Role.PAGE_TITLE))
        top.addWidget(self.field)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addLayout(top)
        head.addWidget(line(is_upright=True))
        column.addLayout(head)
        column.addWidget(self.nav, 1)
        return side


class _Part(QWidget):
    """A section: its title, and its rows."""

    def __init__(self, section: Section) -> None:
        super().__init__()
        self.section = section
        self.rows = [SettingRow(item) for item in section.items]
        self._deeds: list[DeedRow] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(14)
        self._layout.addWidget(Label(section.title, Role.PANEL_TITLE))
        self._layout.addWidget(line(is_soft=True))
        for row in self.rows:
            self._layout.addWidget(row)

    def add(self, deeds: Sequence[DeedRow]) -> None:
        """What can be done besides."""
        for deed in deeds:
            self._deeds.append(deed)
            self._layout.addWidget(deed)

    def filter(self, wanted: str) -> bool:
        """Show the rows that are meant; whether there is any."""
        title = shown(self.section.title)
        is_any = False
        for row in (*self.rows, *self._deeds):
            label, note = row.words()
            name = row.name if isinstance(row, SettingRow) else ""
            is_meant = not wanted or _is_meant(wanted, f"{title} {label}", f"{name} {note}")
            row.setVisible(is_meant)
            is_any = is_any or is_meant
        self.setVisible(is_any)
        return is_any


def _is_meant(wanted: str, title: str, told: str) -> bool:
    return match(wanted, title) is not None or wanted.casefold() in told.casefold()


def _deeds(console: Console) -> list[DeedRow]:
    return list(_each_deed(console))


def _each_deed(console: Console) -> Iterator[DeedRow]:
    yield _deed(console, "keys", _("Shortcuts"), _("Show the keys"), _("Those of a page are shown by ? there."))
    yield _deed(
        console,
        "layout.forget",
        _("Layout of the window"),
        _("Forget the layout"),
        _("Size and tabs are at the next start what they were at the first."),
    )
    yield _deed(
        console,
        "diagnostics",
        _("Diagnostics"),
        _("Show them"),
        _("Versions, display, tray, clock, store, and what a mistake of the console left."),
    )


def _deed(console: Console, command_id: str, label: Text, button: Text, note: Text) -> DeedRow:
    def run() -> None:
        command = console.commands.get(command_id)
        if command is not None:
            command.run()

    return DeedRow(label, button, run, note)
