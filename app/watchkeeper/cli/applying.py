"""Files of jobs: taken in, compared with what there is, written out."""

import sys
from pathlib import Path
from typing import Any

from watchkeeper.action.apply import Change, What
from watchkeeper.action.files import Content
from watchkeeper.action.system import reason_of
from watchkeeper.cli.commands import Request, desk_of
from watchkeeper.cli.exits import Exit
from watchkeeper.cli.shown import show
from watchkeeper.model import places
from watchkeeper.model.errors import Known
from watchkeeper.model.text import _

#: The first line of an export, for editors that know it; `watchkeeper schema` writes the file.
SCHEMA_LINE = "# yaml-language-server: $schema=jobs.schema.json\n"


async def apply(request: Request) -> int:
    """Read files, apply them all, and tell what changed."""
    from watchkeeper.action import files

    content = files.read(Path(request.options.path))
    show_changed(request, await applied(request, content, is_preview=request.options.preview))
    return Exit.OK


async def diff(request: Request) -> int:
    """Read files and tell what applying them would change."""
    from watchkeeper.action import files

    content = files.read(Path(request.options.path))
    show_changed(request, await applied(request, content, is_preview=True))
    return Exit.OK


async def applied(request: Request, content: Content, *, is_preview: bool, **more: Any) -> list[Change]:
    """What applying did, or would do; file and line stand before whatever is refused."""
    try:
        async with desk_of(request, is_writing=not is_preview) as desk:
            carry_out = desk.ask if is_preview else desk.do
            name = "jobs.compare" if is_preview else "jobs.apply"
            changes: list[Change] = await carry_out(name, **_parts(content), **more)
            return changes
    except Known as error:
        raise content.located(error) from None


def _parts(content: Content) -> dict[str, Any]:
    return {"jobs": content.jobs, "pools": content.pools, "calendars": content.calendars}


def show_changed(request: Request, changes: list[Change]) -> None:
    """What is not as it was; all of it where nothing is, and for programs."""
    changed = [change for change in changes if change.what is not What.UNCHANGED]
    show(request.speech, changes if request.speech.is_json else changed or changes)


async def export(request: Request) -> int:
    """Write all pools, calendars and jobs as YAML."""
    from watchkeeper.action.written import written

    pools: list[Any] = []
    calendars: list[Any] = []
    jobs: list[Any] = []
    async with desk_of(request, is_writing=False) as desk:
        async for part in desk.watch("jobs.export"):
            pools += part.pools
            calendars += part.calendars
            jobs += part.jobs
    if request.speech.is_json:
        for each in (*pools, *calendars, *jobs):
            request.speech.json(each)
    elif request.options.path in (None, "-"):
        sys.stdout.write(SCHEMA_LINE + written(jobs, pools, calendars))
    else:
        _write(Path(request.options.path), SCHEMA_LINE + written(jobs, pools, calendars))
    return Exit.OK


def schema(request: Request) -> int:
    """Print the JSON Schema of a jobs file."""
    text = (places.resources() / "schema" / "jobs.schema.json").read_text(encoding="utf-8")
    if request.speech.is_json:
        import msgspec

        text = msgspec.json.format(text, indent=-1) + "\n"
    sys.stdout.write(text)
    return Exit.OK


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        name = ascii(str(path))[1:-1][:200]
        raise Known(_("{file} can't be written: {why}", file=name, why=reason_of(error))) from None
