"""A tab in a window of its own; closing the window gives the tab back."""

from collections.abc import Callable

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.words import Spoken, shown


class OwnWindow(Spoken, QWidget):
    """Holds one page."""

    def __init__(self, page: Page, give_back: Callable[[Page], None]) -> None:
        super().__init__()
        self._page, self._give_back = page, give_back
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(page)
        page.show()
        page.named.connect(self.retranslate)
        self.retranslate()

    def retranslate(self) -> None:
        self.setWindowTitle(f"{shown(self._page.title)} – Watchkeeper")

    def closeEvent(self, event: QCloseEvent) -> None:
        self._page.named.disconnect(self.retranslate)
        self._give_back(self._page)
        super().closeEvent(event)
