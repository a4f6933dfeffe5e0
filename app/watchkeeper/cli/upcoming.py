"""The command that tells when a job or a cron expression fires next."""

import sys

from watchkeeper.action import ACTIONS
from watchkeeper.action.upcoming import Outlook
from watchkeeper.cli.commands import Command, Request, desk_of
from watchkeeper.cli.exits import Exit
from watchkeeper.cli.screen import table
from watchkeeper.cli.speech import Speech
from watchkeeper.cli.usage import Option, option_of, values_of
from watchkeeper.model.text import _

_ACTION = ACTIONS["job.next"]
_HEADER = (_("LOCAL TIME"), _("OFFSET"), _("WHEN"), _("NOTE"))
#: What is typed for a parameter where that is not its name.
_FLAGS = {"zone": "--tz", "since": "--from"}


async def following(request: Request) -> int:
    """Ask and show; what has to be said besides goes to standard error where programs read."""
    given = values_of(request.options, _ACTION.parameters)
    async with desk_of(request, is_writing=False) as desk:
        outlook = await desk.ask("job.next", **given)
    _show(request.speech, outlook)
    return Exit.OK


def _show(speech: Speech, outlook: Outlook) -> None:
    if speech.is_json:
        for row in outlook.rows:
            speech.json(row)
        for remark in outlook.remarks:
            print(speech.say(remark), file=sys.stderr)
        return
    rows = [
        (row.local.replace("T", " "), row.offset, speech.say(row.trigger), speech.say(row.note)) for row in outlook.rows
    ]
    if rows:
        speech.lines(table([speech.say(title) for title in _HEADER], rows))
    for remark in outlook.remarks:
        speech.line(remark)


def _options() -> tuple[Option, ...]:
    job, *rest = (option_of(parameter) for parameter in _ACTION.parameters)
    named = Option(("job",), job.help, {"metavar": "JOB", "nargs": "?"})
    return (named, *(_renamed(option) for option in rest))


def _renamed(option: Option) -> Option:
    flag = _FLAGS.get(option.settings["dest"], option.flags[0])
    metavar = {"--from": "TIME", "--tz": "ZONE", "--cron": "EXPR"}.get(flag, option.settings["metavar"])
    return Option((flag,), option.help, {**option.settings, "metavar": metavar})


NEXT = Command(("job", "next"), _ACTION.title, following, options=_options(), actions=("job.next",))
