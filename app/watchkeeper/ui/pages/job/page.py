"""The job editor: what is entered is kept as a draft, checked by the engine, and saved when that is asked for."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout

from watchkeeper.action.draft import Fix, Problem, read_through, written
from watchkeeper.model.errors import Conflict, NotFound
from watchkeeper.model.events import CalendarsChanged, Event, JobDeleted, JobSaved, PoolsChanged
from watchkeeper.model.form import ABSENT
from watchkeeper.model.job import Job, JobSpec
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui import problems
from watchkeeper.ui.commands import Command
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.job.asking import Asking
from watchkeeper.ui.pages.job.copied import command_of, yaml_of
from watchkeeper.ui.pages.job.deeds import commands_of
from watchkeeper.ui.pages.job.document import Document
from watchkeeper.ui.pages.job.drafts import Drafts, draft_words
from watchkeeper.ui.pages.job.reviews import comparison, review, saved_words
from watchkeeper.ui.pages.job.versions import label_of
from watchkeeper.ui.pages.job.view import JobView, place_words
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.widgets.form import ERROR
from watchkeeper.ui.words import shown

NEW = "new"
#: Milliseconds after the last key until the draft is kept and the job is checked.
PAUSE = 250
#: What a new job begins with.
FRESH: dict[str, Any] = {"handler": "shell", "params": {}}


class JobPage(Page):
    """Place `job/ID`, or `job/new`."""

    topic = "jobs-file"

    def __init__(self, console: Console, ref: str) -> None:
        super().__init__(console, f"job/{ref}", _("New job") if ref == NEW else "", "ui/edit")
        self.ref = ref
        self.job: Job | None = None
        #: The version that the draft began from; 0 for a new job.
        self.base = 0
        self.problems: list[Problem] = []
        self.drafts = Drafts(console.memory)
        self.document = Document(self)
        #: Whether the job is there, and the part to enter as soon as it is.
        self._is_loaded, self._part = False, ""
        self._kept_at: datetime | None = None
        self._told: list[Problem] = []
        self.view = JobView(self.document)
        self.asking = Asking(console.desk, self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._connect()
        self.view.show_part("basics")
        self._tell()

    # Reading.

    async def refresh(self) -> None:
        """Read the job, what it may name, and what is to be said of it."""
        await self.asking.world(self.job)
        if self.ref != NEW:
            try:
                job: Job = await self.console.desk.ask("job.show", job=self.ref)
            except NotFound as gone:
                self._take_gone(gone.text)
                return
            self._take_job(job)
        elif not self._is_loaded:
            kept = self.drafts.find(self.place)
            self._kept_at = kept.at if kept is not None else None
            self._begin(dict(FRESH), 0, kept.values if kept is not None else dict(FRESH))
        await self._look()

    def open_part(self, part: str) -> None:
        """Show a section, like `schedule`."""
        if part in self.view.sections:
            self._part = "" if self._is_loaded else part
            self.view.enter_part(part)

    def concerns(self, events: Sequence[Event]) -> bool:
        """Whether this job was changed, or what it may name."""
        own = self.job.id if self.job is not None else ""
        return any(
            isinstance(event, PoolsChanged | CalendarsChanged)
            or (isinstance(event, JobSaved | JobDeleted) and event.job_id == own)
            for event in events
        )

    def leave(self) -> None:
        """What is not saved stays as a draft, and that is said."""
        if self._timer.isActive():
            self._keep()
        if self.document.is_dirty and self._is_loaded:
            self.console.toast(_("The draft of {job} is kept", job=self._name()))
        self._timer.stop()
        self.console.problems.report(self.place, ())
        super().leave()

    def _take_job(self, job: Job) -> None:
        """The job as it is in the store now."""
        former, self.job = self.job, job
        saved = written(job.spec)
        if not self._is_loaded:
            kept = self.drafts.find(self.place)
            if kept is not None and kept.values != saved:
                self._kept_at = kept.at
                self._begin(kept.saved, kept.base, kept.values)
            else:
                self._begin(saved, job.version, saved)
        if job.version == self.base:
            self.view.banner.say(None)
        elif not self.document.is_dirty or self.document.values == saved:
            self._begin(saved, job.version, saved)
        else:
            self._warn_of_conflict(job)
        if former is None or former.name != job.name:
            self.rename(job.name, "ui/edit")
        self._tell()

    def _begin(self, saved: dict[str, Any], base: int, values: dict[str, Any]) -> None:
        self.base = base
        self.view.banner.say(None)
        self.document.load(values, saved)
        self._is_loaded = True
        if self._part:
            self.open_part(self._part)
        self._tell()

    def _take_gone(self, why: Text) -> None:
        """The job is not there; what was written of it may become a new one."""
        if self._is_loaded:
            self.job, self.base, self.document.saved = None, 0, {}
            self.view.banner.say(_("This job was deleted meanwhile: saving makes it anew."))
            self._tell()
            return
        self.rename(self.ref, "ui/edit")
        self.view.show_gone(why, partial(self.console.go, f"job/{NEW}"))

    # What is entered.

    def _follow(self, _path: str) -> None:
        if self._is_loaded:
            self._timer.start()
            self._tell()

    def _pause_over(self) -> None:
        self._keep()
        self.tasks.start(self._look(), "look")

    def _keep(self) -> None:
        if self.document.is_dirty:
            kept = self.drafts.keep(self.place, self.document.values, self.base, self.document.saved)
            self._kept_at = kept.at
        else:
            self.drafts.forget(self.place)
            self._kept_at = None
        self._tell()

    async def _look(self) -> None:
        """What the engine thinks of the draft, and what becomes of it."""
        self._told = await self.asking.verdict(self.document.values, self.job)
        self._complain()
        await self.asking.beside(self.document.values, self.job)

    # Problems.

    def _complain(self) -> None:
        faults = self.view.faults()
        named = {fault.field for fault in faults}
        told = [] if self.base == 0 and not self.document.is_dirty else self._told
        self.problems = [*faults, *(each for each in told if each.field not in named)]
        self.problems.sort(key=lambda problem: not problem.is_error)
        self.view.show_problems(self.problems)
        self.console.problems.report(self.place, [self._reported(problem) for problem in self.problems])

    def _reported(self, problem: Problem) -> problems.Problem:
        """As the window's panel shows it."""
        fix = None if problem.fix is None else (problem.fix.label, partial(self.mend, problem.fix))
        show = partial(self._open_field, problem.field)
        return problems.Problem(problem.text, place_words(problem.field), problem.is_error, show, fix)

    def _open_field(self, path: str) -> None:
        self.console.go(self.place)
        self.view.open_field(path)

    @property
    def errors(self) -> list[Problem]:
        """What keeps it from being saved."""
        return [problem for problem in self.problems if problem.is_error]

    def mend(self, fix: Fix) -> None:
        """Put what a fix says into its field."""
        self.document.put(fix.field, fix.value, label_of(fix.field))

    # Deeds.

    def save(self) -> None:
        """Save it as it is, unless something is wrong."""
        self.tasks.start(self._save(), "save")

    def review(self) -> None:
        """Show what a save would change; then save."""
        self.tasks.start(self._review(), "save")

    def discard(self) -> None:
        """Back to what is saved, as one step of undo."""
        stack = self.document.stack
        stack.beginMacro(shown(_("Discard changes")))
        for name in [*self.document.values, *self.document.saved]:
            self.document.put(name, self.document.saved.get(name, ABSENT))
        stack.endMacro()

    def restore_version(self, number: int) -> None:
        """Take an earlier version back."""
        self.tasks.start(self._restore(number), "save")

    async def _save(self) -> None:
        if not await self._is_right():
            return
        given: dict[str, Any] = {"spec": self.document.values}
        if self.job is not None:
            given |= {"job": self.job.id, "base": self.base}
        count = len(self.document.changed_fields())
        try:
            job: Job = await self.console.desk.do("job.save", **given)
        except Conflict as conflict:
            if self.job is None:
                self.view.banner.say(conflict.text)
            else:
                self._take_job(await self.console.desk.ask("job.show", job=self.job.id))
            return
        former, self.job = self.job, job
        self.drafts.forget(self.place)
        self.console.problems.report(self.place, ())
        self.ref, self.place, self._kept_at = str(job.id), f"job/{job.id}", None
        saved = written(job.spec)
        self._begin(saved, job.version, saved)
        self.rename(job.name, "ui/edit")
        self.named.emit()
        undo = None if former is None else partial(self.restore_version, former.version)
        self.console.toast(saved_words(job.version, count), glyph="status/success", undo=undo)
        await self._look()

    async def _is_right(self) -> bool:
        """Checked anew, so that nothing slips through that was entered just now; the first error gets the keyboard."""
        self._timer.stop()
        self._keep()
        await self._look()
        if self.errors:
            self.view.open_field(self.errors[0].field)
            what = plural("{n} error", "{n} errors", len(self.errors))
            self.console.toast(_("Not saved: {errors} to be put right", errors=what), glyph=ERROR)
            return False
        return True

    async def _review(self) -> None:
        if not await self._is_right():
            return
        dialog = review(self.document.saved, self.document.values, self.base, self.save)
        if dialog is not None:
            self.console.lay_over(dialog)

    async def _restore(self, number: int) -> None:
        if self.job is None:
            return
        job = await self.console.act("job.restore", job=str(self.job.id), version=number)
        if job is not None:
            self.drafts.forget(self.place)
            self.job, saved = job, written(job.spec)
            self._begin(saved, job.version, saved)
            self.rename(job.name, "ui/edit")
            await self._look()

    def copy_yaml(self) -> None:
        """The whole job as a file says it."""
        if (spec := self._readable()) is not None:
            self._copy(yaml_of(spec), _("Copied as YAML"))

    def copy_command(self) -> None:
        """The command that saves the same."""
        if (spec := self._readable()) is not None:
            self._copy(command_of(spec, self.job), _("Copied as a command"))

    def _copy(self, text: str, told: Text) -> None:
        QGuiApplication.clipboard().setText(text)
        self.console.toast(told, glyph="status/success")

    def try_out(self) -> None:
        """Show what a run would start."""
        self.view.show_part("command")

    def _readable(self) -> JobSpec | None:
        spec, problems = read_through(self.document.values)
        if problems or spec is None:
            self.console.toast(_("It can't be copied before it is right"), glyph=ERROR)
            return None
        return spec

    # Conflicts.

    def _warn_of_conflict(self, job: Job) -> None:
        said = _(
            "{actor} has saved v{number} meanwhile; this draft began from v{base}.",
            actor=job.saved_by,
            number=job.version,
            base=self.base,
        )
        keep, take = (_("Keep mine"), self._keep_mine), (_("Take theirs"), self._take_theirs)
        self.view.banner.say(said, ((_("Compare"), self._compare), keep, take))

    def _compare(self) -> None:
        """Both ways from where the draft began."""
        assert self.job is not None
        choices = ((_("Take theirs"), self._take_theirs), (_("Keep mine"), self._keep_mine))
        self.console.lay_over(comparison(self.job, self.document.saved, self.document.values, choices))

    def _keep_mine(self) -> None:
        """What is written here is to take the place of the newest version."""
        assert self.job is not None
        self._begin(written(self.job.spec), self.job.version, self.document.values)
        self._keep()

    def _take_theirs(self) -> None:
        assert self.job is not None
        self._begin(written(self.job.spec), self.job.version, written(self.job.spec))
        self.drafts.forget(self.place)

    # What is told.

    def _name(self) -> str:
        return str(self.document.values.get("name", "")) or (self.job.name if self.job is not None else "")

    def _tell(self) -> None:
        """The title, and how it stands with the draft."""
        self.view.head.tell(self._name() or _("New job"), self._state())
        is_dirty = self._is_loaded and self.document.is_dirty
        self.view.head.discard.setVisible(is_dirty)
        self.view.head.save.setEnabled(is_dirty and self.console.bridge.is_connected)
        self.view.mark(self.problems)
        if is_dirty is not self.is_dirty:
            self.is_dirty = is_dirty
            self.named.emit()

    def _state(self) -> Text | str:
        if not self._is_loaded:
            return _("Reading…")
        if not self.console.bridge.is_connected:
            return _("The engine does not answer; what you write is kept as a draft")
        if self.document.is_dirty or self.job is None:
            return draft_words(self._kept_at if self.document.is_dirty else None, self.base)
        return _("v{number}, saved by {actor}", number=self.job.version, actor=self.job.saved_by)

    def _connect(self) -> None:
        view, head = self.view, self.view.head
        self._timer.timeout.connect(self._pause_over)
        self.document.changed.connect(self._follow)
        head.save_asked.connect(self.review)
        head.copy_asked.connect(self.copy_yaml)
        head.command_asked.connect(self.copy_command)
        head.discard_asked.connect(self.discard)
        head.dry_run_asked.connect(self.try_out)
        view.opened.connect(self._look_at_part)
        view.ahead.mended.connect(self.mend)
        view.versions.chosen.connect(self._choose_version)
        view.version.restored.connect(self.restore_version)
        self.console.bridge.is_connected_changed.connect(self._tell)

    def commands(self) -> list[Command]:
        """What can be done with the job."""
        return commands_of(self)

    def arrive(self) -> None:
        """The keyboard begins with the parts."""
        self.view.nav.setFocus()

    def can_save(self) -> bool:
        """Whether there is anything to save, and somebody who does."""
        return self.is_dirty and self.console.bridge.is_connected

    def _look_at_part(self, _name: str) -> None:
        if self._is_loaded:
            self.tasks.start(self.asking.beside(self.document.values, self.job), "beside")

    def _choose_version(self, number: int) -> None:
        if self.job is not None:
            self.tasks.start(self.asking.version(self.job, number), "version")
