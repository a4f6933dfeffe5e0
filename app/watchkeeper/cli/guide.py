"""The help that --help prints: all commands, those of one noun, or one command with its arguments."""

from collections.abc import Iterable

from watchkeeper.cli.commands import Command, commands
from watchkeeper.cli.examples import EXAMPLES
from watchkeeper.cli.exits import MEANINGS
from watchkeeper.cli.screen import table
from watchkeeper.cli.speech import Speech
from watchkeeper.cli.usage import Option
from watchkeeper.model.text import Text, _


def show(speech: Speech, command: Command | None, words: list[str]) -> None:
    """Print the help for what has been typed so far."""
    if command is not None:
        _show_command(speech, command)
    else:
        _show_commands(speech, words[:1])


def _show_command(speech: Speech, command: Command) -> None:
    in_place = [option for option in command.arguments if option.is_in_place]
    options = [option for option in command.arguments if not option.is_in_place]
    typed = " ".join([*command.words, *(option.shown for option in in_place)])
    speech.line(_("Usage: watchkeeper {command} [options]", command=typed))
    speech.out("")
    speech.line(command.title)
    _show_rows(speech, _("Arguments:"), _rows(in_place))
    _show_rows(speech, _("Options:"), _rows(options))
    _show_global(speech)
    _show_examples(speech, EXAMPLES.get(command.words, ()))


def _show_commands(speech: Speech, noun: list[str]) -> None:
    typed = " ".join([*noun, "COMMAND"])
    speech.line(_("Usage: watchkeeper {command} [options]", command=typed))
    found = [command for words, command in commands().items() if [*words[:1]] == noun or not noun]
    _show_rows(speech, _("Commands:"), [(" ".join(each.words), each.title) for each in found])
    _show_global(speech)
    _show_rows(speech, _("Exit codes:"), [(str(int(code)), meaning) for code, meaning in MEANINGS.items()])


def _show_global(speech: Speech) -> None:
    rows = [
        ("--home DIR", _("the workspace; else WATCHKEEPER_HOME, else your own")),
        ("--json", _("one JSON object a line")),
        ("-h, --help", _("this help")),
        ("--version", _("the version of this program")),
    ]
    _show_rows(speech, _("With every command:"), rows)


def _show_examples(speech: Speech, examples: Iterable[str]) -> None:
    _show_rows(speech, _("Examples:"), [(f"watchkeeper {example}", "") for example in examples])


def _rows(options: Iterable[Option]) -> list[tuple[str, Text]]:
    return [(option.shown, option.help) for option in options]


def _show_rows(speech: Speech, title: Text, rows: Iterable[tuple[str, Text | str]]) -> None:
    """A title and its rows; nothing at all where there are none."""
    said = [(left, speech.say(right)) for left, right in rows]
    if said:
        speech.out("")
        speech.line(title)
        speech.lines("  " + line for line in table(said[0], said[1:]))
