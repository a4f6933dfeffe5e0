"""Tries a handler out: asks for its parameters, and shows the run that comes of it."""

from collections.abc import Callable

from watchkeeper.action.handlers import Handler
from watchkeeper.action.runs import Started
from watchkeeper.model.errors import Known
from watchkeeper.model.job import JobSpec
from watchkeeper.model.text import _
from watchkeeper.ui.console import Console
from watchkeeper.ui.tasks import Tasks
from watchkeeper.ui.widgets.run_dialog import RunDialog


class Trying:
    """`handler.try` with a form."""

    def __init__(self, console: Console, tasks: Tasks) -> None:
        self._console, self._tasks = console, tasks

    def begin(self, kind: str) -> None:
        """Ask for the parameters of a handler."""
        self._tasks.start(self._ask(kind))

    async def _ask(self, kind: str) -> None:
        handlers: list[Handler] = await self._console.desk.ask("handler.list")
        found = next((each for each in handlers if each.kind == kind), None)
        if found is None:
            return self._console.toast(_("{kind} is no handler: only handlers are tried here", kind=kind))
        start: Callable[[RunDialog, dict[str, str]], object] = self._start
        title = _("Try {kind}: {title}", kind=kind, title=found.title)
        fact = _("It really runs: once, as a run of the job “try {kind}”, which is made for that.", kind=kind)
        self._console.lay_over(RunDialog(JobSpec(kind, kind), found.fields, start, title, fact))

    def _start(self, dialog: RunDialog, params: dict[str, str]) -> None:
        self._tasks.start(self._started(dialog, params))

    async def _started(self, dialog: RunDialog, params: dict[str, str]) -> None:
        """What the engine would not take is said in the dialog, which stays."""
        spec = {"name": dialog.spec.name, "handler": dialog.spec.handler, "params": {}}
        try:
            await self._console.desk.ask("job.dry_run", spec=spec, params=params)
        except Known as refusal:
            return dialog.refuse(refusal)
        dialog.done.emit()
        started: Started | None = await self._console.act("handler.try", kind=dialog.spec.handler, params=params)
        if started is not None:
            self._console.go(f"run/{started.run.id}")
