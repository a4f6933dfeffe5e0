"""The commands that the window itself has, on every page."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from watchkeeper.model.text import Text, _
from watchkeeper.ui import pages
from watchkeeper.ui.commands import Command
from watchkeeper.ui.shell.finding import open_jobs
from watchkeeper.ui.shell.keys import is_typing
from watchkeeper.ui.shell.layout import forget_layout
from watchkeeper.ui.shell.looks import look_commands
from watchkeeper.ui.shell.tools import tool_commands

if TYPE_CHECKING:
    from watchkeeper.ui.shell.window import Window

#: Pages that are not counted by their keys.
MORE_KEYS = {"settings": ("Ctrl+,",)}
#: Pages of help that the menu names.
TOPICS: tuple[tuple[str, Text], ...] = (
    ("getting-started", _("First steps")),
    ("jobs-file", _("Help: jobs")),
    ("triggers", _("Help: triggers")),
    ("command-line", _("Help: command line")),
)


def own_commands(window: "Window") -> Iterator[Command]:
    """All of them, in the order of the menus."""
    yield Command("jobs.new", _("New job"), partial(window.go, "job/new"), ("Ctrl+N",), "ui/plus", "file")
    yield from tool_commands(window)
    yield from _of_steps(window)
    yield from _of_places(window)
    yield from _of_tabs(window)
    yield from look_commands(window)
    yield Command("palette", _("Search and commands"), window.open_palette, ("Ctrl+K", "Ctrl+Shift+P"), menu="view")
    yield Command(
        "go_to_job", _("Go to a job, or to a run by its number"), partial(open_jobs, window), ("Ctrl+P",), menu="view"
    )
    yield Command("panel", _("Show or hide the panel"), window.toggle_panel, ("Ctrl+`",), "ui/panel-bottom", "view")
    beside = window.toggle_inspector
    yield Command("inspector", _("Show or hide the inspector"), beside, ("Ctrl+I",), "ui/panel-right", "view")
    yield Command("quiet", _("Do not disturb"), window.toggle_quiet, ("Ctrl+Shift+D",), "ui/moon", "view")
    yield Command("layout.forget", _("Forget the window's layout"), partial(forget_layout, window), menu="view")
    yield Command("refresh", _("Read again"), window.reread, ("F5",), menu="view")
    yield Command(
        "actions", _("Actions of this page"), partial(_open_actions, window), (".",), "ui/more", is_in_palette=False
    )
    yield from _of_help(window)
    yield Command("quit", _("Quit"), window.quit, ("Ctrl+Q",), "ui/power", menu="file")


def _of_steps(window: "Window") -> Iterator[Command]:
    deeds = window.deeds
    yield Command(
        "undo",
        _("Undo the last action"),
        deeds.undo,
        ("Ctrl+Z",),
        "ui/undo",
        "edit",
        is_possible=lambda: deeds.can_undo() and not _is_typing(),
    )
    yield Command(
        "redo",
        _("Redo"),
        deeds.redo,
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        menu="edit",
        is_possible=lambda: deeds.can_redo() and not _is_typing(),
    )

    yield Command(
        "copy_command",
        _("Copy an action as a command"),
        window.panel.copy_command,
        ("Ctrl+Shift+C",),
        "ui/terminal",
        "edit",
        is_possible=lambda: bool(window.activity.deeds) and not _is_typing(),
    )


def _of_help(window: "Window") -> Iterator[Command]:
    first_steps = partial(window.go, "dashboard#first-steps")
    yield Command("first_steps", _("First steps"), first_steps, icon="ui/check", menu="help")
    yield Command("keys", _("Keys of this page"), window.open_keys, ("?",), "ui/keyboard", menu="help")
    yield Command("help", _("Help on this page"), window.open_help, ("F1",), "ui/help", "help")
    diagnose = partial(window.go, "diagnostics")
    yield Command("diagnostics", _("Diagnostics"), diagnose, icon="ui/diagnostics", menu="help")
    for topic, title in TOPICS:
        yield Command(f"help.{topic}", title, partial(window.go, f"help/{topic}"), menu="help")


def _open_actions(window: "Window") -> None:
    """What can be done with what is selected, as a menu in the middle of the page."""
    window.open_menu(list(window.commands.of_page()), window.page.mapToGlobal(window.page.rect().center()))


def _is_typing() -> bool:
    """A field takes back what was typed in it."""
    focus = QApplication.focusWidget()
    return focus is not None and is_typing(focus)


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
