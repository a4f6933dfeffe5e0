"""The commands that are no action, or more than one."""

import sys
import time
from pathlib import Path
from typing import Any

from watchkeeper.action import ACTIONS
from watchkeeper.action.apply import What
from watchkeeper.action.system import reason_of
from watchkeeper.cli import completion
from watchkeeper.cli.commands import Command, Request, desk_of
from watchkeeper.cli.exits import Exit
from watchkeeper.cli.shown import show
from watchkeeper.cli.usage import Option
from watchkeeper.cli.waiting import follow, started
from watchkeeper.model.errors import Known
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


async def apply(request: Request) -> int:
    """Read files, apply them all, and put file and line before whatever is refused."""
    from watchkeeper.action import files

    content = files.read(Path(request.options.path))
    is_preview = request.options.preview
    try:
        async with desk_of(request, is_writing=not is_preview) as desk:
            carry_out = desk.ask if is_preview else desk.do
            name = "jobs.compare" if is_preview else "jobs.apply"
            changes = await carry_out(name, jobs=content.jobs, pools=content.pools)
    except Known as error:
        raise content.located(error) from None
    changed = [change for change in changes if change.what is not What.UNCHANGED]
    show(request.speech, changes if request.speech.is_json else changed or changes)
    return Exit.OK


async def export(request: Request) -> int:
    """Write all pools and jobs as YAML."""
    from watchkeeper.action.written import written

    pools: list[Any] = []
    jobs: list[Any] = []
    async with desk_of(request, is_writing=False) as desk:
        async for part in desk.watch("jobs.export"):
            pools += part.pools
            jobs += part.jobs
    if request.speech.is_json:
        for each in (*pools, *jobs):
            request.speech.json(each)
    elif request.options.path in (None, "-"):
        sys.stdout.write(written(jobs, pools))
    else:
        _write(Path(request.options.path), written(jobs, pools))
    return Exit.OK


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        name = ascii(str(path))[1:-1][:200]
        raise Known(_("{file} can't be written: {why}", file=name, why=reason_of(error))) from None


def _path(help: Any, **more: Any) -> Option:
    return Option(("path",), help, {"metavar": "FILE", **more})


_WAIT = (
    Option(("--wait",), _("wait for the ending; exit code 1 unless it succeeded"), {"action": "store_true"}),
    Option(("--timeout",), _("wait no longer than this, like 90s; exit code 124"), {"metavar": "SPAN"}),
)
_FOLLOW = Option(("-f", "--follow"), _("go on until the run has ended"), {"action": "store_true"})
_PREVIEW = Option(("--preview",), _("only tell what would change"), {"action": "store_true"})
_STORE = Option(
    ("--store",),
    _("a PostgreSQL database that a team shares, like postgresql://user@host/database; never with a password"),
    {"metavar": "URL"},
)

MORE = (
    Command(("engine",), _("Run the engine until Ctrl-C"), engine),
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
        apply,
        options=(_path(_("a YAML file, or a folder of them"), metavar="FILE|DIR"), _PREVIEW),
        actions=("jobs.apply", "jobs.compare"),
    ),
    Command(
        ("export",),
        ACTIONS["jobs.export"].title,
        export,
        options=(_path(_("where to; the standard output if none is named"), nargs="?"),),
        actions=("jobs.export",),
    ),
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
