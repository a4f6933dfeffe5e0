"""What was missed, failed, recovered and changed since somebody looked last; missed runs are decided on here."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from watchkeeper.action.away import Away
from watchkeeper.action.handover import markdown
from watchkeeper.model.events import Event
from watchkeeper.model.ids import JobId
from watchkeeper.model.run import MakeUp
from watchkeeper.model.text import _, plural
from watchkeeper.ui.clock import now
from watchkeeper.ui.commands import Command
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.away.told import CHOICES, Ways, counts_of, gap_at, lines_of
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.seen import saw, since_of
from watchkeeper.ui.spans import span
from watchkeeper.ui.text_file import TextFile
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.banner import Banner
from watchkeeper.ui.widgets.counts import Counts
from watchkeeper.ui.widgets.lines import Lines
from watchkeeper.ui.widgets.words import Button, Label
from watchkeeper.ui.words import language


class AwayPage(Page):
    """From the last look to now."""

    def __init__(self, console: Console) -> None:
        super().__init__(console, "away", _("Since you left"), "ui/history")
        self._since = since_of(console.memory)
        self.found: Away | None = None
        self._span = Label("", Role.BODY, ink=2)
        self.lines = Lines(_("Nothing happened that needs a word: no failures, no gaps, no changes."))
        self.lines.call(self.title)
        self.file = TextFile(self, self.tasks, console.toast)
        self._save = Button(_("Save…"), self.save, icon="ui/save")
        self.banner, self._counts = Banner(), Counts()
        self._copy = Button(_("Copy as Markdown"), self.copy, icon="ui/copy")
        self._seen = Button(_("Seen"), self.see, kind="primary", icon="ui/check")
        self._lay_out()

    async def refresh(self) -> None:
        """Read what happened."""
        self._since = since_of(self.console.memory)
        self.found = await self.console.desk.ask("away.summary", since=self._since)
        self.retranslate()

    def retranslate(self) -> None:
        self._span.say(span(now() - self._since))
        if self.found is not None:
            self._show(self.found)

    def commands(self) -> list[Command]:
        """What can be decided on the gap in the line."""
        keys = {MakeUp.ONCE: "R", MakeUp.ALL: "Shift+R", MakeUp.NONE: "A"}
        decisions = [
            Command(
                f"away.{choice}",
                words,
                partial(self._settle_current, choice),
                (keys[choice],),
                menu="run",
                action="missed.settle",
                is_possible=lambda: self._current_gap() is not None,
            )
            for choice, words in CHOICES
        ]
        return [
            *decisions,
            Command("away.copy", _("Copy as Markdown"), self.copy, ("C",), "ui/copy", "edit"),
            Command("away.save", _("Save the note"), self.save, ("Ctrl+S",), "ui/save", "file"),
        ]

    def arrive(self) -> None:
        self.lines.setFocus(Qt.FocusReason.OtherFocusReason)

    def concerns(self, events: Sequence[Event]) -> bool:
        """It tells of the past, and does not move while it is read."""
        return False

    def copy(self) -> None:
        """The note for the next shift, to the clipboard."""
        if self.found is not None:
            QGuiApplication.clipboard().setText(markdown(self.found, language(), self.console.zone()))
            self.console.toast(_("The note is on the clipboard"), glyph="status/success")

    def save(self) -> None:
        """The note for the next shift, to a file."""
        if self.found is not None:
            note = markdown(self.found, language(), self.console.zone())
            self.file.ask(_("Save the note"), f"handover-{now():%Y-%m-%d}.md", note)

    def see(self) -> None:
        """Begin anew from now."""
        saw(self.console.memory)
        self.reread()

    def _show(self, away: Away) -> None:
        ways = Ways(self.console.go, self._settle, self.console.zone())
        self.lines.set_lines(list(lines_of(away, ways)))
        self._counts.show_counts(counts_of(away))
        open_jobs = len(away.undecided)
        text = plural(
            "{n} job has missed runs: what is to become of them?",
            "{n} jobs have missed runs: what is to become of them?",
            open_jobs,
        )
        choices = tuple((words, partial(self._settle_all, choice)) for choice, words in CHOICES)
        self.banner.say(text if open_jobs > 1 else None, choices if open_jobs > 1 else (), "status/missed")

    def _current_gap(self) -> JobId | None:
        return gap_at(self.found, self.lines.current) if self.found is not None else None

    def _settle_current(self, choice: MakeUp) -> None:
        if (job_id := self._current_gap()) is not None:
            self._settle(job_id, choice)

    def _settle(self, job_id: JobId, choice: MakeUp) -> None:
        self.tasks.start(self._settled(job_id, choice))

    def _settle_all(self, choice: MakeUp) -> None:
        if self.found is not None:
            self.tasks.start(self._all_settled(self.found.undecided, choice))

    async def _settled(self, job_id: JobId, choice: MakeUp) -> None:
        await self.console.act("missed.settle", job=job_id, choice=choice)
        self.reread()

    async def _all_settled(self, job_ids: Sequence[JobId], choice: MakeUp) -> None:
        title = plural("Decide on the gaps of {n} job", "Decide on the gaps of {n} jobs", len(job_ids))
        await self.console.act_many("missed.settle", [{"job": each, "choice": choice} for each in job_ids], title)
        self.reread()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(16, 0, 16, 0)
        top.setSpacing(8)
        top.addWidget(Label(_("Since you left"), Role.PAGE_TITLE))
        top.addWidget(self._span)
        top.addSpacing(8)
        top.addWidget(self._counts)
        top.addStretch(1)
        top.addWidget(self._save)
        top.addWidget(self._copy)
        top.addWidget(self._seen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addWidget(self.banner)
        layout.addWidget(self.lines, 1)
