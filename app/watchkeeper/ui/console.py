"""What a page is given of the window around it: the desk, the bridge, and a few ports of the shell."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from watchkeeper.action.desk import Desk
from watchkeeper.model.text import Text
from watchkeeper.ui.bridge import Bridge
from watchkeeper.ui.commands import Command, Commands
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.problems import Problems
from watchkeeper.ui.widgets.veil import Veil


class Toast(Protocol):
    """Says something for a few seconds; `undo` adds a button that takes it back."""

    def __call__(self, text: Text | str, /, *, glyph: str = "", undo: Callable[[], None] | None = None) -> None: ...


class Act(Protocol):
    """`await console.act("run.cancel", run=run.id)`: the answer; None when it was refused, which has been said.

    What is done stands in Activity as a command; where the action has an undo, a toast offers it.
    """

    async def __call__(self, action: str, /, **given: Any) -> Any: ...


class ActMany(Protocol):
    """`await console.act_many("job.disable", [{"job": id}, ...], _("Disable {n} jobs", n=12))`: the answers, in order.

    A Known stands where one was refused. More than ten are asked for first, by the title and what becomes of them;
    without consent the list is empty. One toast tells of all, and takes all of them back. `is_asked`: that is done.
    """

    async def __call__(
        self, action: str, each: Sequence[Mapping[str, Any]], title: Text, /, *, is_asked: bool = False
    ) -> list[Any]: ...


#: Lays a panel over the window: a dialog, opened at once.
LayOver = Callable[[QWidget], Veil]


@dataclass(frozen=True)
class Console:
    """One for the window."""

    desk: Desk
    bridge: Bridge
    memory: Memory
    commands: Commands
    problems: Problems
    #: Opens a place like `jobs`, `job/ID`, `run/ID`, in its tab if it has one.
    go: Callable[[str], None]
    toast: Toast
    act: Act
    act_many: ActMany
    #: Shows a widget in the inspector, or closes it with None; the caller keeps the widget.
    inspect: Callable[[QWidget | None], None]
    lay_over: LayOver
    #: Opens a menu of commands at a place of the screen.
    menu: Callable[[list[Command], QPoint], None]
    #: The IANA zone in which times are shown.
    zone: Callable[[], str]
