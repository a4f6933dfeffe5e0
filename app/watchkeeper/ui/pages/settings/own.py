"""The window's own settings: kept in its memory, and applied at once."""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from watchkeeper.action.system import reason_of
from watchkeeper.model.errors import Known
from watchkeeper.model.form import ABSENT, FormField
from watchkeeper.model.text import Text, _, chosen_language
from watchkeeper.settings import setting
from watchkeeper.ui import autostart
from watchkeeper.ui.console import Console
from watchkeeper.ui.log.moments import TimeMode
from watchkeeper.ui.pages.settings.described import Held, Section, items_of
from watchkeeper.ui.shell.leaving import CLOSING
from watchkeeper.ui.shell.quiet import QUIET
from watchkeeper.ui.theme import Density, Motion, Theme, look
from watchkeeper.ui.words import language

_AUTOSTART = "general.is_started_with_desktop"
#: Settings that commands of the window change too, by what their ids begin with.
_COMMANDS = {"general.language": "language", "appearance.theme": "theme", "appearance.density": "density"}
#: Under which name a value is remembered.
_KEYS = {
    **_COMMANDS,
    "appearance.motion": "motion",
    "general.closing": CLOSING,
    "notifications.is_quiet": QUIET,
    "log.times": "log.times",
    "log.is_wrapped": "log.wrap",
}


@dataclass(frozen=True)
class General:
    """The window as a program of the desktop."""

    language: str = setting(
        _("Language"),
        _("Of every word in this window, at once."),
        chosen_language(os.environ),
        is_live=True,
        options={"en": Text("English"), "zh_CN": Text("简体中文")},
    )
    is_started_with_desktop: bool = setting(
        _("Start with the desktop"),
        _("The console of this workspace opens when you log in."),
        False,
        is_live=True,
    )
    closing: str = setting(
        _("Closing the window"),
        _("Hidden, it goes on in the tray; without a tray it is minimised."),
        "",
        is_live=True,
        options={"": _("asks"), "hide": _("hides it"), "quit": _("quits")},
    )


@dataclass(frozen=True)
class Appearance:
    """How the window looks."""

    theme: str = setting(
        _("Theme"),
        _("High contrast has darker words and stronger lines."),
        Theme.SYSTEM.value,
        is_live=True,
        options={
            Theme.SYSTEM.value: _("as the desktop"),
            Theme.LIGHT.value: _("light"),
            Theme.DARK.value: _("dark"),
            Theme.CONTRAST.value: _("high contrast"),
        },
    )
    density: str = setting(
        _("Rows"),
        _("Compact rows show a quarter more."),
        Density.COMFORTABLE.value,
        is_live=True,
        options={Density.COMFORTABLE.value: _("comfortable"), Density.COMPACT.value: _("compact")},
    )
    motion: str = setting(
        _("Motion"),
        _("Reduced, nothing turns and nothing fades."),
        Motion.SYSTEM.value,
        is_live=True,
        options={
            Motion.SYSTEM.value: _("as the desktop"),
            Motion.REDUCED.value: _("reduced"),
            Motion.FULL.value: _("full"),
        },
    )


@dataclass(frozen=True)
class Notifications:
    """What the desktop is told."""

    is_quiet: bool = setting(
        _("Do not disturb"),
        _("The desktop is told of no failure; the window and the tray show it all the same."),
        False,
        is_live=True,
    )


@dataclass(frozen=True)
class LogView:
    """How a log is shown that is opened from now on."""

    times: str = setting(
        _("Times"),
        _("Of lines that begin with one."),
        TimeMode.ABSOLUTE.value,
        is_live=True,
        options={
            TimeMode.ABSOLUTE.value: _("as written"),
            TimeMode.RELATIVE.value: _("since the start"),
            TimeMode.DELTA.value: _("since the line before"),
        },
    )
    is_wrapped: bool = setting(
        _("Long lines"), _("A line that is wider than the window goes on below."), True, is_live=True
    )


class OwnKeeper:
    """The window's memory. What the desktop refuses is said."""

    def __init__(self, console: Console, fields: Mapping[str, FormField]) -> None:
        self._console, self._fields = console, fields

    async def held(self) -> Mapping[str, Held]:
        """Every value as it holds now."""
        found = {name: self._console.memory.get(key, self._fields[name].default) for name, key in _KEYS.items()}
        found["general.language"] = language()
        found["appearance.theme"], found["appearance.density"] = look().theme.value, look().density.value
        found["appearance.motion"] = look().motion.value
        found[_AUTOSTART] = await asyncio.to_thread(autostart.is_on)
        return {name: Held(value, value == self._fields[name].default) for name, value in found.items()}

    async def keep(self, name: str, value: Any) -> None:
        """Remember it and let it hold."""
        wanted = self._fields[name].default if value is ABSENT else value
        if name == _AUTOSTART:
            return await self._start_with_desktop(bool(wanted))
        if (command := self._console.commands.get(f"{_COMMANDS.get(name)}.{wanted}")) is not None:
            command.run()
        self._console.memory.put(_KEYS[name], wanted)
        if name == "appearance.motion":
            look().set_motion(Motion(wanted))

    async def _start_with_desktop(self, is_wanted: bool) -> None:
        home = self._console.memory.folder
        if home is None:
            raise Known(_("this console belongs to no workspace on this machine: start it by `watchkeeper console`"))
        try:
            await asyncio.to_thread(autostart.turn, is_wanted, home)
        except OSError as error:
            place = error.filename or autostart.NAME
            raise Known(_("{file} can't be written: {why}", file=str(place), why=reason_of(error))) from None


def own_sections(console: Console) -> list[Section]:
    """All of them."""
    shapes = (
        ("general", "ui/settings", _("General"), General),
        ("appearance", "ui/theme", _("Appearance"), Appearance),
        ("notifications", "ui/bell", _("Notifications"), Notifications),
        ("log", "ui/terminal", _("Log"), LogView),
    )
    items = {name: items_of(name, shape) for name, _icon, _title, shape in shapes}
    keeper = OwnKeeper(console, {each.field.name: each.field for group in items.values() for each in group})
    return [Section(name, icon, title, items[name], keeper) for name, icon, title, _shape in shapes]
