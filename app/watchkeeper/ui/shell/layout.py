"""How a window stands that has never been moved, and the way back to that."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from watchkeeper.ui.shell.open_pages import SHOWN, TABS, WINDOWS

if TYPE_CHECKING:
    from watchkeeper.ui.shell.window import Window

#: How large a window is that has never been moved, where the screen has room for it, in logical px.
SIZE = (1440, 900)
SMALLEST = (900, 600)
#: For what a desktop draws around a window.
_FRAME = QSize(32, 64)


def give_first_size(window: QWidget) -> None:
    """As large as it is best seen, but no larger than the screen."""
    window.resize(QSize(*SIZE).boundedTo(window.screen().availableSize() - _FRAME))


def forget_layout(window: "Window") -> None:
    """Forget size and tabs; the window has its first size at once."""
    window.console.memory.forget("window.geometry", TABS, SHOWN, WINDOWS)
    window.panel.hide()
    window.showNormal()
    give_first_size(window)
