"""A page in a window of its own, with its own keys, inspector, toasts and dialogs; closing gives the tab back."""

from collections.abc import Callable

from PySide6.QtCore import QByteArray, QEvent, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from watchkeeper.ui.commands import Command, Commands
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.shell.berth import Berth
from watchkeeper.ui.shell.keys import Keys
from watchkeeper.ui.widgets.words import plain
from watchkeeper.ui.words import Spoken, shown

SMALLEST = (480, 320)


def caption(page: Page) -> str:
    """What the title bar says of a window with this page; the star is for what is not saved."""
    title = shown(page.title) + ("*" if page.is_dirty else "")
    return f"{title} – Watchkeeper" if title else "Watchkeeper"


class OwnWindow(Spoken, QWidget):
    """Holds one page, in its `berth`."""

    #: The page, when the person has closed the window, and when the window is used.
    closed = Signal(object)
    activated = Signal(object)

    def __init__(self, page: Page, commands: Commands, carry_out: Callable[[Command], None]) -> None:
        super().__init__()
        plain(self, 1)
        self.setMinimumSize(*SMALLEST)
        self.page = page
        self.berth = Berth(self)
        self._keys = Keys(self, commands, carry_out)
        self._is_over = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.berth)
        page.named.connect(self.retranslate)
        self.retranslate()

    def retranslate(self) -> None:
        self.setWindowTitle(caption(self.page))

    def geometry_text(self) -> str:
        """Where it stands, to be remembered."""
        return bytes(self.saveGeometry().toBase64().data()).decode()

    def restore(self, geometry: object) -> None:
        """Stand there again; on a screen that is there, if that one is gone. Wayland restores the size only."""
        self.restoreGeometry(QByteArray.fromBase64(str(geometry).encode()))

    def come_back(self) -> None:
        """Above the other windows."""
        self.showNormal() if self.isMinimized() else self.show()
        self.raise_()
        self.activateWindow()
        self.activated.emit(self.page)

    def end(self) -> None:
        """Close it without giving anything back."""
        self._is_over = True
        self.page.named.disconnect(self.retranslate)
        self.close()
        self.deleteLater()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.WindowActivate and not self._is_over:
            self.activated.emit(self.page)
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        if not self._is_over:
            self.closed.emit(self.page)
