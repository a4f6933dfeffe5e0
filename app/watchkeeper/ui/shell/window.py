"""The main window: puts header, rail, tabs, pages, inspector and panel together; knows which place is where."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QByteArray, QEvent, QPoint
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QMainWindow, QWidget

from watchkeeper.action.attention import Attention
from watchkeeper.action.desk import Desk
from watchkeeper.action.engine import Status
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
from watchkeeper.ui.shell import finding, status_bar
from watchkeeper.ui.shell.berth import Berth
from watchkeeper.ui.shell.deeds import Deeds
from watchkeeper.ui.shell.frame import framed
from watchkeeper.ui.shell.header import Header, initials_of
from watchkeeper.ui.shell.keys import Keys
from watchkeeper.ui.shell.layout import SMALLEST, give_first_size
from watchkeeper.ui.shell.leaving import Leaving
from watchkeeper.ui.shell.lookout import Lookout
from watchkeeper.ui.shell.looks import LANGUAGES, THEMES
from watchkeeper.ui.shell.menus import Menus
from watchkeeper.ui.shell.notices import Notices
from watchkeeper.ui.shell.open_pages import OpenPages
from watchkeeper.ui.shell.own_commands import own_commands
from watchkeeper.ui.shell.panel import Panel
from watchkeeper.ui.shell.places import Places
from watchkeeper.ui.shell.quiet import Quiet
from watchkeeper.ui.shell.rail import Rail
from watchkeeper.ui.shell.status_bar import StatusBar
from watchkeeper.ui.shell.tabs import TabRow
from watchkeeper.ui.tasks import Tasks
from watchkeeper.ui.theme import Density, Motion, Theme, look
from watchkeeper.ui.widgets.veil import Veil
from watchkeeper.ui.words import Spoken, language, speak


class Window(Spoken, QMainWindow):
    """One for the program; tabs may leave it for windows of their own."""

    def __init__(self, desk: Desk, bridge: Bridge, memory: Memory, person: str) -> None:
        super().__init__()
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
        self._attention: Attention | None = None
        #: What closing means; without it the window just closes.
        self.leaving: Leaving | None = None
        self.places = Places()
        self.tasks = Tasks(self.toast)
        self.notices, self.quiet = Notices(self), Quiet(memory, self)
        self.lookout = Lookout(desk, bridge, self.toast, self)
        self._make_parts(person)
        self.setCentralWidget(framed(self.header, self.rail, self.row, self.berth, self.panel, self.status))
        self.commands.add(own_commands(self))
        self._menus = Menus(self.header.menus, self.commands, self.carry_out)
        self._keys = Keys(self, self.commands, self.carry_out)
        self._connect(bridge)
        self._restore()

    # Places and tabs.

    def go(self, place: str) -> None:
        """Open a place, in the tab that it has already or in a new one; `job/ID#schedule` shows that part of it."""
        place, _mark, part = place.partition("#")
        was_in_own_window = self.open_pages.berth is not self.berth
        page = self.open_pages.open(place)
        if was_in_own_window and page in self.open_pages.tabs:
            self.come_back()
        page.turn_to(place)
        if part:
            page.open_part(part)

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
        self.open_pages.step(step)

    def close_current(self) -> None:
        """Close the page that is in use."""
        self.open_pages.close(self.page)

    def close_tab(self, number: int) -> None:
        """Close a tab; the last one gives way to the dashboard."""
        self.open_pages.close(self.pages[number])

    def part_current(self) -> None:
        """Give the tab that is shown a window of its own; from there, bring it back."""
        if self.page in self.pages:
            self.open_pages.part(self.page)
        else:
            self.open_pages.bring_back(self.page)
            self.come_back()

    def part_tab(self, number: int) -> None:
        """Give a tab a window of its own; closing that brings the tab back."""
        self.open_pages.part(self.pages[number])

    @property
    def page(self) -> Page:
        """The page that is in use: the one that is shown here, or in the window of its own that is active."""
        return self.open_pages.page

    @property
    def pages(self) -> list[Page]:
        """Those in the tabs."""
        return self.open_pages.tabs

    # Ports of the pages.

    def inspect(self, widget: QWidget | None) -> None:
        """Show a widget in the inspector, or close it."""
        self.open_pages.berth.inspect(widget)

    def toast(self, text: Text | str, /, *, glyph: str = "", undo: Callable[[], None] | None = None) -> None:
        """Say something for a few seconds."""
        self.open_pages.berth.toast(text, glyph=glyph, undo=undo)

    def lay_over(self, panel: QWidget) -> Veil:
        """Lay a panel over the window that is in use; Escape takes it away."""
        return self.open_pages.berth.lay_over(panel)

    def open_menu(self, commands: list[Command], at: QPoint) -> None:
        """A menu of commands at a place of the screen."""
        menu = self._menus.context(commands)
        menu.setParent(self.page.window(), menu.windowFlags())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

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
        from watchkeeper.ui.shell.key_sheet import KeySheet

        self.lay_over(KeySheet(self.commands, self.page.title))

    def open_help(self) -> None:
        """The topic of this page."""
        self.go(f"help/{self.page.topic}")

    def toggle_inspector(self) -> None:
        """Show or hide the inspector of the page."""
        self.berth.toggle_inspector()

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

    def choose_motion(self, motion: Motion) -> None:
        """Let things move or not, at once."""
        self.console.memory.put("motion", str(motion))
        look().set_motion(motion)

    def choose_language(self, name: str) -> None:
        """Another language, at once."""
        self.console.memory.put("language", name)
        speak(name)

    def toggle_quiet(self) -> None:
        """Do not disturb, or do again."""
        self.quiet.turn(not self.quiet.is_on)

    def rerun(self, run_id: str) -> None:
        """Run a run again."""
        self.deeds.begin("run.rerun", run=run_id)

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
        self.open_pages.rename()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.WindowActivate:
            self.open_pages.use_tabs()
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.keep()
        if self.leaving is not None and not self.leaving.close():
            return event.ignore()
        self.open_pages.end()
        self.tasks.close()
        self.lookout.close()
        super().closeEvent(event)

    # Parts.

    def _make_parts(self, person: str) -> None:
        self.header = Header("Ctrl K", self.open_palette, initials_of(person))
        self.rail = Rail(pages.RAIL, self.go)
        self.row = TabRow(partial(self.toggle_panel, ""), self.toggle_inspector)
        self.berth = Berth(self, below=status_bar.HEIGHT)
        self.toasts, self.inspector = self.berth.toasts, self.berth.inspector
        self.open_pages = OpenPages(self.berth, self.row, self.console, self.deeds, self.carry_out)
        self.panel = Panel(
            self.activity,
            self.problems,
            self.notices,
            self.quiet,
            zone=self.zone,
            go=self.go,
            rerun=self.rerun,
            toast=self.toast,
        )
        self.panel.hide()
        self.status = StatusBar(self.toggle_panel)

    def _connect(self, bridge: Bridge) -> None:
        self.open_pages.used.connect(self._use)
        self.row.chosen.connect(self.open_pages.choose)
        self.row.closing.connect(self.close_tab)
        self.row.parting.connect(self.part_tab)
        self.row.moved.connect(self.open_pages.move)
        self.row.adding.connect(self.open_palette)
        self.header.bell.clicked.connect(partial(self.toggle_panel, "notices"))
        self.header.theme_asked.connect(self._next_theme)
        self.header.language_asked.connect(self._next_language)
        self.problems.changed.connect(self._count)
        self.header.bell.quiet_asked.connect(self.quiet.turn)
        self.quiet.changed.connect(self._show_quiet)
        self.notices.changed.connect(self._count)
        bridge.told.connect(self.panel.take)
        bridge.told.connect(self.notices.take)
        bridge.is_connected_changed.connect(self.notices.take_connection)
        self.lookout.status_read.connect(self._take_status)
        self.lookout.attention_read.connect(self._take_attention)
        self.lookout.start()
        self._show_quiet()

    # What happens.

    def _take_status(self, status: Status | None) -> None:
        self.status.take(status, is_connected=status is not None)
        self.quiet.look()
        self.rail.take(status, self._attention)

    def _take_attention(self, attention: Attention) -> None:
        self._attention = attention
        self.notices.take_attention(attention)
        self.rail.take(self.status.status, attention)

    def _show_quiet(self) -> None:
        self.header.bell.set_quiet(self.quiet.is_on, self.quiet.words(self.zone()))

    def _count(self) -> None:
        self.header.bell.set_count(self.notices.unseen)
        self.status.set_problems(len(self.problems.all()))

    def _next_theme(self) -> None:
        order = [theme for theme, _title in THEMES if theme is not Theme.SYSTEM]
        before = look().theme
        self.choose_theme(order[(order.index(before) + 1) % len(order)] if before in order else Theme.DARK)

    def _next_language(self) -> None:
        order = [name for name, _words in LANGUAGES]
        self.choose_language(order[(order.index(language()) + 1) % len(order)])

    def _use(self, page: Page) -> None:
        self.commands.set_page(page.commands(), page.place.partition("/")[0])
        if page in self.pages:
            self.rail.show_current(page.place)
            self.places.visit(page.place)

    # Memory.

    def _restore(self) -> None:
        memory = self.console.memory
        geometry = memory.get("window.geometry", "")
        if not geometry or not self.restoreGeometry(QByteArray.fromBase64(geometry.encode())):
            give_first_size(self)
        self.open_pages.restore(memory)

    def keep(self) -> None:
        """Remember how the window stands."""
        memory = self.console.memory
        memory.put("window.geometry", bytes(self.saveGeometry().toBase64().data()).decode())
        self.open_pages.keep(memory)
