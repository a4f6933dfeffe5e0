"""What can be done on the page, for menus, keys and palette."""

from typing import TYPE_CHECKING

from watchkeeper.model.text import _
from watchkeeper.ui.commands import Command

if TYPE_CHECKING:
    from watchkeeper.ui.pages.calendars.page import CalendarsPage


def commands_of(page: "CalendarsPage") -> list[Command]:
    """The calendar's, and its history of edits."""
    draft = page.draft
    return [
        Command("calendar.new", _("New calendar"), page.new, ("Ctrl+N",), "ui/plus", "file", "calendar.save"),
        Command(
            "calendar.save",
            _("Save the calendar"),
            page.save,
            ("Ctrl+S",),
            "ui/save",
            "file",
            "calendar.save",
            page.can_save,
        ),
        Command("undo", _("Undo"), draft.undo, ("Ctrl+Z",), "ui/undo", "edit", is_possible=lambda: draft.can_undo),
        Command(
            "redo", _("Redo"), draft.redo, ("Ctrl+Shift+Z", "Ctrl+Y"), "", "edit", is_possible=lambda: draft.can_redo
        ),
        Command("calendar.discard", _("Discard changes"), page.discard, is_possible=page.can_save),
        Command("calendar.duplicate", _("Duplicate the calendar"), page.duplicate, icon="ui/copy"),
        Command("calendar.import", _("Import an iCalendar file"), page.choose_file, icon="ui/upload"),
        Command("calendar.delete", _("Delete the calendar"), page.delete, icon="ui/trash", action="calendar.delete"),
        Command("calendar.today", _("Today"), page.year.go_today, ("T",), "ui/calendar"),
    ]
