"""The help that --help prints: all commands, those of one noun, or one command with its arguments."""

from watchkeeper.cli.commands import Command, commands
from watchkeeper.cli.exits import MEANINGS
from watchkeeper.cli.screen import table
from watchkeeper.cli.speech import Speech
from watchkeeper.cli.usage import parser_of
from watchkeeper.model.text import _


def show(speech: Speech, command: Command | None, words: list[str]) -> None:
    """Print the help for what has been typed so far."""
    if command is not None:
        _show_command(speech, command)
    else:
        _show_commands(speech, words[:1])


def _show_command(speech: Speech, command: Command) -> None:
    parser = parser_of(command.words, command.title, command.parameters, command.options, speech.language)
    print(parser.format_help(), end="")
    print()
    _show_global(speech)


def _show_commands(speech: Speech, noun: list[str]) -> None:
    print(speech.say(_("Usage: watchkeeper COMMAND [options]")))
    print()
    found = [command for words, command in commands().items() if [*words[:1]] == noun or not noun]
    _show_rows([(" ".join(each.words), speech.say(each.title)) for each in found])
    print()
    _show_global(speech)
    print()
    print(speech.say(_("Exit codes:")))
    _show_rows([(str(int(code)), speech.say(meaning)) for code, meaning in MEANINGS.items()])


def _show_global(speech: Speech) -> None:
    print(speech.say(_("With every command:")))
    options = {
        "--home DIR": _("the workspace; else WATCHKEEPER_HOME, else your own"),
        "--json": _("one JSON object a line"),
        "--help": _("this help"),
        "--version": _("the version of this program"),
    }
    _show_rows([(option, speech.say(meaning)) for option, meaning in options.items()])


def _show_rows(rows: list[tuple[str, str]]) -> None:
    for line in table(rows[0], rows[1:]):
        print("  " + line)
