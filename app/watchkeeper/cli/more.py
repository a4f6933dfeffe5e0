"""The commands that are no action, or more than one."""

import time
from pathlib import Path
from typing import Any

from watchkeeper.action import ACTIONS
from watchkeeper.cli import applying, completion
from watchkeeper.cli.authors import AUTHOR_COMMANDS
from watchkeeper.cli.calendars import CALENDAR_COMMANDS
from watchkeeper.cli.commands import Command, Request, desk_of
from watchkeeper.cli.exits import Exit
from watchkeeper.cli.rehearsed import REHEARSED
from watchkeeper.cli.secrets import SECRET_COMMANDS
from watchkeeper.cli.shown import show
from watchkeeper.cli.upcoming import NEXT
from watchkeeper.cli.usage import Option
from watchkeeper.cli.waiting import follow, started
from watchkeeper.cli.window import WINDOW_COMMANDS
from watchkeeper.model.text import _

#: Seconds between two lines on how far something has come.
_BEAT = 1.0


def engine(request: Request) -> int:
    """Run the engine here until INT or TERM."""
    from watchkeeper import boot

    return boot.run_engine(request.home, lambda line: print(line, flush=True))


def init(request: Request) -> int:
    """Make a workspace."""
    from watchkeeper import boot

    workspace = boot.init_workspace(request.home, request.options.store or "")
    if request.speech.is_json:
        request.speech.json({"id": workspace, "home": str(request.home)})
    request.speech.line(_("the workspace {home} is ready", home=str(request.home)))
    return Exit.OK


async def backup(request: Request) -> int:
    """Copy the store, with a line now and then on how far it has come."""
    said_at = time.monotonic()
    async with desk_of(request, is_writing=True) as desk:
        async for step in desk.watch("workspace.backup", file=_absolute(request.options.file)):
            if step.backup is not None:
                show(request.speech, step.backup)
            elif time.monotonic() - said_at > _BEAT:
                said_at = time.monotonic()
                request.speech.line(_("{copied} of {total} MiB", copied=step.copied >> 20, total=step.total >> 20))
    return Exit.OK


def _absolute(named: str | None) -> str | None:
    """The engine, which makes the copy, may stand in another folder."""
    return None if named is None else str(Path(named).absolute())


def restore(request: Request) -> int:
    """Put a copy in the store's place."""
    from watchkeeper import boot

    show(request.speech, boot.restore_workspace(request.home, Path(request.options.file).absolute()))
    return Exit.OK


async def imported(request: Request) -> int:
    """Take another scheduler's file; its readers are imported for this only."""
    from watchkeeper.cli import imports

    takes = {
        "crontab": imports.from_crontab,
        "systemd": imports.from_systemd,
        "windows-task": imports.from_windows_task,
    }
    return await takes[request.words[1]](request)


def _path(help: Any, **more: Any) -> Option:
    return Option(("path",), help, {"metavar": "FILE", **more})


_WAIT = (
    Option(("--wait",), _("wait for the ending; exit code 1 unless it succeeded"), {"action": "store_true"}),
    Option(("--timeout",), _("wait no longer than this, like 90s; exit code 124"), {"metavar": "SPAN"}),
)
_FOLLOW = Option(("-f", "--follow"), _("go on until the run has ended"), {"action": "store_true"})
_STORE = Option(
    ("--store",),
    _("a team's PostgreSQL database, postgresql://user@host/database, without a password"),
    {"metavar": "URL"},
)
_PREVIEW = Option(
    ("--dry-run", "--preview"), _("only tell what would change"), {"action": "store_true", "dest": "preview"}
)
_FILE_OR_FOLDER = _path(_("a YAML file, or a folder of them"), metavar="FILE|DIR")
_IMPORTING = (
    Option(("--skip-bad",), _("take the rest when some lines can't be taken"), {"action": "store_true"}),
    _PREVIEW,
    Option(("--prefix",), _("what every job's name begins with"), {"metavar": "WORD", "default": ""}),
)
_FORM = (
    Option(("--system",), _("a user stands behind the times, as in /etc/crontab"), {"action": "store_true"}),
    Option(("--user",), _("no user stands behind the times"), {"action": "store_true"}),
)
_ZONE = Option(("--zone",), _("of times without an offset; this machine's if none is given"), {"metavar": "ZONE"})

MORE = (
    Command(("engine",), _("Run the engine until Ctrl-C"), engine),
    *WINDOW_COMMANDS,
    Command(("workspace", "init"), _("Make a workspace"), init, options=(_STORE,)),
    Command(
        ("workspace", "backup"),
        ACTIONS["workspace.backup"].title,
        backup,
        options=(Option(("file",), ACTIONS["workspace.backup"].parameters[0].help, {"metavar": "FILE", "nargs": "?"}),),
        actions=("workspace.backup",),
    ),
    Command(
        ("workspace", "restore"),
        _("Put a copy in the store's place; no engine may run"),
        restore,
        options=(Option(("file",), _("the copy, as `workspace backup` made it"), {"metavar": "FILE"}),),
    ),
    Command(
        ("apply",),
        ACTIONS["jobs.apply"].title,
        applying.apply,
        options=(_FILE_OR_FOLDER, _PREVIEW),
        actions=("jobs.apply", "jobs.compare"),
    ),
    Command(("diff",), ACTIONS["jobs.compare"].title, applying.diff, options=(_FILE_OR_FOLDER,)),
    Command(
        ("export",),
        ACTIONS["jobs.export"].title,
        applying.export,
        options=(_path(_("where to; the standard output if none is named"), nargs="?"),),
        actions=("jobs.export",),
    ),
    NEXT,
    *REHEARSED,
    Command(
        ("import", "crontab"),
        _("Take the jobs of a crontab"),
        imported,
        options=(_path(_("a crontab, - for the standard input")), *_FORM, *_IMPORTING),
    ),
    Command(
        ("import", "systemd"),
        _("Take systemd's timers with their services"),
        imported,
        options=(_path(_("a .timer file, or a folder of them"), metavar="FILE|DIR"), *_IMPORTING),
    ),
    Command(
        ("import", "windows-task"),
        _("Take a task exported by the Windows Task Scheduler"),
        imported,
        options=(_path(_("the task's XML file")), _ZONE, *_IMPORTING),
    ),
    Command(("schema",), _("Print the JSON Schema of a jobs file"), applying.schema),
    Command(
        ("run", "start"),
        ACTIONS["run.start"].title,
        started,
        ACTIONS["run.start"].parameters,
        _WAIT,
        actions=("run.start",),
    ),
    Command(
        ("run", "log"),
        ACTIONS["run.log"].title,
        follow,
        ACTIONS["run.log"].parameters[:2],
        (_FOLLOW,),
        actions=("run.log",),
    ),
    *CALENDAR_COMMANDS,
    *AUTHOR_COMMANDS,
    *SECRET_COMMANDS,
    Command(
        ("completion",),
        _("Completion for a shell: bash, zsh or fish"),
        completion.run,
        options=(
            Option(("shell",), _("bash, zsh or fish"), {"metavar": "SHELL", "choices": [*completion.SCRIPTS, "words"]}),
            Option(("words",), _("what has been typed (used by the scripts)"), {"metavar": "WORD", "nargs": "*"}),
        ),
    ),
)
