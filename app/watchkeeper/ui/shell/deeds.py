"""Carries out actions for pages: asks the desk, remembers in Activity, offers the way back, says what was refused."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from watchkeeper.action import ACTIONS
from watchkeeper.action.desk import Desk
from watchkeeper.model.errors import Known
from watchkeeper.model.text import _
from watchkeeper.ui.activity import Activity
from watchkeeper.ui.console import Toast
from watchkeeper.ui.tasks import Tasks


class Deeds:
    """One for the window."""

    def __init__(self, desk: Desk, activity: Activity, toast: Toast) -> None:
        self._desk, self._activity, self._toast = desk, activity, toast
        self._tasks = Tasks(lambda text: toast(text, glyph="status/failed"))

    async def act(self, action: str, /, **given: Any) -> Any:
        """Do it; its answer, or None when it was refused."""
        try:
            answer = await self._desk.do(action, **given)
        except Known as refusal:
            self._activity.add(action, given, None, refusal.text)
            self._toast(refusal.text, glyph="status/failed")
            return None
        undo = self._undo(action, given, answer)
        self._activity.add(action, given, undo, None)
        self._toast(_("Done: {what}", what=ACTIONS[action].title), glyph="status/success", undo=undo)
        return answer

    def begin(self, action: str, /, **given: Any) -> None:
        """The same for whoever does not wait for the end."""
        self._tasks.start(self._acted(action, given))

    def _undo(self, action: str, given: Mapping[str, Any], answer: Any) -> Callable[[], None] | None:
        """Takes it back by the action that its own definition names, with the values that the answer has for that,
        else with those that this one takes too."""
        back = ACTIONS[action].undo
        if back is None:
            return None
        wanted = {parameter.name for parameter in ACTIONS[back].parameters}
        values = {name: value for name, value in getattr(answer, "undo", given).items() if name in wanted}
        return partial(self.begin, back, **values)

    async def _acted(self, action: str, values: Mapping[str, Any]) -> None:
        await self.act(action, **values)
