"""The menus, made from the commands: a command stands in the menu that it names."""

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from watchkeeper.model.text import Text, _
from watchkeeper.ui import icons
from watchkeeper.ui.commands import Command, Commands, shown_keys
from watchkeeper.ui.words import shown

TITLES: dict[str, Text] = {
    "file": _("File"),
    "edit": _("Edit"),
    "view": _("View"),
    "run": _("Run"),
    "tools": _("Tools"),
    "help": _("Help"),
}
#: Those that open from another.
INNER: dict[str, Text] = {
    "view/theme": _("Theme"),
    "view/density": _("Rows"),
    "view/motion": _("Motion"),
    "view/language": _("Language"),
}


class Menus:
    """Filled anew each time that one is opened, so that it shows what can be done now."""

    def __init__(self, bar: QMenuBar, commands: Commands, carry_out: Callable[[Command], None]) -> None:
        self._bar, self._commands, self._carry_out = bar, commands, carry_out
        self._menus: dict[str, QMenu] = {}
        for name in TITLES:
            menu = self._menus[name] = bar.addMenu("")
            menu.aboutToShow.connect(partial(self._fill, name))
        self.retranslate()

    def retranslate(self) -> None:
        """Say the titles in the window's language."""
        for name, menu in self._menus.items():
            menu.setTitle(_title(TITLES[name]))

    def context(self, commands: list[Command]) -> QMenu:
        """A menu of some commands, for the pointer's place."""
        menu = QMenu(self._bar.window())
        self._add(menu, commands)
        return menu

    def _fill(self, name: str) -> None:
        menu = self._menus[name]
        menu.clear()
        mine = [command for command in self._commands if command.menu.partition("/")[0] == name]
        of_page = set(self._commands.of_page())
        self._add(menu, (command for command in mine if command in of_page))
        if menu.actions():
            menu.addSeparator()
        self._add(menu, (command for command in mine if command not in of_page))

    def _add(self, menu: QMenu, commands: Iterable[Command]) -> None:
        """One after the other, with a line between groups; what names an inner menu stands in that."""
        before: str | None = None
        inner: dict[str, QMenu] = {}
        for command in commands:
            group = command.group if command.menu not in INNER else "inner"
            if before not in (None, group):
                menu.addSeparator()
            before = group
            if command.menu in INNER and command.menu not in inner:
                inner[command.menu] = menu.addMenu(_title(INNER[command.menu]))
            target = inner.get(command.menu, menu)
            target.addAction(self._action(command, target))

    def _action(self, command: Command, menu: QMenu) -> QAction:
        words, keys = _title(command.title), self._commands.keys_of(command)
        # Keys are shown, but not as a shortcut of Qt's: ui/shell/keys.py carries them out.
        action = QAction(f"{words}\t{shown_keys(keys[0])}" if keys else words, menu)
        if command.icon:
            action.setIcon(icons.icon(command.icon))
        if command.is_on is not None:
            action.setCheckable(True)
            action.setChecked(command.is_on())
        action.setEnabled(command.is_possible())
        action.triggered.connect(partial(self._carry_out, command))
        return action


def _title(text: Text | str) -> str:
    """Words in which an ampersand is an ampersand."""
    return shown(text).replace("&", "&&")
