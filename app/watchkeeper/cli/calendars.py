"""The commands about calendars that are more than their action."""

from datetime import date
from pathlib import Path

from watchkeeper.action import ACTIONS
from watchkeeper.cli.commands import Command, Request, desk_of
from watchkeeper.cli.exits import Exit
from watchkeeper.cli.refusal import Usage
from watchkeeper.cli.shown import show
from watchkeeper.cli.usage import Option
from watchkeeper.model import codec
from watchkeeper.model.errors import Known
from watchkeeper.model.text import _

#: Events that are named one by one where they can't be taken.
_MOST_NAMED = 50


async def take_in(request: Request) -> int:
    """Read a file here, take its events in there; without --skip-bad all of them or none."""
    from watchkeeper.action import ical

    found = ical.read(Path(request.options.file))
    for bad in found.bad[:_MOST_NAMED]:
        said = _("line {line}: {uid}: {why}", line=bad.line, uid=bad.uid or "-", why=bad.why)
        request.speech.error(said)
    if found.bad and not request.options.skip_bad:
        raise Known(
            _(
                "{count} of {all} events can't be taken, so nothing was imported: mend them, or leave them out "
                "with --skip-bad",
                count=len(found.bad),
                all=len(found.bad) + len(found.events),
            )
        )
    name = codec.convert(request.options.name, str)
    async with desk_of(request, is_writing=True) as desk:
        calendar = await desk.do("calendar.import", name=name, events=found.events, zone=found.zone)
    if request.speech.is_json:
        show(request.speech, calendar)
    request.speech.line(
        _(
            "{calendar}: events taken: {count}, left out: {bad}",
            calendar=name,
            count=len(found.events),
            bad=len(found.bad),
        )
    )
    return Exit.OK


async def days(request: Request) -> int:
    """Show what a calendar holds from one day to another."""
    asked = {"first": _day("--from", request.options.first), "last": _day("--to", request.options.last)}
    given = {name: day for name, day in asked.items() if day is not None}
    async with desk_of(request, is_writing=False) as desk:
        show(request.speech, await desk.ask("calendar.days", name=request.options.name, **given))
    return Exit.OK


def _day(option: str, words: str | None) -> date | None:
    try:
        return None if words is None else codec.convert(words, date, option)
    except Known as error:
        raise Usage(error.text) from None


_NAME = Option(("name",), ACTIONS["calendar.days"].parameters[0].help, {"metavar": "NAME"})

CALENDAR_COMMANDS = (
    Command(
        ("calendar", "import"),
        ACTIONS["calendar.import"].title,
        take_in,
        options=(
            _NAME,
            Option(("file",), _("an iCalendar file (.ics), - for the standard input"), {"metavar": "FILE"}),
            Option(("--skip-bad",), _("leave out what can't be taken"), {"action": "store_true"}),
        ),
        actions=("calendar.import",),
    ),
    Command(
        ("calendar", "days"),
        ACTIONS["calendar.days"].title,
        days,
        options=(
            _NAME,
            Option(("--from",), ACTIONS["calendar.days"].parameters[1].help, {"metavar": "DAY", "dest": "first"}),
            Option(("--to",), ACTIONS["calendar.days"].parameters[2].help, {"metavar": "DAY", "dest": "last"}),
        ),
        actions=("calendar.days",),
    ),
)
