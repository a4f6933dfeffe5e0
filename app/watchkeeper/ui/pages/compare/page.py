"""The page that compares two runs."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from watchkeeper.action.comparison import Comparison
from watchkeeper.action.log_diff import LogDiff
from watchkeeper.model.errors import Known, NotFound
from watchkeeper.model.events import Event
from watchkeeper.model.run import Run
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.commands import Command
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.compare.fields import fields_of
from watchkeeper.ui.pages.compare.output import Output
from watchkeeper.ui.pages.compare.sides import Sides
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.diff import DiffView
from watchkeeper.ui.widgets.empty import Empty
from watchkeeper.ui.widgets.page_tabs import PageTabs
from watchkeeper.ui.widgets.words import Button, Label, line


class Compare(Page):
    """`other`: what `wanted` is compared with; the last success of its job where none is named."""

    def __init__(self, console: Console, wanted: str, other: str = "") -> None:
        place = f"compare/{wanted}/{other}" if other else f"compare/{wanted}"
        super().__init__(console, place, _("Compare runs"), "ui/compare")
        self._wanted, self._other = wanted, other
        self.run: Run | None = None
        self.found: Comparison | None = None
        self._compared: tuple[str, ...] = ()
        self._title, self._fact = Label(_("Compare runs"), Role.PAGE_TITLE), Label("", Role.PANEL_TITLE, ink=2)
        self._swap = Button(_("Swap"), self.swap, icon="ui/compare")
        self.sides = Sides(console.go, console.zone)
        self.tabs = PageTabs([("fields", _("Differences")), ("output", _("Log"))], self._show_part)
        self.fields, self.output = DiffView(), Output(self.compare_outputs, self.give_up)
        self._same = Empty(
            _("Nothing was different"),
            _("Job, parameters, environment and outputs are the same: look at what the outputs say."),
            Button(_("Compare the outputs"), partial(self.tabs.choose, "output")),
        )
        self._none = Empty(
            _("Nothing to compare with"),
            _("No other run of this job has succeeded yet: choose two runs in its history."),
            Button(_("Open its history"), self.open_history),
        )
        self._parts, self._whole = QStackedWidget(), QStackedWidget()
        self._lay_out()

    async def refresh(self) -> None:
        """Read both runs, and their outputs when they are others than before."""
        self.run = (await self.console.desk.ask("run.show", run=self._wanted)).run
        try:
            self.found = await self.console.desk.ask("run.compare", run=self._wanted, other=self._other or None)
        except NotFound:
            if self._other:
                raise
            self.found = None
        self._whole.setCurrentIndex(0 if self.found is None else 1)
        self._swap.setVisible(self.found is not None)
        self._fact.say(self.run.job_name)
        if self.found is not None:
            self._show(self.found)

    def commands(self) -> list[Command]:
        """What can be done with the two."""
        compare = partial(Command, menu="run", is_possible=self._has_found)
        return [
            compare("compare.swap", _("Swap the two runs"), self.swap, icon="ui/compare"),
            compare("compare.output", _("Compare the outputs"), self._show_output, ("L",), "ui/file"),
            compare("compare.run", _("Open the run"), self._open_run, icon="ui/monitor"),
            compare("compare.copy", _("Copy as a command"), self.copy_command, ("Ctrl+Shift+C",), "ui/terminal"),
            Command("compare.history", _("History of the job"), self.open_history, (), "ui/history", "view"),
        ]

    def arrive(self) -> None:
        self.tabs.setFocus(Qt.FocusReason.OtherFocusReason)

    def concerns(self, events: Sequence[Event]) -> bool:
        """What happens to one of the two."""
        mine = {run.id for run in (self.run, self.found and self.found.other) if run}
        return any(getattr(event, "run_id", None) in mine for event in events)

    # Deeds.

    def swap(self) -> None:
        """The other one is compared with this one."""
        if self.found is not None:
            self.console.go(f"compare/{self.found.other.id}/{self.found.run.id}")

    def open_history(self) -> None:
        """All runs of the job."""
        if self.run is not None:
            self.console.go(f"history/{self.run.job_id}")

    def copy_command(self) -> None:
        """What tells the same on a command line, to the clipboard."""
        if self.found is not None:
            words = f"watchkeeper run compare {self.found.run.number} --other {self.found.other.number}"
            QGuiApplication.clipboard().setText(words)
            self.console.toast(_("The command is on the clipboard"), glyph="status/success")

    def compare_outputs(self) -> None:
        """Read both outputs."""
        if self.found is not None:
            self.output.wait()
            self.tasks.start(self._read_outputs(self.found), "output")

    def give_up(self) -> None:
        """Read them no further."""
        self.tasks.start(self._given_up(), "output")

    # What is shown.

    def _show(self, found: Comparison) -> None:
        self.rename(
            _("#{number} and #{other}", number=found.run.number, other=found.other.number),
            "ui/compare",
        )
        fields = fields_of(found)
        self.sides.take(found)
        self.fields.show_fields(fields)
        self.tabs.rename("fields", _count(fields))
        self._show_part(self.tabs.chosen)
        key = (found.run.id, found.run.state, found.other.id, found.other.state)
        if key != self._compared:
            self._compared = key
            self.compare_outputs()

    async def _read_outputs(self, found: Comparison) -> None:
        try:
            told: LogDiff = await self.console.desk.ask("run.log_diff", run=found.run.id, other=found.other.id)
        except Known as refusal:
            self.output.refuse(refusal.text)
        else:
            self.output.take(told)
            self.tabs.rename("output", _("Log −{removed} +{added}", removed=told.removed, added=told.added))

    async def _given_up(self) -> None:
        self.output.refuse(_("The outputs were not compared: you gave up"))

    def _show_part(self, name: str) -> None:
        has_fields = self.found is None or bool(fields_of(self.found))
        part = self.output if name == "output" else self._inset if has_fields else self._same
        self._parts.setCurrentWidget(part)

    def _show_output(self) -> None:
        self.tabs.choose("output")
        self.output.diff.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_run(self) -> None:
        self.console.go(f"run/{self._wanted}")

    def _has_found(self) -> bool:
        return self.found is not None

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(16, 0, 16, 0)
        top.setSpacing(12)
        for label in (self._title, self._fact):
            top.addWidget(label)
        top.addStretch(1)
        top.addWidget(self._swap)
        self._inset = QWidget()
        inset = QHBoxLayout(self._inset)
        inset.setContentsMargins(16, 8, 8, 0)
        inset.addWidget(self.fields)
        for part in (self._inset, self._same, self.output):
            self._parts.addWidget(part)
        both = QWidget()
        column = QVBoxLayout(both)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (line(), self.sides, line(), self.tabs):
            column.addWidget(widget)
        column.addWidget(self._parts, 1)
        self._whole.addWidget(self._none)
        self._whole.addWidget(both)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addWidget(self._whole, 1)


def _count(fields: Sequence[object]) -> Text:
    return plural("{n} difference", "{n} differences", len(fields)) if fields else _("Differences")
