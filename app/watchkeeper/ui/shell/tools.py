"""Commands for the workspace as a whole: jobs from and to files, pauses, a look at it, a copy of it."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from watchkeeper.model.span import Span
from watchkeeper.model.text import _
from watchkeeper.ui.commands import Command
from watchkeeper.ui.shell.job_files import JobFiles
from watchkeeper.ui.shell.tray import PAUSES, RESUME
from watchkeeper.ui.shell.upkeep import Upkeep

if TYPE_CHECKING:
    from watchkeeper.ui.shell.window import Window


def tool_commands(window: "Window") -> Iterator[Command]:
    """All of them, in the order of the menus."""
    yield from _of_files(JobFiles(window))
    yield from _of_schedule(window)
    yield from _of_workspace(Upkeep(window))


def _of_files(jobs: JobFiles) -> Iterator[Command]:
    source = partial(Command, action="jobs.apply", cli=lambda: "watchkeeper apply FILE")
    target = partial(Command, action="jobs.export", cli=lambda: "watchkeeper export FILE")
    yield source("jobs.import", _("Jobs from a file…"), jobs.choose_source, ("Ctrl+O",), "ui/upload", "file")
    yield target("jobs.export", _("Jobs to a file…"), jobs.choose_target, (), "ui/export", "file")


def _of_schedule(window: "Window") -> Iterator[Command]:
    def is_paused() -> bool:
        status = window.status.status
        return status is not None and status.pause is not None

    pause = partial(Command, icon="ui/pause", menu="run", action="schedule.pause")
    for title, span in PAUSES:
        yield pause(f"schedule.pause.{_name(span)}", title, partial(_pause, window, span), cli=partial(_cli, span))
    yield Command(
        "schedule.resume",
        RESUME,
        partial(window.deeds.begin, "schedule.resume"),
        icon="ui/play",
        menu="run",
        action="schedule.resume",
        is_possible=is_paused,
        cli=lambda: "watchkeeper schedule resume",
    )


def _of_workspace(upkeep: Upkeep) -> Iterator[Command]:
    check = partial(Command, action="workspace.check", cli=lambda: "watchkeeper workspace check")
    backup = partial(Command, action="workspace.backup", cli=lambda: "watchkeeper workspace backup")
    yield check("workspace.check", _("Check the workspace"), upkeep.check, (), "ui/diagnostics", "tools")
    yield backup("workspace.backup", _("Back up now"), upkeep.back_up, (), "ui/save", "tools")


def _pause(window: "Window", span: timedelta | None) -> None:
    given = {} if span is None else {"span": Span(seconds=span.total_seconds())}
    window.deeds.begin("schedule.pause", **given)


def _name(span: timedelta | None) -> str:
    return "open" if span is None else f"{span.total_seconds() / 60:.0f}m"


def _cli(span: timedelta | None) -> str:
    return "watchkeeper schedule pause" + ("" if span is None else f" --span {_name(span)}")
