"""What was done in the window and can be taken back, and what was taken back and can be done again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from watchkeeper.action import ACTIONS
from watchkeeper.model.text import Text
from watchkeeper.ui.activity import Deed

#: Steps back that are kept.
MOST = 100


@dataclass(frozen=True, eq=False)
class Call:
    """An action with its values."""

    action: str
    given: Mapping[str, Any]


@dataclass(eq=False)
class Step:
    """One deed: one action, or the same with many things."""

    title: Text
    calls: Sequence[Call]
    #: What takes it back.
    backs: Sequence[Call]
    #: As it stands in Activity.
    deed: Deed | None = None


class Steps:
    """Two stacks: whatever is done anew forgets what lay ahead."""

    def __init__(self) -> None:
        self._done: list[Step] = []
        self._undone: list[Step] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a step back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step forward."""
        return bool(self._undone)

    @property
    def last(self) -> Step | None:
        """What would be taken back first."""
        return self._done[-1] if self._done else None

    def add(self, step: Step, *, is_again: bool = False) -> None:
        """It was done, for the first time or again."""
        self._done = [*self._done[-MOST + 1 :], step]
        if not is_again:
            self._undone.clear()

    def take(self, step: Step) -> bool:
        """Begin to take it back; False when that has been begun before."""
        if step not in self._done:
            return False
        self._done.remove(step)
        return True

    def put_back(self, step: Step) -> None:
        """It could not be taken back."""
        self._done.append(step)

    def settle(self, step: Step) -> None:
        """It was taken back; what nobody remembers can't be done again."""
        if step.calls:
            self._undone.append(step)

    def forward(self) -> Step | None:
        """What was taken back last, to be done again."""
        return self._undone.pop() if self._undone else None


def remembered(calls: Sequence[Call]) -> Sequence[Call]:
    """The calls as they may be kept to be done again: none of them where one was given a secret."""
    is_secret = any(
        parameter.is_sensitive and call.given.get(parameter.name)
        for call in calls
        for parameter in ACTIONS[call.action].parameters
    )
    return () if is_secret else calls


def way_back(call: Call, answer: Any) -> Call | None:
    """The action that takes a call back, by its own definition.

    It gets the values that the answer has for that, else those of the call that it takes too.
    """
    if call.action == "job.restore":
        return _way_back_of_restore(call, answer)
    back = ACTIONS[call.action].undo
    if back is None:
        return None
    wanted = {parameter.name for parameter in ACTIONS[back].parameters}
    values = getattr(answer, "undo", call.given)
    return Call(back, {name: value for name, value in values.items() if name in wanted})


def _way_back_of_restore(call: Call, job: Any) -> Call:
    """A job that came back goes again; an earlier version gives way to the one that it took the place of."""
    if call.given.get("version") is None:
        return Call("job.delete", {"job": job.id})
    return Call("job.restore", {"job": job.id, "version": job.version - 1})
