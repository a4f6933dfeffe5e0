"""What can be done on the page, for menus, keys and palette."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from watchkeeper.action.job_effect import Deed
from watchkeeper.model.text import Text, _
from watchkeeper.ui.commands import Command

if TYPE_CHECKING:
    from watchkeeper.ui.pages.jobs.page import Jobs


def commands_of(page: "Jobs") -> list[Command]:
    """The deeds on jobs, then what arranges the table."""
    return [
        Command("jobs.new", _("New job"), page.make, ("N",), "ui/plus", "file"),
        *deeds_of(page),
        Command("actions", _("Menu of the job"), page.open_actions, (".",), "ui/more", "view"),
        Command("jobs.find", _("Filter"), page.seek, ("/",), "ui/search", "edit"),
        Command("jobs.inspect", _("Show or hide the inspector"), page.toggle_inspector, ("Space",), menu="view"),
        Command("jobs.form", _("Tree or flat"), page.form.choose_next, ("G",), menu="view"),
        Command("jobs.columns", _("Columns"), page.choose_columns, ("C",), "ui/columns", "view"),
        Command("jobs.views", _("Views"), page.views.open_menu, ("V",), "ui/star", "view"),
        *page.views.commands(),
        *_sorts(page),
    ]


def deeds_of(page: "Jobs") -> list[Command]:
    """What is done with the selected jobs, or with the current one."""

    def deed(name: str, title: Text, run: Callable[[], object], keys: str, icon: str = "", action: str = "") -> Command:
        return Command(f"jobs.{name}", title, run, (keys,), icon, "run", action, page.has_chosen)

    begin = page.bulk.begin
    return [
        deed("run", _("Run now"), partial(begin, Deed.RUN), "R", "ui/play", "run.start"),
        deed("run_with", _("Run with parameters…"), page.run_with, "Shift+R", "ui/play", "run.start"),
        deed("stop", _("Stop"), page.stop_chosen, "S", "ui/stop", "run.cancel"),
        deed("pause", _("Disable or enable"), page.turn_chosen, "P", "ui/pause", "job.disable"),
        deed("edit", _("Edit"), page.edit_current, "E", "ui/edit"),
        deed("log", _("Open the last log"), page.open_last, "L", "ui/file"),
        deed("history", _("History of the job"), page.open_history, "H", "ui/history"),
        deed("tag", _("Tag…"), partial(page.ask_tag, Deed.TAG), "T", "ui/tag", "job.tag"),
        deed("untag", _("Take a tag away…"), partial(page.ask_tag, Deed.UNTAG), "Shift+T", action="job.untag"),
        deed("acknowledge", _("Acknowledge"), page.acknowledge_chosen, "A", "ui/check", "attention.acknowledge"),
        Command(
            "copy_command",
            _("Copy as a command"),
            page.copy_command,
            ("Ctrl+Shift+C",),
            "ui/terminal",
            "run",
            is_possible=page.has_chosen,
        ),
        deed("delete", _("Delete"), partial(begin, Deed.DELETE), "Delete", "ui/trash", "job.delete"),
    ]


def column_commands_of(page: "Jobs", section: int) -> list[Command]:
    """What can be done with one column; the rest is done in the list of all."""
    column, header = page.model.columns[max(0, section)], page.table.header
    deeds: list[Command] = []
    if column.sort:
        deeds += [
            Command("column.up", _("Sort upwards"), partial(header.sort_by, column.sort, is_down=False)),
            Command("column.down", _("Sort downwards"), partial(header.sort_by, column.sort, is_down=True)),
        ]
    if not column.is_check:
        deeds += [
            Command("column.left", _("Move to the left"), partial(header.move, column.name, -1)),
            Command("column.right", _("Move to the right"), partial(header.move, column.name, 1)),
        ]
    if not (column.is_check or column.is_stretched):
        deeds.append(Command("column.hide", _("Hide this column"), partial(header.want, column.name, False)))
    return [*deeds, Command("jobs.columns", _("Columns"), page.choose_columns, ("C",), "ui/columns")]


def _sorts(page: "Jobs") -> list[Command]:
    by = page.table.header.sort_by
    columns = [each for each in page.model.columns if each.sort]
    return [
        Command(f"jobs.sort.{each.name}", _("Sort by {column}", column=each.title), partial(by, each.sort))
        for each in columns
    ]
