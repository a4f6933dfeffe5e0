"""Saved views of the table: filter, sorting, form and columns under a name; some are there from the beginning."""

from collections.abc import Sequence
from typing import Any

import msgspec

from watchkeeper.model.text import Text, _
from watchkeeper.ui.memory import Memory

#: Where a person's own are remembered.
_REMEMBERED = "jobs.views"


class View(msgspec.Struct, frozen=True):
    """What a view leaves open stays as it is."""

    name: Text | str
    query: str
    sort: str | None = None
    is_grouped: bool | None = None
    columns: dict[str, Any] | None = None

    @property
    def is_own(self) -> bool:
        """Somebody has saved it."""
        return isinstance(self.name, str)

    def named(self, name: str) -> "View":
        """The same under a name."""
        return msgspec.structs.replace(self, name=name)


BUILT_IN = (
    View(_("All"), ""),
    View(_("Failing"), "status:failed"),
    View(_("Running"), "status:running"),
    View(_("Paused"), "is:disabled"),
)


class Views:
    """The built-in ones, then the person's own in the order in which they were saved."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    @property
    def all(self) -> Sequence[View]:
        return (*BUILT_IN, *self._own())

    def save(self, view: View) -> None:
        """Save it, in place of the one that has its name."""
        own = self._own()
        number = next((n for n, each in enumerate(own) if each.name == view.name), len(own))
        self._put([*own[:number], view, *own[number + 1 :]])

    def rename(self, view: View, name: str) -> View:
        """The same under another name."""
        renamed = view.named(name)
        self._put([renamed if each == view else each for each in self._own()])
        return renamed

    def delete(self, view: View) -> int:
        """Forget it; where it stood."""
        own = self._own()
        number = own.index(view)
        self._put([*own[:number], *own[number + 1 :]])
        return number

    def put_back(self, view: View, number: int) -> None:
        """Let one that was deleted be where it was."""
        own = self._own()
        self._put([*own[:number], view, *own[number:]])

    def refusal(self, name: str, view: View | None = None) -> Text | None:
        """Why a view, or this view, can't get the name."""
        if not name:
            return _("a view needs a name: write one, like My finance jobs")
        if any(each.name == name and each != view for each in self._own()):
            return _("there is a view called {name} already: choose a different name", name=name[:60])
        return None

    def _own(self) -> list[View]:
        try:
            return msgspec.convert(self._memory.get(_REMEMBERED, []), list[View])
        except msgspec.ValidationError:
            return []

    def _put(self, own: Sequence[View]) -> None:
        self._memory.put(_REMEMBERED, msgspec.to_builtins(list(own)))
