"""The program's own settings: asked of the desk, and changed by its action."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from watchkeeper import settings
from watchkeeper.action.settings import Setting, read
from watchkeeper.model.form import ABSENT
from watchkeeper.model.text import Text, _
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.settings.described import Held, Section, items_of

_TITLES: dict[str, tuple[str, Text]] = {
    "engine": ("ui/monitor", _("Engine")),
    "retention": ("ui/history", _("Retention")),
    "backup": ("ui/save", _("Backups")),
    "disk": ("ui/hosts", _("Disk")),
    "plugins": ("ui/plugins", _("Plugins")),
    "store": ("ui/config", _("Store")),
}


class ProgramKeeper:
    """The workspace's file, behind the desk."""

    def __init__(self, console: Console) -> None:
        self._console = console

    async def held(self) -> Mapping[str, Held]:
        """Every value as the file has it."""
        rows: list[Setting] = await self._console.desk.ask("settings.show")
        return {row.name: Held(row.value, not row.is_in_file, _remark(row)) for row in rows}

    async def keep(self, name: str, value: Any) -> None:
        """What can't be a value is refused here; what the engine refuses is said by the window."""
        if value is ABSENT:
            await self._console.act("settings.reset", name=name)
            return
        words = str(value).lower() if isinstance(value, bool) else str(value)
        read(name, words)
        await self._console.act("settings.change", name=name, value=words)


def program_sections(console: Console) -> list[Section]:
    """A section for each that the program has."""
    keeper = ProgramKeeper(console)
    shapes = {each.name: type(getattr(settings.Settings(), each.name)) for each in fields(settings.Settings)}
    return [Section(name, *_TITLES[name], items_of(name, shape), keeper) for name, shape in shapes.items()]


def _remark(row: Setting) -> Text | None:
    return _("The engine works with another value until it starts again.") if row.is_pending else None
