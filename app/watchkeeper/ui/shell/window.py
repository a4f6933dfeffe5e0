"""The main window: puts header, rail, tabs, pages, inspector and panel together; knows which place is where."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QByteArray, QPoint, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from watchkeeper.action.desk import Desk
from watchkeeper.action.engine import Status
from watchkeeper.model.errors import Known
from watchkeeper.model.events import Event
from watchkeeper.model.text import Text, _
from watchkeeper.ui import pages
from watchkeeper.ui.activity import Activity
from watchkeeper.ui.bridge import Bridge
from watchkeeper.ui.commands import Command, Commands
from watchkeeper.ui.console import Console
from watchkeeper.ui.links import link_to
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.pages.page import Page
from watchkeeper.ui.problems import Problems
from watchkeeper.ui.shell import finding
from watchkeeper.ui.shell.deeds import Deeds
from watchkeeper.ui.shell.frame import framed
from watchkeeper.ui.shell.header import Header, initials_of
from watchkeeper.ui.shell.key_sheet import KeySheet
from watchkeeper.ui.shell.keys import Keys
from watchkeeper.ui.shell.layout import SIZE, SMALLEST
from watchkeeper.ui.shell.leaving import Leaving
from watchkeeper.ui.shell.looks import LANGUAGES, THEMES
from watchkeeper.ui.shell.menus import Menus
from watchkeeper.ui.shell.own_commands import own_commands
from watchkeeper.ui.shell.own_window import OwnWindow
from watchkeeper.ui.shell.panel import Panel
from watchkeeper.ui.shell.places import Places
from watchkeeper.ui.shell.rail import Rail
from watchkeeper.ui.shell.status_bar import StatusBar
from watchkeeper.ui.shell.tabs import Tab, TabRow
from watchkeeper.ui.shell.toasts import Toasts
from watchkeeper.ui.tasks import Tasks
from watchkeeper.ui.theme import Density, Theme, look
from watchkeeper.ui.widgets.veil import Veil
from watchkeeper.ui.words import Spoken, language, speak

HOME = "dashboard"
#: Milliseconds between two looks at the engine when nothing happens.
PULSE = 2_000


class Window(Spoken, QMainWindow):
    """One for the program; tabs may leave it for windows of their own."""

    #: What the engine does, as it has just said; None when it does not answer.
    status_read = Signal(object)

    def __init__(self, desk: Desk, bridge: Bridge, memory: Memory, person: str) -> None:
        super().__init__()
        self.setWindowTitle("Watchkeeper")
        self.setMinimumSize(*SMALLEST)
        self.activity, self.problems, self.commands = Activity(self), Problems(self), Commands(memory)
        self.deeds = Deeds(desk, self.activity, self.toast, self.lay_over)
        self.console = Console(
            desk=desk,
            bridge=bridge,
            memory=memory,
            commands=self.commands,
            problems=self.problems,
            go=self.go,
            toast=self.toast,
            act=self.deeds.act,
            act_many=self.deeds.act_many,
            inspect=self.inspect,
            lay_over=self.lay_over,
            menu=self.open_menu,
            zone=self.zone,
        )
        #: What closing means; without it the window just closes.
        self.leaving: Leaving | None = None
        self.places = Places()
        self.pages: list[Page] = []
        self._own_windows: dict[Page, OwnWindow] = {}
        self.tasks = Tasks(self.toast)
        self._make_parts(person)
        self.setCentralWidget(
            framed(self.header, self.rail, self.row, self.stack, self.inspector, self.panel, self.status)
        )
        self.commands.add(own_commands(self))
        self._menus = Menus(self.header.menus, self.commands, self.carry_out)
        self._keys = Keys(self, self.commands, self.carry_out)
        self._connect(bridge)
        self._restore()

    # Places and tabs.

    def go(self, place: str) -> None:
        """Open a place, in the tab that it has already or in a new one; `job/ID#schedule` shows that part of it."""
        place, _mark, part = place.partition("#")
        self._choose(self._number_of(place))
        self.page.turn_to(place)
        if part:
            self.page.open_part(part)

    def _number_of(self, place: str) -> int:
        """Of the tab that has this place, a new one if there is none."""
        for number, page in enumerate(self.pages):
            if page.holds(place):
                return number
        page = pages.make(self.console, place)
        page.named.connect(self._rename)
        self.pages.append(page)
        self.stack.addWidget(page)
        return len(self.pages) - 1

    def back(self) -> None:
        """The place before."""
        if (place := self.places.back()) is not None:
            self.go(place)

    def forward(self) -> None:
        """The place from which `back` came."""
        if (place := self.places.forward()) is not None:
            self.go(place)

    def step_tab(self, step: int) -> None:
        """The next tab, or the one before."""
        self._choose((self.row.current + step) % len(self.pages))

    def close_current(self) -> None:
        """Close the tab that is shown."""
        self.close_tab(self.row.current)

    def close_tab(self, number: int) -> None:
        """Close a tab; the last one gives way to the dashboard."""
        page = self._take_out(number)
        page.leave()
        page.deleteLater()

    def part_current(self) -> None:
        """Give the tab that is shown a window of its own."""
        self.part_tab(self.row.current)

    def part_tab(self, number: int) -> None:
        """Give a tab a window of its own; closing that brings the tab back."""
        page = self._take_out(number)
        own = OwnWindow(page, self._bring_back)
        # Without a parent nobody else keeps it.
        self._own_windows[page] = own
        own.resize(page.size())
        own.show()

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
        self.toasts.show_toast(text, glyph, undo)

    def lay_over(self, panel: QWidget) -> Veil:
        """Lay a panel over the window; Escape takes it away."""
        veil = Veil(self, panel)
        done = getattr(panel, "done", None)
        if done is not None:
            done.connect(veil.close_veil)
        veil.open()
        return veil

    def open_menu(self, commands: list[Command], at: QPoint) -> None:
        """A menu of commands at a place of the screen."""
        self._menus.context(commands).popup(at)

    def zone(self) -> str:
        """The zone in which times are shown."""
        return self.status.status.zone if self.status.status else "UTC"

    # Commands.

    def carry_out(self, command: Command) -> None:
        """Do what a command says, if it can be done now."""
        if command.is_possible():
            command.run()

    def open_palette(self) -> None:
        """Search and commands."""
        finding.open_palette(self)

    def copy_link(self, place: str) -> None:
        """Put the link to a place on the clipboard."""
        QGuiApplication.clipboard().setText(link_to(place))
        self.toast(_("The link is on the clipboard"), glyph="status/success")

    def open_keys(self) -> None:
        """The keys of this page and those everywhere."""
        self.lay_over(KeySheet(self.commands, self.page.title))

    def open_help(self) -> None:
        """The topic of this page."""
        self.go(f"help/{self.page.topic}")

    def toggle_panel(self, name: str = "") -> None:
        """Show or hide the panel; a named list of it is shown."""
        if self.panel.isVisible() and name in ("", self.panel.tabs.chosen):
            self.panel.hide()
        else:
            self.panel.open_on(name or self.panel.tabs.chosen)
        self._count()

    def reread(self) -> None:
        """Read anew what the page shows."""
        self.page.reread()

    def choose_theme(self, theme: Theme) -> None:
        """Another theme, at once."""
        self.console.memory.put("theme", str(theme))
        look().choose(theme)

    def choose_density(self, density: Density) -> None:
        """Other rows, at once."""
        self.console.memory.put("density", str(density))
        look().set_density(density)

    def choose_language(self, name: str) -> None:
        """Another language, at once."""
        self.console.memory.put("language", name)
        speak(name)

    def quit(self) -> None:
        """End the program."""
        if self.leaving is not None:
            self.leaving.quit()
        else:
            self.close()

    def come_back(self) -> None:
        """Show the window again, above the others."""
        self.showNormal() if self.isMinimized() else self.show()
        self.raise_()
        self.activateWindow()

    def retranslate(self) -> None:
        self._menus.retranslate()
        self._rename()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.keep()
        if self.leaving is not None and not self.leaving.close():
            return event.ignore()
        for page in self.pages:
            page.leave()
        self.tasks.close()
        self._pulse.stop()
        super().closeEvent(event)

    # Parts.

    def _make_parts(self, person: str) -> None:
        self.header = Header("Ctrl K", self.open_palette, initials_of(person))
        self.rail = Rail(pages.RAIL, self.go)
        self.row = TabRow()
        self.stack, self.inspector = QStackedWidget(), QStackedWidget()
        self.inspector.hide()
        self.panel = Panel(self.activity, self.problems, self.zone, self.go, self.toast)
        self.panel.hide()
        self.status = StatusBar(self.toggle_panel)
        self._pulse = QTimer(self)
        self._pulse.setInterval(PULSE)

    def _connect(self, bridge: Bridge) -> None:
        self.toasts = Toasts(self)
        self.row.chosen.connect(self._choose)
        self.row.closing.connect(self.close_tab)
        self.row.parting.connect(self.part_tab)
        self.row.moved.connect(self._move)
        self.row.adding.connect(self.open_palette)
        self.header.bell.clicked.connect(partial(self.toggle_panel, "notices"))
        self.header.theme_asked.connect(self._next_theme)
        self.header.language_asked.connect(self._next_language)
        self.problems.changed.connect(self._count)
        bridge.told.connect(self._take)
        bridge.is_connected_changed.connect(self._ask_status)
        self._pulse.timeout.connect(self._ask_status)
        self._pulse.start()
        QTimer.singleShot(0, self._ask_status)

    # What happens.

    def _take(self, batch: Sequence[Event]) -> None:
        self.panel.take(batch)
        self._count()
        self._ask_status()

    def _ask_status(self) -> None:
        self.tasks.start(self._read_status(), "status")

    async def _read_status(self) -> None:
        try:
            status: Status | None = await self.console.desk.ask("engine.status")
        except Known:
            status = None
        self.status.take(status, is_connected=status is not None)
        self.status_read.emit(status)

    def _count(self) -> None:
        self.header.bell.set_count(self.panel.unseen)
        self.status.set_problems(len(self.problems.all()))

    def _next_theme(self) -> None:
        order = [theme for theme, _title in THEMES if theme is not Theme.SYSTEM]
        before = look().theme
        self.choose_theme(order[(order.index(before) + 1) % len(order)] if before in order else Theme.DARK)

    def _next_language(self) -> None:
        order = [name for name, _words in LANGUAGES]
        self.choose_language(order[(order.index(language()) + 1) % len(order)])

    def _choose(self, number: int) -> None:
        page = self.pages[number]
        self._show_tabs(number)
        self.stack.setCurrentWidget(page)
        self.rail.show_current(page.place)
        self.inspect(None)
        self.commands.set_page(page.commands(), page.place.partition("/")[0])
        self.places.visit(page.place)
        page.arrive()
        page.reread()

    def _take_out(self, number: int) -> Page:
        page = self.pages.pop(number)
        self.stack.removeWidget(page)
        if self.pages:
            self._choose(min(number, len(self.pages) - 1))
        else:
            self.go(HOME)
        return page

    def _bring_back(self, page: Page) -> None:
        self._own_windows.pop(page).deleteLater()
        self.pages.append(page)
        self.stack.addWidget(page)
        self._choose(len(self.pages) - 1)

    def _move(self, number: int, target: int) -> None:
        self.pages.insert(target, self.pages.pop(number))
        self._choose(target)

    def _rename(self) -> None:
        self._show_tabs(self.row.current)

    def _show_tabs(self, current: int) -> None:
        self.row.set_tabs([Tab(page.title, page.icon, page.is_dirty) for page in self.pages], current)

    # Memory.

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

    def keep(self) -> None:
        """Remember how the window stands."""
        memory = self.console.memory
        memory.put("window.geometry", bytes(self.saveGeometry().toBase64().data()).decode())
        memory.put("window.places", [page.place for page in self.pages])
