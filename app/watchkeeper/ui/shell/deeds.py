"""Carries out actions for pages: asks the desk, remembers in Activity, offers the way back, says what was refused."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from watchkeeper.action import ACTIONS
from watchkeeper.action.desk import MOST_AT_ONCE, Desk
from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.activity import Activity, cli_form, place_of
from watchkeeper.ui.console import LayOver, Toast
from watchkeeper.ui.shell.bulk import MOST_UNASKED, effect_of
from watchkeeper.ui.shell.confirming import is_confirmed
from watchkeeper.ui.shell.steps import Call, Step, Steps, remembered, way_back
from watchkeeper.ui.tasks import Tasks

#: Of those that were refused.
MOST_NAMED = 3
_GOOD, _BAD = "status/success", "status/failed"


class Deeds:
    """One for each page and one for the window, with one way back for all."""

    def __init__(self, desk: Desk, activity: Activity, toast: Toast, lay_over: LayOver) -> None:
        self._desk, self._activity, self._toast, self._lay_over = desk, activity, toast, lay_over
        self._steps = Steps()
        self._tasks = Tasks(lambda text: toast(text, glyph=_BAD))

    def elsewhere(self, toast: Toast, lay_over: LayOver) -> "Deeds":
        """The same deeds, with one way back for all, that are told and asked for in another window."""
        made = Deeds(self._desk, self._activity, toast, lay_over)
        made._steps = self._steps
        return made

    async def act(self, action: str, /, **given: Any) -> Any:
        """Do it; its answer, or None when it was refused."""
        return await self.act_as(cli_form(action, given), action, **given)

    async def act_as(self, cli: str, action: str, /, **given: Any) -> Any:
        """The same where another command does it on a command line."""
        (answer,) = await self._carry_out(ACTIONS[action].title, [Call(action, given)], cli)
        return None if isinstance(answer, Known) else answer

    async def act_many(
        self, action: str, each: Sequence[Mapping[str, Any]], title: Text, /, *, is_asked: bool = False
    ) -> list[Any]:
        """The same action with many things; the answers, a Known where one was refused.

        For more than ten it is asked first, by `title`, which names how many there are; nothing without consent.
        `is_asked`: whoever calls has done that.
        """
        if len(each) > MOST_UNASKED and not is_asked:
            text = effect_of(action, len(each))
            if not await is_confirmed(self._lay_over, title, text, ACTIONS[action].title):
                return []
        calls = [Call(action, given) for given in each]
        return await self._carry_out(title, calls, _cli_of(calls)) if calls else []

    def begin(self, action: str, /, **given: Any) -> None:
        """The same as `act` for whoever does not wait for the end."""
        self._tasks.start(self._begun(action, given))

    def can_undo(self) -> bool:
        """Whether anything that was done can be taken back."""
        return self._steps.can_undo

    def can_redo(self) -> bool:
        """Whether anything that was taken back can be done again."""
        return self._steps.can_redo

    def undo(self) -> None:
        """Take back what was done last."""
        if (step := self._steps.last) is not None:
            self.take_back(step)

    def redo(self) -> None:
        """Do again what was taken back last."""
        if (step := self._steps.forward()) is not None:
            self._tasks.start(self._done_again(step))

    def take_back(self, step: Step) -> None:
        """Take back a step, once."""
        if self._steps.take(step):
            self._tasks.start(self._taken_back(step))

    async def _begun(self, action: str, given: Mapping[str, Any]) -> None:
        await self.act(action, **given)

    async def _done_again(self, step: Step) -> None:
        await self._carry_out(step.title, step.calls, _cli_of(step.calls), is_again=True)

    async def _taken_back(self, step: Step) -> None:
        refusal = _first_refusal(await self._answers(step.backs))
        title = _("Taken back: {what}", what=step.title)
        self._activity.add(title, _cli_of(step.backs), None, refusal)
        if refusal is not None:
            self._steps.put_back(step)
            return self._toast(refusal, glyph=_BAD)
        self._steps.settle(step)
        if step.deed is not None:
            self._activity.settle(step.deed)
        self._toast(title, glyph=_GOOD)

    async def _carry_out(self, title: Text, calls: Sequence[Call], cli: str, *, is_again: bool = False) -> list[Any]:
        answers = await self._answers(calls)
        done = [(call, answer) for call, answer in zip(calls, answers, strict=True) if not isinstance(answer, Known)]
        backs = [back for call, answer in done if (back := way_back(call, answer)) is not None]
        step = Step(title, remembered([call for call, _answer in done]), backs[::-1]) if backs else None
        undo = None if step is None else partial(self.take_back, step)
        refusal = _first_refusal(answers)
        place = place_of(calls[0].given) if len(calls) == 1 else ""
        deed = self._activity.add(title, cli, undo, refusal, place)
        if step is not None:
            step.deed = deed
            self._steps.add(step, is_again=is_again)
        if refusal is None:
            self._toast(_("Done: {what}", what=title), glyph=_GOOD, undo=undo)
        elif not done:
            self._toast(refusal, glyph=_BAD)
        else:
            names = _named([call for call, answer in zip(calls, answers, strict=True) if isinstance(answer, Known)])
            said = _("{n} of {all} done, but not {names}: {why}", n=len(done), all=len(calls), names=names, why=refusal)
            self._toast(said, glyph=_BAD, undo=undo)
        return answers

    async def _answers(self, calls: Sequence[Call]) -> list[Any]:
        """The answers of calls of one action, in order; a Known where one was refused."""
        answers: list[Any] = []
        try:
            for start in range(0, len(calls), MOST_AT_ONCE):
                some = calls[start : start + MOST_AT_ONCE]
                answers += await self._desk.do_many(some[0].action, [call.given for call in some])
        except Known as refusal:
            answers += [refusal] * (len(calls) - len(answers))
        return answers


def _first_refusal(answers: Sequence[Any]) -> Text | None:
    return next((answer.text for answer in answers if isinstance(answer, Known)), None)


def _cli_of(calls: Sequence[Call]) -> str:
    return "; ".join(cli_form(call.action, call.given) for call in calls)


def _named(calls: Sequence[Call]) -> Text | str:
    """What the first calls are about, and how many more there are."""
    names = ", ".join(str(next(iter(call.given.values()), call.action)) for call in calls[:MOST_NAMED])
    rest = len(calls) - MOST_NAMED
    return plural("{names} and {n} more", "{names} and {n} more", rest, names=names) if rest > 0 else names
