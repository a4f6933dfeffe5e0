"""What a page is given of the window around it: the desk, the bridge, and a few ports of the shell."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtWidgets import QWidget

from watchkeeper.action.desk import Desk
from watchkeeper.model.text import Text
from watchkeeper.ui.bridge import Bridge
from watchkeeper.ui.memory import Memory


class Go(Protocol):
    """Opens a place like `jobs`, `job/ID`, `run/ID`, in its tab if it has one."""

    def __call__(self, place: str, /) -> None: ...


class Toast(Protocol):
    """Says something for a few seconds; `undo` adds a button that takes it back."""

    def __call__(self, text: Text | str, /, *, glyph: str = "", undo: Callable[[], None] | None = None) -> None: ...


@dataclass(frozen=True)
class Console:
    """One for the window."""

    desk: Desk
    bridge: Bridge
    memory: Memory
    go: Go
    toast: Toast
    #: Shows a widget in the inspector, or closes it with None; the caller keeps the widget.
    inspect: Callable[[QWidget | None], None]
    #: Does an action, remembers it in Activity with its undo, and says what was refused.
    act: "Act"


class Act(Protocol):
    """`await console.act("run.cancel", run=run.id)`: the answer; None when it was refused, which has been said."""

    async def __call__(self, action: str, /, **given: Any) -> Any: ...
