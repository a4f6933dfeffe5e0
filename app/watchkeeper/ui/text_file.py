"""Saves a text where a person wants it: asks for the file, writes it off the loop, says where it is."""

import asyncio
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from watchkeeper.action.system import reason_of
from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text, _
from watchkeeper.ui.console import Toast
from watchkeeper.ui.home import without_home
from watchkeeper.ui.tasks import Tasks
from watchkeeper.ui.words import shown


class TextFile:
    """For the texts of one page."""

    def __init__(self, page: QWidget, tasks: Tasks, toast: Toast) -> None:
        self._page, self._tasks, self._toast = page, tasks, toast

    def ask(self, title: Text, name: str, text: str) -> None:
        """Ask where it is to be, beginning with a name for the file, and write it there."""
        dialog = QFileDialog(self._page, shown(title), name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(partial(self.save, text))
        dialog.open()

    def save(self, text: str, file: str) -> None:
        """Write it to a file."""
        self._tasks.start(self._saved(text, Path(file)), "save")

    async def _saved(self, text: str, file: Path) -> None:
        try:
            await asyncio.to_thread(file.write_text, text, "utf-8")
        except OSError as error:
            raise Known(_("{file} can't be written: {why}", file=str(file), why=reason_of(error))) from None
        self._toast(_("Saved as {file}", file=without_home(str(file))), glyph="status/success")
