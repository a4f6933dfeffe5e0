"""The main window: puts header, rail, tabs, pages, inspector and panels together; knows which place is where."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from watchkeeper.action.desk import Desk
from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text
from watchkeeper.ui import pages
from watchkeeper.ui.bridge import Bridge
from watchkeeper.ui.console import Console
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.shell.header import Header, initials_of
from watchkeeper.ui.shell.rail import Rail
from watchkeeper.ui.shell.tabs import Tab, TabRow
from watchkeeper.ui.widgets.words import plain

#: Where a window opens that has never been moved, in logical px.
SIZE = (1440, 900)
SMALLEST = (900, 600)
HOME = "dashboard"


class Window(QMainWindow):
    """One for the program; tabs may leave it for windows of their own."""

    def __init__(self, desk: Desk, bridge: Bridge, memory: Memory, person: str) -> None:
        super().__init__()
        self.setWindowTitle("Watchkeeper")
        self.setMinimumSize(*SMALLEST)
        self.console = Console(
            desk=desk, bridge=bridge, memory=memory, go=self.go, toast=self.toast, inspect=self.inspect, act=self.act
        )
        self.pages: list[Page] = []
        self.header = Header("Ctrl K", self.open_palette, initials_of(person))
        self.rail = Rail(pages.RAIL, self.go)
        self.row = TabRow()
        self.stack = QStackedWidget()
        self.inspector = QStackedWidget()
        self.inspector.hide()
        self._lay_out()
        self.row.chosen.connect(self._choose)
        self.row.closing.connect(self.close_tab)
        self.row.moved.connect(self._move)
        self._restore()

    # Places.

    def go(self, place: str) -> None:
        """Open a place, in the tab that it has already or in a new one."""
        for number, page in enumerate(self.pages):
            if page.place == place:
                return self._choose(number)
        page = pages.make(self.console, place)
        page.named.connect(self._rename)
        self.pages.append(page)
        self.stack.addWidget(page)
        self._choose(len(self.pages) - 1)

    def close_tab(self, number: int) -> None:
        """Close a tab; the last one gives way to the dashboard."""
        page = self.pages.pop(number)
        page.leave()
        self.stack.removeWidget(page)
        page.deleteLater()
        if not self.pages:
            return self.go(HOME)
        self._choose(min(number, len(self.pages) - 1))

    @property
    def page(self) -> Page:
        """The page that is shown."""
        return self.pages[self.row.current]

    # Ports of the pages.

    def inspect(self, widget: QWidget | None) -> None:
        """Show a widget in the inspector, or close it."""
        if widget is None:
            self.inspector.hide()
            return
        if self.inspector.indexOf(widget) < 0:
            self.inspector.addWidget(widget)
        self.inspector.setCurrentWidget(widget)
        self.inspector.show()

    def toast(self, text: Text | str, /, *, glyph: str = "", undo: Callable[[], None] | None = None) -> None:
        """Say something for a few seconds."""

    async def act(self, action: str, /, **given: Any) -> Any:
        """Do an action; what is refused is said."""
        try:
            return await self.console.desk.do(action, **given)
        except Known as refusal:
            self.toast(refusal.text, glyph="status/failed")

    def open_palette(self) -> None:
        """Search and commands."""

    def closeEvent(self, event: QCloseEvent) -> None:
        self._keep()
        for page in self.pages:
            page.leave()
        super().closeEvent(event)

    # Layout and memory.

    def _lay_out(self) -> None:
        right = QSplitter(Qt.Orientation.Horizontal)
        right.addWidget(self.stack)
        right.addWidget(self.inspector)
        right.setStretchFactor(0, 1)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.row)
        column.addWidget(right, 1)
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addLayout(column, 1)
        whole = plain(QWidget(), 0)
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addLayout(middle, 1)
        self.setCentralWidget(whole)

    def _choose(self, number: int) -> None:
        self.row.set_tabs([Tab(page.title, page.icon, page.is_dirty) for page in self.pages], number)
        page = self.pages[number]
        self.stack.setCurrentWidget(page)
        self.rail.show_current(page.place)
        self.inspect(None)
        page.reread()

    def _move(self, number: int, target: int) -> None:
        self.pages.insert(target, self.pages.pop(number))
        self._choose(target)

    def _rename(self) -> None:
        self.row.set_tabs([Tab(page.title, page.icon, page.is_dirty) for page in self.pages], self.row.current)

    def _restore(self) -> None:
        memory = self.console.memory
        geometry = memory.get("window.geometry", "")
        if not geometry or not self.restoreGeometry(QByteArray.fromBase64(geometry.encode())):
            self.resize(*SIZE)
        for place in memory.get("window.places", [HOME]):
            try:
                self.go(place)
            except (KeyError, TypeError, AttributeError):
                continue
        if not self.pages:
            self.go(HOME)

    def _keep(self) -> None:
        memory = self.console.memory
        memory.put("window.geometry", bytes(self.saveGeometry().toBase64().data()).decode())
        memory.put("window.places", [page.place for page in self.pages])
