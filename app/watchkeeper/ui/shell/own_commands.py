"""The commands that the window itself has, on every page."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from watchkeeper.model.text import Text, _
from watchkeeper.ui import pages
from watchkeeper.ui.commands import Command
from watchkeeper.ui.shell.layout import forget_layout
from watchkeeper.ui.shell.finding import open_jobs
from watchkeeper.ui.theme import Density, Theme

if TYPE_CHECKING:
    from watchkeeper.ui.shell.window import Window

THEMES: tuple[tuple[Theme, Text], ...] = (
    (Theme.SYSTEM, _("Theme of the desktop")),
    (Theme.LIGHT, _("Light theme")),
    (Theme.DARK, _("Dark theme")),
    (Theme.CONTRAST, _("High contrast")),
)
DENSITIES: tuple[tuple[Density, Text], ...] = (
    (Density.COMFORTABLE, _("Comfortable rows")),
    (Density.COMPACT, _("Compact rows")),
)
#: Pages that are not counted by their keys.
MORE_KEYS = {"settings": ("Ctrl+,",)}
#: Each language in its own.
LANGUAGES: tuple[tuple[str, str], ...] = (("en", "English"), ("zh_CN", "简体中文"))


def own_commands(window: "Window") -> Iterator[Command]:
    """All of them."""
    yield from _of_places(window)
    yield from _of_tabs(window)
    yield from _of_looks(window)
    yield Command(
        "palette", _("Search and commands"), window.open_palette, ("Ctrl+K", "Ctrl+Shift+P"), "ui/search", "view"
    )
    yield Command("go_to_job", _("Go to a job, or to a run by its number"), partial(open_jobs, window), ("Ctrl+P",))
    yield Command("panel", _("Show or hide the panel"), window.toggle_panel, ("Ctrl+`",), menu="view")
    yield Command("layout.forget", _("Forget the window's layout"), partial(forget_layout, window), menu="view")
    yield Command(
        "diagnostics", _("Diagnostics"), partial(window.go, "diagnostics"), icon="ui/diagnostics", menu="help"
    )
    yield Command("refresh", _("Read again"), window.reread, ("F5",), menu="view")
    yield Command(
        "first_steps", _("First steps"), partial(window.go, "dashboard#first-steps"), icon="ui/check", menu="help"
    )
    yield Command("keys", _("Keys of this page"), window.open_keys, ("?",), "ui/keyboard", menu="help")
    yield Command("help", _("Help on this page"), window.open_help, ("F1",), "ui/help", "help")
    yield Command("quit", _("Quit"), window.quit, ("Ctrl+Q",), "ui/power", menu="file")


def _of_places(window: "Window") -> Iterator[Command]:
    shown = [entry for group in pages.RAIL for entry in group]
    for number, (place, icon, title) in enumerate(shown, 1):
        keys = MORE_KEYS.get(place) or ((f"Ctrl+{number}",) if number < 10 else ())
        yield Command(f"go.{place}", title, partial(window.go, place), keys, icon, "view")
    yield Command("back", _("Back"), window.back, ("Alt+Left",), menu="view")
    yield Command("forward", _("Forward"), window.forward, ("Alt+Right",), menu="view")


def _of_tabs(window: "Window") -> Iterator[Command]:
    yield Command("tab.next", _("Next tab"), partial(window.step_tab, 1), ("Ctrl+Tab",), menu="view")
    yield Command("tab.before", _("Previous tab"), partial(window.step_tab, -1), ("Ctrl+Shift+Tab",), menu="view")
    yield Command("tab.close", _("Close the tab"), window.close_current, ("Ctrl+W",), "ui/close", menu="file")
    yield Command(
        "tab.part", _("Tab to a window of its own"), window.part_current, ("Ctrl+Shift+N",), "ui/open-window", "view"
    )


def _of_looks(window: "Window") -> Iterator[Command]:
    for theme, title in THEMES:
        yield Command(f"theme.{theme}", title, partial(window.choose_theme, theme), icon="ui/theme", menu="view")
    for density, title in DENSITIES:
        yield Command(f"density.{density}", title, partial(window.choose_density, density), menu="view")
    for name, words in LANGUAGES:
        title = _("Language: {name}", name=words)
        choose: Callable[[], None] = partial(window.choose_language, name)
        yield Command(f"language.{name}", title, choose, menu="view")
