"""How a window stands that has never been moved, and the way back to that."""

from typing import TYPE_CHECKING

from watchkeeper.ui.shell.open_pages import SHOWN, TABS, WINDOWS

if TYPE_CHECKING:
    from watchkeeper.ui.shell.window import Window

#: Where a window opens that has never been moved, in logical px.
SIZE = (1440, 900)
SMALLEST = (900, 600)


def forget_layout(window: "Window") -> None:
    """Forget size and tabs; the window has its first size at once."""
    window.console.memory.forget("window.geometry", TABS, SHOWN, WINDOWS)
    window.panel.hide()
    window.showNormal()
    window.resize(*SIZE)
