"""What can be done on the page, for menus, keys and palette."""

from functools import partial
from typing import TYPE_CHECKING

from watchkeeper.model.text import _
from watchkeeper.ui.commands import Command
from watchkeeper.ui.pages.job.sections import PARTS

if TYPE_CHECKING:
    from watchkeeper.ui.pages.job.page import JobPage


def commands_of(page: "JobPage") -> list[Command]:
    """The job's, its history of edits, and a way to each part."""
    stack, can_save = page.document.stack, page.can_save
    parts = [
        Command(f"job.part.{part.name}", part.title, partial(page.open_part, part.name), icon=part.icon)
        for part in PARTS
    ]
    return [
        Command("job.save", _("Save the job"), page.save, ("Ctrl+S",), "ui/save", "file", "job.save", can_save),
        Command("job.review", _("Look at what a save changes"), page.review, is_possible=can_save),
        Command("undo", _("Undo"), stack.undo, ("Ctrl+Z",), "ui/undo", "edit", is_possible=stack.canUndo),
        Command("redo", _("Redo"), stack.redo, ("Ctrl+Shift+Z", "Ctrl+Y"), "", "edit", is_possible=stack.canRedo),
        Command("job.discard", _("Discard changes"), page.discard, is_possible=can_save),
        Command("job.dry_run", _("Dry run"), page.try_out, ("Ctrl+Return",), "ui/flask", "run"),
        Command("job.copy", _("Copy as YAML"), page.copy_yaml, icon="ui/copy"),
        Command("copy_command", _("Copy as a command"), page.copy_command, ("Ctrl+Shift+C",), "ui/terminal"),
        *parts,
    ]
