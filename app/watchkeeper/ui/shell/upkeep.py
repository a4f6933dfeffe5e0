"""A look at the workspace, and a copy of its store, asked for in the menus."""

from functools import partial
from typing import TYPE_CHECKING

from watchkeeper.action.workspace import Health
from watchkeeper.model.backup import Backup, Copying
from watchkeeper.model.text import Text, _
from watchkeeper.ui.shell.health import health_dialog
from watchkeeper.ui.tasks import Tasks
from watchkeeper.ui.widgets.dialog import Dialog
from watchkeeper.ui.widgets.progress import Progress
from watchkeeper.ui.words import locale

if TYPE_CHECKING:
    from watchkeeper.ui.shell.window import Window


class Upkeep:
    """One for the window."""

    def __init__(self, window: "Window") -> None:
        self._console = window.console
        refuse = partial(window.toast, glyph="status/failed")
        self.tasks, self.copying = Tasks(refuse), Tasks(refuse)

    def check(self) -> None:
        """Look whether anything is wrong with the workspace."""
        self.tasks.start(self._checked(), "check")

    def back_up(self) -> None:
        """Copy the store while it is in use; whoever closes the dialog wants no copy."""
        progress = Progress(_("The copy begins"))
        dialog = Dialog(_("Backup"), progress, (), close=_("Stop"))
        self._console.lay_over(dialog).closed.connect(self.copying.close)
        self.copying.start(self._copied(progress, dialog), "copy")

    async def _checked(self) -> None:
        health: Health = await self._console.desk.ask("workspace.check")
        self._console.lay_over(health_dialog(health))

    async def _copied(self, progress: Progress, dialog: Dialog) -> None:
        try:
            async for step in self._console.desk.watch("workspace.backup"):
                progress.tell(step.copied / max(1, step.total), _amount(step))
                if step.backup is not None:
                    self._console.toast(_made(step.backup), glyph="status/success")
        finally:
            dialog.done.emit()


def _amount(step: Copying) -> Text:
    copied, total = map(locale().formattedDataSize, (step.copied, step.total))
    return _("{copied} of {total} are copied", copied=copied, total=total)


def _made(backup: Backup) -> Text:
    size = locale().formattedDataSize(backup.size)
    return _("The store is copied to {file}, {size}", file=backup.file, size=size)
