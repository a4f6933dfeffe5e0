"""Other schedulers' files taken in: what can't be taken is told by its line, and then nothing is."""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from watchkeeper.access.actor import local_operator
from watchkeeper.action import files
from watchkeeper.action.imports import crontab, systemd, windows_task
from watchkeeper.action.imports.found import LARGEST_FILE, Found, Machine, Remark, text_of
from watchkeeper.action.system import reason_of
from watchkeeper.cli.applying import applied, show_changed
from watchkeeper.cli.commands import Request
from watchkeeper.cli.exits import Exit
from watchkeeper.model.errors import Known
from watchkeeper.model.text import _, plural
from watchkeeper.model.zone import system_zone, zone

#: Of refusals and of notes; who has more mends these first.
_MOST_TOLD = 100
#: Timers of one folder.
_MOST_UNITS = 1_000


async def from_crontab(request: Request) -> int:
    """The jobs of a crontab."""
    options = request.options
    form = crontab.Form.SYSTEM if options.system else crontab.Form.USER if options.user else None
    text = _text(options.path)
    found = _placed(
        options.path, lambda: crontab.read(text, options.path, _machine(), form=form, prefix=options.prefix)
    )
    return await _taken(request, found, crontab.TAG)


async def from_systemd(request: Request) -> int:
    """The jobs of a timer, or of all the timers in a folder."""
    path = Path(request.options.path)
    timers = {str(file): _text(str(file)) for file in _timers(path)}
    found = systemd.read(timers, _beside, _machine(), request.options.prefix)
    return await _taken(request, found, systemd.TAG)


async def from_windows_task(request: Request) -> int:
    """The job of a task that the Windows Task Scheduler has exported."""
    options = request.options
    place = options.zone or system_zone()
    zone(place)
    text = _text(options.path)
    found = _placed(options.path, lambda: windows_task.read(text, options.path, _machine(), place, options.prefix))
    return await _taken(request, found, windows_task.TAG)


async def _taken(request: Request, found: Found, tag: str) -> int:
    is_json, options = request.speech.is_json, request.options
    _tell(request, found.notes, is_error=False)
    _tell(request, found.refusals, is_error=True)
    if found.refusals and not options.skip_bad:
        count = len(found.refusals)
        raise Known(
            plural(
                "{n} line can't be taken, so nothing was: mend it, or leave it out with --skip-bad",
                "{n} lines can't be taken, so nothing was: mend them, or leave them out with --skip-bad",
                count,
            )
        )
    if not found.jobs:
        request.speech.line(_("there is no job in it"))
        return Exit.OK
    changes = await applied(request, found.content(), is_preview=options.preview, over_tag=tag)
    show_changed(request, changes)
    if options.preview and not is_json:
        request.speech.line(_("nothing was changed: this is a preview"))
    return Exit.OK


def _tell(request: Request, remarks: Sequence[Remark], *, is_error: bool) -> None:
    """Refusals on standard error, notes on standard output; with --json both as objects."""
    speech = request.speech
    for each in remarks[:_MOST_TOLD]:
        if speech.is_json:
            speech.json({"file": each.file, "line": each.line, "refused" if is_error else "note": each.text})
        elif is_error:
            speech.error(each.told)
        else:
            speech.line(_("note: {what}", what=each.told))
    if len(remarks) > _MOST_TOLD:
        speech.error(_("and {count} more", count=len(remarks) - _MOST_TOLD))


def _text(path: str) -> str:
    return str(_placed(path, lambda: text_of(files.bytes_of(Path(path), LARGEST_FILE + 1)), is_read=True))


def _placed(path: str, made: Any, *, is_read: bool = False) -> Any:
    """What `made` gives; the file stands before what is refused."""
    try:
        return made()
    except Known as error:
        if is_read and path in str(error):
            raise
        raise Known(_("{file}: {what}", file=path[:200], what=error.text)) from None


def _timers(path: Path) -> list[Path]:
    if not path.is_dir():
        if path.suffix != ".timer":
            raise Known(_("{file} is no timer: give the .timer, its service is found beside it", file=str(path)[:200]))
        return [path]
    try:
        found = sorted(file for file in path.iterdir() if file.suffix == ".timer" and file.is_file())
    except OSError as error:
        raise Known(_("{file} can't be read: {why}", file=str(path)[:200], why=reason_of(error))) from None
    if not 1 <= len(found) <= _MOST_UNITS:
        raise Known(_("there are {count} timers in {folder}", count=len(found), folder=str(path)[:200]))
    return found


def _beside(path: str) -> str | None:
    if os.path.isdir(path):
        return ""
    return _text(path) if os.path.exists(path) else None


def _machine() -> Machine:
    return Machine(
        user=local_operator().name,
        is_account=_is_account,
        is_program=lambda word: shutil.which(word) is not None,
        is_windows=sys.platform == "win32",
    )


def _is_account(word: str) -> bool:
    if sys.platform == "win32" or "\0" in word:
        return False
    import pwd

    try:
        return bool(pwd.getpwnam(word))
    except (KeyError, UnicodeEncodeError):
        return False
