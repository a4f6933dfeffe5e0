"""What a person can do about a run, from buttons, menus, keys and palette."""

import shlex
from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QGuiApplication

from watchkeeper.action.draft import problem_of, written
from watchkeeper.model.errors import Known
from watchkeeper.model.form import FormField
from watchkeeper.model.job import Job, JobSpec
from watchkeeper.model.run import Run, State
from watchkeeper.model.span_words import about_words
from watchkeeper.model.text import Text, _
from watchkeeper.ui.commands import Command
from watchkeeper.ui.console import Console
from watchkeeper.ui.links import link_to
from watchkeeper.ui.pages.run.again import AgainDialog
from watchkeeper.ui.pages.run.kill import KillDialog
from watchkeeper.ui.pages.run.values import written as value_words
from watchkeeper.ui.tasks import Tasks
from watchkeeper.ui.widgets.reason_dialog import ReasonDialog
from watchkeeper.ui.widgets.segmented import Segmented

_FAILED = (State.FAILED, State.TIMED_OUT, State.CANCELLED, State.EXPIRED, State.UPSTREAM_FAILED)


class Deeds:
    """`take` shows a run and the job as it was when it ran; `reread` reads the run anew."""

    def __init__(self, console: Console, tasks: Tasks, wanted: str, reread: Callable[[], None]) -> None:
        self._console, self._tasks, self._wanted, self._reread = console, tasks, wanted, reread
        self.run: Run | None = None
        self._spec: JobSpec | None = None
        self.killing: KillDialog | None = None

    def take(self, run: Run, spec: JobSpec | None) -> None:
        """Whatever is done from now on is done to this run."""
        self.run, self._spec = run, spec
        if self.killing is not None:
            self.killing.take(run)

    # Ending it.

    def stop(self) -> None:
        """Ask it to stop."""
        self._act("run.cancel")

    def kill(self) -> None:
        """Ask whether it is to be killed."""
        if self.run is not None:
            grace = None if self._spec is None else about_words(self._spec.timeouts.grace)
            self.killing = KillDialog(self.run, grace, partial(self._act, "run.cancel", grace="0s"))
            self.killing.done.connect(self._forget_killing)
            self._console.lay_over(self.killing)

    def judge(self) -> None:
        """Give it another ending, with a reason."""
        run = self.run
        if run is None:
            return
        states = [(str(State.SUCCEEDED), _("Succeeded")), (str(State.FAILED), _("Failed"))]
        choice = Segmented(states, _nothing, name=_("What it was"))
        if run.outcome is State.SUCCEEDED:
            choice.choose(str(State.FAILED))
        self._console.lay_over(ReasonDialog(*_judgement(run), partial(self._judge_with, choice), above=choice))

    def acknowledge(self) -> None:
        """Somebody has seen it."""
        self._act("attention.acknowledge")

    # Once more.

    def rerun(self) -> None:
        """Run the job again with the same parameters, and show that run."""
        if self.run is not None:
            self._tasks.start(self._rerun_and_go(self.run))

    def rerun_with(self) -> None:
        """Look at the parameters first."""
        if self.run is not None:
            self._tasks.start(self._open_again(self.run))

    # Elsewhere.

    def edit_job(self) -> None:
        """Open its job."""
        if self.run is not None:
            self._console.go(f"job/{self.run.job_id}#command")

    def compare(self) -> None:
        """Hold it beside the last success of its job."""
        self._console.go(f"compare/{self._wanted}")

    def copy_link(self) -> None:
        """The link to this run, to the clipboard."""
        self._copied(link_to(f"run/{self._wanted}"), _("The link is on the clipboard"))

    def copy_command(self) -> None:
        """What starts the same on a command line, to the clipboard."""
        if self.run is not None:
            self._copied(command_of(self.run), _("The command is on the clipboard"))

    # What may be done.

    def is_stoppable(self) -> bool:
        """It lives, and nobody has asked it to stop."""
        return self.run is not None and self.run.is_live and self.run.cancel_requested_at is None

    def is_killable(self) -> bool:
        """It has begun, and has not ended."""
        return self.run is not None and self.run.state in (State.DISPATCHING, State.RUNNING, State.ORPHANED)

    def has_ended(self) -> bool:
        """Nothing more comes of it."""
        return self.run is not None and not self.run.is_live

    def has_failed(self) -> bool:
        """Somebody has to look at it."""
        return self.run is not None and self.run.outcome in (*_FAILED, State.UNKNOWN)

    def is_unknown(self) -> bool:
        """Nobody can say whether it happened."""
        return self.run is not None and self.run.state is State.UNKNOWN

    def may_be_judged(self) -> bool:
        """A person's word counts."""
        return self.run is not None and self.run.state in (*_FAILED, State.UNKNOWN, State.SUCCEEDED)

    def commands(self) -> list[Command]:
        """All of it."""
        run = partial(Command, menu="run")
        edit = partial(Command, menu="edit")
        return [
            run("run.stop", _("Stop"), self.stop, ("S",), "ui/stop", action="run.cancel",
                is_possible=self.is_stoppable, cli=self._cli("cancel")),
            run("run.kill", _("Kill…"), self.kill, (), "ui/power", action="run.cancel",
                is_possible=self.is_killable, cli=self._cli("cancel", "--grace 0s")),
            run("run.again", _("Run again"), self.rerun, ("R",), "ui/rerun", action="run.rerun",
                is_possible=self.has_ended, cli=self._cli("rerun")),
            run("run.again_with", _("Run again with parameters…"), self.rerun_with, ("Shift+R",), "ui/rerun-from",
                action="run.rerun", is_possible=self.has_ended),
            run("run.judge", _("Say what it was…"), self.judge, (), "ui/check", action="run.mark",
                is_possible=self.may_be_judged),
            run("run.acknowledge", _("Acknowledge"), self.acknowledge, ("A",), "ui/check",
                action="attention.acknowledge", is_possible=self.has_failed),
            run("run.compare", _("Compare with last success"), self.compare, ("C",), "ui/compare"),
            edit("run.edit", _("Edit job"), self.edit_job, ("Ctrl+E",), "ui/edit"),
            edit("run.copy_command", _("Copy as a command"), self.copy_command, ("Ctrl+Shift+C",), "ui/terminal"),
            edit("run.copy_link", _("Copy link"), self.copy_link, (), "ui/link"),
        ]  # fmt: skip

    # How.

    def _act(self, action: str, **given: object) -> None:
        if self.run is not None:
            self._tasks.start(self._acted(action, self.run, given))

    async def _acted(self, action: str, run: Run, given: dict[str, object]) -> None:
        await self._console.act(action, run=run.id, **given)
        self._reread()

    def _judge_with(self, choice: Segmented, reason: str) -> None:
        action = "run.resolve" if self.is_unknown() else "run.mark"
        self._act(action, state=State(choice.chosen), reason=reason)

    def _forget_killing(self) -> None:
        self.killing = None

    async def _rerun_and_go(self, run: Run, **given: object) -> None:
        again = await self._console.act("run.rerun", run=run.id, **given)
        if again is not None:
            self._console.go(f"run/{again.id}")

    async def _open_again(self, run: Run) -> None:
        job: Job = await self._console.desk.ask("job.show", job=run.job_id)
        handlers = await self._console.desk.ask("handler.list")
        fields: tuple[FormField, ...] = next((each.fields for each in handlers if each.kind == job.spec.handler), ())
        dialog = AgainDialog(run, job, fields)
        dialog.submitted.connect(partial(self._begin_again, dialog, run, job))
        self._console.lay_over(dialog)

    def _begin_again(self, dialog: AgainDialog, run: Run, job: Job) -> None:
        self._tasks.start(self._submit(dialog, run, job), "again")

    async def _submit(self, dialog: AgainDialog, run: Run, job: Job) -> None:
        """Nothing is started before every value is right."""
        changed, spec = dialog.changed, written(job.spec)
        try:
            await self._console.desk.ask("job.dry_run", spec={**spec, "params": {**dialog.given, **changed}})
        except Known as refusal:
            problem = problem_of(refusal)
            return dialog.complain(problem.field, problem.text)
        dialog.done.emit()
        await self._rerun_and_go(run, params=changed)

    def _copied(self, text: str, said: Text) -> None:
        QGuiApplication.clipboard().setText(text)
        self._console.toast(said, glyph="status/success")

    def _cli(self, verb: str, *options: str) -> Callable[[], str]:
        return lambda: " ".join(("watchkeeper run", verb, str(self.run.number if self.run else self._wanted), *options))


def command_of(run: Run) -> str:
    """What a person would type to start the same."""
    given = (("--param", f"{name}={value_words(value)}") for name, value in (run.params or {}).items())
    words = ["watchkeeper", "run", "start", run.job_name, *(word for pair in given for word in pair)]
    return shlex.join(words)


def _judgement(run: Run) -> tuple[Text, Text]:
    if run.state is State.UNKNOWN:
        return (
            _("Say what run #{number} was", number=run.number),
            _("Nobody can tell whether it happened: look at its host first. Jobs that follow take your word. Say why."),
        )
    return (
        _("Force the ending of run #{number}", number=run.number),
        _("Its ending stays on record; statistics and jobs that follow take your word. Say why."),
    )


def _nothing() -> None:
    """A choice is read when it is wanted."""
