"""What every page is: a tab with a place, a title and a glyph, that reads by the desk and follows the bridge."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from watchkeeper.model.errors import StoreDown
from watchkeeper.model.events import Event
from watchkeeper.model.text import Text
from watchkeeper.ui.commands import Command
from watchkeeper.ui.console import Console
from watchkeeper.ui.freshness import Freshness
from watchkeeper.ui.tasks import Tasks
from watchkeeper.ui.words import Spoken

W = TypeVar("W", bound=QWidget)


class Page(Spoken, QWidget):
    """Made by its module's `page(console, rest)`."""

    #: The page of help that F1 opens.
    topic = "console"
    #: Title or glyph have changed.
    named = Signal()

    def __init__(self, console: Console, place: str, title: Text | str, icon: str) -> None:
        super().__init__()
        self.console = console
        #: Where it is found again: `jobs`, `run/ID`.
        self.place = place
        self.title = title
        #: Of resources/icons, like `ui/jobs` or `status/failed`.
        self.icon = icon
        #: What it has changed and not saved.
        self.is_dirty = False
        #: Whether what it shows is still so.
        self.freshness = Freshness(console.bridge, self)
        self.tasks = Tasks(console.toast)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ground", "1")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        console.bridge.told.connect(self.take)
        console.bridge.is_connected_changed.connect(self.take_connection)

    @property
    def read_at(self) -> datetime | None:
        """When its data were read last."""
        return self.freshness.read_at

    def own(self, widget: W) -> W:
        """A widget for the inspector: it ends with the page, whether it was ever shown or not."""
        widget.setParent(self)
        widget.hide()
        return widget

    async def refresh(self) -> None:
        """Read anew all that is shown."""

    def holds(self, place: str) -> bool:
        """Whether a place is shown in this tab."""
        return place == self.place

    def turn_to(self, place: str) -> None:
        """Show a place that it holds; the tab is in front."""

    def take(self, events: Sequence[Event]) -> None:
        """Follow what happened; by default everything is read anew when any of it concerns this page."""
        if self.isVisible() and self.concerns(events):
            self.reread()

    def take_connection(self, is_connected: bool) -> None:
        """The engine answers again: what it told meanwhile is not known."""
        if is_connected and self.isVisible():
            self.reread()

    def arrive(self) -> None:
        """The tab is shown: give the keyboard to what is used first."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_part(self, part: str) -> None:
        """Show the part of this page that a place names behind its `#`; a page without parts has nothing to do."""

    def commands(self) -> list[Command]:
        """What can be done here besides what can be done everywhere."""
        return []

    def concerns(self, events: Sequence[Event]) -> bool:
        """Whether any of these events changes what is shown."""
        return bool(events)

    def reread(self) -> None:
        """Start `refresh`; one that is under way is given up for it."""
        self.freshness.want()
        self.tasks.start(self._refreshed(), "refresh")

    def leave(self) -> None:
        """The tab is closed: nothing goes on."""
        self.console.bridge.told.disconnect(self.take)
        self.console.bridge.is_connected_changed.disconnect(self.take_connection)
        self.tasks.close()

    def rename(self, title: Text | str, icon: str) -> None:
        """Another title or glyph on the tab."""
        if (title, icon) != (self.title, self.icon):
            self.title, self.icon = title, icon
            self.named.emit()

    async def _refreshed(self) -> None:
        try:
            await self.refresh()
        except StoreDown as trouble:
            self.freshness.fail(trouble.text)
        else:
            self.freshness.come()
