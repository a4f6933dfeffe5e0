"""Which pages are open: in the tabs of the window, or in windows of their own; and which of them is in use."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from watchkeeper.ui import pages
from watchkeeper.ui.commands import Command
from watchkeeper.ui.console import Console
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.shell.berth import Berth, Mooring
from watchkeeper.ui.shell.deeds import Deeds
from watchkeeper.ui.shell.own_window import OwnWindow, caption
from watchkeeper.ui.shell.tabs import Tab, TabRow

#: The page that is there when no other is.
HOME = "dashboard"
#: Remembered: the places of the tabs, the one that was shown, and the windows with their geometry.
TABS, SHOWN, WINDOWS = "window.places", "window.place", "window.own"


class OpenPages(QObject):
    """`row` shows the tabs that lie in `berth`."""

    #: A page: it is in use from now on.
    used = Signal(object)

    def __init__(
        self,
        berth: Berth,
        row: TabRow,
        console: Console,
        deeds: Deeds,
        carry_out: Callable[[Command], None],
    ) -> None:
        super().__init__(row)
        self._berth, self._row, self._console = berth, row, console
        self._deeds, self._carry_out = deeds, carry_out
        self.tabs: list[Page] = []
        self.windows: dict[Page, OwnWindow] = {}
        self._moorings: dict[Page, Mooring] = {}
        self._in_use: Page | None = None

    @property
    def page(self) -> Page:
        """The page of the window that is in use."""
        return self._in_use if self._in_use in self.windows else self.tabs[self._row.current]

    @property
    def berth(self) -> Berth:
        """Where it lies."""
        own = None if self._in_use is None else self.windows.get(self._in_use)
        return self._berth if own is None else own.berth

    def open(self, place: str) -> Page:
        """The page of a place: where it is open already, else in a new tab. KeyError when there is none."""
        own = next((own for page, own in self.windows.items() if page.holds(place)), None)
        if own is not None:
            own.come_back()
            return own.page
        number = next((number for number, page in enumerate(self.tabs) if page.holds(place)), None)
        self.choose(self._add(place) if number is None else number)
        return self.page

    def choose(self, number: int) -> None:
        """Show a tab."""
        page = self.tabs[number]
        self._name(number)
        self._moorings[page].show()
        self.use(page)
        page.arrive()
        page.reread()

    def use(self, page: Page) -> None:
        """Somebody works with this page now: keys and commands are for it."""
        self._in_use = page
        self.used.emit(page)

    def use_tabs(self) -> None:
        """Somebody works in the window of the tabs."""
        if self.tabs:
            self.use(self.tabs[self._row.current])

    def step(self, by: int) -> None:
        """The tab so many further."""
        self.choose((self._row.current + by) % len(self.tabs))

    def close(self, page: Page) -> None:
        """Close it for good; the last tab gives way to the dashboard."""
        if (own := self.windows.pop(page, None)) is not None:
            own.end()
        else:
            self._take_out(self.tabs.index(page))
        page.leave()
        self._moorings.pop(page).let_go()
        self.use_tabs()

    def part(self, page: Page) -> OwnWindow:
        """Give a tab a window of its own; closing that brings the tab back."""
        mooring, size = self._moorings[page], page.size()
        self._take_out(self.tabs.index(page))
        own = self.windows[page] = OwnWindow(page, self._console.commands, self._carry_out)
        own.closed.connect(self.bring_back)
        own.activated.connect(self.use)
        own.resize(size)
        mooring.move(own.berth)
        own.show()
        self.use(page)
        page.arrive()
        return own

    def bring_back(self, page: Page) -> None:
        """From its own window to the tabs."""
        own = self.windows.pop(page)
        self.tabs.append(page)
        self._moorings[page].move(self._berth)
        own.end()
        self.choose(len(self.tabs) - 1)

    def move(self, number: int, target: int) -> None:
        """Another order of the tabs."""
        self.tabs.insert(target, self.tabs.pop(number))
        self.choose(target)

    def rename(self) -> None:
        """Show what the tabs are called now."""
        self._name(self._row.current)

    def keep(self, memory: Memory) -> None:
        """Remember what is open and where."""
        memory.put(TABS, [page.place for page in self.tabs])
        memory.put(SHOWN, self.tabs[self._row.current].place if self.tabs else HOME)
        memory.put(WINDOWS, [[page.place, own.geometry_text()] for page, own in self.windows.items()])

    def restore(self, memory: Memory) -> None:
        """Open what was open; what there is no longer is passed over."""
        shown = memory.get(SHOWN, "")
        parted = [entry for entry in memory.get(WINDOWS, []) if isinstance(entry, list) and len(entry) == 2]
        for place in memory.get(TABS, [HOME]):
            self._try_to_open(place)
        for place, geometry in parted:
            page = self._try_to_open(place)
            if page in self.tabs:
                self.part(page).restore(geometry)
        if not self.tabs:
            self.open(HOME)
        number = next((number for number, page in enumerate(self.tabs) if page.place == shown), self._row.current)
        self.choose(number)

    def end(self) -> None:
        """The program ends: nothing goes on."""
        for page in (*self.tabs, *self.windows):
            page.leave()
        for own in self.windows.values():
            own.end()
        self.windows = {}

    def _try_to_open(self, place: object) -> Page | None:
        try:
            return self.open(str(place))
        except (KeyError, TypeError, AttributeError):
            return None

    def _add(self, place: str) -> int:
        mooring = Mooring(self._berth)
        page = pages.make(mooring.console(self._console, self._deeds), place)
        mooring.tie(page)
        self._moorings[page] = mooring
        page.named.connect(self.rename)
        self.tabs.append(page)
        return len(self.tabs) - 1

    def _take_out(self, number: int) -> None:
        self.tabs.pop(number)
        if self.tabs:
            self.choose(min(number, len(self.tabs) - 1))
        else:
            self.open(HOME)

    def _name(self, current: int) -> None:
        self._row.set_tabs([Tab(page.title, page.icon, page.is_dirty) for page in self.tabs], current)
        self._row.window().setWindowTitle(caption(self.tabs[current]))
