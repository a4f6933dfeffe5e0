"""What can be done about a cause: carried out by the console, each with its way back where there is one."""

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from watchkeeper.action.attention import Attention, Cause, Need
from watchkeeper.model.run import MakeUp
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.commands import Command
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.dashboard.attention_row import Deeds
from watchkeeper.ui.tasks import Tasks
from watchkeeper.ui.widgets.question import Question

_ENDED = (Need.FAILED, Need.TIMED_OUT, Need.EXPIRED)


class AttentionDeeds:
    """`reread` lets the page read anew when something was done."""

    def __init__(self, console: Console, tasks: Tasks, reread: Callable[[], None]) -> None:
        self._console, self._tasks, self._reread = console, tasks, reread
        self.rows = Deeds(
            open_run=self.open_run,
            rerun=self.rerun,
            acknowledge=self.acknowledge,
            settle=self.settle,
            more=self.open_menu,
        )

    def commands(self, current: Callable[[], Cause | None]) -> list[Command]:
        """What can be done about the cause that is current when it is done."""
        return [
            Command(
                command.id,
                command.title,
                partial(self._do, command.id, current),
                command.keys,
                command.icon,
                "run",
                command.action,
                is_possible=partial(self._is_possible, command.id, current),
            )
            for command in self._of(None)
        ]

    def open_menu(self, cause: Cause, button: QWidget) -> None:
        """All that can be done about a cause, under a button."""
        self._console.menu(list(self._of(cause)), button.mapToGlobal(QPoint(0, button.height())))

    def open_run(self, cause: Cause) -> None:
        """Its run, which shows the first error; of what was missed the job."""
        self._console.go(f"run/{cause.run_id}" if cause.run_id else f"job/{cause.job_id}")

    def open_job(self, cause: Cause) -> None:
        """Its job."""
        self._console.go(f"job/{cause.job_id}")

    def rerun(self, cause: Cause) -> None:
        """The same run once more."""
        self._start("run.rerun", run=cause.run_id)

    def disable(self, cause: Cause) -> None:
        """Its job fires no more until somebody enables it."""
        self._start("job.disable", job=cause.job_id)

    def acknowledge(self, cause: Cause) -> None:
        """Somebody has seen it, and all that waits for the same."""
        if len(cause.run_ids) == 1:
            self._start("attention.acknowledge", run=cause.run_id)
        elif cause.run_ids:
            self._acknowledge_runs(cause.run_ids)

    def acknowledge_all(self, found: Attention | None) -> None:
        """Somebody has seen everything on the list."""
        self._acknowledge_runs(tuple(run for cause in (found.rows if found else ()) for run in cause.run_ids))

    def copy(self, cause: Cause) -> None:
        """The line of the error, for a search or for somebody else."""
        QGuiApplication.clipboard().setText(cause.first_error or "")
        self._console.toast(_("The line is on the clipboard"), glyph="status/success")

    def settle(self, cause: Cause) -> None:
        """Ask what is to be made up for."""
        title = _("Make up for what {job} has missed?", job=cause.job)
        text = plural("{n} run was missed: {why}", "{n} runs were missed: {why}", cause.count, why=cause.reason or "")
        answers = (
            (_("Let it be"), partial(self._make_up, cause, MakeUp.NONE)),
            (_("Run all of them"), partial(self._make_up, cause, MakeUp.ALL)),
            (_("Run once"), partial(self._make_up, cause, MakeUp.ONCE)),
        )
        self._console.lay_over(Question(title, text, answers))

    def _of(self, cause: Cause | None) -> Iterator[Command]:
        """The deeds that a cause allows; with None all of them, for nothing."""
        for name, title, deed, keys, icon, action in (
            ("log", _("Open the log at its first error"), self.open_run, "L", "ui/file", ""),
            ("rerun", _("Run it again"), self.rerun, "R", "ui/rerun", "run.rerun"),
            ("acknowledge", _("Acknowledge it, with what waits for it"), self.acknowledge, "A", "ui/check",
             "attention.acknowledge"),
            ("settle", _("Decide on what was missed…"), self.settle, "D", "ui/retry", "missed.settle"),
            ("disable", _("Disable its job"), self.disable, "P", "ui/pause", "job.disable"),
            ("job", _("Open its job"), self.open_job, "E", "ui/edit", ""),
            ("copy", _("Copy the line of the error"), self.copy, "C", "ui/copy", ""),
        ):  # fmt: skip
            if cause is None or _allows(name, cause):
                run = partial(deed, cause) if cause is not None else _nothing
                yield Command(f"attention.{name}", title, run, (keys,), icon, action=action)

    def _do(self, command_id: str, current: Callable[[], Cause | None]) -> None:
        cause = current()
        for command in self._of(cause) if cause is not None else ():
            if command.id == command_id:
                command.run()

    def _is_possible(self, command_id: str, current: Callable[[], Cause | None]) -> bool:
        cause = current()
        return cause is not None and any(command.id == command_id for command in self._of(cause))

    def _acknowledge_runs(self, run_ids: tuple[str, ...]) -> None:
        title = plural("Acknowledge {n} run", "Acknowledge {n} runs", len(run_ids))
        self._tasks.start(self._done_with_many([{"run": run_id} for run_id in run_ids], title))

    def _make_up(self, cause: Cause, choice: MakeUp, _is_remembered: bool) -> None:
        self._start("missed.settle", job=cause.job_id, choice=choice)

    def _start(self, action: str, **given: object) -> None:
        self._tasks.start(self._done(action, given))

    async def _done(self, action: str, given: dict[str, object]) -> None:
        await self._console.act(action, **given)
        self._reread()

    async def _done_with_many(self, each: list[dict[str, str]], title: Text) -> None:
        await self._console.act_many("attention.acknowledge", each, title, is_asked=True)
        self._reread()


def _allows(name: str, cause: Cause) -> bool:
    match name:
        case "rerun":
            return cause.need in _ENDED
        case "acknowledge":
            return bool(cause.run_ids)
        case "settle":
            return cause.need is Need.MISSED
        case "copy":
            return bool(cause.first_error)
    return True


def _nothing() -> None:
    """For a command that is only told of."""
