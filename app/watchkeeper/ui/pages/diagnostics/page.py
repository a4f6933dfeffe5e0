"""What the console and its engine run on, judged; to be copied, saved, and sent to whoever helps."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from watchkeeper.action.machine import memory
from watchkeeper.action.settings import Setting
from watchkeeper.action.system import Facts
from watchkeeper.model.errors import Known
from watchkeeper.model.events import Event
from watchkeeper.model.text import _, plural
from watchkeeper.ui.commands import Command
from watchkeeper.ui.console import Console
from watchkeeper.ui.home import without_home
from watchkeeper.ui.pages.diagnostics.crashes import Crashes, read
from watchkeeper.ui.pages.diagnostics.engine import (
    clock_group,
    is_copied_daily,
    lag_finding,
    memory_finding,
    program_finding,
    secrets_finding,
    store_group,
)
from watchkeeper.ui.pages.diagnostics.findings import Finding, Group, as_text, warned, warnings
from watchkeeper.ui.pages.diagnostics.gap import Gap
from watchkeeper.ui.pages.diagnostics.sheet import WIDEST, Sheet
from watchkeeper.ui.pages.diagnostics.window import display_group, input_findings, tray_finding, versions
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.text_file import TextFile
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.detail import Detail
from watchkeeper.ui.widgets.form import narrowed
from watchkeeper.ui.widgets.words import Button, Label, plain

#: Milliseconds between two looks while the page is seen.
BEAT = 5_000


class Diagnostics(Page):
    """Looks again every few seconds while it is seen."""

    topic = "diagnostics"

    def __init__(self, console: Console) -> None:
        super().__init__(console, "diagnostics", _("Diagnostics"), "ui/diagnostics")
        self.groups: list[Group] = []
        self.sheet, self._fact = Sheet(), Label("", Role.SMALL, ink=2)
        self.detail = self.own(Detail(partial(console.inspect, None)))
        self.crashes = Crashes(console.memory.folder, self._show_report, self._copy_report, self._save_report)
        self.file = TextFile(self, self.tasks, console.toast)
        self._gap = Gap(self)
        self._beat = QTimer(self)
        self._beat.setInterval(BEAT)
        self._beat.timeout.connect(self.reread)
        self._area = QScrollArea()
        self._lay_out()

    async def refresh(self) -> None:
        """Ask the engine, and look at the window."""
        try:
            facts: Facts = await self.console.desk.ask("system.facts")
            settings: list[Setting] = await self.console.desk.ask("settings.show")
        except Known as silence:
            told = warned(_("Engine"), silence.text, _("Start it by `watchkeeper engine`, or open the console again."))
            return self._show([Group(_("Engine"), (told,)), *self._of_window()])
        now = datetime.now(UTC)
        self._show(
            [
                Group(_("Versions"), (program_finding(facts), *versions())),
                clock_group(facts, now),
                store_group(facts, now, is_copied_daily(settings)),
                Group(
                    _("Engine"),
                    (
                        lag_finding(_("Longest wait"), facts.lag),
                        memory_finding(_("Memory of process {pid}", pid=facts.pid), facts.memory),
                        Finding(_("Machine"), facts.machine),
                        secrets_finding(facts),
                    ),
                ),
                *self._of_window(),
            ]
        )

    def arrive(self) -> None:
        self._area.setFocus(Qt.FocusReason.OtherFocusReason)

    def concerns(self, events: Sequence[Event]) -> bool:
        """It looks by itself."""
        return False

    def commands(self) -> list[Command]:
        """What its buttons do."""
        return [
            Command("diagnostics.copy", _("Copy as text"), self.copy, ("Ctrl+Shift+C",), "ui/copy", "edit"),
            Command("diagnostics.save", _("Save as text…"), self.save, ("Ctrl+S",), "ui/save", "file"),
        ]

    def text(self) -> str:
        """All that is shown, as text; nothing of it is secret."""
        return as_text(self.groups)

    def copy(self) -> None:
        """All of it to the clipboard."""
        QApplication.clipboard().setText(self.text())
        self.console.toast(_("The diagnostics are in the clipboard"), glyph="status/success")

    def save(self) -> None:
        """Ask where to, and save all of it."""
        self.file.ask(_("Save as text"), "watchkeeper-diagnostics.txt", self.text())

    def showEvent(self, event: QShowEvent) -> None:
        self._gap.begin()
        self._beat.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._gap.end()
        self._beat.stop()

    def _of_window(self) -> list[Group]:
        loop = (lag_finding(_("Longest wait"), self._gap.longest), memory_finding(_("Memory"), memory()))
        return [display_group(), Group(_("Window"), (*loop, tray_finding(), *input_findings()))]

    def _show(self, groups: list[Group]) -> None:
        self.groups = groups
        self.sheet.show_groups(groups)
        self.crashes.show_all()
        count = warnings(groups)
        self._fact.say(
            plural("{n} thing is not as it should be", "{n} things are not as they should be", count)
            if count
            else _("all is well")
        )

    def _show_report(self, file: Path) -> None:
        self.detail.show_thing("status/failed", file.name, without_home(str(file.parent)), read(file))
        self.console.inspect(self.detail)

    def _copy_report(self, file: Path) -> None:
        QApplication.clipboard().setText(without_home(read(file)))
        self.console.toast(_("The report is in the clipboard"), glyph="status/success")

    def _save_report(self, file: Path) -> None:
        self.file.ask(_("Save as text"), file.name, without_home(read(file)))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(16, 0, 16, 0)
        top.setSpacing(12)
        top.addWidget(Label(_("Diagnostics"), Role.PAGE_TITLE))
        top.addWidget(self._fact)
        top.addStretch(1)
        help = partial(self.console.go, "help/diagnostics")
        top.addWidget(Button(_("Help: diagnostics"), help, kind="link"))
        top.addWidget(Button(_("Copy as text"), self.copy, icon="ui/copy"))
        top.addWidget(Button(_("Save…"), self.save, icon="ui/save"))
        inner = plain(QWidget(), 1)
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 8, 16, 24)
        for part in (self.sheet, self.crashes):
            column.addWidget(narrowed(part, WIDEST))
        column.addStretch(1)
        self._area.setWidgetResizable(True)
        self._area.setWidget(inner)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addWidget(self._area, 1)
