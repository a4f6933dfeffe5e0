"""What was missed, failed, recovered and changed since somebody looked last; missed runs are decided on here."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from watchkeeper.action import ACTIONS
from watchkeeper.action.away import Away
from watchkeeper.action.handover import markdown
from watchkeeper.model.audit import Entry
from watchkeeper.model.events import Event
from watchkeeper.model.run import MakeUp
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.clock import now
from watchkeeper.ui.console import Console
from watchkeeper.ui.glyphs import WORDS, glyph_of
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.spans import moment, span
from watchkeeper.ui.text_file import TextFile
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.lines import Line, Lines, Link
from watchkeeper.ui.widgets.words import Button, Label
from watchkeeper.ui.words import language

#: Remembered: when somebody looked last.
SEEN = "away.seen"
#: What is told when nothing is remembered.
FIRST = timedelta(hours=24)


class AwayPage(Page):
    """From the last look to now."""

    def __init__(self, console: Console) -> None:
        super().__init__(console, "away", _("Since you left"), "ui/history")
        self._since = since_of(console.memory.get(SEEN, ""))
        self.found: Away | None = None
        self._span = Label("", Role.BODY, ink=2)
        self.lines = Lines(_("Nothing happened that needs a word: no failures, no gaps, no changes."))
        self.lines.call(self.title)
        self.file = TextFile(self, self.tasks, console.toast)
        self._save = Button(_("Save…"), self.save, icon="ui/save")
        self._copy = Button(_("Copy as Markdown"), self.copy, icon="ui/copy")
        self._seen = Button(_("Seen"), self.see, kind="primary", icon="ui/check")
        self._lay_out()

    async def refresh(self) -> None:
        """Read what happened."""
        self._since = since_of(self.console.memory.get(SEEN, ""))
        self.found = await self.console.desk.ask("away.summary", since=self._since)
        self.retranslate()

    def retranslate(self) -> None:
        self._span.say(span(now() - self._since))
        if self.found is not None:
            self.lines.set_lines(list(self._told(self.found)))

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
        self.console.memory.put(SEEN, now().isoformat())
        self.reread()

    def _told(self, away: Away) -> Iterator[Line]:
        for gap in away.missed:
            words = plural("{n} run was missed", "{n} runs were missed", gap.count)
            links = tuple(
                Link(text, partial(self._settle, gap.job_id, choice))
                for text, choice in (
                    (_("Run once"), MakeUp.ONCE),
                    (_("Run all of them"), MakeUp.ALL),
                    (_("Let it be"), MakeUp.NONE),
                )
            )
            yield Line(gap.job, "status/missed", gap.reason or words, self._at(gap.last_at), links)
        for trouble in away.failures:
            word: Text = WORDS[trouble.state]
            fact = _("{state}, recovered since", state=word) if trouble.has_recovered else trouble.reason or word
            yield Line(trouble.job, glyph_of(trouble.state), fact, self._at(trouble.at), open=self._run(trouble.number))
        for recovery in away.recoveries:
            open_run = self._run(recovery.number)
            yield Line(recovery.job, "status/success", _("works again"), self._at(recovery.at), open=open_run)
        for entry in (*away.pauses, *away.changes, *away.decisions):
            yield Line(_deed(entry), "ui/audit", entry.actor, self._at(entry.at))

    def _run(self, number: int) -> Any:
        return partial(self.console.go, f"run/{number}")

    def _at(self, at: datetime) -> str:
        return moment(at, self.console.zone(), now())

    def _settle(self, job_id: str, choice: MakeUp) -> None:
        self.tasks.start(self._settled(job_id, choice))

    async def _settled(self, job_id: str, choice: MakeUp) -> None:
        await self.console.act("missed.settle", job=job_id, choice=choice)
        self.reread()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(16, 0, 16, 0)
        top.setSpacing(8)
        top.addWidget(Label(_("Since you left"), Role.PAGE_TITLE))
        top.addWidget(self._span)
        top.addStretch(1)
        top.addWidget(self._save)
        top.addWidget(self._copy)
        top.addWidget(self._seen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addWidget(self.lines, 1)


def since_of(remembered: str) -> datetime:
    """The moment that was remembered, if it can be read and has passed."""
    try:
        seen = datetime.fromisoformat(remembered)
    except ValueError:
        return now() - FIRST
    return seen if seen.tzinfo is not None and seen < now() else now() - FIRST


def _deed(entry: Entry) -> Text:
    known = ACTIONS.get(entry.action)
    title: Text | str = known.title if known is not None else entry.action
    return _("{title}: {object}", title=title, object=entry.object or "")
