"""What plugin authors type: `plugin new` begins a file, `plugin test` tries one without an engine."""

import os
import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from watchkeeper.cli.commands import Command, Request, desk_of
from watchkeeper.cli.exits import Exit
from watchkeeper.cli.refusal import Usage
from watchkeeper.cli.screen import table
from watchkeeper.cli.speech import Speech
from watchkeeper.cli.usage import Option
from watchkeeper.model import codec
from watchkeeper.model.errors import Conflict, Known, NotFound
from watchkeeper.model.text import Text, _
from watchkeeper.plugin import skeleton
from watchkeeper.plugin.outcome import Cancelled, Crashed, Outcome, RetryAsked, Succeeded
from watchkeeper.plugin.trial import Asked, Tried, TriedKind, try_out


async def new(request: Request) -> int:
    """Write a plugin and a test into the workspace."""
    kind, options = request.options.name, request.options
    async with desk_of(request, is_writing=False) as desk:
        for row in await desk.ask("plugin.list"):
            if kind in row.kinds:
                raise Conflict(_("{kind} is in {path} already: choose another name", kind=kind, path=row.path))
    source, test = skeleton.write(request.home / "plugins", kind, is_folder=options.folder, is_channel=options.channel)
    if request.speech.is_json:
        request.speech.json({"kind": kind, "path": str(source), "test": str(test)})
    else:
        _tell_what_next(request, source, test)
    return Exit.OK


def test(request: Request) -> int:
    """Load one file in a process of its own; with parameters perform it once."""
    path = Path(request.options.path).absolute()
    if not path.exists():
        raise NotFound(_("there is no file or folder {path}", path=str(path)))
    lines: list[str] = []
    on_line = lines.append if request.speech.is_json else request.speech.out
    tried = try_out(_asked(request, path), on_line)
    if request.speech.is_json:
        request.speech.json(_plain(request.speech, tried, lines))
    else:
        _show(request.speech, tried)
    if tried.refusal is not None:
        raise Usage(tried.refusal)
    return _exit_of(tried)


def _tell_what_next(request: Request, source: Path, test: Path) -> None:
    words, say = "url=https://..." if request.options.channel else "name=world", request.speech.line
    say(_("wrote {source} and its test {test}", source=str(source), test=str(test)))
    say(
        _(
            "change them, then try: watchkeeper plugin test {source} {words}",
            source=shlex.quote(str(source)),
            words=words,
        )
    )
    own = _own_with(request.home, source.parent)
    if not own:
        return
    say(_("let it in, after each change: watchkeeper plugin allow {source}", source=shlex.quote(str(source))))
    own = shlex.quote(own)
    say(_("or once for all that you write there: watchkeeper settings change plugins.own {folder}", folder=own))


def _own_with(home: Path, folder: Path) -> str:
    """What `plugins.own` is to be for the folder to be one's own; empty where it is one already."""
    from watchkeeper import settings
    from watchkeeper.engine.plugins import folders_of

    told = settings.load(home).plugins
    if any(each.is_own and each.path.resolve() == folder.resolve() for each in folders_of(home, told)):
        return ""
    return os.pathsep.join(part for part in (told.own, str(folder)) if part)


def _asked(request: Request, path: Path) -> Asked:
    options = request.options
    wants_to_perform = bool(options.values or options.perform or options.kind)
    words = dict(_pair(_("parameter"), word) for word in options.values)
    secrets = {name: _value_of(file) for name, file in (_pair("--secret", word) for word in options.secrets or ())}
    return Asked(str(path), words if wants_to_perform else None, options.kind or "", secrets)


def _pair(what: Text | str, word: str) -> tuple[str, str]:
    name, mark, value = word.partition("=")
    if not mark or not name:
        raise Usage(_("{option}: write it as NAME=VALUE, not {word}", option=what, word=word[:60]))
    return name, value


def _value_of(file: str) -> str:
    """A secret's value never stands in a command line: it is what the file holds, without the end of its line."""
    try:
        return Path(file).read_text(encoding="utf-8").removesuffix("\n")
    except UnicodeDecodeError:
        raise Known(_("{file} is no text in UTF-8", file=file)) from None


def _show(speech: Speech, tried: Tried) -> None:
    if tried.file.error is not None:
        if tried.file.traceback:
            speech.out(tried.file.traceback, end="")
        speech.line(tried.file.error)
        return
    if tried.outcome is not None:
        return _show_outcome(speech, tried.outcome)
    for kind in tried.kinds:
        _show_kind(speech, kind)


def _show_kind(speech: Speech, kind: TriedKind) -> None:
    role = _("alert channel") if kind.role == "channel" else _("handler")
    place = _("in a process") if kind.is_process else _("inside the engine, in a folder of your own")
    speech.line(_("{kind}: {title} ({role}, {place})", kind=kind.kind, title=kind.title, role=role, place=place))
    header = [speech.say(title) for title in (_("PARAMETER"), _("TYPE"), _("DEFAULT"), _("LABEL"))]
    rows = [
        (
            field.name,
            str(field.control),
            speech.say(_("required")) if field.is_required else codec.encode(field.default).decode(),
            speech.say(field.label),
        )
        for field in kind.fields
    ]
    if rows:
        speech.lines(f"  {line}" for line in table(header, rows))


def _show_outcome(speech: Speech, outcome: Outcome) -> None:
    if isinstance(outcome, Crashed):
        speech.out(outcome.traceback_text, end="")
    if not isinstance(outcome, Succeeded):
        speech.line(_("{word}: {why}", word=_word_of(outcome), why=outcome.text))
        return
    speech.line(_word_of(outcome))
    if outcome.note is not None:
        speech.line(outcome.note)
    if outcome.outputs:
        header = [speech.say(title) for title in (_("OUTPUT"), _("VALUE"))]
        speech.lines(table(header, [(name, _spelled(value)) for name, value in outcome.outputs.items()]))


def _word_of(outcome: Outcome) -> Text:
    if isinstance(outcome, Succeeded):
        return _("it succeeded with a warning") if outcome.has_warning else _("it succeeded")
    if isinstance(outcome, Cancelled):
        return _("it found nothing to do")
    return _("it asks to be tried again") if isinstance(outcome, RetryAsked) else _("it failed")


def _spelled(value: Any) -> str:
    return value if isinstance(value, str) else codec.encode(value).decode()


def _plain(speech: Speech, tried: Tried, lines: Iterable[str]) -> dict[str, Any]:
    return {**speech.spoken(tried), "outcome": _plain_outcome(speech, tried.outcome), "log": list(lines)}


def _plain_outcome(speech: Speech, outcome: Outcome | None) -> dict[str, Any] | None:
    return None if outcome is None else {"ended": type(outcome).__name__, **speech.spoken(outcome)}


def _exit_of(tried: Tried) -> int:
    if tried.file.error is not None:
        return Exit.REFUSED
    return Exit.OK if tried.outcome is None or isinstance(tried.outcome, Succeeded) else Exit.NOT_SUCCEEDED


AUTHOR_COMMANDS = (
    Command(
        ("plugin", "new"),
        _("Begin a handler or alert channel of your own, with a test"),
        new,
        options=(
            Option(("name",), _("what jobs will call it, like disk_check"), {"metavar": "NAME"}),
            Option(("--folder",), _("as a folder instead of a file"), {"action": "store_true"}),
            Option(("--channel",), _("an alert channel instead of a handler"), {"action": "store_true"}),
        ),
    ),
    Command(
        ("plugin", "test"),
        _("Try a plugin file in a process of its own, without an engine"),
        test,
        options=(
            Option(("path",), _("the plugin's file or folder"), {"metavar": "PATH"}),
            Option(
                ("values",), _("parameters: with them it is performed once"), {"metavar": "NAME=VALUE", "nargs": "*"}
            ),
            Option(("--kind",), _("which one is performed, where the file has several"), {"metavar": "KIND"}),
            Option(("--perform",), _("perform it without parameters"), {"action": "store_true"}),
            Option(
                ("--secret",),
                _("a secret that the parameters name: its value is what the file holds"),
                {"metavar": "NAME=FILE", "action": "append", "dest": "secrets"},
            ),
        ),
    ),
)
