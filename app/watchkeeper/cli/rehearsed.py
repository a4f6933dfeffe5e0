"""How a job looks that is being written: what is wrong with it, what it would start, and when."""

from typing import Any

from watchkeeper.action import ACTIONS
from watchkeeper.action.dry_run import DryRun
from watchkeeper.action.handlers import Handler
from watchkeeper.action.preview import Preview
from watchkeeper.action.verdict import Verdict
from watchkeeper.cli.commands import Command, Request, desk_of
from watchkeeper.cli.exits import Exit
from watchkeeper.cli.screen import table
from watchkeeper.cli.speech import Speech
from watchkeeper.cli.usage import Option, option_of, values_of
from watchkeeper.model import codec
from watchkeeper.model.text import Text, _


async def check(request: Request) -> int:
    """Tell all faults; the exit code tells whether it could be saved."""
    verdict: Verdict = await _asked(request, "job.check")
    if request.speech.is_json:
        for problem in verdict.problems:
            request.speech.json(problem)
    else:
        _show_verdict(request.speech, verdict)
    return Exit.OK if verdict.is_right else Exit.REFUSED


async def dry_run(request: Request) -> int:
    """Tell what would be started."""
    answer: DryRun = await _asked(request, "job.dry_run")
    if request.speech.is_json:
        request.speech.json(answer)
    else:
        _show_dry_run(request.speech, answer)
    return Exit.OK


async def preview(request: Request) -> int:
    """Tell the next times and the days."""
    answer: Preview = await _asked(request, "schedule.preview")
    if request.speech.is_json:
        request.speech.json(answer)
    else:
        _show_preview(request.speech, answer)
    return Exit.OK


async def handlers(request: Request) -> int:
    """Tell the handlers with their parameters."""
    rows: list[Handler] = await _asked(request, "handler.list")
    if request.speech.is_json:
        for row in rows:
            request.speech.json(row)
        return Exit.OK
    header = (_("HANDLER"), _("TITLE"), _("PARAMETERS"))
    cells = [(row.kind, request.speech.say(row.title), ", ".join(field.name for field in row.fields)) for row in rows]
    request.speech.lines(table([request.speech.say(title) for title in header], cells))
    return Exit.OK


async def _asked(request: Request, action: str) -> Any:
    given = values_of(request.options, ACTIONS[action].parameters)
    async with desk_of(request, is_writing=False) as desk:
        return await desk.ask(action, **given)


def _show_verdict(speech: Speech, verdict: Verdict) -> None:
    for problem in verdict.problems:
        mark = _("error") if problem.is_error else _("warning")
        place = problem.field or "-"
        speech.line(_("{mark}: {place}: {what}", mark=mark, place=place, what=problem.text))
    if not verdict.problems:
        speech.line(_("nothing is wrong with it"))


def _show_dry_run(speech: Speech, answer: DryRun) -> None:
    facts: list[tuple[Text, str]] = [(_("handler"), answer.handler)]
    if answer.argv and not answer.is_isolated:
        facts.append((_("command"), " ".join(answer.argv)))
    facts += [(_("folder"), answer.cwd)] if answer.cwd else []
    facts += [(_("secret file"), name) for name in answer.secrets]
    facts += [(_("limit"), f"{name} {span}") for name, span in answer.limits.items()]
    facts += [(_("variable"), f"{each.name}={each.value}") for each in answer.env]
    if answer.is_isolated or not answer.is_process:
        facts += [(_("parameter"), f"{name}={codec.encode(value).decode()}") for name, value in answer.params.items()]
    header = [speech.say(title) for title in (_("WHAT"), _("VALUE"))]
    speech.lines(table(header, [(speech.say(name), value) for name, value in facts]))
    for note in answer.notes:
        speech.line(note)
    if answer.script is not None:
        speech.out("\n" + answer.script)


def _show_preview(speech: Speech, answer: Preview) -> None:
    header = (_("LOCAL TIME"), _("OFFSET"), _("MEETS"), _("NOTE"))
    rows = [
        (fire.local.replace("T", " "), fire.offset, ", ".join(fire.meets), speech.say(fire.note))
        for fire in answer.fires
    ]
    if rows:
        speech.lines(table([speech.say(title) for title in header], rows))
        speech.out("")
    header = (_("DAY"), _("TIMES"), _("TAKEN OUT"), _("BY"))
    days = [(str(day.day), str(day.count), str(day.excluded or ""), ", ".join(day.calendars)) for day in answer.days]
    speech.lines(table([speech.say(title) for title in header], days))
    for remark in answer.remarks:
        speech.line(remark)


def _command(action: str, run: Any) -> Command:
    words = tuple(action.replace("_", "-").split("."))
    return Command(words, ACTIONS[action].title, run, options=_options(action), actions=(action,))


def _options(action: str) -> tuple[Option, ...]:
    options = [option_of(parameter) for parameter in ACTIONS[action].parameters]
    return tuple(
        Option(("spec",), option.help, {"metavar": "FILE"}) if option.flags == ("spec",) else option
        for option in options
    )


REHEARSED = (
    _command("job.check", check),
    _command("job.dry_run", dry_run),
    _command("schedule.preview", preview),
    _command("handler.list", handlers),
)
