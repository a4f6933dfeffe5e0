"""Jobs, pools and calendars from a file, after a look at what that would do, and to a file."""

import asyncio
import os
import shlex
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from watchkeeper.action import files
from watchkeeper.action.apply import Change, Part
from watchkeeper.action.files import Content
from watchkeeper.action.system import reason_of
from watchkeeper.action.written import written
from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.shell.effects import preview
from watchkeeper.ui.tasks import Tasks
from watchkeeper.ui.words import shown

if TYPE_CHECKING:
    from watchkeeper.ui.shell.window import Window

#: The folder from which jobs were taken last, or to which they went.
FOLDER = "files.folder"
_YAML = "YAML (*.yaml *.yml)"


class JobFiles:
    """One for the window."""

    def __init__(self, window: "Window") -> None:
        self._window, self._console, self._deeds = window, window.console, window.deeds
        self.tasks = Tasks(partial(window.toast, glyph="status/failed"))

    def choose_source(self) -> None:
        """Ask for a file of jobs, and tell what taking it would do."""
        dialog = self._dialog(_("Jobs from a file"), self.take)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.open()

    def choose_target(self) -> None:
        """Ask where all jobs, pools and calendars are to be written."""
        dialog = self._dialog(_("Jobs to a file"), self.write)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("yaml")
        dialog.selectFile("jobs.yaml")
        dialog.open()

    def take(self, name: str) -> None:
        """Tell what taking a file would do, with a button that does it."""
        self.tasks.start(self._looked_at(Path(name)), "take")

    def write(self, name: str) -> None:
        """Write everything as YAML; a file that is there is replaced as a whole."""
        self.tasks.start(self._written(Path(name)), "write")

    async def _looked_at(self, path: Path) -> None:
        self._remember(path)
        content = await asyncio.to_thread(files.read, path)
        try:
            changes: list[Change] = await self._console.desk.ask("jobs.compare", **_parts(content))
        except Known as error:
            raise content.located(error) from None
        self._console.lay_over(preview(path.name, changes, partial(self._apply, path, content)))

    def _apply(self, path: Path, content: Content) -> None:
        self.tasks.start(self._applied(path, content))

    async def _applied(self, path: Path, content: Content) -> None:
        await self._deeds.act_as(f"watchkeeper apply {shlex.quote(str(path))}", "jobs.apply", **_parts(content))

    async def _written(self, path: Path) -> None:
        self._remember(path)
        parts: list[Part] = [part async for part in self._console.desk.watch("jobs.export")]
        count = await asyncio.to_thread(_write, path, parts)
        said = plural("{n} job is in {file}", "{n} jobs are in {file}", count, file=str(path))
        self._console.toast(said, glyph="status/success")

    def _remember(self, path: Path) -> None:
        self._console.memory.put(FOLDER, str(path.parent))

    def _dialog(self, title: Text, chosen: Callable[[str], None]) -> QFileDialog:
        folder = self._console.memory.get(FOLDER, str(Path.home()))
        dialog = QFileDialog(self._window, shown(title), folder, _YAML)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(chosen)
        return dialog


def _parts(content: Content) -> dict[str, Any]:
    return {"jobs": content.jobs, "pools": content.pools, "calendars": content.calendars}


def _write(path: Path, parts: Sequence[Part]) -> int:
    """Write the parts of an export; how many jobs there are. The file is there only when it is whole."""
    jobs = [spec for part in parts for spec in part.jobs]
    pools = [spec for part in parts for spec in part.pools]
    calendars = [spec for part in parts for spec in part.calendars]
    new = path.with_name(f".{path.name}.new")
    try:
        new.write_text(written(jobs, pools, calendars), encoding="utf-8")
        os.replace(new, path)
    except (OSError, ValueError) as error:
        new.unlink(missing_ok=True)
        raise Known(_("{file} can't be written: {why}", file=str(path)[:200], why=reason_of(error))) from None
    return len(jobs)
