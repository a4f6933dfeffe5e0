"""Deeds on the selected jobs, one or a thousand: what they would do is told before, and one Undo takes all back."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from watchkeeper.action import ACTIONS
from watchkeeper.action.desk import MOST_AT_ONCE
from watchkeeper.action.handlers import Handler
from watchkeeper.action.job_effect import Deed, Effect
from watchkeeper.model import codec
from watchkeeper.model.errors import Known
from watchkeeper.model.job import Job
from watchkeeper.model.text import Text, _
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.jobs.effects import ACTION_OF, TITLES, sentences_of, title_of
from watchkeeper.ui.pages.jobs.list import JobList
from watchkeeper.ui.tasks import Tasks
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.dialog import Dialog
from watchkeeper.ui.widgets.run_dialog import RunDialog
from watchkeeper.ui.widgets.words import Label

#: More than so many are asked about.
UNASKED = 10


class Bulk:
    """`is_told`: what deeds would do stands before the person already. `done` is called after each."""

    def __init__(
        self, console: Console, tasks: Tasks, jobs: JobList, is_told: Callable[[], bool], done: Callable[[], None]
    ) -> None:
        self._console, self._tasks, self._jobs, self._is_told, self._done = console, tasks, jobs, is_told, done

    def begin(self, deed: Deed, tag: str = "") -> None:
        """Do it to the selected jobs, after a question where one is due."""
        self._tasks.start(self._begin(deed, tag))

    def begin_runs(self, action: str, runs: Sequence[str], nothing: Text) -> None:
        """Do something to these runs; `nothing` is said where there is none."""
        if runs:
            self._tasks.start(self._done_to(action, [{"run": run} for run in runs]))
        else:
            self._console.toast(nothing, glyph="status/skipped")

    async def ask_parameters(self, name: str) -> None:
        """Ask for other parameters of one run."""
        job: Job = await self._console.desk.ask("job.show", job=name)
        handlers: list[Handler] = await self._console.desk.ask("handler.list")
        fields = next((each.fields for each in handlers if each.kind == job.spec.handler), ())
        self._console.lay_over(RunDialog(job.spec, fields, self._start_with))

    def _start_with(self, dialog: RunDialog, params: dict[str, str]) -> None:
        self._tasks.start(self._started_with(dialog, params))

    async def _started_with(self, dialog: RunDialog, params: dict[str, str]) -> None:
        """What the engine would not take is said in the dialog, which stays."""
        try:
            await self._console.desk.ask("job.dry_run", spec=codec.plain(dialog.spec), params=params)
        except Known as refusal:
            return dialog.refuse(refusal)
        dialog.done.emit()
        await self._console.act("run.start", job=dialog.spec.name, params=params)
        self._done()

    async def _done_to(self, action: str, each: Sequence[Mapping[str, Any]]) -> None:
        if len(each) == 1:
            await self._console.act(action, **each[0])
        else:
            title = _("{what}: {n} runs", what=ACTIONS[action].title, n=len(each))
            await self._console.act_many(action, each, title)
        self._done()

    async def effects(self, *deeds: Deed, tag: str = "") -> list[Effect]:
        """What deeds would do to the selected jobs; all but those on tags when none is named."""
        count = self._jobs.table.chosen_count
        if count > MOST_AT_ONCE:
            raise Known(
                _(
                    "{n} jobs are selected, and at most {most} can be changed at once: select fewer, or filter them",
                    n=count,
                    most=MOST_AT_ONCE,
                )
            )
        ids = await self._jobs.chosen_ids()
        effects: list[Effect] = await self._console.desk.ask("job.effect", jobs=ids, deeds=deeds, tag=tag)
        return effects

    async def _begin(self, deed: Deed, tag: str) -> None:
        if not list(self._jobs.table.places()):
            return await self._do_one(deed, tag)
        (effect,) = await self.effects(deed, tag=tag)
        is_many = len(effect.jobs) + len(effect.skipped) > 1
        if len(effect.jobs) > UNASKED or (is_many and not self._is_told()):
            self._ask(effect, tag)
        else:
            await self._carry_out(effect, tag)

    async def _do_one(self, deed: Deed, tag: str) -> None:
        """The current one: what is wrong with it is said by the refusal."""
        if (row := self._jobs.table.current) is not None:
            await self._console.act(ACTION_OF[deed], **_given(row.name, deed, tag))
            self._done()

    def _ask(self, effect: Effect, tag: str) -> None:
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for number, sentence in enumerate(sentences_of(effect, self._console.zone)):
            words = Label(sentence, Role.BODY, ink=1 if number == 0 else 2)
            words.setWordWrap(True)
            layout.addWidget(words)
        choices = ((TITLES[effect.deed], partial(self._go, effect, tag)),) if effect.jobs else ()
        self._console.lay_over(Dialog(title_of(effect.deed, len(effect.jobs)), body, choices))

    def _go(self, effect: Effect, tag: str) -> None:
        self._tasks.start(self._carry_out(effect, tag))

    async def _carry_out(self, effect: Effect, tag: str) -> None:
        if not effect.jobs:
            return self._console.toast(list(sentences_of(effect, self._console.zone))[-1], glyph="status/skipped")
        each = [_given(name, effect.deed, tag) for name in effect.jobs]
        title = title_of(effect.deed, len(each))
        await self._console.act_many(ACTION_OF[effect.deed], each, title, is_asked=True)
        self._done()


def _given(name: str, deed: Deed, tag: str) -> dict[str, Any]:
    return {"job": name, "tag": tag} if deed in (Deed.TAG, Deed.UNTAG) else {"job": name}
